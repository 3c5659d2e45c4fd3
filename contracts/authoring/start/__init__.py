"""A contract folder for another operation, started from its page: `start(api, page, folder)`."""

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.authoring.inputs import STANDARD_INPUT_NAME, Page
from contracts.authoring.start import links, listed, notes, operation, readings, refusals, relations
from contracts.definition import catalogue, loading
from contracts.derive.recognise import kind_of, page_text
from contracts.errors import UsageError
from contracts.model import Contract
from contracts.schema.files import json_text

PARTS = ("operation", "request", "response")


def start(api: str, page: Page, folder: Path) -> tuple[Contract, Path]:
    """Make the contract of an API's operation from its page, in a folder of its own below `folder`.

    Return the contract as it is loaded, and its folder. UsageError when there is such a folder, or
    the operation is one that the suite can't verify; nothing is written then.
    """
    place = _new_place(api, folder)
    rows = relations.propose(page.reading.json())
    return _loaded(_contract_files(api, page, proposed=rows), place), place


def _contract_files(
    api: str,
    page: Page,
    linked: Collection[str] = (),
    proposed: Sequence[Mapping[str, Any]] = (),
    handed_out: AbstractSet[str] = frozenset(),
) -> dict[str, str]:
    """Return the files of an operation's contract by their names.

    `linked` are path parameters that other operations hand out, `handed_out` members of its
    body that they do, `proposed` its relations.
    UsageError when the operation is one that the suite can't verify.
    """
    source = page.source
    derived = page.reading.json()
    text = page_text(source.raw, source.name)
    if lacking := operation.unsupported(derived, linked=bool(linked)):
        raise UsageError(f"{source.name}: {lacking}")
    missing = operation.unread_response(derived)
    schemas = {**derived, "response": operation.read_response(derived)}
    overlay, questions = readings.overlay(derived, handed_out)
    kept = {}  # beside the contract
    if source.name == STANDARD_INPUT_NAME:
        kept[source.name] = source.raw.decode("utf-8", "surrogateescape")
    if kind_of(source.raw, source.name) == "HTML":
        kept[f"{Path(source.name).name}.txt"] = text
    return {
        "contract.toml": operation.contract_toml(
            api,
            derived,
            _number_of_lines(text),
            unread=missing,
            linked=linked,
            relations=[*proposed, *refusals.rows(derived)],
        ),
        "overlay.json": json_text(overlay),
        "NOTES.md": notes.notes(api, derived, questions, missing, proposed, linked=linked),
        **{
            f"schemas/{part}.json": json_text(schemas[part])
            for part in PARTS
            if schemas[part] is not None
        },
        **kept,
    }


@lru_cache(maxsize=2)  # one document may have a thousand operations, and a million lines
def _number_of_lines(text: str) -> int:
    return max(len(text.splitlines()), text.count("\n") + 1)


def start_api(
    api: str, pages: Sequence[Page], folder: Path
) -> tuple[Contract, Path, tuple[str, ...]]:
    """Make the contracts of several operations of an API, with proposed links between them.

    Return the first of them as it is loaded, the API's folder, and which operations were left out,
    since the suite can't verify them. UsageError as for `start`, and when that is all of them.
    """
    place = _new_place(api, folder)
    read: list[Any] = [page.reading.json() for page in pages]
    names = links.names([each["operation"] for each in read])
    derived = dict(zip(names, read, strict=True))
    sources = dict(zip(names, pages, strict=True))
    reasons = {name: operation.unsupported(each, linked=True) for name, each in derived.items()}
    able = {name: each for name, each in derived.items() if reasons[name] is None}
    taken_back = links.take_backs(able)
    deletes = {name: each for name, each in able.items() if each["operation"]["method"] == "DELETE"}
    for name in deletes.keys() - taken_back.keys():
        reasons[name] = operation.unsupported(deletes[name])
    lacking = {name: reason for name, reason in reasons.items() if reason is not None}
    left_out = tuple(f"{sources[name].reading.title}: {reason}" for name, reason in lacking.items())
    derived = {name: each for name, each in derived.items() if name not in lacking}
    if not derived:
        raise UsageError(f"none of the operations can be verified: {'; '.join(left_out)}")
    order = links.in_order({name: each["operation"] for name, each in derived.items()})
    proposals = links.propose(derived)
    sent = listed.sent_names(derived.values())
    written = {
        "api.toml": links.api_toml(api, order, proposals, taken_back),
        "NOTES.md": notes.api_notes(api, order, proposals, taken_back),
    }
    for name in order:
        own = [link for link in proposals if link.target == name]
        linked = {link.name for link in own if link.place == "path"}
        members = {link.name[1:] for link in own if link.place == "body"}
        rows = relations.propose(derived[name], own, derived, sent)
        for file, text in _contract_files(api, sources[name], linked, rows, members).items():
            written[f"{name}/{file}"] = text
    return _loaded(written, place), place, left_out


def _new_place(api: str, folder: Path) -> Path:
    """Return where the contract of an API goes; UsageError for a name that can't be taken."""
    if not catalogue.NAME.fullmatch(api):
        raise UsageError(
            f"{api!r} can't name an API: lower-case letters, then also digits, - and _"
        )
    if api in catalogue.available():
        raise UsageError(f"{api} is the name of a contract that is shipped; choose another")
    place = folder / api
    if place.exists():
        raise UsageError(
            f"{place} exists, and nothing in it is overwritten; choose another name, or another "
            "--out"
        )
    return place


def _loaded(written: dict[str, str], place: Path) -> Contract:
    """Write the files beside their place, load them as a contract, and move them there."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as beside:
            folder = Path(beside) / place.name
            for name, text in written.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode("utf-8", "surrogateescape"))
            contract = loading.load_folder(folder)
            shutil.move(folder, place)
    except OSError as error:
        raise UsageError(f"{place} can't be written: {error.strerror}") from error
    return contract
