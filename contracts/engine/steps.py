"""What has to be sent to see a finding again, as plain data that a report can hold.

A step is a case with its predecessors before it: the order that hands out what it refers to,
or the one whose text it repeats. A body keeps its markers, so that what has to be new is new
each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.judge.operators import is_of_several
from contracts.model import ABSENT, Case, Contract, Exchange, Finding, Kind, Region
from contracts.planning.bodies.templates import HandedOut, references, sample, shared, with_numbers
from contracts.schema.jsontext import at, encode, mapped, spread

HANDED_OUT = "x-handed-out"  # the only member of what stands for a value of an earlier answer
BYTES = "x-bytes"  # the only member of what stands for a body that is no JSON text

# the members of a case that every step has, and those that only some need
ALWAYS = (
    *("region", "label", "decides", "authorization"),
    *("path", "media_type", "method", "needs"),
)
FURTHER = ("operation", "query", "takes", "together", "closing", "headers", "leaves_out")
TAKING = ("takes", "query")  # of these, what may hold a value of an earlier answer

Step = Mapping[str, Any]
Answers = Mapping[int, Sequence[Exchange]]  # to each case, by its number


def with_steps(
    contract: Contract, findings: Sequence[Finding], history: Sequence[Exchange]
) -> tuple[Finding, ...]:
    """Return findings with the steps that show each of them again."""
    answers: dict[int, list[Exchange]] = {}
    for exchange in history:
        answers.setdefault(exchange.case.number, []).append(exchange)
    steps = [tuple(_steps(contract, finding, answers)) for finding in findings]
    return tuple(replace(each, steps=own) for each, own in zip(findings, steps, strict=True))


def _steps(contract: Contract, finding: Finding, answers: Answers) -> list[Step]:
    case = finding.case
    ordered: list[Case] = []
    if contract.reads:
        for before in _read_before(contract, finding, answers):
            _append(before, answers, ordered)
    elif is_of_several(finding.clause):
        earlier = [
            exchange.case
            for number, exchanges in answers.items()
            for exchange in exchanges
            if number < case.number and exchange.accepted
        ]
        for before in [*earlier[-1:], *_repeats(finding, answers)]:
            _append(before, answers, ordered)
    for number in case.after if finding.seen else ():
        if any(exchange.refused for exchange in answers.get(number, ())):
            _append(answers[number][0].case, answers, ordered)
    for beside in _beside(case, answers):
        _append(beside, answers, ordered)
    _append(case, answers, ordered)
    if _repeats(finding, answers) and answers.get(1):
        ordered.append(replace(answers[1][0].case, number=max(answers) + 1))
    numbers = {case.number: step for step, case in enumerate(ordered, 1)}
    return [_step(case, numbers, answers) for case in ordered]


def _beside(case: Case, answers: Answers) -> list[Case]:
    """Return what was sent at the same moment as a case, without which it may show nothing."""
    moment = (case.together, case.label)
    others = [exchanges[0].case for exchanges in answers.values() if case.together]
    beside = [other for other in others if (other.together, other.label) == moment]
    return [other for other in beside if other.number != case.number]


def _read_before(contract: Contract, finding: Finding, answers: Answers) -> list[Case]:
    """Return what was sent before a request that reads, as far as its answer tells of it.

    A relation is about all that was created, joined and read, and what is answered to one
    request and not to the next depends on those before; a list shows what was created.
    """
    case = finding.case
    kind = finding.clause.kind
    listed = not any(link.target == contract.operation.name for link in contract.links)
    of_history = kind is Kind.RELATION and (listed or is_of_several(finding.clause))
    if of_history or kind in (Kind.ACCEPTANCE, Kind.ROBUSTNESS):
        # what was read once more, for want of something, was sent after all that has later numbers
        moment = (finding.exchange.started, case.number)
        return [
            exchanges[0].case
            for number, exchanges in answers.items()
            if (exchanges[0].started, number) < moment
        ]
    return [answers[number][0].case for number in case.after if listed and number in answers]


def _repeats(finding: Finding, answers: Answers) -> list[Case]:
    """Return a request that is refused for repeating an order, for clauses of what is kept.

    A reference that comes again says something only where references of orders may not.
    """
    if finding.clause.arguments.get("op") != "no_effect":
        return []
    return [
        exchange.case
        for exchanges in answers.values()
        for exchange in exchanges
        if exchange.refused
        and exchange.case.region is Region.OPEN
        and any(
            answer.accepted for n in shared(exchange.case.body) for answer in answers.get(n, ())
        )
    ][:1]


def _append(
    case: Case, answers: Answers, ordered: list[Case], waiting: frozenset[int] = frozenset()
) -> None:
    """Append a case after all that it needs, each once.

    Cases that need each other, or themselves, are not followed in a circle: those in `waiting`
    are appended by whoever asked for them.
    """
    waiting |= {case.number}
    markers = (*references(case.body), *references(case.takes), *references(case.query))
    needed = {_donor(marker, answers) for marker in markers}
    needed |= set(shared(case.body))
    for number in sorted((needed & answers.keys()) - waiting):
        if all(earlier.number != number for earlier in ordered):
            _append(answers[number][0].case, answers, ordered, waiting)
    if all(earlier.number != case.number for earlier in ordered):
        ordered.append(case)


def _donor(marker: HandedOut, answers: Answers) -> int:
    """Return the number of the case that handed out what a marker stands for, 0 for none.

    Where no answer has it at its place, it may be there by another name, or be looked up.
    """
    accepted = [(n, exchange) for n in marker.by for exchange in answers.get(n, ())]
    accepted = [(number, exchange) for number, exchange in accepted if exchange.accepted]
    placed = (n for n, answer in accepted if isinstance(at(answer.value, marker.pointer), str))
    return next(placed, next((number for number, _ in accepted), 0))


def _step(case: Case, numbers: Mapping[int, int], answers: Answers) -> Step:
    step = {name: _listed(getattr(case, name)) for name in ALWAYS}
    step["region"] = case.region.value
    step["after"] = sorted(numbers[number] for number in case.after if number in numbers)
    further = {name: _listed(getattr(case, name)) for name in FURTHER}
    for name in TAKING:
        further[name] = _plain(further[name], numbers, answers)
    step.update({name: value for name, value in further.items() if value})
    if case.body is not ABSENT:
        body = spread(encode(sample(case.body))) if case.spread else case.body
        step["body"] = _plain(body, numbers, answers)
    return step


def _listed(value: Any) -> Any:
    """Return a part of a case as JSON has it."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _plain(template: Any, numbers: Mapping[int, int], answers: Answers) -> Any:
    """Return a template as JSON, its markers about the steps instead of the cases of a run."""

    def change(part: Any) -> Any:
        if isinstance(part, bytes):
            return {BYTES: part.decode("latin-1")}
        if isinstance(part, HandedOut):
            step = numbers.get(_donor(part, answers), 0)
            return {HANDED_OUT: {"pointer": part.pointer, "step": step, "known": part.known}}
        if isinstance(part, str):
            return with_numbers(part, lambda number: numbers.get(number, 0))
        return part

    return mapped(template, change)


def cases(steps: Sequence[Step], offset: int = 0) -> list[Case]:
    """Return the cases of steps again, numbered from `offset` + 1."""
    return [_case(step, number, offset) for number, step in enumerate(steps, offset + 1)]


def _case(step: Step, number: int, offset: int) -> Case:
    parts = {name: step[name] for name in (*ALWAYS, *FURTHER) if name in step}
    parts |= {
        "region": Region(step["region"]),
        "decides": tuple(step["decides"]),
        "after": tuple(offset + earlier for earlier in step.get("after", ())),
        **{name: _template(step.get(name, {}), offset) for name in TAKING},
        "leaves_out": tuple(step.get("leaves_out", ())),
        "body": _template(step["body"], offset) if "body" in step else ABSENT,
    }
    return Case(number, **parts)


def _template(plain: Any, offset: int) -> Any:
    """Return a template that was written as JSON, its markers about cases after `offset`."""

    def change(part: Any) -> Any:
        if isinstance(part, str):
            return with_numbers(part, lambda number: number + offset)
        if isinstance(part, dict) and part.keys() == {BYTES}:
            return part[BYTES].encode("latin-1")
        if isinstance(part, dict) and part.keys() == {HANDED_OUT}:
            marker = part[HANDED_OUT]
            by = (marker["step"] + offset,) if marker["step"] else ()
            return HandedOut(marker["pointer"], by, marker["known"])
        return part

    return mapped(plain, change)
