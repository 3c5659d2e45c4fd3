"""Requests that only a result asks for.

Which state is to blame for a refusal, and the smallest one that shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from contracts.engine.sender import Sender
from contracts.judge.history import WHOLE
from contracts.judge.operators import OPERATORS
from contracts.judge.outcomes import checks
from contracts.model import (
    ABSENT,
    CREDENTIAL,
    Case,
    Exchange,
    Failure,
    Finding,
    Kind,
    Region,
    Skipped,
)
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from contracts.schema import checks as schema_checks
from contracts.schema.jsontext import show

GENERATED = "generated"  # what the labels of generated cases begin with


# times that a request is sent again which showed what many others did not: chance may show it once
AGAIN = 2
TRIALS = 14  # requests spent on making one finding smaller


def minimise(sender: Sender, finding: Finding) -> Finding:
    """Look for the smallest request that still shows a finding; give the finding with it.

    One that does not show in every exchange is tried again first; where it does not show again, it
    says so and stays as it is.
    """
    case, answer = finding.exchange.case, finding.exchange.answer
    if isinstance(answer, Failure):
        # each further look at a hang would cost as much time as the run allows for one
        return replace(finding, seen=(1, 2)) if finding.exchange in sender.recovered else finding
    if finding.clause.id in {"request.typical", "request.minimal"}:
        return replace(finding, minimised=True)
    if finding.occurrences == 1 or finding.occurrences < finding.looks:
        shown = [
            _shown(sender, finding, case) is not None
            for _ in range(1 if finding.occurrences == 1 else AGAIN)
        ]
        if not all(shown):
            # of the same request, or of all requests in which it could have shown
            tried = (1 if finding.occurrences == 1 else finding.looks) + len(shown)
            return (
                replace(finding, seen=(finding.occurrences + sum(shown), tried))
                if sender.left > 0
                else finding
            )
    if not isinstance(case.body, dict):
        return replace(finding, minimised=True)
    if case.label.startswith(GENERATED) and sender.settings.shrink is not None:
        finding = _shrunk(sender, finding, case)
    return _dropped(sender, finding)


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put findings together that were made the same by being made small."""
    found: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        case = finding.exchange.case
        asked = (case.body, case.authorization, case.path, case.media_type)
        same = (finding.clause.id, finding.place, finding.got, repr(asked))
        first = found.get(same)
        found[same] = (
            finding
            if first is None
            else replace(first, occurrences=first.occurrences + finding.occurrences)
        )
    return tuple(found.values())


def _shrunk(sender: Sender, finding: Finding, case: Case) -> Finding:
    """Let the generator look for the smallest body that shows a finding on a sandbox that costs nothing to ask."""
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
    """Drop members and put typical values in as long as the finding stays."""
    case = finding.exchange.case
    best, body, trials = finding, case.body, 0
    for smaller in _smaller_bodies(sender, finding):
        if trials >= TRIALS or sender.left <= 0:
            return best
        candidate = smaller(body)
        if candidate is None or candidate == body or not _keeps_region(sender, case, candidate):
            continue
        trials += 1
        smaller_case = replace(case, body=candidate, label=f"{case.label}, made smaller")
        shown = _shown(sender, finding, smaller_case)
        if shown is not None:
            best, body = shown, candidate
    return replace(best, minimised=True)


def _smaller_bodies(sender: Sender, finding: Finding) -> Iterator[Any]:
    """Yield steps that make a body smaller.

    To what is required, to what the finding names, one by one.
    """
    request = sender.contract.request or {}
    required = tuple(request.get("required", ()))
    named = finding.place.split("/")[1] if finding.place.count("/") >= 1 else ""

    def only(*names: str) -> Any:
        return lambda body: (
            {name: body[name] for name in body if name in names} if set(names) & set(body) else None
        )

    yield only(*required)
    yield only(*required, named)
    for name in finding.exchange.case.body:
        if name not in required:
            yield (
                lambda body, name=name: (
                    {key: body[key] for key in body if key != name} if name in body else None
                )
            )
    plain = plain_body(sender.contract)
    for name, value in plain.items() if isinstance(plain, dict) else ():
        yield lambda body, name=name, value=value: {**body, name: value} if name in body else None


def _keeps_region(sender: Sender, case: Case, body: dict[str, Any]) -> bool:
    """Tell whether a body lies where the case's did.

    What is invalid stays invalid in the same one way.
    """
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
    """Send a case.

    Give the finding with its exchange when it shows the same violation, else None.
    """
    done = sender.send_further(case)
    if isinstance(done, Skipped):
        return None
    if finding.clause.kind is Kind.ACCEPTANCE:
        refused = not done.accepted and done.status is not None
        return replace(finding, exchange=done) if refused else None
    arguments = finding.clause.arguments
    alone = finding.clause.kind is not Kind.RELATION or (
        OPERATORS[arguments["op"]].alone and "handed_out" not in arguments
    )
    history: Sequence[Exchange] = [done] if alone else sender.history
    for check in checks(sender.contract, history, {}):
        if check.clause == finding.clause.id and not check.ok and check.exchange is done:
            # a refusal is expected for the reason that the case was made for, not for being made
            # smaller
            expected = finding.expected if finding.clause.kind is Kind.REFUSAL else check.expected
            return replace(
                finding, exchange=done, place=check.place, expected=expected, got=check.got
            )
    return None
