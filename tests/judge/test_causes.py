"""Each rule by which findings are grouped into causes, by the smallest findings that show it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.judge.causes import RULES, causes
from contracts.model import Case, Explanation, Failure, Finding, Region
from tests.helpers.builders import KOHORT, KOMERZA, exchange, order, response


def finding(
    clause: str,
    sent: Any = None,
    *,
    place: str = "",
    got: str = "",
    answer: Any = None,
    **more: Any,
) -> Finding:
    """Return a finding of a clause, shown by one body."""
    contract = KOHORT if any(c.id == clause for c in KOHORT.clauses) else KOMERZA
    body = {"amount": 30028} if sent is None else sent
    region = Region.INVALID if clause.startswith(("authorization", "address")) else Region.OPEN
    case = Case(1, region, "a request", body)
    reply = answer or response(201, order())
    shown = exchange(reply, body, case=case)
    return replace(Finding(contract.clause(clause), shown, place, "something", got), **more)


def groups(*findings: Finding) -> list[tuple[int, ...]]:
    """Return the findings of each cause, by their numbers."""
    return [cause.findings for cause in causes(KOHORT, findings)]


def test_every_rule_of_the_table_has_a_reason() -> None:
    """The table says of each rule why what it groups is one thing to mend."""
    assert all(reason and rule.__doc__ for rule, reason in RULES.items())


def test_what_has_one_explanation_is_one_cause() -> None:
    """Clauses that one rule of the sandbox breaks are told once, in the words of the rule."""
    rule = Explanation("refused whenever customerEmail is not sent")
    refused = response(400, {"message": "who are you?"})
    found = [
        finding(clause, explanation=rule, answer=refused)
        for clause in ("request.minimal", "request.combined")
    ]
    (cause,) = causes(KOHORT, found)
    assert cause.findings == (0, 1)
    assert cause.summary == (
        'refused whenever customerEmail is not sent (the sandbox says 400 "who are you?")'
    )


def test_a_text_that_is_longer_than_a_plain_one_that_fails_fails_for_its_length() -> None:
    """Whatever else is odd in it; a shorter one, and what is no text, fail for something else."""
    plain = "+49301234567890"
    odd = ["y" * 1_000, "+33 1 42 68 53 00", "+33 1", 0]
    found = [
        finding(
            "robustness.no_server_error",
            {"amount": 30028, "customerPhoneNumber": text},
            answer=response(500),
        )
        for text in [plain, *odd]
    ]
    assert groups(*found) == [(0, 1, 2), (3,), (4,)]


def test_a_server_that_fails_at_what_it_cannot_read_has_one_thing_to_mend() -> None:
    """Whether it is cut off, followed by something or too deep for a reader."""
    texts = [b"{", b"{} and more", b"[" * 5_000 + b"]" * 5_000]
    found = []
    for text in texts:
        case = Case(1, Region.OPEN, "a body", text)
        shown = exchange(response(500), case=case)
        request = replace(shown.request, body=text)
        clause = KOHORT.clause("robustness.no_server_error")
        found.append(Finding(clause, replace(shown, request=request), "", "no 5xx", "500"))
    assert groups(*found) == [(0, 1, 2)]


def test_each_smallest_body_that_fails_is_another_cause() -> None:
    """A server that fails on negative amounts and on emoji has two things to mend, not one."""
    clause = "robustness.no_server_error"
    found = [
        finding(clause, {"amount": -1}, answer=response(500)),
        finding(clause, {"amount": -7}, answer=response(500)),
        finding(clause, {"amount": 30028, "customerFirstName": "😀"}, answer=response(500)),
        finding(clause, {"amount": 30028, "customerLastName": "😀"}, answer=response(500)),
    ]
    assert groups(*found) == [(0, 1), (2, 3)]


def test_a_member_that_every_failing_body_needs_is_not_why_it_fails() -> None:
    """A sandbox that asks for metadata and fails at letters is one cause, in whichever member."""
    clause, needed = "robustness.no_server_error", {"amount": 30028, "metadata": {"a": "b"}}
    found = [
        finding(clause, {**needed, name: text}, answer=response(500))
        for name, text in {
            "customerFirstName": "😀",
            "customerLastName": "😀",
            "paymentGroupShareId": None,
        }.items()
    ]
    assert groups(*found) == [(0, 1), (2,)]
    alone = finding(clause, needed, answer=response(500))
    assert groups(*found, alone) == [(0, 1, 2, 3)]


def test_everyday_texts_of_one_member_at_which_a_server_fails_are_one_cause() -> None:
    """Phone numbers of two countries fail for the same reason, another member for another.

    So does a number that is new each time, and one of an earlier order.
    """
    found = []
    for name, value, region in (
        ("customerPhoneNumber", "+14152345678", Region.VALID),
        ("customerPhoneNumber", "+4930{digits}", Region.VALID),
        ("customerPhoneNumber", "+4930{digits:7}", Region.OPEN),
        ("customerLastName", "O'Neill", Region.VALID),
    ):
        body = {"amount": 30028, name: value}
        case = Case(1, region, "a request", body)
        shown = exchange(response(500, {"message": "no"}), body, case=case)
        found.append(Finding(KOHORT.clause("robustness.no_server_error"), shown, "", "", "500"))
    assert groups(*found) == [(0, 1, 2), (3,)]


def failures(*bodies: Any, got: str = "500") -> list[Finding]:
    """Return a failure on each of some bodies, all in the same words."""
    clause = "robustness.no_server_error"
    sent = [{"amount": 30028, **body} if isinstance(body, dict) else body for body in bodies]
    return [finding(clause, body, answer=response(500), got=got) for body in sent]


def test_text_beyond_ascii_is_one_cause_wherever_it_stands() -> None:
    """Names, metadata, an emoji and half a surrogate pair fail for one reason.

    Unless the letters fail in other words than what is odder.
    """
    texts = ({"customerFirstName": "Žižek"}, {"metadata": {"note": "Zoë"}})
    rarer = ({"customerLastName": "😀"}, b'{"amount":1,"unknownMember":"\\ud800"}')
    assert groups(*failures(*texts, *rarer)) == [(0, 1, 2, 3)]
    assert groups(*failures(*rarer)) == [(0,), (1,)]
    assert groups(*failures(*texts), *failures(*rarer[:1], got="500 emoji")) == [(0, 1), (2,)]


def test_texts_that_are_long_are_one_cause_where_they_fail_alike() -> None:
    """A column of forty characters is one thing to mend for names and references, in few words."""
    long_texts = [{name: "D" * 48} for name in ("customerLastName", "clientReferenceId")]
    assert groups(*failures(*long_texts, b"x" * 150_000)) == [(0, 1, 2)]
    assert groups(*failures(*long_texts, {"customerFirstName": "D"})) == [(0, 1), (2,)]


def test_what_holds_a_smaller_failure_fails_for_the_same_reason() -> None:
    """Where one member, or a text in it, fails alone, it is the reason beside others as well.

    Other words of the server are another defect, whatever is sent.
    """
    alone = {"locale": "en_US", "customerLastName": "D"}
    beside = {**alone, "clientReferenceId": "R", "amount": -1}
    assert groups(*failures(beside, alone)) == [(0, 1)]
    assert groups(*failures(alone), *failures(beside, got="502")) == [(0,), (1,)]
    long_texts = {"customerEmail": "zzz<b>" * 9, "metadata": {"a": "1"}, "amount": -1}
    assert groups(*failures(long_texts, {"clientReferenceId": "D" * 48})) == [(0, 1)]


def test_a_reference_that_comes_again_is_one_cause_at_once_and_later() -> None:
    """Whatever else is sent: what is the matter is named."""
    again = {"clientReferenceId": "Order-{fresh:1}", "customerFirstName": "Jean"}
    found = failures(again, {**again, "locale": "en_US"}, {"clientReferenceId": "Order-{fresh}"})
    assert groups(*found) == [(0, 1), (2,)]
    assert causes(KOHORT, found)[0].summary.endswith("on clientReferenceId that came before")


def test_an_address_that_is_malformed_is_one_cause_in_whatever_way() -> None:
    """An id without hyphens fails like what is no id at all."""
    (open_case, refused) = failures({}, {})
    path = {"storeId": "42"}
    cases = (
        replace(open_case.exchange.case, path=path),
        replace(
            refused.exchange.case,
            path=path,
            region=Region.INVALID,
            decides=("address.malformed_store",),
        ),
    )
    found = [
        replace(one, exchange=replace(one.exchange, case=case))
        for one, case in zip((open_case, refused), cases, strict=True)
    ]
    assert groups(*found) == [(0, 1)]


def test_a_failure_without_credentials_is_one_cause_with_that_on_empty_ones() -> None:
    """A server that reads them before it looks whether there are any; others fail otherwise."""
    found = []
    for clause, form, words in (
        ("authorization.absent", None, "none"),
        ("authorization.empty", "", "none"),
        ("authorization.scheme_only", "Bearer", "no token"),
    ):
        label = KOHORT.clause(clause).statement.removesuffix(" is refused")
        body, decides = {"amount": 30028}, (clause,)
        case = Case(1, Region.INVALID, label, body, decides=decides, authorization=form)
        shown = exchange(response(500, {"message": words}), body, case=case)
        found.append(Finding(KOHORT.clause("robustness.no_server_error"), shown, "", "", words))
    assert groups(*found) == [(0, 1), (2,)]


def test_failures_that_do_not_come_again_are_one_cause() -> None:
    """What is sent is not the reason; a failure that comes each time is another cause."""
    clause = "robustness.no_server_error"
    bodies = ({"amount": -1}, {"amount": 30028, "locale": "en_US"}, {"amount": 0})
    found = [finding(clause, body, answer=response(500), got="500") for body in bodies]
    rare = [replace(one, seen=(1, 2)) for one in found[:2]]
    assert groups(*rare, found[2]) == [(0, 1), (2,)]


def test_a_failure_for_a_header_is_told_by_what_is_odd_in_the_request() -> None:
    """Its body is the plainest, and not the reason."""
    (failing,) = failures({})
    label, headers = "a body that is not in its content encoding", {"Content-Encoding": "gzip"}
    case = replace(failing.exchange.case, label=label, headers=headers)
    found = replace(failing, exchange=replace(failing.exchange, case=case))
    assert causes(KOHORT, [found])[0].summary.endswith(f" on {label}")


def test_what_breaks_one_constraint_fails_for_one_reason() -> None:
    """A server that fails on any amount that is no number lacks one check, whatever is sent."""
    bodies: list[Any] = [{"amount": "12"}, {"amount": None}, {"amount": []}, {"amount": 1, "l": 0}]
    clauses = [*["request.amount.type"] * 3, "request.locale.type"]
    found = []
    for body, clause in zip(bodies, clauses, strict=True):
        failing = finding("robustness.no_server_error", body, answer=response(500))
        case = replace(failing.exchange.case, region=Region.INVALID, decides=(clause,))
        found.append(replace(failing, exchange=replace(failing.exchange, case=case)))
    assert groups(*found) == [(0, 1, 2), (3,)]


def test_a_parameter_that_is_refused_is_one_cause_beside_others_as_well() -> None:
    """What a list is refused for alone, and in the same words with more, is one thing to mend."""
    queries = ({"take": "2"}, {"take": "2", "skip": "1"}, {"sort": "up"}, {"take": "3"})
    refusals = finding("request.combined", answer=response(400, {"message": "no"}))
    found = [
        replace(refusals, exchange=replace(refusals.exchange, case=replace(case, query=query)))
        for case, query in zip([refusals.exchange.case] * 4, queries, strict=True)
    ]
    other = replace(found[1], exchange=replace(found[1].exchange, value={"message": "busy"}))
    assert groups(*found[:3])[0] == (0, 1)
    assert (0,) in groups(found[0], other)


def test_null_for_lists_is_one_cause() -> None:
    """Lists that are null where they are empty come from one mapping; a text beside them not."""
    lists = {name: {"type": "array"} for name in ("items", "fees", "notes")}
    properties = {**KOHORT.response["properties"], **lists}
    contract = replace(KOHORT, response={**KOHORT.response, "properties": properties})
    names = ("items", "riskLevel", "fees", "notes")
    found = [
        replace(
            finding("response.riskLevel.type", place=f"/{name}", got="null"),
            clause=replace(KOHORT.clause("response.riskLevel.type"), id=f"response.{name}.type"),
        )
        for name in names
    ]
    assert [cause.findings for cause in causes(contract, found)] == [(0, 2, 3), (1,)]


def test_a_connection_that_breaks_is_one_cause_for_each_way_of_breaking() -> None:
    """Answers that are cut off and answers that never come are two causes."""
    cut, late = Failure("incomplete", "cut off"), Failure("timeout", "too late")
    found = [
        finding("protocol.complete", answer=cut),
        finding("protocol.complete", {"amount": 1}, answer=cut),
        finding("robustness.answers", answer=late),
    ]
    assert groups(*found) == [(0, 1), (2,)]


def test_an_answer_without_any_member_of_the_page_is_one_cause() -> None:
    """Of {} every required member is missing, which is one thing to mend."""
    empty = response(201, {})
    found = [
        finding(f"response.{name}.required", place=f"/{name}", answer=empty)
        for name in ("id", "amount", "currency")
    ]
    assert groups(*found) == [(0, 1, 2)]


def test_a_refusal_is_no_answer_that_lacks_the_members_of_the_page() -> None:
    """What a refusal, or another operation, shows of others is told as what it is."""
    leak = finding(
        "relation.isolation.everywhere",
        place="/message",
        got="what request 3 was sent",
        answer=response(400, {"message": "what request 3 was sent"}),
    )
    elsewhere = finding("relation.isolation.everywhere", answer=response(201, {}))
    other = replace(elsewhere.exchange.case, operation="list-orders")
    elsewhere = replace(elsewhere, exchange=replace(elsewhere.exchange, case=other))
    for one in (leak, elsewhere):
        (cause,) = causes(KOHORT, [one])
        assert "none of the page's members" not in cause.summary


def test_a_wrong_value_of_an_answer_in_another_form_is_told_as_itself() -> None:
    """A text for a number is one thing to mend, that everything is in ``data`` another."""
    place = "/data/amount"
    answer = response(200, {"data": {"amount": "12"}})
    one = finding("response.amount.type", place=place, answer=answer)
    (cause,) = causes(KOHORT, [one])
    assert place in cause.summary


def test_members_that_are_missing_from_a_whole_answer_are_causes_of_their_own() -> None:
    """Two members that are missing beside all the others are two things to mend."""
    found = [finding(f"response.{name}.required", place=f"/{name}") for name in ("id", "amount")]
    assert groups(*found) == [(0,), (1,)]


def test_members_of_one_form_that_are_all_missing_are_one_cause() -> None:
    """As both times of an order, which one serializer leaves out."""
    found = [
        finding(f"response.{name}.required", place=f"/{name}", got="absent")
        for name in ("createdAt", "id", "updatedAt")
    ]
    assert groups(*found) == [(0, 2), (1,)]


def test_options_in_other_letters_are_one_cause() -> None:
    """Of all enumerations; another word is another defect."""
    found = [
        replace(finding(f"response.{name}.enum", place=f"/{name}", got=got), expected=expected)
        for name, got, expected in (
            ("status", '"created"', '"CREATED" or "SENT"'),
            ("locale", '"FR_FR"', '"fr_FR" or "en_US"'),
            ("riskLevel", '"none"', '"LOW" or "HIGH"'),
        )
    ]
    assert groups(*found) == [(0, 1), (2,)]


@pytest.mark.parametrize("got", ["7", "null"])
def test_several_members_of_one_wrong_type_are_one_cause(got: str) -> None:
    """As ids that are numbers; two may be two defects."""
    names = ("id", "organizationId", "customerId")
    found = [finding(f"response.{name}.type", place=f"/{name}", got=got) for name in names]
    assert groups(*found) == [(0, 1, 2)]
    assert groups(*found[:2]) == [(0,), (1,)]


@pytest.mark.parametrize(
    ("sent", "got", "way"),
    [
        (" Ana ", "Ana", "trimmed"),
        ("O'Neill", "O&#039;Neill", "escaped for HTML"),
        ("O'Neill", "O\\'Neill", "escaped with backslashes"),
        ("Jürgen", "JÃ¼rgen", "as UTF-8 that is read as Latin-1"),
        ("Jürgen", "Jurgen", "without accents"),
        ("Zoe\u0308", "Zo\u00eb", "in the form NFC of Unicode"),
        ("Zo\u00eb", "Zoe\u0308", "in the form NFD of Unicode"),
        ("Ana  Maria", "Ana Maria", "with single spaces"),
    ],
)
def test_texts_that_come_back_changed_in_one_way_are_one_cause(
    sent: str, got: str, way: str
) -> None:
    """One filter goes over all of them; one that is changed otherwise is another defect."""
    found = [
        finding(
            f"relation.{name}.echo",
            {"amount": 1, name: sent},
            place=f"/{name}",
            answer=response(201, order(**{name: value})),
        )
        for name, value in (
            ("customerFirstName", got),
            ("customerLastName", got),
            ("customerEmail", "another"),
        )
    ]
    grouped = causes(KOHORT, found)
    assert [cause.findings for cause in grouped] == [(0, 1), (2,)]
    assert f"come back {way}" in grouped[0].summary


def test_members_that_are_left_out_where_they_are_null_are_one_cause() -> None:
    """As a serializer does that skips nulls; a member that may not be null is another defect."""
    names = ("ambassadorId", "createdBy", "riskLevel", "updatedBy")
    found = [finding(f"response.{n}.required", place=f"/{n}", got="absent") for n in names]
    assert groups(*found) == [(0, 1, 3), (2,)]


def test_empty_texts_for_null_are_one_cause() -> None:
    """Where the page has null."""
    names = ("amountCashback", "applicationFeeAmount")
    found = [finding(f"response.{n}.type", place=f"/{n}", got='""') for n in names]
    assert groups(*found) == [(0, 1)]


def test_what_a_reference_that_is_ignored_breaks_is_one_cause() -> None:
    """An order that joins nothing has another group and another share id than was asked for."""
    found = [
        finding("relation.paymentGroupId.joined", {"amount": 1, "paymentGroupShareId": "a"}),
        finding("relation.paymentGroupShareId.joined", {"amount": 2, "paymentGroupShareId": "a"}),
    ]
    assert groups(*found) == [(0, 1)]


def test_what_goes_by_a_wrong_member_is_one_cause_with_it() -> None:
    """Orders that name another customer show what other customers were sent."""
    found = [
        finding("relation.customerId.echo", {"amount": 1}, place="/customerId"),
        finding("relation.customer.isolation", {"amount": 2}, place="/customerEmail"),
        finding("relation.customerEmail.echo", {"amount": 3}, place="/customerEmail"),
    ]
    assert groups(*found) == [(0, 1), (2,)]


def test_members_that_change_places_are_one_cause() -> None:
    """A name that comes back as the other one is wrong with it, also where one alone was sent."""
    first, last = "customerFirstName", "customerLastName"
    swapped = [
        finding(
            f"relation.{name}.echo",
            {"amount": 30028, name: "Ada"},
            place=f"/{name}",
            got='""',
            answer=response(201, {**order(), name: "", other: "Ada"}),
        )
        for name, other in ((first, last), (last, first))
    ]
    assert groups(*swapped) == [(0, 1)]


def test_a_group_of_its_own_is_one_cause_with_the_share_id_that_others_have() -> None:
    """A join that gets another group breaks as well that groups and share ids go in pairs."""
    found = [
        finding("relation.paymentGroupId.joined", place="/paymentGroupId"),
        finding("relation.paymentGroup.paired", {"amount": 1}, place="/paymentGroupShareId"),
    ]
    assert groups(*found) == [(0, 1)]


def test_a_refusal_in_the_words_of_a_rule_is_one_cause_with_it() -> None:
    """What no rule explains is told with one whose member the server names in the same words."""
    rule = Explanation("refused whenever customerLastName is not sent while customerEmail is sent")
    refused = response(400, {"message": "customerLastName is required with customerEmail"})
    ruled = finding("request.combined", explanation=rule, answer=refused)
    alike = finding("request.locale.fr_FR", answer=refused)
    other = finding("request.locale.fr_FR", answer=response(400, {"message": "no such locale"}))
    assert groups(ruled, alike, other) == [(0, 1), (2,)]


def test_an_id_that_is_that_of_another_thing_is_one_cause() -> None:
    """Two groups have one id, which is that of the organization."""
    found = [
        finding("relation.paymentGroupId.separate", {"amount": 1}, place="/paymentGroupId"),
        finding("relation.ids.distinct", {"amount": 2}, place="/organizationId"),
    ]
    assert groups(*found) == [(0, 1)]


def test_what_is_wrong_now_and_then_with_one_member_is_one_cause() -> None:
    """Whichever clauses it breaks, in whichever requests it was seen."""
    found = [
        finding(f"relation.customerId.{name}", {"amount": number}, place="/customerId", seen=(1, 9))
        for number, name in enumerate(("echo", "form"))
    ]
    assert groups(*found) == [(0, 1)]


def test_all_that_is_not_checked_of_members_without_a_check_is_one_cause() -> None:
    """One switch turns off the types of all members, and what else is asked of one of them."""
    ids = [c.id for c in KOHORT.clauses if c.id.startswith("request.") and c.id.endswith(".type")]
    found = [finding(clause) for clause in (*ids, "request.locale.enum")]
    assert groups(*found) == [tuple(range(len(found)))]


def test_one_header_is_one_cause() -> None:
    """A Content-Type of the wrong kind and charset is one header."""
    found = [finding("protocol.media_type"), finding("protocol.charset")]
    assert groups(*found) == [(0, 1)]


def test_tokens_that_one_hole_lets_in_are_one_cause() -> None:
    """Whoever takes any token takes altered ones too; another scheme is another hole."""
    names = ("unknown_token", "altered_token", "extended_token", "other_scheme")
    assert groups(*[finding(f"authorization.{name}") for name in names]) == [(0, 1, 2), (3,)]
    open_to_all = ("absent", "unknown_token", "other_scheme")
    assert groups(*[finding(f"authorization.{name}") for name in open_to_all]) == [(0, 1, 2)]


def test_whoever_takes_any_token_takes_that_of_another_tenant() -> None:
    """An order in our store that is made with it is no second thing to mend."""
    foreign = finding("address.foreign_store")
    theirs = replace(foreign.exchange.case, authorization=KOMERZA.operation.other_credential)
    with_their_token = replace(foreign, exchange=replace(foreign.exchange, case=theirs))
    unknown, other = (finding(f"authorization.{name}") for name in ("unknown_token", "permission"))
    for found, expected in (
        ([unknown, with_their_token], [(0, 1)]),
        ([unknown, foreign], [(0,), (1,)]),
        ([other, with_their_token], [(0,), (1,)]),
    ):
        assert [cause.findings for cause in causes(KOMERZA, found)] == expected


def test_a_part_of_the_address_that_is_not_looked_at_is_one_cause() -> None:
    """Foreign, unknown and malformed store ids are let in by one missing check."""
    names = ("unknown_store", "malformed_store", "foreign_store")
    found = [finding(f"address.{name}") for name in names]
    assert [cause.findings for cause in causes(KOMERZA, found)] == [(0, 1, 2)]
    echo = finding("relation.data.deliveredItems.storeId", answer=response(201, {"data": {}}))
    strange = replace(echo.exchange.case, path={"storeId": "a b"})
    follows = replace(echo, exchange=replace(echo.exchange, case=strange))
    assert [cause.findings for cause in causes(KOMERZA, [*found, follows])] == [(0, 1, 2, 3)]
    assert len(causes(KOMERZA, [*found, echo])) == 2
    assert len(causes(KOMERZA, [found[1], follows])) == 1


def test_members_of_one_wrong_mapping_are_one_cause() -> None:
    """Members that are null where they were not sent come from one mapping."""
    found = [
        finding(f"response.{name}.type", place=f"/{name}", got="null", occurrences=3, looks=9)
        for name in ("customerEmail", "customerFirstName")
    ]
    assert groups(*found) == [(0, 1)]


def test_the_same_smallest_request_and_the_same_members_are_one_cause() -> None:
    """Relations about the same members that one request breaks are one thing to mend."""
    joined = {"amount": 30028, "paymentGroupShareId": "share"}
    found = [
        finding("relation.paymentGroupId.joined", joined, place="/paymentGroupId"),
        finding("relation.paymentGroup.paired", joined, place="/paymentGroupId"),
        finding("response.riskLevel.enum", place="/riskLevel"),
    ]
    assert groups(*found) == [(0, 1), (2,)]


def test_an_answer_that_comes_instead_of_every_refusal_is_one_cause() -> None:
    """A gateway that fails wherever the page asks for a refusal is mended once, not per body."""
    clause = "robustness.no_server_error"
    broken = ("request.amount.type", "request.amount.required", "request.locale.enum")
    found = [
        finding(clause, {"amount": 1, "n": number}, answer=response(502, {"message": "bad"}))
        for number in range(5)
    ]
    decided = (*broken, "request.metadata.type")
    for number, decides in enumerate(decided):
        case = replace(found[number].exchange.case, region=Region.INVALID, decides=(decides,))
        shown = replace(found[number].exchange, case=case)
        found[number] = replace(found[number], exchange=shown)
    (cause,) = causes(KOHORT, found)
    assert cause.findings == (0, 1, 2, 3, 4)
    assert "where it has to refuse" in cause.summary
    few = causes(KOHORT, found[:3])  # three bodies may fail for three reasons
    assert len(few) == 3


def test_a_check_that_is_off_for_all_members_is_one_cause() -> None:
    """A server that takes every type anywhere has one switch to mend."""
    clauses = [
        clause.id
        for clause in KOHORT.clauses
        if clause.id.startswith("request.") and clause.id.endswith(".type")
    ]
    found = [finding(clause) for clause in clauses]
    assert groups(*found) == [tuple(range(len(clauses)))]
    assert len(groups(*found[:4])) == 4


def test_one_type_that_is_read_for_another_is_one_cause() -> None:
    """A framework that writes numbers as text takes them for each text; two are two slips."""
    members = {"customerFirstName": 1, "customerLastName": 2, "locale": 3}
    found = [
        finding(f"request.{name}.type", {"amount": 30028, name: value})
        for name, value in members.items()
    ]
    other = finding("request.amount.type", {"amount": "30028"})
    assert groups(*found, other) == [(0, 1, 2), (3,)]
    assert groups(*found[:2]) == [(0,), (1,)]
    summary = "accepts number instead of string: customerFirstName, customerLastName, locale"
    assert causes(KOHORT, found)[0].summary == summary


def test_times_in_one_wrong_form_are_one_cause() -> None:
    """What writes times without a zone does so everywhere; another form has another reason."""
    clauses = ("response.data.dateCreated.format", "response.data.customer.dateCreated.format")
    found = [finding(clause, place=clause, got='"2026-11-29T10:00:00"') for clause in clauses]
    assert groups(*found) == [(0, 1)]
    other = replace(found[1], got='"29/11/2026"')
    assert groups(found[0], other) == [(0,), (1,)]
