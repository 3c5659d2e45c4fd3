"""Exchanges and clauses in, outcomes and findings out.

The policy of a verdict stands here and nowhere else.

An accepted exchange in the valid or the open region has to keep every response clause. A refusal is
a 4xx, whatever it says. A clause that nothing could break is `not exercised`; when even the
plainest request is refused, a clause that nothing decided is `undecided`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from contracts import clause_ids
from contracts.judge import respelling
from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS, references
from contracts.model import (
    ABSENT,
    Basis,
    Check,
    Clause,
    ClauseResult,
    Contract,
    Exchange,
    Explanation,
    Failure,
    Finding,
    Kind,
    Outcome,
    Region,
    Response,
    Skipped,
)
from contracts.schema import checks as schema_checks
from contracts.schema.jsontext import at, show

SINGLE = frozenset(
    {"content-type", "content-length", "date", "location", "etag", "last-modified", "retry-after"}
)
FAILURE_CLAUSES = {
    "timeout": clause_ids.ANSWERS,
    "closed": clause_ids.ANSWERS,
    "down": clause_ids.ANSWERS,
    "too_large": clause_ids.ANSWERS,
    "incomplete": clause_ids.COMPLETE,
    "malformed": clause_ids.HTTP,
    "undecodable": clause_ids.HTTP,
}
WHOLE_ANSWER = tuple(sorted(set(FAILURE_CLAUSES.values())))
Blame = Mapping[int, tuple[str, ...]]
Explanations = Mapping[int, Explanation]


def judge(
    contract: Contract,
    exchanges: Sequence[Exchange],
    skipped: Sequence[Skipped] = (),
    blame: Blame | None = None,
    others: Sequence[Exchange] = (),
    *,
    explanations: Explanations | None = None,
    hollow: Collection[int] = (),
) -> tuple[tuple[ClauseResult, ...], tuple[Finding, ...]]:
    """Judge all exchanges of a run: return the result of every clause, and all findings.

    There is one finding for each clause and place. `blame` tells for the number of a refused
    exchange which acceptance clauses its refusal violates, `explanations` by what rule of the
    sandbox; `hollow` are the numbers of refusals that prove nothing, since what was made invalid is
    refused as well. `others` are exchanges of other operations of the API, which relations may
    look at.
    """
    explained = dict(explanations or {})
    looks: dict[str, list[Check]] = defaultdict(list)
    for check in respelt_checks(contract, exchanges, blame or {}, others):
        if check.exchange.number in explained and check.clause in (blame or {}).get(
            check.exchange.number, ()
        ):
            check = check._replace(explanation=explained[check.exchange.number])  # noqa: PLW2901
        looks[check.clause].append(check)
    evidence = Evidence(exchanges, skipped, explained, hollow)
    results = tuple(
        _result(
            clause, [look for look in looks[clause.id] if evidence.counts(clause, look)], evidence
        )
        for clause in contract.clauses
    )
    findings = tuple(
        finding for clause in contract.clauses for finding in _findings(clause, looks[clause.id])
    )
    return results, findings


@dataclass(frozen=True)
class Evidence:
    """What the outcomes of a run are drawn from, besides the looks at each clause."""

    exchanges: Sequence[Exchange]
    skipped: Sequence[Skipped]
    explanations: Explanations
    hollow: Collection[int]

    def counts(self, clause: Clause, look: Check) -> bool:
        """Whether a look says something: a refusal does not where its body is refused anyway."""
        hollow = clause.kind is Kind.REFUSAL and look.exchange.number in self.hollow
        return not (hollow and look.ok)

    @cached_property
    def root(self) -> Exchange | None:
        """The exchange in which the plainest request was refused, when every valid one was."""
        return root_cause(self.exchanges)

    def refusal(self, clause_id: str) -> str | None:
        """Return why nothing decided a clause although it was asked for."""
        for exchange in self.exchanges:
            if clause_id not in exchange.case.decides or exchange.accepted:
                continue
            rule = self.explanations.get(exchange.number)
            if rule is not None:
                return f"every request that would decide it is {rule.words}"
            if exchange.number in self.hollow:
                return (
                    "what was made invalid for it is refused without that as well: "
                    f"{words(exchange)}"
                )
        return None


def checks(
    contract: Contract,
    exchanges: Sequence[Exchange],
    blame: Blame,
    others: Sequence[Exchange] = (),
) -> Iterator[Check]:
    """Yield every look at every clause, held or violated."""
    answers: list[Answer] = []
    clauses: dict[
        tuple[str, str, str | None], str
    ] = {}  # by keyword: the same few, thousands of times
    made: dict[str, Exchange] = {}  # reference of an order -> where it was first
    assumed = {clause.id for clause in contract.clauses if clause.basis is Basis.CONVENTION}
    for exchange in exchanges:
        yield from _robustness(exchange)
        yield from _decisions(exchange, blame)
        if exchange.accepted and exchange.case.region is not Region.INVALID:
            yield from _protocol(contract, exchange)
            found = _keyword_checks(contract, exchange)
            for look in found:
                keyword = look.keyword
                if (key := (keyword.pointer, keyword.name, keyword.member)) not in clauses:
                    clauses[key] = _clause_of(look)
                told = ("", "") if look.ok else (look.expected, look.got)
                yield Check(clauses[key], exchange, look.ok, look.place, *told)
            if exchange.request.is_unreadable:
                # what was sent is nothing that strict reading knows, nor what is owed for it
                continue
            if _replayed(contract, exchange, made):
                continue
            answers.append(_answer(exchange, found, assumed))
    history = History(answers, exchanges, others)
    for relation in contract.clauses:
        if relation.kind is Kind.RELATION:
            yield from _related(relation, history)


def relation_checks(
    contract: Contract, clause: Clause, exchanges: Sequence[Exchange]
) -> Iterator[Check]:
    """Yield the looks at one relation, without those at anything else."""
    assumed = {one.id for one in contract.clauses if one.basis is Basis.CONVENTION}
    made: dict[str, Exchange] = {}
    answers = [
        _answer(one, _keyword_checks(contract, one), assumed)
        for one in exchanges
        if one.accepted
        and one.case.region is not Region.INVALID
        and not one.request.is_unreadable
        and not _replayed(contract, one, made)
    ]
    yield from _related(clause, History(answers, exchanges))


def _keyword_checks(contract: Contract, exchange: Exchange) -> list[schema_checks.KeywordCheck]:
    if exchange.value is ABSENT:
        return []
    return list(schema_checks.checks(contract.response, exchange.value))


def _answer(
    exchange: Exchange, looks: Sequence[schema_checks.KeywordCheck], assumed: Collection[str]
) -> Answer:
    """Return an accepted exchange with the places where its schema is broken.

    What only breaks a convention is as the page has it, and has to agree with the rest.
    """
    bad = [look for look in looks if not look.ok]
    return Answer(exchange, frozenset(b.place for b in bad if _clause_of(b) not in assumed))


def _related(relation: Clause, history: History) -> Iterator[Check]:
    for seen in OPERATORS[relation.arguments["op"]].rule(relation.arguments, history):
        yield Check(relation.id, seen.exchange, seen.ok, seen.place, seen.expected, seen.got)


def respelt_checks(
    contract: Contract,
    exchanges: Sequence[Exchange],
    blame: Blame,
    others: Sequence[Exchange] = (),
) -> Iterator[Check]:
    """Yield every look, with members in another spelling judged where the page has them.

    What is broken only by the spelling is explained by it.
    """
    pairs = respelling.respelt(contract, exchanges)
    if not pairs:
        yield from checks(contract, exchanges, blame, others)
        return
    restored = [respelling.restored(exchange, pairs) for exchange in exchanges]
    original = {id(one): exchange for one, exchange in zip(restored, exchanges, strict=True)}
    broken = set()
    for look in checks(contract, restored, blame, others):
        exchange = original[id(look.exchange)]
        if not look.ok:
            broken.add((look.clause, exchange.number))
        yield look._replace(exchange=exchange, place=pairs.get(look.place, look.place))
    explanation = respelling.explanation(pairs)
    alone = True
    for look in checks(contract, exchanges, blame, others):
        if not look.ok and (look.clause, look.exchange.number) not in broken:
            alone = False
            yield look._replace(explanation=explanation)
    if alone:
        yield from _respelt_type(contract, exchanges, pairs, explanation)


def _respelt_type(
    contract: Contract,
    exchanges: Sequence[Exchange],
    pairs: respelling.Pairs,
    explanation: Explanation,
) -> Iterator[Check]:
    """Yield one look that is broken where the page requires no member: its name is on it still."""
    known = {clause.id for clause in contract.clauses}
    for place, found in pairs.items():
        clause = clause_ids.response(f"{place[1:].replace('/*', '[]').replace('/', '.')}.type")
        shown = next((e for e in exchanges if e.accepted and isinstance(e.value, dict)), None)
        if clause in known and shown is not None:
            expected, got = f"the member {place[1:]}", f"{found[1:]} in its place"
            yield Check(
                clause,
                shown,
                ok=False,
                place=found,
                expected=expected,
                got=got,
                explanation=explanation,
            )
            return


def _replayed(contract: Contract, exchange: Exchange, made: dict[str, Exchange]) -> bool:
    """Tell whether an order whose reference came again is answered with the one that there is.

    Nothing is new in it.

    `made` remembers the exchange in which each reference was first.
    """
    if contract.operation.created is None:
        return False
    order = at(exchange.value, contract.operation.created)
    for pointer in references(contract):
        reference = at(exchange.request.value, pointer)
        if isinstance(reference, str) and made.setdefault(reference, exchange) is not exchange:
            first = at(made[reference].value, contract.operation.created)
            return exchange.case.region is Region.OPEN and first == order
    return False


def _clause_of(look: schema_checks.KeywordCheck) -> str:
    return clause_ids.response(look.keyword.clause)


def root_cause(exchanges: Sequence[Exchange]) -> Exchange | None:
    """Give the exchange in which the plainest request was not accepted.

    None when any valid one was.
    """
    if any(exchange.accepted for exchange in exchanges if exchange.case.region is Region.VALID):
        return None
    plainest = [exchange for exchange in exchanges if clause_ids.TYPICAL in exchange.case.decides]
    if any(exchange.accepted for exchange in plainest):
        return None
    return plainest[0] if plainest else None


def words(exchange: Exchange) -> str:
    """Say what came back in a few words: the status and the server's own."""
    if isinstance(exchange.answer, Failure):
        return f"no answer: {exchange.answer.detail}"
    body = (
        exchange.value
        if exchange.value is not ABSENT
        else exchange.answer.body.decode("utf-8", "replace")
    )
    message = _message(body) if isinstance(body, dict) else body
    return f"{exchange.answer.status}" + (
        f" {show(message)}" if message and not exchange.accepted else ""
    )


def _message(body: Mapping[str, Any]) -> Any:
    """Return the server's own words in the body of a refusal.

    They stand in a message, in an error, in the title and detail of RFC 9457, or in a list.
    """
    error = body.get("error")
    if isinstance(error, dict):
        error = _message(error) or error
    shown = _several(body.get("errors"))
    problem = ": ".join(filter(None, (_text(body, "title"), _text(body, "detail"), shown)))
    return body.get("message") or error or problem or body.get("reason")


def _several(errors: Any) -> str:
    """Return the words of a list of errors, each a text or an object with a message."""
    if not isinstance(errors, list):
        return show(errors) if errors else ""
    said = [_message(error) if isinstance(error, dict) else error for error in errors]
    return "; ".join(text if isinstance(text, str) else show(text) for text in said if text)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _robustness(exchange: Exchange) -> Iterator[Check]:
    if isinstance(exchange.answer, Failure):
        if exchange.answer.kind == "unread":  # refused, though the words of it were lost
            return
        broken = FAILURE_CLAUSES[exchange.answer.kind]
        yield Check(
            broken,
            exchange,
            ok=False,
            expected="an answer, whole and in time",
            got=exchange.answer.detail,
        )
        return
    failed = exchange.answer.status >= 500
    yield Check(clause_ids.NO_SERVER_ERROR, exchange, not failed, "", "no 5xx", words(exchange))
    for clause in WHOLE_ANSWER:
        yield Check(clause, exchange, ok=True)


def _decisions(exchange: Exchange, blame: Blame) -> Iterator[Check]:
    if exchange.status is None or exchange.status >= 500:
        return
    case = exchange.case
    if case.region is Region.INVALID:
        for clause in case.decides:
            yield Check(
                clause,
                exchange,
                exchange.refused,
                "",
                f"a 4xx, since {case.label}",
                words(exchange),
            )
        return
    if exchange.accepted:
        for clause in case.decides:
            yield Check(clause, exchange, ok=True)
    elif case.region is Region.VALID:
        for clause in blame.get(exchange.number, (clause_ids.COMBINED,)):
            why = (
                "every member is plausible"
                if isinstance(case.body, dict)
                else "the page asks for nothing else"
            )
            yield Check(clause, exchange, ok=False, expected=f"a 2xx: {why}", got=words(exchange))


def _protocol(contract: Contract, exchange: Exchange) -> Iterator[Check]:
    answer = exchange.answer
    if not isinstance(answer, Response):
        return
    success = contract.operation.success
    yield Check(
        clause_ids.STATUS,
        exchange,
        success in (None, answer.status),
        "",
        f"{success or '2xx'}",
        str(answer.status),
    )
    if contract.operation.answers:
        yield from _media_type(contract, exchange, answer)
    names = [name for name, _ in answer.headers]
    twice = sorted(name for name in SINGLE if names.count(name) > 1)
    yield Check(clause_ids.SINGLE_HEADERS, exchange, not twice, "", "each once", ", ".join(twice))
    if not contract.operation.answers:
        return
    problems = dict(exchange.problems)
    for clause in (clause_ids.JSON, clause_ids.UNIQUE_NAMES, clause_ids.UNICODE):
        if exchange.value is not ABSENT or clause in problems:
            yield Check(
                clause,
                exchange,
                clause not in problems,
                "",
                "one JSON text",
                problems.get(clause, ""),
            )


def _media_type(contract: Contract, exchange: Exchange, answer: Response) -> Iterator[Check]:
    essence, _, parameters = (answer.header("content-type") or "").partition(";")
    kind = essence.strip().lower()
    wanted = contract.operation.media_type if contract.operation.success else None
    right = (
        kind == wanted
        if wanted
        else bool(re.fullmatch(r"[a-z0-9.+-]+/([a-z0-9.+-]+\+)?json", kind))
    )
    yield Check(
        clause_ids.MEDIA_TYPE,
        exchange,
        right,
        "",
        wanted or "a JSON media type",
        kind or "no Content-Type",
    )
    charsets = re.findall(r"(?:^|;)\s*charset\s*=\s*\"?([^\s;\"]+)", parameters, re.IGNORECASE)
    known = len(charsets) < 2 and {name.lower() for name in charsets} <= {
        "utf-8",
        "utf8",
        "us-ascii",
    }
    yield Check(
        clause_ids.CHARSET,
        exchange,
        known,
        "",
        "utf-8, once at most",
        ", ".join(map(show, charsets)),
    )


def _result(clause: Clause, looks: Sequence[Check], evidence: Evidence) -> ClauseResult:
    if any(not look.ok for look in looks):
        return ClauseResult(clause, Outcome.VIOLATED, _exchanges(looks))
    if evidence.root is not None:
        why = f"the sandbox does not accept the plainest request: {words(evidence.root)}"
        return ClauseResult(clause, Outcome.UNDECIDED, _exchanges(looks), why)
    if looks:
        return ClauseResult(clause, Outcome.HELD, _exchanges(looks))
    refused = evidence.refusal(clause.id)
    if refused is not None:
        return ClauseResult(clause, Outcome.UNDECIDED, 0, refused)
    own = [skip for skip in evidence.skipped if clause.id in skip.case.decides]
    why = own[0].why if own else _idle(clause)
    if not own and clause.kind in (Kind.KEYWORD, Kind.RELATION, Kind.PROTOCOL):
        # any request that would have been accepted may have exercised it
        own = [skip for skip in evidence.skipped if skip.case.region is not Region.INVALID]
    lack = next((skip.left_out for skip in own if skip.left_out), None)
    return ClauseResult(clause, Outcome.NOT_EXERCISED, 0, why, lack)


def _idle(clause: Clause) -> str:
    if clause.kind is Kind.KEYWORD:
        return "no accepted response had the member that it speaks of"
    if clause.kind is Kind.RELATION:
        return OPERATORS[clause.arguments["op"]].idle
    if clause.kind is Kind.PROTOCOL:
        return "no request was accepted"
    return "no request that would decide it was answered"


def _findings(clause: Clause, looks: Sequence[Check]) -> Iterator[Finding]:
    groups: dict[str, list[Check]] = defaultdict(list)
    for look in looks:
        if not look.ok:
            groups[_group(clause, look)].append(look)
    for group in groups.values():
        look = min(group, key=_telling)
        finding = Finding(clause, look.exchange, look.place, look.expected, look.got)
        yield replace(
            finding,
            occurrences=_exchanges(group),
            looks=_exchanges(looks),
            explanation=look.explanation,
        )


def _group(clause: Clause, look: Check) -> str:
    """Return what the looks of one finding have in common: its rule, its case or its place."""
    if look.explanation is not None:
        return look.explanation.words
    if clause.kind is Kind.ROBUSTNESS:  # of a race that is asked for several times, once
        return look.exchange.case.label.partition(", round ")[0]
    return re.sub(r"/\d+(?=/|$)", "/*", look.place)


def _exchanges(made: Sequence[Check]) -> int:
    """Count the exchanges that were looked at: in some, a clause speaks of several places."""
    return len({id(check.exchange) for check in made})


def _telling(check: Check) -> tuple[bool, int]:
    """Put the most convincing exchange first.

    A valid request before an open one, a short before a long.
    """
    return check.exchange.case.region is not Region.VALID, len(check.exchange.request.body or b"")
