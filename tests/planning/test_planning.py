"""What is in a plan, and in which order.

Known customers, whom to refuse, plain requests after all else.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from contracts.definition import loading
from contracts.engine import run as engine_run
from contracts.interop import fuzzing
from contracts.model import ABSENT, Case, Region
from contracts.planning.bodies import breaks, covering
from contracts.planning.bodies.templates import HandedOut, as_in, resolve, sample
from contracts.planning.cases import opening
from contracts.planning.cases.invalid import REFUSED_AGAIN
from contracts.planning.plan import AT_THE_END, plan
from contracts.schema import checks
from contracts.schema.jsontext import decode, encode
from contracts.verify import targets
from contracts.verify.preconditions import narrow
from tests.helpers.builders import Scripted, order, response

KOHORT, KOMERZA = loading.load("kohort"), loading.load("komerza")
CASES = {case.number: case for case in plan(KOHORT, 0).cases}
STORES = plan(KOMERZA, 0).cases
DETAILS = ("customerEmail", "customerPhoneNumber", "customerFirstName", "customerLastName")


def referring(name: str) -> list[Case]:
    """Give the valid cases whose member refers to something handed out."""
    valid = [
        case
        for case in CASES.values()
        if case.region is Region.VALID and isinstance(case.body, dict)
    ]
    return [case for case in valid if isinstance(case.body.get(name), HandedOut)]


def test_a_known_customer_is_sent_with_what_was_sent_for_it() -> None:
    """Whether other details would change the customer or be refused is not stated.

    They are sent in open cases.
    """
    assert len(referring("customerId")) >= 5
    for case in referring("customerId"):
        (donor,) = case.body["customerId"].by
        known = {name: as_in(CASES[donor].body[name], donor) for name in DETAILS}
        assert {
            name: case.body[name] for name in DETAILS if name in case.body
        }.items() <= known.items()
    others = [case for case in CASES.values() if "other details" in case.label]
    assert {case.region for case in others} == {Region.OPEN}
    assert {case.observes for case in others} == {("customerId.with_other_details",)}
    assert len({repr({name: case.body.get(name) for name in DETAILS}) for case in others}) == len(
        others
    )


def test_no_customer_is_in_a_group_twice() -> None:
    """A page that is about groups of customers does not say that one may join again.

    Or join its own.
    """
    joined: Counter[tuple[object, int]] = Counter()
    for case in referring("paymentGroupShareId"):
        group = case.body["paymentGroupShareId"].by[0]
        customer = case.body.get("customerId")
        if isinstance(customer, HandedOut):
            assert "paymentGroupShareId" not in CASES[customer.by[0]].body
            joined[customer.by[0], group] += 1
    assert set(joined.values()) == {1}


def test_groups_are_joined_evenly() -> None:
    """None of them gets as many members as a service might not allow, and founders differ."""
    members = Counter(
        case.body["paymentGroupShareId"].by[0] for case in referring("paymentGroupShareId")
    )
    assert len(members) >= 5
    assert max(members.values()) <= 5


def test_orders_that_are_sent_at_once_differ() -> None:
    """So that one which is answered as another shows."""
    at_once = [case for case in CASES.values() if case.together]
    for name in ("amount", "locale", "customerFirstName"):
        assert len({repr(case.body.get(name, "absent")) for case in at_once}) >= 3


def test_who_shows_no_good_token_is_refused_whatever_is_asked_for() -> None:
    """Without a header and with an unknown token, late in the run.

    The smallest order and one that refers are sent.
    """
    bad = [
        case
        for case in CASES.values()
        if case.decides[:1] in (("authorization.absent",), ("authorization.unknown_token",))
    ]
    cut_off = [case for case in bad if isinstance(case.body, bytes)]
    assert len(cut_off) == 2  # whatever else is wrong
    bad = [case for case in bad if case not in cut_off]
    late = [case for case in bad if case.number > len(CASES) / 2]
    asked = {(case.decides[0], len(case.body) > 1) for case in late}
    assert len(asked) == len(late) == 4
    rich = [case for case in late if len(case.body) > 1]
    assert all(HandedOut in map(type, case.body.values()) for case in rich)
    with_body = [case for case in STORES if case.label.endswith("with a body")]
    assert all(isinstance(case.body, dict) and case.body for case in with_body)
    for clause in (
        "authorization.absent",
        "authorization.unknown_token",
        "authorization.permission",
        "address.unknown_store",
        "address.foreign_store",
    ):
        bodies = [case.body for case in with_body if case.decides == (clause,)]
        assert len({repr(body) for body in bodies}) >= 2
        assert any("items" in body for body in bodies)


def test_the_number_in_place_of_an_option_is_the_place_of_one() -> None:
    """Some frameworks take numbers for the options of an enumeration, from 0 or from 1."""
    bodies = [case.body for case in CASES.values() if isinstance(case.body, dict)]
    locales = [body["locale"] for body in bodies if type(body.get("locale")) is int]
    assert locales == [1]


def test_an_object_is_replaced_by_both_booleans() -> None:
    """A server may take either for no object at all."""
    bodies = [case.body for case in CASES.values() if isinstance(case.body, dict)]
    metadata = [body["metadata"] for body in bodies if isinstance(body.get("metadata"), bool)]
    assert set(metadata) == {True, False}


def test_an_empty_array_is_sent_in_place_of_the_whole_body() -> None:
    """Languages that have one type for both take it for an empty object."""
    bodies = [case.body for case in CASES.values() if isinstance(case.body, list)]
    assert [] in bodies
    assert any(bodies)


def test_a_member_is_broken_beside_each_likely_state_of_the_others() -> None:
    """A check that is left out where another member is absent, null or refers shows."""
    likely = {
        (name, state)
        for case in CASES.values()
        if case.region is Region.VALID
        for name, state in case.states.items()
        if state in ("absent", "null", "handed out")
    }
    for clause in ("request.amount.required", "request.amount.type", "request.customerEmail.type"):
        hosts = [
            CASES[int(case.label.rpartition("as in case ")[2])]
            for case in CASES.values()
            if case.decides == (clause,) and "as in case " in case.label
        ]
        met = {state for host in hosts for state in host.states.items()}
        own = clause.split(".")[1]
        assert not {(name, state) for name, state in likely - met if name != own}


@pytest.mark.parametrize("clause", ["request.amount.required", "request.amount.type"])
def test_a_required_member_is_broken_beside_most_pairs_of_others(clause: str) -> None:
    """A check that is left out under two conditions shows: three of four pairs are met."""
    names = sorted({*KOHORT.documented_members} - {"amount"})
    pairs = set()
    for case in plan(KOHORT, 0).cases:
        value = case.body.get("amount", "") if isinstance(case.body, dict) else None
        if case.decides == (clause,) and isinstance(value, str):
            sent = [(name, name in case.body) for name in names]
            pairs |= set(itertools.combinations(sent, 2))
    assert len(pairs) > 0.75 * 4 * math.comb(len(names), 2)


@pytest.mark.parametrize("seed", range(3))
def test_a_list_in_place_of_an_object_comes_with_and_without_each_other_member(seed: int) -> None:
    """A server that takes a list where a member is absent shows, with each seed."""
    bodies = [
        case.body
        for case in plan(KOHORT, seed).cases
        if case.decides == ("request.metadata.type",) and isinstance(case.body["metadata"], list)
    ]
    members = {*KOHORT.documented_members} - {"amount", "metadata"}
    assert {name for name in members if all(name in body for body in bodies)} == set()
    assert {name for name in members if not any(name in body for body in bodies)} == set()


@pytest.mark.parametrize(
    ("clause", "path"),
    [
        ("authorization.permission", "{storeId:capitals}"),
        ("address.foreign_store", "{foreign_storeId:capitals}"),
    ],
)
def test_whom_to_refuse_does_not_depend_on_letter_case(clause: str, path: str) -> None:
    """A store in capitals is the same store, of the same tenant."""
    assert [
        case.region
        for case in STORES
        if case.decides == (clause,) and case.path.get("storeId") == path
    ] == [Region.INVALID]


@pytest.mark.parametrize("cases", [list(CASES.values()), list(STORES)], ids=["kohort", "komerza"])
def test_a_plain_request_follows_those_that_are_refused(cases: list[Case]) -> None:
    """What a refusal leaves behind shows in the next good answer."""
    pairs = [(one, two) for one, two in pairwise(cases) if one.region is Region.INVALID]
    assert any(two.region is Region.VALID for _, two in pairs[:-1])


def test_references_of_requests_that_were_refused_for_several_reasons_are_tried() -> None:
    """For its credentials, for a member that is wrong, or late: for what nobody knows."""
    tried = [
        case for case in CASES.values() if case.label.startswith("clientReferenceId of the refused")
    ]
    refused = [CASES[case.after[0]] for case in tried]
    reasons = [(case.decides or case.observes)[0] for case in refused]
    assert len(reasons) == len(set(reasons)) == REFUSED_AGAIN


@pytest.mark.slow
@pytest.mark.parametrize("api", ["kohort", "komerza"])
def test_plain_requests_are_sent_after_all_else(api: str) -> None:
    """Generated ones as well: what only shows from some order on shows in them."""
    (target,) = targets.choose([f"{api}/create-order"], [], {})
    settings = targets.settings(target, generate=fuzzing.fuzz, fuzz=fuzzing.COUNT)
    sent: list[Any] = []
    engine_run.run(target.contract, target.transport(1), settings, notify=sent.append)
    assert [one.case.label for one in sent[-AT_THE_END:]] == [
        "a plain request at the end"
    ] * AT_THE_END
    assert sent[-AT_THE_END - 1].case.label.startswith("generated")


@pytest.mark.nightly
def test_generated_requests_leave_room_for_the_last_plain_ones() -> None:
    """However small a budget is: as many are sent as are left beside them."""
    transport = Scripted(lambda _: response(201, order()))
    (target,) = targets.choose(["kohort/create-order"], [], {})
    settings = targets.settings(
        target, generate=fuzzing.fuzz, fuzz=fuzzing.COUNT, budget=len(CASES) + 5
    )
    sent: list[Any] = []
    engine_run.run(KOHORT, transport, settings, notify=sent.append)
    beside = [one.case for one in sent if one.case.number not in CASES]
    assert 5 <= len(beside) < fuzzing.COUNT
    assert len(transport.requests) == len(CASES) + 5
    assert [one.case.label for one in sent[-AT_THE_END:]] == [
        "a plain request at the end"
    ] * AT_THE_END


def test_digits_are_as_new_as_texts() -> None:
    """Eight of them, the first of which is not zero; those of an earlier case can be had again."""
    fresh = (f"abcdef12{run:03}" for run in range(500))
    made = {resolve("+336{digits}", lambda _: next(fresh), lambda _: None) for _ in range(500)}
    assert len(made) == 500
    assert all(len(text) == 12 and text[4] != "0" and text[1:].isdecimal() for text in made)
    again = as_in({"phone": "+336{digits}", "note": "ct {fresh}"}, 7)
    assert again == {"phone": "+336{digits:7}", "note": "ct {fresh:7}"}
    assert sample("{digits}") == sample("{digits:7}")
    assert len(sample("{5digits}")) == 5
    assert as_in("{5digits}", 7) == "{5digits:7}"


def test_an_id_that_nobody_handed_out_is_new_each_time() -> None:
    """A server may keep it with what came with it, and answer that in the next run."""
    cases = [case for case in plan(KOHORT, 0).cases if "unknown id" in case.states.values()]
    ids = [case.body.get("customerId") for case in cases]
    unknown = [text for text in ids if isinstance(text, str) and text.startswith("nobody")]
    assert unknown
    assert all("{fresh" in text for text in unknown)


def test_single_quotes_part_texts_that_have_none() -> None:
    """Whoever takes single quotes for double ones would stumble over an apostrophe, and refuse."""
    forms = dict(breaks.lenient({"amount": 1, "name": "D'Arcy", "note": "x"}))
    assert forms["texts are in single quotes"] == b"{'amount':1,'note':'x'}"


def test_what_a_lenient_reader_takes_is_no_json_text_whatever_it_is_made_from() -> None:
    """Where there are no quotes to be single, and no names to be without, nothing is sent."""
    for body in ({}, {"a": 1}, {"a": "b"}, [], [1], "a", 5):
        forms = [*breaks.lenient(body), *breaks.malformed(encode(body))]
        assert [label for label, text in forms if decode(text)[0] is not ABSENT] == []


@pytest.mark.parametrize("is_required", [True, False])
def test_null_may_be_how_a_body_is_left_out(*, is_required: bool) -> None:
    """Frameworks take one for the other, so it is only wrong where there has to be a body."""
    operation = replace(KOHORT.operation, body_required=is_required)
    cases = plan(replace(KOHORT, operation=operation), 0).cases
    broken = [case for case in cases if "request.type" in case.decides]
    assert len(broken) > 1
    assert any(case.body is None for case in broken) is is_required


def test_each_alternative_of_a_plain_member_is_broken_by_itself() -> None:
    """An amount as a number or as its text: one below the least, and a text that is too long."""
    amount = [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "maxLength": 8}]
    member = {"type": ["number", "string"], "anyOf": amount}
    schema = {"type": "object", "properties": {"amount": member}}
    broken = [
        each.body["amount"]
        for each in breaks.breaks(schema, schema, {"amount": 1})
        if each.clause == "amount.anyOf"
    ]
    assert {type(value) for value in broken} == {int, str}


@pytest.mark.parametrize("label", ["join one group at once", "media type ", "a body in"])
def test_requests_about_one_thing_differ_in_all_others(label: str) -> None:
    """What fails under several conditions at once may show in any of them; the body is valid."""
    cases = [case for case in CASES.values() if label in case.label.split(",")[0]]
    bodies = [{**case.body, "paymentGroupShareId": None} for case in cases]
    others = [case for case in cases if len(case.states) > 8]
    assert others == cases
    assert KOHORT.plausible is not None
    assert all(checks.fits(KOHORT.plausible, sample(body)) for body in bodies)
    assert len({repr(case.states) for case in cases}) == len(cases)


def test_rows_go_on_with_triples_that_no_row_had() -> None:
    """Of the 27 triples of three fields 25 rows have most: drawn by chance they had 16.

    The same seed gives the same rows.
    """
    fields = {name: ["1", "2", "3"] for name in "abc"}
    sent = [{"a": "1", "b": "1", "c": "1"}, {"a": "2", "b": "2", "c": "2"}]
    rows = list(itertools.islice(covering.further(fields, 0, sent), 25))
    assert len({tuple(row.items()) for row in [*rows, *sent]}) >= 22
    assert rows == list(itertools.islice(covering.further(fields, 0, sent), 25))


@pytest.mark.parametrize(
    "condition",
    [
        {"required": ["paymentGroupShareId"]},
        {"anyOf": [{"required": ["paymentGroupShareId"]}, {"required": ["customerEmail"]}]},
    ],
)
def test_a_reference_that_null_creates_may_be_asked_for(condition: dict[str, Any]) -> None:
    """Every valid body has it then, if only as null."""
    narrowed = narrow(KOHORT, condition, "x.kohort")
    valid = [case for case in plan(narrowed, 0).cases if case.must_accept]
    assert all(checks.fits(condition, sample(case.body)) for case in valid)


@pytest.mark.parametrize("seed", range(4))
def test_every_plausible_state_is_in_a_request_that_has_to_be_accepted(seed: int) -> None:
    """An email with a plus that is refused is told with every seed, not only with some."""
    valid = [case for case in plan(KOHORT, seed).cases if case.must_accept]
    sent = {pair for case in valid for pair in case.states.items()}
    fields = opening.begun(KOHORT, seed).fields
    states = {(n, s.name) for n in fields for s in fields[n] if s.region is Region.VALID}
    assert states <= sent
