"""Where keywords and relations come from: lines of a document, a basis, why it is read so.

A contract has one document, or several: a later revision cites what changed and the page for
what did not. They are given as Sources of the whole documents, their lines being 1 and the
last there is; an entry that names no document speaks of the first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.errors import ContractError
from contracts.model import Basis, Schema, Source
from contracts.schema import keywords
from contracts.schema.jsontext import escape

# why clauses are conventions that a person can confirm
GUESSED = "the page does not state it: it was inferred from a sample, or from where it stands"
FILLED_IN = "the page calls it required, and says as well what is used where it is left out"
CONFIRMABLE = (GUESSED, FILLED_IN)


def keyword_source(
    keyword: keywords.Keyword, documents: Sequence[Source]
) -> tuple[Source, Basis, str | None]:
    """Return a keyword's lines, basis and the reason of its reading; KeyError without any."""
    is_required = keyword.name == "required"  # of a member, whose name may be empty
    key = f"required/{escape(keyword.member)}" if is_required else keyword.name
    entry = keyword.schema["x-source"][key]
    if isinstance(entry, list):
        is_guessed = keyword.name in keyword.schema.get("x-guessed", ())
        reading = {"basis": "convention", "why": GUESSED} if is_guessed else {}
        entry = {"lines": entry, **reading}
    first, last = entry["lines"]
    document = _document(entry, documents)
    where = Source(document.document, (first, last), sha256=document.sha256)
    return where, Basis(entry.get("basis", "document")), entry.get("why")


def cite(entry: Any, documents: Sequence[Source], place: str) -> Source:
    """Return the Source of an entry, ``[first, last]`` or ``{lines, document}``.

    ContractError when there is none.
    """
    entry = entry if isinstance(entry, dict) else {"lines": entry}
    try:
        document = _document(entry, documents)
    except KeyError as error:
        names = ", ".join(whole.document for whole in documents)
        raise ContractError(
            f"{place}: {error.args[0]} is none of the contract's documents: {names}"
        ) from None
    check_lines(entry["lines"], document, place)
    first, last = entry["lines"]
    return Source(document.document, (first, last), sha256=document.sha256)


def check_sources(schema: Schema, name: str, documents: Sequence[Source]) -> None:
    """Raise ContractError for the first keyword whose source is lacking or out of bounds."""
    for keyword in keywords.keywords(schema):
        place = f"{name}#{keyword.pointer}/{keyword.name}"
        try:
            source, _, _ = keyword_source(keyword, documents)
        except (KeyError, TypeError, ValueError):
            raise ContractError(
                f"{place}: no source; x-source has to give its first and last line"
            ) from None
        whole = next(document for document in documents if document.document == source.document)
        check_lines(source.lines, whole, place)


def check_lines(lines: Any, document: Source, place: str) -> None:
    """Raise ContractError unless `lines` is a first and a last line of the document.

    `document` is the Source of the whole document: its lines are 1 and the last there is.
    """
    last = document.lines[1] if document.lines else 0
    is_pair = isinstance(lines, (list, tuple)) and len(lines) == 2
    if not is_pair or {*map(type, lines)} != {int} or not 1 <= lines[0] <= lines[1] <= last:
        raise ContractError(
            f"{place}: lines {lines} are not a first and a last line of {document.document}, "
            f"which has {last}"
        )


def _document(entry: Mapping[str, Any], documents: Sequence[Source]) -> Source:
    """Return the document that an entry speaks of; KeyError when there is no such document."""
    name = entry.get("document", documents[0].document)
    for document in documents:
        if document.document == name:
            return document
    raise KeyError(name)
