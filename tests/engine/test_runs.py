"""Whole runs over seeded faults in this process.

Who is to blame, how small a finding is, what is observed.
"""

from __future__ import annotations

from typing import Any

import pytest

from contracts import sandbox
from contracts.definition import catalogue, loading
from contracts.engine import embedding
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.faults import catalogue as faults
from contracts.faults import server
from contracts.faults.catalogue import Fault
from contracts.judge.business_rules import NOW_AND_THEN
from contracts.model import Basis, Outcome, Run
from contracts.verify import targets
from tests.helpers.builders import KOHORT
from tests.helpers.nightly import nightly_after


def run_with(fault: str | Fault, api: str = "kohort", **options: Any) -> Run:
    """Run a contract against the embedded sandbox with a fault in it."""
    contract = loading.load(api)
    found = faults.find(contract, fault) if isinstance(fault, str) else fault
    target = targets.choose([api], [], {})[0]
    transport = embedding.embedded(server.create_app(contract, found), Credentials(sandbox.TOKEN))
    return engine_run.run(contract, transport, targets.settings(target, **options))


def violated(run: Run) -> set[str]:
    """Name the violated clauses of a run."""
    return {result.clause.id for result in run.results if result.outcome is Outcome.VIOLATED}


@pytest.mark.parametrize(
    ("fault", "clause"),
    nightly_after(
        2,
        [
            ("refuses-en-US", "request.locale.en_US"),
            ("refuses-fr-FR", "request.locale.fr_FR"),
            ("requires-customerEmail", "request.customerEmail.optional"),
            ("requires-metadata", "request.metadata.optional"),
            ("refuses-long-customerLastName", "request.customerLastName.accepted"),
            ("refuses-long-phone", "request.customerPhoneNumber.accepted"),
            ("refuses-capitals-metadata", "request.metadata.accepted"),
        ],
    ),
)
def test_a_refused_state_is_found_and_the_others_are_not_accused(fault: str, clause: str) -> None:
    """The clause of the one state that the sandbox refuses is violated.

    Beside what can't be spared.
    """
    found = faults.find(KOHORT, fault)
    run = run_with(fault)
    assert clause in violated(run)
    assert violated(run) <= {*found.breaks, *found.also}
    assert all(finding.minimised or finding.seen for finding in run.findings)


def test_a_finding_of_a_condition_keeps_what_shows_it() -> None:
    """Where only one locale is treated wrongly, the smallest request still names that locale."""
    run = run_with("amount-off-by-one-in-en-US")
    (finding,) = [
        finding for finding in run.findings if finding.clause.id == "relation.amount.echo"
    ]
    assert finding.minimised
    assert finding.exchange.request.value.keys() == {"amount", "locale"}
    assert finding.exchange.request.value["locale"] == "en_US"


def test_a_minimised_invalid_request_still_breaks_the_same_keyword() -> None:
    """Members are dropped, but the one that is wrong stays wrong in the same way."""
    edit = {"at": "/properties/locale", "relax": "enum", "member": None}
    run = run_with(
        Fault(
            "any-locale",
            "",
            schema=(edit,),
            response=({"op": "set", "at": "/locale", "value": "fr_FR"},),
        )
    )
    (finding,) = [finding for finding in run.findings if finding.clause.id == "request.locale.enum"]
    assert finding.minimised
    assert finding.exchange.request.value.keys() == {"amount", "locale"}
    assert finding.exchange.request.value["locale"] not in ("en_US", "fr_FR", None)


def test_following_up_stays_within_the_budget() -> None:
    """Blame and minimising are paid for from the same budget as the plan."""
    run = run_with("refuses-long-customerLastName", budget=230)
    assert run.requests <= 230
    assert run.findings


def test_what_the_sandbox_does_where_the_page_is_silent_is_observed() -> None:
    """One observation for each open state, and what successes look like."""
    run = run_with(Fault("more", "", response=({"op": "set", "at": "/unheardOf", "value": 1},)))
    seen = {observation.id: observation.behaviour for observation in run.observations}
    assert seen["success.status"] == "201"
    assert seen["response.undocumented_members"] == "unheardOf"
    assert seen["amount.zero"] == "accepted 201"
    assert seen["clientReferenceId.repeated"] == "refused 400"
    assert list(seen) == sorted(seen)


def test_a_run_remembers_what_it_created() -> None:
    """Each accepted request made one order, and all are named once."""
    run = run_with(Fault("none", ""))
    assert len(run.created) > 80
    assert len(set(run.created)) == len(run.created)
    assert run.pairs[0] == run.pairs[1] > 700


@pytest.mark.parametrize("seed", range(2))
def test_the_order_before_refusals_has_something_that_they_could_show(seed: int) -> None:
    """It has most members of all, among them an email of its own."""
    run = run_with(Fault("none", ""), seed=seed)
    in_order = sorted(run.exchanges, key=lambda exchange: exchange.started)
    first = next(number for number, exchange in enumerate(in_order) if exchange.must_refuse)
    before = in_order[first - 1]
    assert before.accepted
    assert len(before.request.value) >= 8
    assert before.request.value["customerEmail"]


def test_an_aborted_run_judges_what_is_known() -> None:
    """When live mode is met on the way, the exchanges before it are judged.

    And the reason is told.
    """
    fault = Fault(
        "late", "", when={"from": 30}, response=({"op": "set", "at": "/livemode", "value": True},)
    )
    run = run_with(fault)
    assert run.aborted is not None
    assert "livemode" in run.aborted
    held = [result for result in run.results if result.outcome is Outcome.HELD]
    assert "response.amount.type" in {result.clause.id for result in held}
    assert len(run.created) == 30


@pytest.mark.parametrize("api", nightly_after(1, catalogue.available()))
@pytest.mark.parametrize("fault", ["none", "same-id"])
def test_the_verdict_does_not_depend_on_how_many_workers_send(api: str, fault: str) -> None:
    """One worker and eight give every clause the same outcome, with a fault and without one."""
    seeded = Fault("same-id", "", lacks=("new_id",)) if fault == "same-id" else Fault("none", "")
    runs = [run_with(seeded, api, concurrency=workers) for workers in (1, 8)]
    one, eight = ([(result.clause.id, result.outcome) for result in run.results] for run in runs)
    assert one == eight
    assert bool(violated(runs[0])) == (fault == "same-id")


def test_an_unknown_member_of_a_fault_list_is_found_by_name() -> None:
    """Every fault that is shipped breaks clauses that exist.

    And every clause of a keyword has one.
    """
    for api in catalogue.available():
        contract = loading.load(api)
        known = {clause.id for clause in contract.clauses}
        broken = {
            clause for fault in faults.load(contract) for clause in (*fault.breaks, *fault.also)
        }
        assert broken <= known
        assert {clause for clause in known if clause.startswith("response.")} <= broken


def test_a_finding_that_a_second_try_does_not_show_is_intermittent() -> None:
    """It says in how many of the answers it was seen, and is not made smaller.

    No request is the reason.
    """
    fault = Fault(
        "sevenths",
        "",
        when={"every": 7},
        response=({"op": "set", "at": "/riskLevel", "value": "NONE"},),
    )
    (finding,) = run_with(fault).findings
    assert finding.seen is not None
    seen, tried = finding.seen
    assert seen in (finding.occurrences, finding.occurrences + 1)
    assert finding.occurrences > 10
    assert tried == finding.looks + 2 > 100
    assert not finding.minimised
    assert "made smaller" not in finding.exchange.case.label


def test_a_finding_of_some_requests_that_shows_again_is_none_of_chance() -> None:
    """Where the same request shows it twice, the request is the reason, and is made small."""
    fault = Fault(
        "en", "", when={"equals": {"locale": "en_US"}}, response=({"op": "null", "at": "/id"},)
    )
    run = run_with(fault)
    (finding,) = [finding for finding in run.findings if finding.clause.id == "response.id.type"]
    assert finding.seen is None
    assert finding.minimised
    assert finding.occurrences < finding.looks
    assert finding.exchange.request.value == {"amount": 30028, "locale": "en_US"}


def test_findings_that_were_made_the_same_are_one() -> None:
    """A sandbox that fails from some order on fails whatever is asked for.

    Told once, with all that it was seen in.
    """
    run = run_with(Fault("late", "", when={"from": 40}, status=500))
    (failed,) = [
        finding for finding in run.findings if finding.clause.id == "robustness.no_server_error"
    ]
    assert failed.exchange.case.body == {"amount": 30028}
    assert failed.occurrences > 50
    assert len(run.causes) == 1


def test_the_reason_of_a_refusal_is_not_lost_by_making_it_small() -> None:
    """What is wrong with a request is said in the words of the case that was planned."""
    run = run_with("no-token-needed")
    (finding,) = run.findings
    assert finding.expected.startswith("a 4xx, since a request without an Authorization header")
    assert "made smaller" not in finding.expected
    assert finding.exchange.case.label.startswith("a request without an Authorization header")


def test_refused_credentials_are_held_against_nobody() -> None:
    """A wrong key ends the run: nothing is found of the sandbox by it."""
    contract = loading.load("kohort")
    target = targets.choose(["kohort"], [], {})[0]
    transport = embedding.embedded(
        sandbox.create_app("kohort", contract.request), Credentials("no-such-token")
    )
    run = engine_run.run(contract, transport, targets.settings(target))
    assert run.aborted is not None
    assert "refuses the credentials (401); check KOHORT_TOKEN" in run.aborted
    assert "expired" not in run.aborted
    assert run.findings == ()
    assert violated(run) == set()


def test_refusals_by_chance_are_one_cause_and_no_rule() -> None:
    """Every ninth order is refused: no member is blamed for it, and no second cause is told."""
    (cause,) = run_with("refuses-every-ninth").causes
    assert cause.summary.startswith(NOW_AND_THEN.words)


def test_a_reference_that_is_tidied_breaks_a_convention_only() -> None:
    """Single spaces and Unicode's composed form: the order can still be found by it."""
    ways = ("composed", "with single spaces")
    edits = tuple({"op": "recode", "at": "/clientReferenceId", "how": how} for how in ways)
    run = run_with(Fault("tidies", "", response=edits))
    assert violated(run) == {"relation.clientReferenceId.writing"}
    (finding,) = run.findings
    assert finding.clause.basis is Basis.CONVENTION
