"""The smallest request that shows a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from contracts import clause_ids
from contracts.engine import races
from contracts.engine.described import GENERATED, states_of
from contracts.engine.sender import Sender
from contracts.engine.twins import (
    SERVER_ERROR,
    alike,
    distinct,
    explains,
    plainest,
    special_members,
    unexplained,
    values_never_taken,
)
from contracts.judge.history import WHOLE
from contracts.judge.oddities import oddities
from contracts.judge.operators import OPERATORS
from contracts.judge.outcomes import checks, relation_checks
from contracts.judge.server_words import words
from contracts.model import ABSENT, CREDENTIAL, Case, Failure, Finding, Kind, Region, Skipped
from contracts.planning.bodies.templates import sample
from contracts.schema import checks as schema_checks
from contracts.schema.jsontext import is_number, same, show

# times that a request is sent again which showed what many others did not: chance may show it once
AGAIN = 2
TRIALS = 18  # requests spent on making one finding smaller
JSON = "application/json"
FAILED = 500  # statuses from here on
SIMPLE_NUMBERS = (-1, 0, Decimal("0.5"), Decimal("1.5"), 1 << 31, (1 << 53) + 1, 10**20)
SIMPLE_LENGTHS = (51, 61, 256, 1_001)  # characters: just beyond the limits that are usual


def minimised(sender: Sender, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings with the smallest requests that show them, each of them once.

    The first finding of each clause comes first, so that the budget is not spent on its twins; what
    a small one explains is added to it without a request.
    """
    small: dict[int, Finding] = {}
    clauses = [finding.clause.id for finding in findings]
    turns = [(clauses[:number].count(clause), number) for number, clause in enumerate(clauses)]
    for _, number in sorted(turns):
        finding = findings[number]
        known = _explaining(sender, small, finding)
        if known is None:
            small[number] = minimise(sender, finding)
            continue
        count = small[known].occurrences + finding.occurrences
        small[known] = replace(small[known], occurrences=count)
        _add_hidden(sender, small, known, finding, number)
    for number, finding in enumerate(_beside(sender, findings), len(findings)):
        known = _explaining(sender, small, finding)
        if known is not None:
            _add_hidden(sender, small, known, finding, number)
        elif sender.left > 0:
            alone = _shown(sender, finding, replace(finding.exchange.case, together=False))
            if alone is not None:
                small[number] = minimise(sender, alone)
    return distinct(small[number] for number in sorted(small))


def _explaining(sender: Sender, small: Mapping[int, Finding], finding: Finding) -> int | None:
    """Return the number of the first small finding that explains another one."""
    return next((n for n, done in small.items() if explains(sender, done, finding)), None)


def _beside(sender: Sender, findings: Sequence[Finding]) -> list[Finding]:
    """Return the failures of requests sent at once that the findings tell of another of them."""
    failure = next((f for f in findings if f.clause.id == SERVER_ERROR), None)
    known = {finding.exchange.number for finding in findings}
    failed = [e for e in sender.history if e.case.together and e.status and e.status >= FAILED]
    return [
        replace(failure, exchange=e, got=words(e), occurrences=1, looks=1)
        for e in failed
        if failure is not None and e.number not in known and isinstance(e.case.body, dict)
    ]


def _add_hidden(
    sender: Sender, small: dict[int, Finding], known: int, finding: Finding, number: int
) -> None:
    """Add the failure that a known one hides in a request, where that has another."""
    hidden = _hidden(sender, small[known], finding)
    if hidden is not None and _explaining(sender, small, hidden) is None:
        small[number] = minimise(sender, hidden)


def _hidden(sender: Sender, known: Finding, finding: Finding) -> Finding | None:
    """Return the failure that one which is known hides in a request, if there is another."""
    rest = unexplained(sender, known, finding)
    case = finding.exchange.case
    if rest is None or sender.left <= 0 or not _keeps_region(sender, case, rest):
        return None
    return _shown(sender, replace(finding, occurrences=1), replace(case, body=rest))


def minimise(sender: Sender, finding: Finding) -> Finding:
    """Return a finding with the smallest request that still shows it.

    One that does not show in every exchange is tried again first; where it does not show again, it
    says so and stays as it is.
    """
    case, answer = finding.exchange.case, finding.exchange.answer
    if isinstance(answer, Failure):
        # each further look at a hang would cost as much time as the run allows for one
        return replace(finding, seen=(1, 2)) if finding.exchange in sender.recovered else finding
    if finding.explanation is not None or finding.clause.id in (
        clause_ids.TYPICAL,
        clause_ids.MINIMAL,
    ):
        return replace(finding, minimised=True)
    if finding.occurrences == 1 or finding.occurrences < finding.looks:
        times = 1 if finding.occurrences == 1 else AGAIN
        shown = [_shown(sender, finding, case) is not None for _ in range(times)]
        if not all(shown) and case.together:
            return races.asked_again(sender, finding)
        if not all(shown):
            # of the same request, or of all requests in which it could have shown
            tried = (1 if finding.occurrences == 1 else finding.looks) + len(shown)
            often = (finding.occurrences + sum(shown), tried)
            return replace(finding, seen=often) if sender.left > 0 else finding
    if not isinstance(case.body, dict):
        return replace(finding, minimised=True)
    if case.label.startswith(GENERATED) and sender.settings.shrink is not None:
        finding = _shrunk(sender, finding, case)
    return _dropped(sender, finding)


def _shrunk(sender: Sender, finding: Finding, case: Case) -> Finding:
    """Return what the generator finds as the smallest body that shows a finding.

    Only asked for at a sandbox that costs nothing.
    """
    known: dict[str, Finding | None] = {}

    def shows(body: Any) -> bool:
        text = show(body, WHOLE)
        if text not in known:
            known[text] = (
                _shown(sender, finding, replace(case, body=body))
                if _keeps_region(sender, case, body)
                else None
            )
        return known[text] is not None

    shrink = sender.settings.shrink
    smallest = (
        shrink(sender.contract, case.region, sender.settings.seed, shows) if shrink else ABSENT
    )
    return known.get(show(smallest, WHOLE)) or finding


def _dropped(sender: Sender, finding: Finding) -> Finding:
    """Drop members and put typical values in as long as the finding stays.

    Before that, what is special about the form of the request.
    """
    plain = replace(finding.exchange.case, authorization=CREDENTIAL, media_type=JSON)
    if plain.region is not Region.INVALID and plain != finding.exchange.case:
        label = states_of(sender.contract, plain, finding)
        finding = _shown(sender, finding, replace(plain, label=label)) or finding
    case = finding.exchange.case
    best, body, trials = finding, case.body, 0
    for smaller in _smaller_bodies(sender, finding):
        if trials >= TRIALS or sender.left <= 0:
            return best
        candidate = smaller(body)
        if candidate is None or candidate == body or not _keeps_region(sender, case, candidate):
            continue
        trials += 1
        smaller_case = replace(case, body=candidate)
        if not case.headers:  # which say more of what matters than the body does
            label = states_of(sender.contract, smaller_case, finding)
            smaller_case = replace(smaller_case, label=label)
        shown = _shown(sender, finding, smaller_case)
        if shown is not None:
            best, body = shown, candidate
        if not special_members(sender, body):  # nothing is smaller than what is always sent
            break
    return replace(best, minimised=True)


def _smaller_bodies(sender: Sender, finding: Finding) -> Iterator[Any]:
    """Yield functions that make a body smaller, or return None where they do not apply.

    First to what is required and what is special in it, then member by member, then to simpler
    values.
    """
    request = sender.contract.request or {}
    required = tuple(request.get("required", ()))
    named = finding.place.split("/")[1] if finding.place.count("/") >= 1 else ""
    plain = plainest(sender)
    body = finding.exchange.case.body
    special = [name for name, value in body.items() if not same(value, plain.get(name, ABSENT))]

    def only(*names: str) -> Any:
        return lambda body: (
            {name: body[name] for name in body if name in names} if set(names) & set(body) else None
        )

    yield only(*required)
    if finding.clause.id == SERVER_ERROR:
        yield only(*required, *values_never_taken(sender, body))
    yield only(*required, named)
    yield only(*required, *special)
    for name in body:
        if name not in required:
            yield lambda body, name=name: {key: body[key] for key in body if key != name}
    for name, value in plain.items():
        yield lambda body, name=name, value=value: {**body, name: value} if name in body else None
    if finding.clause.id == SERVER_ERROR:
        for name in special:
            for value in _simpler(body[name]):
                yield (
                    lambda body, name=name, value=value: (
                        {**body, name: value}
                        if not same(body.get(name, ABSENT), plain.get(name, ABSENT))
                        and len(show(value, WHOLE)) <= len(show(body.get(name), WHOLE))
                        else None
                    )
                )


def _simpler(value: Any) -> Iterator[Any]:
    """Yield simpler values of the same kind: one odd character, a usual length, a round number."""
    if is_number(value):
        for number in SIMPLE_NUMBERS:
            if oddities(number) <= oddities(value) and abs(number) <= abs(value):
                yield number
    elif isinstance(value, str) and "{" not in value:
        yield from (c for c in dict.fromkeys(value) if not (c.isascii() and c.isprintable()))
        yield from (value[:length] for length in SIMPLE_LENGTHS if length < len(value))
    elif isinstance(value, dict):
        yield from ({name: inside} for name, inside in value.items())


def _keeps_region(sender: Sender, case: Case, body: dict[str, Any]) -> bool:
    """Whether a body lies where the case's did, and is invalid in the same way if it was."""
    documented, plausible = sender.contract.request, sender.contract.plausible
    if documented is None or plausible is None or case.authorization != CREDENTIAL:
        return True
    broken = {
        (check.place, check.keyword.name)
        for check in schema_checks.broken(documented, sample(body))
    }
    if case.region is Region.INVALID:
        return broken == {
            (c.place, c.keyword.name) for c in schema_checks.broken(documented, sample(case.body))
        }
    return not broken and (
        case.region is not Region.VALID or schema_checks.fits(plausible, sample(body))
    )


def _shown(sender: Sender, finding: Finding, case: Case) -> Finding | None:
    """Send a case; return the finding with its exchange if it shows it again, else None."""
    done = sender.send_further(case)
    if isinstance(done, Skipped):
        return None
    if finding.clause.kind is Kind.ACCEPTANCE or finding.clause.id == SERVER_ERROR:
        same = not done.accepted and alike(done, finding.exchange)
        return replace(finding, exchange=done, got=words(done)) if same else None
    arguments = finding.clause.arguments
    alone = finding.clause.kind is not Kind.RELATION or (
        OPERATORS[arguments["op"]].alone and "handed_out" not in arguments
    )
    looks = checks(sender.contract, [done], {})
    if not alone:
        looks = relation_checks(sender.contract, finding.clause, sender.history)
    for check in looks:
        if check.clause == finding.clause.id and not check.ok and check.exchange is done:
            # a refusal is expected for the reason that the case was made for, not for being made
            # smaller
            expected = finding.expected if finding.clause.kind is Kind.REFUSAL else check.expected
            return replace(
                finding, exchange=done, place=check.place, expected=expected, got=check.got
            )
    return None
