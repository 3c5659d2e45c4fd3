"""Faults that prove any contract: rows as in faults.toml, derived from the clauses.

Those of schema keywords are made in `contracts.faults.catalogue`. What no fault can show by
itself has a reason instead.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from contracts import clause_ids, sandbox
from contracts.engine.credentials import Credentials
from contracts.faults.relations import RELATIONS, Row
from contracts.model import Clause, Contract, Kind
from contracts.planning.bodies.fields import acceptance, acceptances, plain_body
from contracts.planning.bodies.templates import references, shared
from contracts.planning.plan import plan
from contracts.schema import checks, keywords
from contracts.schema.jsontext import same

REFUSED: Row = {"status": 400, "body": '{"message": "It is refused"}'}
MESSAGES: Mapping[str, Row] = {
    clause_ids.JSON: {"body": "{answer} and more"},
    clause_ids.UNIQUE_NAMES: {"body": '{"shadow": 1, "shadow": 2, {members}}'},
    clause_ids.UNICODE: {"response": [{"op": "half_pair", "at": "/shadow"}]},
    clause_ids.COMPLETE: {"fails": "incomplete"},
    clause_ids.HTTP: {"headers": {"Content-Encoding": "gzip"}},
    clause_ids.SINGLE_HEADERS: {"headers": {"ETag": ['"1"', '"1"']}},
    clause_ids.MEDIA_TYPE: {"headers": {"Content-Type": "text/html"}},
    clause_ids.NO_SERVER_ERROR: {"when": {"every": 2}, "status": 500},
    clause_ids.ANSWERS: {"when": {"every": 2}, "fails": "timeout"},
}
NO_OTHER_BODY = "the plainest request has nothing but the required members"
ONE_OPTIONAL = "the plainest request has one member more, and a fault would be one of that member"
NO_NULL = "null is not written to be plausible, so that no valid request has it"
NO_STATE = "it is in the plainest request, which a fault would refuse"
NO_BODY = "an answer without a body has nothing that could be lost"
NO_NAMES = "no fault is derived for the names in an answer that is no object"
NO_FOREIGN = "the sandbox has nothing of another tenant that has a name before the run"
UNKNOWN_OPERATOR = "no fault is derived for a relation of this operator"


def rows(contract: Contract, proven: Collection[str] = ()) -> Iterator[tuple[str, Row | str]]:
    """Yield clauses, each with a fault that breaks it, or with the reason why none does.

    Those that are `proven` by other faults are left out.
    """
    for clause in contract.clauses:
        if clause.id in proven:
            continue
        of_schema = clause.kind is Kind.KEYWORD or _refuses_body(clause)
        if of_schema and clause.id != clause_ids.REQUEST_JSON:
            continue  # made from the schemas
        derive = next(rule for name, rule in RULES if clause_ids.is_about(clause.id, name))
        row = derive(contract, clause)
        yield clause.id, row if isinstance(row, str) else _whole(contract, clause, row)


def _whole(contract: Contract, clause: Clause, row: Row) -> Row:
    """Return a row with its id, its words, and the clauses that can't be spared."""
    return {
        "id": f"breaks.{clause.id}",
        "about": f"not so: {clause.statement}",
        "breaks": [clause.id],
        "also": [*row.pop("also", ()), *_dependent(contract, clause)],
        **row,
    }


def _dependent(contract: Contract, clause: Clause) -> list[str]:
    """Return what may be broken along with a clause: what rests on what it promises."""
    rests_on = {
        clause_ids.PROTOCOL: (),
        clause_ids.AUTHORIZATION: clause_ids.HIDDEN,
        clause_ids.ADDRESS: (clause_ids.ADDRESS, clause_ids.RELATION),
        clause_ids.REQUEST: (clause_ids.REQUEST, clause_ids.RELATION),
        clause_ids.PARAMETER: (clause_ids.PARAMETER, clause_ids.RELATION),
    }.get(clause_ids.group(clause.id), (clause_ids.RELATION,))
    if contract.operation.method == "DELETE":  # what was deleted wrongly can't be deleted again
        rests_on = (*rests_on, clause_ids.COMBINED)
    return [other for other in _about(contract, rests_on) if other != clause.id]


@lru_cache(maxsize=64)
def _about(contract: Contract, groups: tuple[str, ...]) -> list[str]:
    """Return the clauses of groups, but for those that refuse a body."""
    about = (clause for clause in contract.clauses if clause_ids.is_about(clause.id, *groups))
    return [clause.id for clause in about if not _refuses_body(clause)]


def _refuses_body(clause: Clause) -> bool:
    return clause.kind is Kind.REFUSAL and clause_ids.is_about(clause.id, clause_ids.REQUEST)


def _charset(contract: Contract, _: Clause) -> Row:
    media_type = contract.operation.media_type or "application/json"
    return {"headers": {"Content-Type": f"{media_type}; charset=iso-8859-1"}}


def _message(contract: Contract, clause: Clause) -> Row | str:
    """Return a fault of the HTTP message or the JSON text that breaks just this clause."""
    if clause.id in (clause_ids.COMPLETE, clause_ids.HTTP) and not contract.operation.answers:
        return NO_BODY
    kinds = {*keywords.types(contract.response)} or {"object"}
    if "object" not in kinds and clause.id == clause_ids.UNIQUE_NAMES:
        return NO_NAMES
    if "object" not in kinds and clause.id == clause_ids.UNICODE:
        place = "/*/shadow" if "array" in kinds else ""
        return {"response": [{"op": "half_pair", "at": place}]}
    others = clause_ids.response("{}")  # what is said of members without a name: it holds of any
    also = [other.id for other in contract.clauses if clause_ids.is_about(other.id, others)]
    row = {**MESSAGES[clause.id], "also": also}
    if clause.id == clause_ids.ANSWERS and contract.operation.method == "DELETE":
        del row["when"]  # few are there to be deleted, and once more is no answer to expect
    return row


def _authorization(_: Contract, clause: Clause) -> Row:
    """Return a fault that takes just what the clause says is no credential."""
    tokens = Credentials(sandbox.TOKEN, sandbox.TOKEN_WITHOUT_PERMISSION, sandbox.OTHER_TOKEN)
    patterns = {name: _pattern(token) for name, token in tokens.values().items()}
    headers = [
        "absent" if header is None else header.format_map(patterns)
        for header in clause.arguments["authorization"].values()
        if not isinstance(header, Mapping)  # in the query or a cookie, where no sandbox looks
    ]
    return {"takes_authorization": "|".join(headers)}


def _pattern(token: str) -> str:
    """Return what a token fits, and any other with one character changed at the same place."""
    good = sandbox.TOKEN
    parts = [
        re.escape(own) if own == other else "." for own, other in zip(token, good, strict=False)
    ]
    is_altered = len(token) == len(good) and parts.count(".") == 1
    return "".join(parts) if is_altered else re.escape(token)


def _address(_: Contract, clause: Clause) -> Row | str:
    kind = clause_ids.address_parts(clause.id)[0]
    if kind == "foreign":
        return NO_FOREIGN
    return {"lacks": ["foreign" if kind == "hidden" else "unknown"]}


def _query(_contract: Contract, clause: Clause) -> Row:
    name, value = clause_ids.query_parts(clause.id)
    return {**REFUSED, "when": {"query": f"{name}={quote_plus(value)}"}}


def _minimal(contract: Contract, _: Clause) -> Row | str:
    optional = [n for n in plain_body(contract) or {} if n not in contract.required_members]
    if len(optional) < 2:
        return ONE_OPTIONAL if optional else NO_OTHER_BODY
    return {**REFUSED, "when": {"lacks": optional}}


def _accepted(contract: Contract, clause: Clause) -> Row | str:
    """Return a fault that refuses a member: left out, null, one value, or any but the plain one."""
    name, state = clause_ids.member_parts(clause.id)
    if state == "optional":
        return {**REFUSED, "when": {"lacks": [name]}}
    if state == "null":
        plausible = contract.plausible_members.get(name, {})
        if plausible.get("type") == "null":
            return NO_STATE
        sent = checks.fits(plausible, None)
        return {**REFUSED, "when": {"null": [name]}} if sent else NO_NULL
    documented = contract.documented_members.get(name)
    if documented is not None and state != "accepted":
        options = [option for option in documented["enum"] if str(option) == state]
        return {**REFUSED, "when": {"one_of": {name: options}}}
    values = _sent_otherwise(contract, clause)
    if values:
        return {**REFUSED, "when": {"one_of": values}}
    # where nothing is required, the plainest request is the only one without other states
    if documented is None or name in contract.required_members or not contract.required_members:
        return NO_STATE
    return {**REFUSED, "when": {"has": [name]}}


def _sent_otherwise(contract: Contract, clause: Clause) -> dict[str, list[Any]]:
    """Return a member with the values by which a plan decides a clause, but for the plainest."""
    known, (first, *others) = acceptances(contract), plan(contract, 0).cases
    values: dict[str, list[Any]] = {}
    for case in others if isinstance(first.body, dict) else ():
        for name, state in case.states.items() if case.must_accept else ():
            value = case.body.get(name)
            is_own = not references(value) and not shared(value)
            if is_own and acceptance(known, name, state) == clause.id:
                unlike = [first.body.get(name), None, *values.get(name, ())]
                if not any(same(value, other) for other in unlike):
                    values.setdefault(name, []).append(value)
    return values


def _relation(contract: Contract, clause: Clause) -> Row | str:
    operator = clause.arguments["op"]
    is_of_act = operator == "stays" and contract.operation.method == "POST"
    rule = None if is_of_act else RELATIONS.get(operator)  # it does nothing to what is there
    return UNKNOWN_OPERATOR if rule is None else rule(contract, clause.arguments)


RULES: tuple[tuple[str, Callable[[Contract, Clause], Row | str]], ...] = (
    (
        clause_ids.STATUS,
        lambda contract, _: {"status": 200 if contract.operation.success == 202 else 202},
    ),
    (clause_ids.CHARSET, _charset),
    (clause_ids.PROTOCOL, _message),
    (clause_ids.ROBUSTNESS, _message),
    (clause_ids.AUTHORIZATION, _authorization),
    (clause_ids.ADDRESS, _address),
    (
        clause_ids.TYPICAL,
        lambda contract, _: REFUSED | ({"when": {"first": 1}} if contract.reads else {}),
    ),
    (clause_ids.COMBINED, lambda _, __: {**REFUSED, "when": {"every": 2}}),
    (clause_ids.MINIMAL, _minimal),
    (clause_ids.REQUEST_JSON, lambda _, __: {"lacks": ["json"]}),
    (clause_ids.QUERY, _query),
    (clause_ids.PARAMETER, lambda *_: {"lacks": ["parameters"]}),
    (clause_ids.REQUEST, _accepted),
    ("", _relation),
)
