"""Members under another name or at another depth: found, put back, and told as one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.judge import respelling
from contracts.judge.outcomes import judge, relation_checks
from contracts.model import Case, Exchange, Finding, Outcome, Region
from tests.helpers.builders import KOHORT, exchange, order, response

LINE = {"type": "object", "properties": {"unitPrice": {}, "lineTotal": {}}}
PAGE = {
    "type": "object",
    "properties": {
        "firstName": {},
        "lastName": {},
        "lines": {"type": "array", "items": LINE},
        "shop": {"type": "object", "properties": {"shopName": {}}},
    },
}
SMALL = replace(KOHORT, response=PAGE)


def answered(got: Any, status: int = 200, number: int = 1) -> Exchange:
    """Return an exchange with that answer."""
    return exchange(response(status, got), number=number)


@pytest.mark.parametrize(
    ("got", "pairs"),
    [
        (
            {"first_name": 1, "last_name": 2},
            {"/firstName": "/first_name", "/lastName": "/last_name"},
        ),
        (
            {"FirstName": 1, "lines": [{"unit_price": 1}, {"line-total": 2}]},
            {
                "/firstName": "/FirstName",
                "/lines/*/unitPrice": "/lines/*/unit_price",
                "/lines/*/lineTotal": "/lines/*/line-total",
            },
        ),
        # a prefix, or a level, of several
        (
            {"xFirstName": 1, "xLastName": 2},
            {"/firstName": "/xFirstName", "/lastName": "/xLastName"},
        ),
        (
            {"data": {"firstName": 1, "lastName": 2}},
            {"/firstName": "/data/firstName", "/lastName": "/data/lastName"},
        ),
        ({"shop_name": 1, "first_name": 1}, {"/firstName": "/first_name"}),
        # a level that the page has and the answers have not
        (
            {"shop": 1, "Name": 1, "first_name": 1, "last_name": 2},
            {"/firstName": "/first_name", "/lastName": "/last_name"},
        ),
        ({"first_name": 1}, {}),  # one alone that the page does not require
        ({"firstName": 1, "first_name": 1, "lastName": 1, "last_name": 1}, {}),
        ({"xFirstName": 1, "yLastName": 2}, {}),
        ([{"first_name": 1, "last_name": 2}], {}),
    ],
)
def test_members_are_found_by_what_is_left_of_their_names(got: Any, pairs: dict[str, str]) -> None:
    """Without the case of letters, separators, levels, and a beginning that several have more."""
    found = respelling.respelt(SMALL, [answered(got)])
    assert found == (pairs if len(pairs) > 1 else {})


def test_one_required_member_is_enough() -> None:
    """Where the page requires it, so that it must be somewhere."""
    required = replace(KOHORT, response={**PAGE, "required": ["firstName"]})
    pairs = respelling.respelt(required, [answered({"first_name": 1})])
    assert pairs == {"/firstName": "/first_name"}
    assert respelling.respelt(required, [answered({"last_name": 1})]) == {}


def test_a_member_that_is_in_some_answer_is_not_respelt() -> None:
    """A refusal has no such members, and each other answer counts."""
    both = answered({"first_name": 1, "last_name": 2}), answered({"firstName": 1, "lastName": 2})
    assert respelling.respelt(SMALL, both) == {}
    refused = answered({"first_name": 1, "last_name": 2}, 400)
    assert respelling.respelt(SMALL, [refused]) == {}


@pytest.mark.parametrize(
    ("pairs", "got", "whole"),
    [
        ({"/a": "/A"}, {"A": 1}, {"A": 1, "a": 1}),
        ({"/a/b": "/a_b"}, {"a_b": None}, {"a_b": None, "a": {"b": None}}),
        ({"/a": "/data/a"}, {"data": {"a": {"b": 1}}}, {"data": {"a": {"b": 1}}, "a": {"b": 1}}),
        ({"/l/*/a": "/l/*/A", "/l": "/L"}, {"L": [{"A": 1}]}, {"L": [{"A": 1}], "l": [{"A": 1}]}),
        (
            {"/l/*/a": "/L/*/A", "/l": "/L"},
            {"L": [{"A": 1}, {}, {"A": 3}]},
            {"L": [{"A": 1}, {}, {"A": 3}], "l": [{"A": 1, "a": 1}, {}, {"A": 3, "a": 3}]},
        ),
        ({"/l/*/a": "/m/*/a"}, {"m": [{"a": 1}], "l": []}, {"m": [{"a": 1}], "l": []}),
        ({"/l/*": "/m/*/a"}, {"m": [{"a": 1}], "l": "x"}, {"m": [{"a": 1}], "l": "x"}),
        ({"/l/*/a": "/m/*/a"}, {"m": {"0": {"a": 1}}}, {"m": {"0": {"a": 1}}}),
        ({"/a": "/b/c"}, {"b": 7}, {"b": 7}),
    ],
)
def test_values_are_put_where_the_page_has_them(pairs: Any, got: Any, whole: Any) -> None:
    """Each by its own indexes; the answer itself stays as it was."""
    sent = answered(got)
    assert respelling.restored(sent, pairs).value == whole
    assert sent.value == got


def test_only_answers_with_members_are_restored() -> None:
    """A refusal and a list stay the same exchange."""
    for sent in (answered({"A": 1}, 400), answered([{"A": 1}])):
        assert respelling.restored(sent, {"/a": "/A"}) is sent


def test_respelling_is_told_with_the_first_few_pairs() -> None:
    """How many there are, and what each of the first six is."""
    assert respelling.explanation({"/a": "/A"}).words == (
        "a member is named or placed otherwise than on the page: a is A"
    )
    many = {f"/m{number}": f"/x/M{number}" for number in range(8)}
    assert respelling.explanation(dict(list(many.items())[:6])).words.endswith("m5 is x/M5")
    words = respelling.explanation(many).words
    assert words.startswith("8 members are named")
    assert words.endswith(
        ": m0 is x/M0, m1 is x/M1, m2 is x/M2, m3 is x/M3, m4 is x/M4, m5 is x/M5, and 2 more"
    )


TYPICAL = Case(1, Region.VALID, "a plain request", decides=("request.typical",))
NAMES = {"riskLevel": "risk_level", "customerEmail": "customer_email"}


def respelt(**changes: Any) -> Exchange:
    """Return an exchange in which an order is answered with members in another spelling."""
    got = {NAMES.get(name, name): value for name, value in order(**changes).items()}
    return exchange(response(201, got), {"amount": 100}, case=TYPICAL)


def told(*exchanges: Exchange) -> list[Finding]:
    """Return what is found in some exchanges."""
    return list(judge(KOHORT, exchanges)[1])


def test_what_the_spelling_breaks_is_explained_by_it() -> None:
    """Both members are required, and nothing else is wrong with them."""
    found = told(respelt())
    assert {finding.clause.id for finding in found} == {
        "response.customerEmail.required",
        "response.riskLevel.required",
    }
    words = {finding.explanation.words for finding in found if finding.explanation}
    (said,) = words
    assert said.endswith("customerEmail is customer_email, riskLevel is risk_level")


def test_a_wrong_value_is_wrong_in_any_spelling() -> None:
    """It is told at the place where the answer has it, of the exchange as it was, for itself."""
    sent = respelt(riskLevel="NONE")
    results, findings = judge(KOHORT, [sent])
    (wrong,) = [each for each in findings if each.clause.id == "response.riskLevel.enum"]
    assert (wrong.place, wrong.got, wrong.explanation) == ("/risk_level", '"NONE"', None)
    assert wrong.exchange is sent
    outcome = {result.clause.id: result.outcome for result in results}
    assert outcome["response.customerEmail.type"] is Outcome.HELD
    assert outcome["response.amount.type"] is Outcome.HELD
    assert outcome["request.typical"] is Outcome.HELD


def test_a_refusal_is_blamed_beside_another_spelling() -> None:
    """What a refused request violates is told once, as without respelt members."""
    refused = exchange(
        response(400, {"message": "no"}),
        {"amount": 2},
        case=Case(2, Region.VALID, "another", decides=("request.minimal",)),
    )
    _, findings = judge(KOHORT, [respelt(), refused], (), {2: ("request.minimal",)})
    (blamed,) = [each for each in findings if each.clause.id == "request.minimal"]
    assert (blamed.exchange, blamed.explanation) == (refused, None)


def test_where_no_member_is_required_the_type_of_the_first_is_told() -> None:
    """Nothing is broken by the absence of a member, and yet no caller finds it."""
    contract = replace(KOHORT, response={**KOHORT.response, "required": []})
    sent = respelt()
    _, findings = judge(contract, [sent])
    (one,) = findings
    assert one.clause.id == "response.customerEmail.type"
    assert (one.place, one.expected, one.got) == (
        "/customer_email",
        "the member customerEmail",
        "customer_email in its place",
    )
    assert one.exchange is sent
    assert one.explanation
    assert one.explanation.words.startswith("2 members are")


def test_one_relation_is_looked_at_by_itself() -> None:
    """Without the schema of the answer, or anything else."""
    clause = KOHORT.clause("relation.amount.echo")
    right, wrong = (exchange(response(201, order(amount=n)), {"amount": 1}) for n in (1, 2))
    looks = list(relation_checks(KOHORT, clause, [right, wrong]))
    assert [(each.clause, each.ok, each.place, each.got) for each in looks] == [
        (clause.id, True, "/amount", "1"),
        (clause.id, False, "/amount", "2"),
    ]
    assert looks[1].exchange is wrong


READS = next(each for each in KOHORT.family if each.operation.name == "get-order")


def created(**changes: Any) -> Exchange:
    """Return an exchange of the operation that creates what another one reads."""
    case = Case(1, Region.VALID, "a plain request", operation="create-order")
    got = {**order(), **changes}
    return exchange(response(201, got), {"amount": 100}, case=case)


def read(**changes: Any) -> Exchange:
    """Return an exchange in which the order is read."""
    case = Case(2, Region.VALID, "a plain request", operation="get-order")
    made = exchange(response(200, order(**changes)), case=case, parameters={"id": "ord_1"})
    return replace(made, started=2.0)


def places(made: Exchange, *reads: Exchange) -> list[str]:
    """Return where reads differ from what was created."""
    _, findings = judge(READS, reads, (), None, [made])
    clause = "relation.created.reads_back"
    return [each.place for each in findings if each.clause.id == clause]


def test_a_read_is_compared_with_what_was_created() -> None:
    """Member by member."""
    assert places(created(), read()) == []
    assert places(created(), read(locale="en_US")) == ["/locale"]
    assert places(created(metadata={"a": "x"}), read(metadata={"a": "y"})) == ["/metadata/a"]


def test_what_breaks_the_page_of_another_operation_is_not_compared() -> None:
    """It is told of that operation; the rest is compared still."""
    assert places(created(currency=7), read(currency="EUR")) == []
    assert places(created(currency=7), read(amount=7)) == ["/amount"]
    wrong = created(locale=7)
    assert places(wrong, read(locale="en_US")) == []
    assert wrong.value["locale"] == 7


def test_a_creation_that_is_no_object_says_nothing_of_a_read() -> None:
    """Nor does one that was refused."""
    case = Case(1, Region.VALID, "a plain request", operation="create-order")
    for answer in (response(201, [order()]), response(400, order())):
        assert places(exchange(answer, {"amount": 100}, case=case), read(amount=7)) == []


def test_members_of_another_operation_are_respelt_by_its_own_page() -> None:
    """Each operation's answers are put where its page has them, and told as they were."""
    got = {NAMES.get(name, name): value for name, value in order(amount=7).items()}
    case = Case(1, Region.VALID, "a plain request", operation="create-order")
    made = exchange(response(201, got), {"amount": 100}, case=case)
    names = {**NAMES, "amount": "the_amount"}
    spelt = {names.get(name, name): value for name, value in order(amount=7).items()}
    reader = read()
    own = replace(reader, value=spelt)
    assert places(made, own) == []
    other = replace(reader, value={**spelt, "customer_email": "b@example.com"})
    _, findings = judge(READS, [other], (), None, [made])
    told_of = {each.clause.id: each for each in findings}
    back = told_of["relation.created.reads_back"]
    assert (back.place, back.got, back.exchange) == ("/customer_email", '"b@example.com"', other)
