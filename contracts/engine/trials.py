"""Further requests that try whether a finding still shows."""

from dataclasses import replace
from typing import Any

from contracts.engine.sender import Sender
from contracts.engine.twins import SERVER_ERROR, alike
from contracts.judge.operators import OPERATORS
from contracts.judge.outcomes import checks, relation_checks
from contracts.judge.server_words import words
from contracts.model import CREDENTIAL, Case, Finding, Kind, Region, Skipped
from contracts.planning.bodies.templates import sample
from contracts.schema import checks as schema_checks


def keeps_region(sender: Sender, case: Case, body: dict[str, Any]) -> bool:
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


def shown_again(sender: Sender, finding: Finding, case: Case) -> Finding | None:
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
