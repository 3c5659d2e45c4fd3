"""Open states that a strict sandbox refuses beside others are sent alone."""

from dataclasses import replace

from contracts.engine.hosts import Hosts
from contracts.engine.run import run
from contracts.engine.settings import Settings
from contracts.interop import fuzzing
from contracts.model import Case, Exchange, Outcome, Region, Request, Run
from contracts.planning.plan import plan
from tests.helpers.builders import KOHORT, response
from tests.helpers.causes import Behaviour, Body, transport, verified
from tests.helpers.serving import conforming
from tests.tools.benchmarks import conditions

MOST = 290  # requests of a run that finds nothing


def is_refused(body: Body) -> bool:
    """Whether a strict server refuses a body: for its signs, its length, or an amount of zero."""
    texts = [value for value in body.values() if isinstance(value, str)]
    return any("\0" in text or len(text) > 255 or not text for text in texts)


STRICT = Behaviour(refuses=((is_refused, "a text is too long, empty or has odd signs"),))


def run_of(behaviour: Behaviour) -> Run:
    """Return a run with generated requests, as a user has it."""
    return run(KOHORT, transport(behaviour), Settings(generate=fuzzing.fuzz))


def test_a_failure_beside_what_is_refused_is_found() -> None:
    """Zero is sent once beside texts that are refused first; alone, it makes the server fail."""
    behaviour = replace(STRICT, fails=(lambda body: repr(body.get("amount")) == "0",))
    done = verified(behaviour)  # without generated requests, which may have it by chance
    violated = {one.clause.id for one in done.results if one.outcome is Outcome.VIOLATED}
    assert violated == {"robustness.no_server_error"}


def test_a_strict_sandbox_is_asked_no_more() -> None:
    """What is sent alone takes the place of generated requests, and tells what is refused."""
    done = run_of(STRICT)
    assert {one.outcome for one in done.results} <= {Outcome.HELD, Outcome.NOT_EXERCISED}
    assert done.requests <= MOST
    seen = {one.id: one.behaviour for one in done.observations}
    assert seen["customerEmail.with NUL"] == "refused 400"


def test_the_rest_of_a_refused_mixture_is_sent() -> None:
    """What was refused for one state is sent without it: the others meet, and are taken."""
    planned = len(plan(KOHORT, 0).cases)
    further = [one for one in run_of(STRICT).exchanges if one.number > planned and one.accepted]
    mixed = [one for one in further if len(one.case.observes) > 1]
    assert len(mixed) >= 5
    assert not any(is_refused(one.request.value) for one in mixed)


def test_what_is_freed_comes_with_each_option_of_the_others() -> None:
    """A defect may need a locale beside what is rare, so that the freed mixtures have each."""
    planned = len(plan(KOHORT, 0).cases)
    further = [one.case for one in run_of(STRICT).exchanges if one.number > planned]
    freed = [case for case in further if len(case.observes) > 1 and isinstance(case.body, dict)]
    locales = {case.body.get("locale") for case in freed}
    assert locales >= {"en_US", "fr_FR"}


def test_what_a_sandbox_takes_meets_more_of_the_same() -> None:
    """Half of what would be generated are rows of states that it is known to take by then.

    So several nulls meet, which the plan sends apart, since many servers refuse one.
    """
    done = conditions.verified(conforming("kohort"), 0)
    planned = len(plan(KOHORT, 0).cases)
    further = [one.case for one in done.exchanges if one.number > planned and one.case.states]
    assert len(further) >= fuzzing.COUNT // 2
    assert done.requests <= MOST
    nulls = [list(case.states.values()).count("null") for case in further]
    assert max(nulls) > 1
    unlike = [case.states for case in further if "null" in case.states.values()]
    risks = {"malformed email", "zero", "negative", "with spaces", "unknown id"}
    assert any(risks & set(states.values()) for states in unlike)


def test_most_pairs_of_conditions_meet_in_what_is_accepted() -> None:
    """A defect that needs two things shows when a body has both; rare ones are covered too."""
    shares = {row.question: row.figure for row in conditions.rows()}
    assert shares["defects under 2 conditions"] >= 0.8
    assert shares["defects under 2 conditions, 1 of them rare"] >= 0.85
    assert shares["defects under 2 conditions, 2 of them rare"] >= 0.65
    assert shares["defects under 3 conditions, 1 of them rare"] >= 0.65


def test_what_is_moved_into_a_body_that_was_accepted_is_still_broken() -> None:
    """A body that lacks both of two members is not one where an accepted body has one of them."""
    documented = {"anyOf": [{"required": ["cost"]}, {"required": ["items"]}]}
    refused, accepted = {"email": "a", "cost": 1}, {"email": "a", "items": [1], "note": "b"}
    valid = [(refused, 400), (accepted, 200)]
    request = Request("POST", "/", (), None, None)
    history = [
        Exchange(Case(number, Region.VALID, "", body), request, response(status), 0.1)
        for number, (body, status) in enumerate(valid, 1)
    ]
    neither = Case(3, Region.INVALID, "neither cost nor items", {"email": "a"})
    assert Hosts(history, documented=documented).moved(neither) is neither


def test_a_bad_credential_is_moved_with_a_sound_body() -> None:
    """What is refused for who asks is asked for in a body that was accepted, which is no break."""
    documented = {"type": "object", "required": ["email"]}
    valid = [({"email": "a", "cost": 1}, 400), ({"email": "a", "items": [1], "note": "b"}, 200)]
    request = Request("POST", "/", (), None, None)
    history = [
        Exchange(Case(number, Region.VALID, "", body), request, response(status), 0.1)
        for number, (body, status) in enumerate(valid, 1)
    ]
    nobody = Case(3, Region.INVALID, "no header", {"email": "a", "cost": 1}, authorization=None)
    moved = Hosts(history, documented=documented).moved(nobody)
    assert (moved.body, moved.authorization) == (valid[1][0], None)
