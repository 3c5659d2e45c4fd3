"""What only goes wrong when several requests are sent at once, and not every time."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.engine.sender import Sender
from contracts.judge.outcomes import checks, relation_checks
from contracts.model import Case, Exchange, Finding, Kind
from contracts.planning.bodies.templates import moved

MOST = 8  # times that one race is asked for, those of the plan included
ROUND = ", round "  # what the label of a race ends with that the plan asks for several times


def asked_again(sender: Sender, finding: Finding) -> Finding:
    """Return a finding of a race that says in how many of so many races it showed.

    The race is asked for again as far as the budget goes.
    """
    name = _name(finding.exchange)
    racers = [
        exchange.case
        for exchange in sender.history
        if exchange.case.together and exchange.case.label == finding.exchange.case.label
    ]
    asked = len({exchange.case.label for exchange in sender.history if _name(exchange) == name})
    for number in range(asked + 1, MOST + 1):
        if sender.left < len(racers):
            break
        sender.send_all(_again(sender, racers, f"{name}{ROUND}{number}"), lambda _: None)
    raced = [exchange for exchange in sender.history if _name(exchange) == name]
    lost = _lost(sender, finding, raced)
    return replace(finding, seen=(len(lost), len({exchange.case.label for exchange in raced})))


def _name(exchange: Exchange) -> str:
    """Return what races of one kind are called; nothing for a request that took part in none."""
    return exchange.case.label.partition(ROUND)[0] if exchange.case.together else ""


def _again(sender: Sender, racers: Sequence[Case], label: str) -> list[Case]:
    """Return the same requests under new numbers, with new texts where they had some."""
    cases = sender.numbered(racers)
    numbers = {old.number: new.number for old, new in zip(racers, cases, strict=True)}
    return [
        replace(
            case,
            label=label,
            body=case.body if isinstance(case.body, bytes) else moved(case.body, numbers),
            after=tuple(numbers.get(number, number) for number in case.after),
            together=True,
            closing=True,
        )
        for case in cases
    ]


def _lost(sender: Sender, finding: Finding, raced: Sequence[Exchange]) -> set[str]:
    """Return the labels of the races in which the finding shows."""
    looks = checks(sender.contract, raced, {})
    if finding.clause.kind is Kind.RELATION:
        looks = relation_checks(sender.contract, finding.clause, sender.history)
    numbers = {exchange.number for exchange in raced}
    return {
        look.exchange.case.label
        for look in looks
        if look.clause == finding.clause.id and not look.ok and look.exchange.number in numbers
    }
