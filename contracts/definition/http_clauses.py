"""The clauses that every API shares: authorization, addresses, the protocol, robustness."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from contracts import clause_ids
from contracts.definition.citations import FILLED_IN, GUESSED, cite
from contracts.model import Authorization, Basis, Clause, Kind, Source
from contracts.schema import in_address
from contracts.schema.files import read_toml
from contracts.schema.jsontext import show

TABLE = Path(__file__).parents[1] / "apis" / "shared.toml"
LONGEST = 30  # characters of a value that a statement repeats
OTHER = {"Basic": "Bearer"}


@cache
def _shared() -> Mapping[str, Any]:
    return read_toml(TABLE)


def authorization_clauses(
    operation: Mapping[str, Any], data: Mapping[str, Any], documents: Sequence[Source]
) -> Iterator[Clause]:
    """Yield the clauses about the credentials that the operation asks for."""
    if operation["authorization"] is None:
        return
    scheme = operation["authorization"]["scheme"]
    good = f"{scheme or ''} {{token}}".strip()
    sources, place = operation["x-source"], "operation#/x-source"
    source = cite(sources["authorization"], documents, f"{place}/authorization")
    small = (scheme or "").lower()
    words = {"{scheme}": scheme or "", "{small}": small, "{other}": OTHER.get(scheme, "Basic")}
    refusal = partial(Clause, basis=Basis.DOCUMENT, kind=Kind.REFUSAL)
    for row in _shared()["authorization"]:
        if scheme is None and row.get("needs_scheme"):
            continue
        sent = {
            form["special"]: _filled(form, words)
            for form in row["forms"]
            if scheme != "Basic" or form.get("basic", True)
        }
        sent = {
            form: header
            for form, header in sent.items()
            if header != good and not _is_documented(header, operation)
        }
        if sent:
            statement = f"a request {row['wrong']} is refused"
            arguments = {"authorization": sent}
            yield refusal(row["id"], statement, source=source, arguments=arguments)
    if "permission_variable" in data:
        header = f"{scheme or ''} {{token_without_permission}}".strip()
        yield refusal(
            clause_ids.PERMISSION,
            "a token without the permission is refused",
            source=cite(sources["permission"], documents, f"{place}/permission"),
            needs="token_without_permission",
            arguments={"authorization": {"": header}},
        )


def _filled(form: Mapping[str, Any], words: Mapping[str, str]) -> Authorization:
    """Return how a credential is shown, with the scheme of the operation in it."""
    if "header" not in form:
        return {place: form[place] for place in ("query", "cookie") if place in form} or None
    header: str = form["header"]
    for marker, word in words.items():
        header = header.replace(marker, word)
    return header.strip()


def _is_documented(form: Authorization, operation: Mapping[str, Any]) -> bool:
    """Whether a page has another credential that is sent where the token stands in a form.

    Example: of a page that takes a bearer or a key in the query, a token in the query may be good.
    """
    own = operation["authorization"]
    ways = [own, *itertools.chain.from_iterable(operation.get("authorizations", ()))]
    if not isinstance(form, str):
        return any(way["in"] in (form or ()) for way in ways)
    scheme = form.split(" ")[0] if " " in form else ""
    schemes = {(way["scheme"] or "").lower() for way in ways if way["name"] == own["name"]}
    return scheme.lower() in schemes - {(own["scheme"] or "").lower()}


def address_clauses(data: Mapping[str, Any], documents: Sequence[Source]) -> Iterator[Clause]:
    """Yield the clauses of path parameters whose format tells what is none, or can't exist."""
    for name, parameter in data.get("parameters", {}).items():
        linked = not {"variable", "fresh"} & parameter.keys()
        if parameter.get("format") != "uuid" and not linked:
            continue
        where = cite(parameter, documents, f"contract.toml: operation.parameters.{name}.lines")
        thing = clause_ids.thing(name)
        basis = Basis(parameter.get("basis", Basis.DOCUMENT))
        why = parameter.get("why")
        wrong: list[tuple[str, str, str | None]] = [
            (clause_ids.unknown(name), f"a {thing} that does not exist is refused", None)
        ]
        if parameter.get("format") == "uuid":
            statement = f"a {name} that is none is refused"
            wrong.append((clause_ids.malformed(name), statement, None))
        if "foreign_variable" in parameter:
            statement = f"another tenant's {thing} is refused"
            wrong.append((clause_ids.foreign(name), statement, f"foreign_{name}"))
        for clause, statement, needs in wrong:
            if needs and "foreign_basis" in parameter:
                basis = Basis(parameter["foreign_basis"])
                why = parameter.get("foreign_why")
            yield Clause(clause, statement, basis, where, Kind.REFUSAL, why, needs=needs)
        if linked and "foreign_token_variable" in data:
            yield Clause(
                clause_ids.hidden(name),
                f"another tenant's token reads no {thing} of this one",
                Basis.CONVENTION,
                where,
                Kind.REFUSAL,
                parameter.get("foreign_why", "a key speaks for its own tenant only"),
                needs="other_token",
            )


UNREFUSED = (
    "the page says what the parameter may be; a server that passes over anything else, or takes "
    "the nearest value, is found as well"
)


def parameter_clauses(data: Mapping[str, Any], documents: Sequence[Source]) -> Iterator[Clause]:
    """Yield that a query parameter or header must not be left out, and be what it has to be."""
    in_path = data.get("parameters", {})
    needed = {
        "parameters": {n: row for n, row in in_path.items() if row.get("in") == "query"},
        "query": {n: row for n, row in data.get("query", {}).items() if row.get("required")},
        "headers": {n: r for n, r in data.get("headers", {}).items() if r.get("required", True)},
    }
    refusal = partial(Clause, kind=Kind.REFUSAL)
    for table, rows in needed.items():
        for name, row in rows.items():
            where = cite(row, documents, f"contract.toml: operation.{table}.{name}.lines")
            clause = clause_ids.parameter(name, "required")
            said = f"a request without {name}"
            basis = Basis(row.get("basis", Basis.DOCUMENT))
            why = row.get("why")
            if "default" in row:
                basis = Basis.CONVENTION
                why = FILLED_IN
            more = {"why": why, "arguments": {"leaves_out": name}}
            yield refusal(clause, f"{said} is refused", basis, where, **more)
    for name, row in data.get("query", {}).items():
        where = cite(row, documents, f"contract.toml: operation.query.{name}.lines")
        for keyword, text in in_address.wrong_texts(row.get("schema", {})):
            clause = clause_ids.parameter(name, keyword)
            said = f"{name}={show(text, LONGEST)} is refused"
            more = {"why": UNREFUSED, "arguments": {"query": {name: text}}}
            yield refusal(clause, said, Basis.CONVENTION, where, **more)


def protocol_clauses(
    operation: Mapping[str, Any],
    documents: Sequence[Source],
    data: Mapping[str, Any],
    *,
    answers: bool,
) -> Iterator[Clause]:
    """Yield the clauses about the HTTP message itself."""
    sources = operation["x-source"]
    status = operation["success_status"]
    place = "operation#/x-source/success_status"
    has_status = status is not None and status // 100 == 2
    guessed = operation.get("x-guessed", ())
    if has_status:  # without a number any 2xx will do, and what is not one is no success
        yield Clause(
            clause_ids.STATUS,
            f"a success has the status {status}",
            Basis.CONVENTION if "success_status" in guessed else Basis.DOCUMENT,
            cite(sources["success_status"], documents, place),
            Kind.PROTOCOL,
            why=GUESSED if "success_status" in guessed else None,
        )
    for row in _shared()["protocol"]:
        of_every_answer = clause_ids.is_about(row["id"], clause_ids.ROBUSTNESS)
        kind = Kind.ROBUSTNESS if of_every_answer else Kind.PROTOCOL
        if answers or not row.get("of_body"):
            source = Source(row["standard"], section=row["section"])
            yield Clause(row["id"], row["statement"], Basis.STANDARD, source, kind)
    if not answers:
        return
    answered = operation.get("answer_media_type")
    # without a status a media type may be that of requests only
    media_type = answered or (operation["media_type"] if has_status else None)
    yield Clause(
        clause_ids.MEDIA_TYPE,
        f"a success says that it is {media_type or 'JSON'}",
        Basis.DOCUMENT if media_type and not guessed else Basis.CONVENTION,
        cite(data.get("success_lines") or sources["success_status"], documents, place),
        Kind.PROTOCOL,
        why=None if media_type else "the page shows JSON and names no media type",
    )
    yield Clause(
        clause_ids.CHARSET,
        "a success does not claim another character set than UTF-8",
        Basis.CONVENTION,
        Source("RFC 8259", section="8.1 and 11"),
        Kind.PROTOCOL,
        why="the parameter has no meaning for JSON, but clients that heed it read garbage",
    )
