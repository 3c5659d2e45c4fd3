"""The clauses that every API shares: authorization, addresses, the protocol, robustness."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from contracts import clause_ids
from contracts.definition.citations import GUESSED, cite
from contracts.model import Authorization, Basis, Clause, Kind, Source

# clause -> statement, standard, section
SHARED: Mapping[str, tuple[str, str, str]] = {
    clause_ids.JSON: ("a success is one JSON text in UTF-8", "RFC 8259", "2 and 8.1"),
    clause_ids.UNIQUE_NAMES: ("no object has a name twice", "RFC 8259", "4"),
    clause_ids.UNICODE: ("no string holds half a surrogate pair", "RFC 8259", "8.2"),
    clause_ids.COMPLETE: ("the body is as long as announced", "RFC 9112", "8"),
    clause_ids.HTTP: ("the answer is an HTTP message", "RFC 9112", "2.1"),
    clause_ids.SINGLE_HEADERS: ("headers with one value are sent once", "RFC 9110", "5.3"),
    clause_ids.NO_SERVER_ERROR: ("no request makes the server fail (5xx)", "RFC 9110", "15.6"),
    clause_ids.ANSWERS: ("every request is answered, whole and in time", "RFC 9110", "3.4"),
}
OF_EVERY_ANSWER = {clause_ids.NO_SERVER_ERROR, clause_ids.ANSWERS}

# where careless servers look for a token outside of the header
ELSEWHERE = [f"{name}={{token}}" for name in ("access_token", "token", "api_key")]

# {"alg":"none"} and {"sub":"order-contracts"}, which some servers take for signed
UNSIGNED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcmRlci1jb250cmFjdHMifQ."

# id, what is wrong with the credential, and the forms in which requests show it: what is special
# about each, and the text of its header, None for no header, or a mapping of where it stands
# instead (see `contracts.spoiling.placed`)
AUTHORIZATION: tuple[tuple[str, str, Mapping[str, Authorization]], ...] = (
    (
        clause_ids.ABSENT,
        "without an Authorization header",
        {
            "": None,
            ", the token in the query": {"query": "&".join(ELSEWHERE)},
            ", the token in a cookie": {"cookie": "; ".join(ELSEWHERE)},
        },
    ),
    (clause_ids.EMPTY, "with an empty Authorization header", {"": ""}),
    (clause_ids.SCHEME_ONLY, "with a scheme and no token", {"": "{scheme}"}),
    (
        clause_ids.OTHER_SCHEME,
        "with the token under another scheme",
        {
            "": "{other} {token}",
            ", or none": "{token}",
            ", Token": "Token {token}",
            ", as a user's name": "Basic {user}",
        },
    ),
    (
        clause_ids.UNKNOWN_TOKEN,
        "with a token that nobody was given",
        {
            "": "{scheme} {unknown}",
            ", undefined": "{scheme} undefined",
            ", null": "{scheme} null",
            ", a pair of quotes": '{scheme} ""',
            ", the page's own placeholder": "{scheme} <token>",
            ", a JWT that nobody signed": f"{{scheme}} {UNSIGNED}",
        },
    ),
    (
        clause_ids.ALTERED_TOKEN,
        "with a token that is wrong in one character",
        {
            "": "{scheme} {altered}",
            ", the last": "{scheme} {altered_last}",
            ", or in all by letter case": "{scheme} {other_case}",
        },
    ),
    (
        clause_ids.TOKEN_PREFIX,
        "with a token that only begins like a good one",
        {"": "{scheme} {prefix}", ", and ends too early": "{scheme} {cut}"},
    ),
    (
        clause_ids.EXTENDED_TOKEN,
        "with a good token and a character more",
        {
            "": "{scheme} {extended}",
            ", or a word": "{scheme} {followed}",
            ", or another token before it": "{scheme} {unknown},{token}",
        },
    ),
)

OF_BODY = {clause_ids.JSON, clause_ids.UNIQUE_NAMES, clause_ids.UNICODE}
NEEDS_SCHEME = {clause_ids.SCHEME_ONLY, clause_ids.OTHER_SCHEME}
# what follows the end of a base64 text is passed over by many, and so is what its last character
# pads
NOT_OF_BASIC = ("{extended}", "{cut}", "{altered_last}", "{followed}", "{user}")
OTHER = {"Basic": "Bearer"}


def authorization_clauses(
    operation: Mapping[str, Any], data: Mapping[str, Any], documents: Sequence[Source]
) -> Iterator[Clause]:
    """Yield the clauses about the credentials that the operation asks for."""
    if operation["authorization"] is None:
        return
    scheme = operation["authorization"]["scheme"]
    sources, place = operation["x-source"], "operation#/x-source"
    source = cite(sources["authorization"], documents, f"{place}/authorization")
    words = {"{scheme}": scheme or "", "{other}": OTHER.get(scheme, "Basic")}
    refusal = partial(Clause, basis=Basis.DOCUMENT, kind=Kind.REFUSAL)
    for name, wrong, headers in AUTHORIZATION:
        if scheme is None and name in NEEDS_SCHEME:
            continue
        sent = {
            special: _filled(form, words)
            for special, form in headers.items()
            if scheme != "Basic" or not str(form).endswith(NOT_OF_BASIC)
        }
        if sent:
            statement, arguments = f"a request {wrong} is refused", {"authorization": sent}
            yield refusal(name, statement, source=source, arguments=arguments)
    if "permission_variable" in data:
        header = f"{scheme or ''} {{token_without_permission}}".strip()
        yield refusal(
            clause_ids.PERMISSION,
            "a token without the permission is refused",
            source=cite(sources["permission"], documents, f"{place}/permission"),
            needs="token_without_permission",
            arguments={"authorization": {"": header}},
        )


def _filled(form: Authorization, words: Mapping[str, str]) -> Authorization:
    """Return how a credential is shown, with the scheme of the operation in it."""
    if isinstance(form, Mapping):
        return {place: str(_filled(text, words)) for place, text in form.items()}
    for marker, word in words.items():
        form = form and form.replace(marker, word)
    return form and form.strip()


def address_clauses(data: Mapping[str, Any], documents: Sequence[Source]) -> Iterator[Clause]:
    """Yield the clauses of path parameters whose format tells what is none, or can't exist."""
    for name, parameter in data.get("parameters", {}).items():
        linked = "variable" not in parameter
        if parameter.get("format") != "uuid" and not linked:
            continue
        where = cite(parameter, documents, f"contract.toml: operation.parameters.{name}.lines")
        thing = clause_ids.thing(name)
        basis, why = Basis(parameter.get("basis", Basis.DOCUMENT)), parameter.get("why")
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
                basis, why = Basis(parameter["foreign_basis"]), parameter.get("foreign_why")
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
    stated = status is not None and status // 100 == 2
    guessed = operation.get("x-guessed", ())
    if stated:  # without a number any 2xx will do, and what is not one is no success
        yield Clause(
            clause_ids.STATUS,
            f"a success has the status {status}",
            Basis.CONVENTION if "success_status" in guessed else Basis.DOCUMENT,
            cite(sources["success_status"], documents, place),
            Kind.PROTOCOL,
            why=GUESSED if "success_status" in guessed else None,
        )
    for name, (statement, standard, section) in SHARED.items():
        kind = Kind.ROBUSTNESS if name in OF_EVERY_ANSWER else Kind.PROTOCOL
        if answers or name not in OF_BODY:
            source = Source(standard, section=section)
            yield Clause(name, statement, Basis.STANDARD, source, kind)
    if not answers:
        return
    answered = operation.get("answer_media_type")
    # without a status a media type may be that of requests only
    media_type = answered or (operation["media_type"] if stated else None)
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
