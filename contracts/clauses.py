"""Clauses made from a contract's data: one for each keyword, state, relation, and for each rule all APIs share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts import dialect
from contracts.errors import ContractError
from contracts.jsontext import escape
from contracts.model import Basis, Clause, Kind, Schema, Source
from contracts.operators import OPERATORS
from contracts.sources import cite, keyword_source

# id, kind, statement, standard, section
SHARED = (
    ("protocol.json", Kind.PROTOCOL, "a success is one JSON text in UTF-8", "RFC 8259", "2 and 8.1"),
    ("protocol.unique_names", Kind.PROTOCOL, "no object has a name twice", "RFC 8259", "4"),
    ("protocol.unicode", Kind.PROTOCOL, "no string holds half a surrogate pair", "RFC 8259", "8.2"),
    ("protocol.complete", Kind.PROTOCOL, "the body is as long as announced", "RFC 9112", "8"),
    ("protocol.http", Kind.PROTOCOL, "the answer is an HTTP message", "RFC 9112", "2.1"),
    ("protocol.single_headers", Kind.PROTOCOL, "headers with one value are sent once", "RFC 9110", "5.3"),
    (
        "robustness.no_server_error",
        Kind.ROBUSTNESS,
        "no request makes the server fail (5xx)",
        "RFC 9110",
        "15.6",
    ),
    (
        "robustness.answers",
        Kind.ROBUSTNESS,
        "every request is answered, whole and in time",
        "RFC 9110",
        "3.4",
    ),
)

# id, what is wrong with the header of the credential, the headers that are sent: what is special about each, its text
AUTHORIZATION: tuple[tuple[str, str, Mapping[str, str | None]], ...] = (
    ("authorization.absent", "without an Authorization header", {"": None}),
    ("authorization.empty", "with an empty Authorization header", {"": ""}),
    ("authorization.scheme_only", "with a scheme and no token", {"": "{scheme}"}),
    ("authorization.other_scheme", "with the token under another scheme", {"": "{other} {token}"}),
    ("authorization.unknown_token", "with a token that nobody was given", {"": "{scheme} {unknown}"}),
    (
        "authorization.altered_token",
        "with a token that is wrong in one character",
        {
            "": "{scheme} {altered}",
            ", the last": "{scheme} {altered_last}",
            ", or in all by letter case": "{scheme} {other_case}",
        },
    ),
    (
        "authorization.token_prefix",
        "with a token that only begins like a good one",
        {"": "{scheme} {prefix}", ", and ends too early": "{scheme} {cut}"},
    ),
    ("authorization.extended_token", "with a good token and a character more", {"": "{scheme} {token}x"}),
)

OF_BODY = {"protocol.json", "protocol.unique_names", "protocol.unicode"}
NEEDS_SCHEME = {"authorization.scheme_only", "authorization.other_scheme"}
# what follows the end of a base64 text is passed over by many, and so is what its last character pads
NOT_OF_BASIC = ("{token}x", "{cut}", "{altered_last}")
OTHER = {"Basic": "Bearer"}


# arguments of relations that point into the response; `request` points into the request
IN_RESPONSE = ("response", "members", "of", "equals", "percentage", "amount", "left", "right", "earlier", "later")


def make_clauses(
    schemas: Mapping[str, Schema], operation: Mapping[str, Any], data: Mapping[str, Any], documents: Sequence[Source]
) -> tuple[Clause, ...]:
    """Make all clauses of a contract; ContractError when two have one id or a relation does not hold together.

    `schemas` are the loaded request, plausible and response schemas, `operation` the derived operation with
    its sources, `data` the content of contract.toml, `documents` the Sources of the whole documents. Where
    contract.toml calls ``acceptance`` a convention, nobody has written yet what is plausible.
    """
    made = [
        *_requests(schemas, operation, documents, Basis(data.get("acceptance", Basis.DOCUMENT))),
        *_authorization(operation, data["operation"], documents),
        *_addresses(data["operation"], documents),
        *_protocol(operation, documents, data["operation"], answers="response" in schemas),
        *_responses(schemas.get("response", {}), documents),
        *(_relation(relation, documents) for relation in data.get("relations", [])),
    ]
    seen: set[str] = set()
    for clause in made:
        if clause.id in seen:
            raise ContractError(f"two clauses have the id {clause.id}")
        seen.add(clause.id)
    return tuple(made)


UNWRITTEN = "nobody has written yet which requests are plausible: a plain one is made from what the page shows"


def _requests(
    schemas: Mapping[str, Schema], operation: Mapping[str, Any], documents: Sequence[Source], acceptance: Basis
) -> Iterator[Clause]:
    schema, plausible = schemas.get("request"), schemas.get("plausible", {})
    whole = cite(operation["x-source"]["method"], documents, "operation#/x-source/method")

    def accepts(name: str, statement: str, source: Source = whole, **more: Any) -> Clause:
        why = None if acceptance is Basis.DOCUMENT else UNWRITTEN
        return Clause(f"request.{name}", statement, acceptance, source, Kind.ACCEPTANCE, why, **more)

    yield accepts("typical", "a plain request is accepted")
    yield accepts("combined", "requests with plausible members in any combination are accepted, every time")
    if schema is None:
        return
    needed = plausible.get("required", ())
    if not set(needed) - set(schema.get("required", ())):
        ways = [option["title"] for option in plausible.get("anyOf", ()) if "title" in option]
        yield accepts("minimal", "the required members are enough" + (f", {' or '.join(ways)}" if ways else ""))
    yield Clause(
        "request.json", "a body that is no JSON text is refused", Basis.STANDARD, Source("RFC 8259", section="2"),
        Kind.REFUSAL, why="the page's media type for the body is application/json" if operation["media_type"]
        else "the page describes the body by JSON's types",
    )  # fmt: skip
    for name, member in schema.get("properties", {}).items():
        at = {"places": (f"request#/{escape(name)}",)}
        source, _, reading = keyword_source(dialect.Keyword((name,), "", "type", None, member), documents)
        narrow = plausible.get("properties", {}).get(name, {})
        alone = name in schema.get("required", ()) and len(narrow.get("enum", (1, 2))) == 1  # as in every request
        if "enum" not in member and not alone:
            yield accepts(f"{name}.accepted", f"a plausible {name} is accepted", source, **at)
        reference = narrow.get("x-reference")
        # what only the server hands out can't be in the first request, so that it is optional goes without saying
        if name not in needed and (reference is None or "created_by" in reference):
            yield accepts(f"{name}.optional", f"{name} may be left out", source, **at)
        for option in member.get("enum", ()):
            if option is not None and dialect.fits(plausible.get("properties", {}).get(name, {}), option):
                where, _, _ = keyword_source(dialect.Keyword((name,), "", "enum", None, member), documents)
                yield accepts(f"{name}.{option}", f"{name} may be {option}", where, **at)
        if "null" in member.get("type", ()) and reading is None:
            yield accepts(f"{name}.null", f"{name} may be null", source, **at)
    yield from _refusals(schema, documents)


def _refusals(schema: Schema, documents: Sequence[Source]) -> Iterator[Clause]:
    for keyword in dialect.keywords(schema):
        source, basis, why = keyword_source(keyword, documents)
        spoken = _spoken(keyword)
        yield Clause(
            f"request.{keyword.clause}",
            f"a body in which {spoken} is not {dialect.expectation(keyword)} is refused"
            if keyword.name != "required" else f"a body without {spoken} is refused",
            basis, source, Kind.REFUSAL, why, places=(f"request#{keyword.place}",),
        )  # fmt: skip


def _authorization(
    operation: Mapping[str, Any], data: Mapping[str, Any], documents: Sequence[Source]
) -> Iterator[Clause]:
    if operation["authorization"] is None:
        return
    scheme = operation["authorization"]["scheme"]
    source = cite(operation["x-source"]["authorization"], documents, "operation#/x-source/authorization")
    words = {"{scheme}": scheme or "", "{other}": OTHER.get(scheme, "Basic")}
    for name, wrong, headers in AUTHORIZATION:
        if scheme is None and name in NEEDS_SCHEME:
            continue
        sent = {
            special: text and _filled(text, words).strip()
            for special, text in headers.items()
            if scheme != "Basic" or not (text or "").endswith(NOT_OF_BASIC)
        }
        statement = f"a request {wrong} is refused"
        if sent:
            yield Clause(name, statement, Basis.DOCUMENT, source, Kind.REFUSAL, arguments={"authorization": sent})
    if "permission_variable" in data:
        yield Clause(
            "authorization.permission", "a token without the permission is refused", Basis.DOCUMENT,
            cite(operation["x-source"]["permission"], documents, "operation#/x-source/permission"), Kind.REFUSAL,
            needs="token_without_permission",
            arguments={"authorization": {"": f"{scheme or ''} {{token_without_permission}}".strip()}},
        )  # fmt: skip


def _filled(text: str, words: Mapping[str, str]) -> str:
    for marker, word in words.items():
        text = text.replace(marker, word)
    return text


def _addresses(data: Mapping[str, Any], documents: Sequence[Source]) -> Iterator[Clause]:
    """Yield the clauses of path parameters whose format tells what is none, or can't exist."""
    for name, parameter in data.get("parameters", {}).items():
        if parameter.get("format") != "uuid":
            continue
        where = cite(parameter, documents, f"contract.toml: operation.parameters.{name}.lines")
        thing = name.removesuffix("Id")
        basis, why = Basis(parameter.get("basis", Basis.DOCUMENT)), parameter.get("why")
        wrong: list[tuple[str, str, str | None]] = [
            (f"address.unknown_{thing}", f"a {thing} that does not exist is refused", None),
            (f"address.malformed_{thing}", f"a {name} that is none is refused", None),
        ]
        if "foreign_variable" in parameter:
            wrong.append((f"address.foreign_{thing}", f"another tenant's {thing} is refused", f"foreign_{name}"))
        for clause, statement, needs in wrong:
            yield Clause(clause, statement, basis, where, Kind.REFUSAL, why, needs=needs)


def _protocol(
    operation: Mapping[str, Any], documents: Sequence[Source], data: Mapping[str, Any], *, answers: bool
) -> Iterator[Clause]:
    sources = operation["x-source"]
    status = operation["success_status"]
    place = "operation#/x-source/success_status"
    stated = status is not None and status // 100 == 2
    if stated:  # without a number any 2xx will do, and what is not one is no success
        yield Clause(
            "protocol.status",
            f"a success has the status {status}",
            Basis.DOCUMENT,
            cite(sources["success_status"], documents, place),
            Kind.PROTOCOL,
        )
    for name, kind, statement, standard, section in SHARED:
        if answers or name not in OF_BODY:
            yield Clause(name, statement, Basis.STANDARD, Source(standard, section=section), kind)
    if not answers:
        return
    media_type = operation["media_type"] if stated else None  # else it may be that of requests only
    yield Clause(
        "protocol.media_type", f"a success says that it is {media_type or 'JSON'}",
        Basis.DOCUMENT if media_type else Basis.CONVENTION,
        cite(data.get("success_lines") or sources["success_status"], documents, place),
        Kind.PROTOCOL, why=None if media_type else "the page shows JSON and names no media type",
    )  # fmt: skip
    yield Clause(
        "protocol.charset", "a success does not claim another character set than UTF-8",
        Basis.CONVENTION, Source("RFC 8259", section="8.1 and 11"), Kind.PROTOCOL,
        why="the parameter has no meaning for JSON, but clients that heed it read garbage",
    )  # fmt: skip


def _responses(schema: Schema, documents: Sequence[Source]) -> Iterator[Clause]:
    for keyword in dialect.keywords(schema):
        source, basis, why = keyword_source(keyword, documents)
        if keyword.name == "required":
            statement = f"{_spoken(keyword)} is there"
        else:
            statement = f"{_spoken(keyword)} is {dialect.expectation(keyword)}"
        places = (f"response#{keyword.place}",)
        yield Clause(f"response.{keyword.clause}", statement, basis, source, Kind.KEYWORD, why, places=places)


def _relation(row: Mapping[str, Any], documents: Sequence[Source]) -> Clause:
    place = f"contract.toml: {row.get('id', 'a relation without an id')}"
    known = {"id", "statement", "op", "basis", "lines", "document", "why"}
    missing = sorted(known - {"why", "document"} - row.keys())
    if missing:
        raise ContractError(f"{place}: {missing[0]} is missing")
    if row["op"] not in OPERATORS:
        raise ContractError(f"{place}: no operator {row['op']!r}; known: {', '.join(OPERATORS)}")
    operator = OPERATORS[row["op"]]
    if unknown := sorted(row.keys() - known - {*operator.arguments, *operator.options}):
        raise ContractError(f"{place}: the operator {row['op']} takes no {unknown[0]!r}")
    if lacking := sorted(set(operator.arguments) - row.keys()):
        raise ContractError(f"{place}: the operator {row['op']} takes {lacking[0]!r}, which is missing")
    if "schema" in row:
        dialect.refuse_unknown(row["schema"], f"{place}: schema")
    if row["basis"] not in list(Basis):
        raise ContractError(f"{place}: basis {row['basis']!r}; expected {', '.join(Basis)}")
    return Clause(
        row["id"], row["statement"], Basis(row["basis"]), cite(row, documents, place),
        Kind.RELATION, row.get("why"), arguments={name: row[name] for name in row.keys() - (known - {"op"})},
        places=tuple(_places(row)),
    )  # fmt: skip


def _places(row: Mapping[str, Any]) -> Iterator[str]:
    for name, part in (("request", "request"), *((name, "response") for name in IN_RESPONSE)):
        pointers = row.get(name, ())
        yield from (f"{part}#{pointer}" for pointer in ([pointers] if isinstance(pointers, str) else pointers))


def _spoken(keyword: dialect.Keyword) -> str:
    path = (*keyword.path, *([keyword.member] if keyword.member else []))
    return ".".join(path).replace(".[]", "[]").replace(".{}", "{}") or "the whole"
