"""The smallest request that shows a finding."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from contracts import clause_ids
from contracts.engine import suspects
from contracts.engine.described import GENERATED, states_of
from contracts.engine.features import SIZES
from contracts.engine.sender import Sender
from contracts.engine.settings import Shrink
from contracts.engine.trials import (
    SERVER_ERROR,
    distinct,
    explains,
    keeps_region,
    plainest,
    raced_again,
    shown_after_refusal,
    shown_again,
)
from contracts.judge.business_rules import NOW_AND_THEN
from contracts.judge.history import key
from contracts.judge.oddities import oddities
from contracts.model import ABSENT, CREDENTIAL, Failure, Finding
from contracts.planning.bodies.fields import plain_members, special_members
from contracts.planning.bodies.templates import FRESH
from contracts.planning.draft import by_turns
from contracts.schema.jsontext import is_number, same

# times that a request is sent again which showed what many others did not: chance may show it once
AGAIN = 2
JSON = "application/json"
SMALLEST = (clause_ids.TYPICAL, clause_ids.MINIMAL)  # what shows them is as small as can be
TRIALS = 18  # requests spent on making one finding smaller
SIMPLE_NUMBERS = (-1, 0, Decimal("0.5"), Decimal("1.5"), 1 << 31, (1 << 53) + 1, 10**20)
SIMPLE_LENGTHS = (51, 61, 256, 1_001)  # characters: just beyond the limits that are usual

Body = dict[str, Any]


def minimised(sender: Sender, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings with the smallest requests that show them, each of them once.

    The first finding of each clause comes first, so that the budget is not spent on its twins;
    what a small one explains is added to it without a request.
    """
    general: list[Finding] = []
    for failures in suspects.of_any_refusal(sender, findings):
        general += suspects.first_of_each_constraint(failures)
        findings = [finding for finding in findings if finding not in failures]
    findings = suspects.explained(sender, findings)
    small: dict[int, Finding] = {}
    for number in by_turns(range(len(findings)), lambda number: findings[number].clause.id):
        finding = findings[number]
        same = next((n for n, done in small.items() if explains(sender, done, finding)), None)
        if same is None:
            small[number] = minimise(sender, finding)
        else:
            small[same] = _with(small[same], finding)
    for number, finding in list(small.items()):  # what another one explains, now that it is small
        others = [n for n, done in small.items() if n != number and done.minimised]
        same = next((n for n in others if explains(sender, small[n], finding)), None)
        if same is not None and not finding.minimised:
            small[same] = _with(small[same], finding)
            del small[number]
    return distinct([*(small[number] for number in sorted(small)), *general])


def _with(finding: Finding, other: Finding) -> Finding:
    """Return a finding that stands for another one as well."""
    return replace(finding, occurrences=finding.occurrences + other.occurrences)


def minimise(sender: Sender, finding: Finding) -> Finding:
    """Return a finding with the smallest request that still shows it.

    One that does not show in every exchange is tried again first; where it does not show
    again, it says so and stays as it is.
    """
    case = finding.case
    answer = finding.exchange.answer
    if isinstance(answer, Failure):
        # each further look at a hang would cost as much time as the run allows for one
        was_recovered = finding.exchange in sender.recovered
        return replace(finding, seen=(1, 2)) if was_recovered else finding
    if finding.explanation == NOW_AND_THEN:
        return replace(finding, seen=(finding.occurrences, finding.looks))
    if finding.explanation is not None or finding.clause.id in SMALLEST:
        return replace(finding, minimised=True)
    if finding.seen is not None:
        return finding
    if not finding.minimised and (finding.occurrences == 1 or finding.occurrences < finding.looks):
        times = 1 if finding.occurrences == 1 else AGAIN
        shows = [shown_again(sender, finding, case) is not None for _ in range(times)]
        if not all(shows):
            if case.together:
                return raced_again(sender, finding)
            # of the same request, or of all requests in which it could have shown
            tried = (1 if finding.occurrences == 1 else finding.looks) + len(shows)
            often = (finding.occurrences + sum(shows), tried)
            finding = replace(finding, seen=often) if sender.left > 0 else finding
            return shown_after_refusal(sender, finding) or finding
    if not isinstance(case.body, dict):
        return replace(finding, minimised=True)
    shrink = sender.settings.shrink
    if case.label.startswith(GENERATED) and shrink is not None:
        finding = _shrunk(sender, finding, shrink)
    return _dropped(sender, finding)


def _shrunk(sender: Sender, finding: Finding, shrink: Shrink) -> Finding:
    """Return what the generator finds as the smallest body that shows a finding.

    Only asked for at a sandbox that costs nothing.
    """
    case = finding.case
    by_body = dict[str, Finding | None]()

    def shows(body: Any) -> bool:
        text = key(body)
        if text not in by_body:
            by_body[text] = None
            if keeps_region(sender, case, body):
                by_body[text] = shown_again(sender, finding, replace(case, body=body))
        return by_body[text] is not None

    smallest = shrink(sender.contract, case.region, sender.settings.seed, shows)
    return by_body.get(key(smallest)) or finding


def _dropped(sender: Sender, finding: Finding) -> Finding:
    """Return a finding with members dropped, and typical values put in, as long as it shows.

    What is special about the form of the request goes first.
    """
    plain = replace(finding.case, authorization=CREDENTIAL, media_type=JSON, spread=False)
    if not plain.must_refuse and plain != finding.case:
        label = states_of(sender.contract, plain, finding)
        finding = shown_again(sender, finding, replace(plain, label=label)) or finding
    case = finding.case
    best, bodies, trials = finding, [case.body], 0  # the smallest body so far is the last
    for candidate in _smaller_bodies(sender, finding, lambda: bodies[-1]):
        if trials >= TRIALS or sender.left <= 0:
            return best
        if candidate == bodies[-1] or not keeps_region(sender, case, candidate):
            continue
        trials += 1
        smaller_case = replace(case, body=candidate)
        if not case.headers:  # which say more of what matters than the body does
            label = states_of(sender.contract, smaller_case, finding)
            smaller_case = replace(smaller_case, label=label)
        smaller_finding = shown_again(sender, finding, smaller_case)
        if smaller_finding is not None:
            best = smaller_finding
            bodies.append(candidate)
        if not special_members(sender.contract, bodies[-1]):
            break  # what is always sent is the smallest
    return replace(best, minimised=True)


def _smaller_bodies(
    sender: Sender, finding: Finding, smallest: Callable[[], Body]
) -> Iterator[Body]:
    """Yield smaller bodies than the smallest so far, or that one where nothing is smaller.

    First what is needed and what is special in it, then member by member, then simpler
    values.
    """
    needed = plainest(sender)
    member = finding.place.split("/")[1] if "/" in finding.place else ""
    plain = plain_members(sender.contract)
    body = finding.case.body
    special = [name for name in body if not same(body[name], plain.get(name, ABSENT))]
    for names in ((), (member,), special):
        members = {*needed, *names}
        yield {name: v for name, v in smallest().items() if name in members} or smallest()
    for name in body:
        if name not in needed:
            yield {key: value for key, value in smallest().items() if key != name}
    for name, value in plain.items():
        yield {**smallest(), name: value} if name in smallest() else smallest()
    for name in special:  # one in other letters may show it by its length, or by its quotes
        for value in _in_plainer_letters(body[name]):
            yield {**smallest(), name: value} if name in smallest() else smallest()
    for name in special if finding.clause.id == SERVER_ERROR else ():
        for value in _simpler(body[name]):
            is_simpler = _is_simpler(value, smallest(), name, plain)
            yield {**smallest(), name: value} if is_simpler else smallest()


def _in_plainer_letters(value: Any) -> Iterator[str]:
    """Yield texts as long as an odd one: of ASCII letters only, and of ASCII only."""
    if isinstance(value, str) and not FRESH.search(value) and not value.isascii():
        yield "".join(c if c.isascii() and c.isalnum() else "x" for c in value)
        yield "".join(c if c.isascii() else "x" for c in value)


def _is_simpler(value: Any, body: Body, name: str, plain: Body) -> bool:
    """Whether a value is shorter than a member that is there and not at its plainest."""
    if name not in body or same(body[name], plain.get(name, ABSENT)):
        return False
    return len(key(value)) <= len(key(body[name]))


def _simpler(value: Any) -> Iterator[Any]:
    """Yield simpler values of a kind: one odd character, a usual length or size, a round number."""
    if is_number(value):
        for number in SIMPLE_NUMBERS:
            if oddities(number) <= oddities(value) and abs(number) <= abs(value):
                yield number
    elif isinstance(value, str) and not FRESH.search(value):
        yield from (c for c in dict.fromkeys(value) if not (c.isascii() and c.isprintable()))
        yield from (value[:length] for length in SIMPLE_LENGTHS if length < len(value))
    elif isinstance(value, dict):
        members = list(value.items())
        few, *_ = SIZES
        yield from (dict(members[:size]) for size in SIZES if size < len(members))
        yield from ({name: inside} for name, inside in members if len(members) <= few)
