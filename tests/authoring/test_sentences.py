"""What sentences of pages say of the life of things, of their numbers, and of members."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.authoring.start import relations
from contracts.authoring.start.links import Proposal
from contracts.derive.language.phrases import sentences

TEXT = {"type": "string", "x-source": {"type": [1, 1]}}
WHOLE = {"type": "integer", "x-source": {"type": [1, 1]}}
INSTANT = {"type": ["string", "null"], "format": "date-time"}
STATES = ["held", "paid_out", "void"]
LINK = Proposal("create", "/id", "act", "path", "id", "it is called so")


def _object(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def _page(asked: str, response: Any, request: Any = None, said: Any = None) -> dict[str, Any]:
    method, path = asked.split()
    operation = {"method": method, "path": path, "x-source": {"method": [1, 1]}}
    bodies = {"request": request, "response": response, "relations": [], "said": said or {}}
    return {"operation": {**operation, "success_status": 200}, **bodies}


def _proposed(
    asked: str, sentence: str, request: Any = None, answer: Any = None, **said: Any
) -> dict[str, dict[str, Any]]:
    """Return the rows of the life of a payment, by operator, of an operation with a sentence."""
    members = {"id": TEXT, "state": {"type": "string", "enum": STATES}, "amount": WHOLE}
    payment = _object(**members, paid_amount=WHOLE, version=WHOLE, voided_at=INSTANT)
    texts = {f"/{name}": [3, text] for name, text in said.items()}
    pages = {
        "create": _page("POST /payments", payment),
        "get": _page("GET /payments/{id}", payment, None, {"response": texts}),
        "act": _page(
            asked, answer or payment, request, {"operation": [[2, s] for s in sentences(sentence)]}
        ),
    }
    rows = relations.propose(pages["act"], [LINK], pages)
    return {row["op"]: row for row in rows if "thing" in row}


@pytest.mark.parametrize(
    ("sentence", "states"),
    [
        ("Only held payments can be voided.", ["held"]),
        ("A payment can only be voided while it is held.", ["held"]),
        ("The payment must be `held`, or 409 is returned.", ["held"]),
        ("Payments that are not held are refused with 409.", ["held"]),
        ("A payment cannot be voided unless it is held.", ["held"]),
        ("Returns 409 if the payment is not held.", ["held"]),
        ("A paid out payment cannot be voided (409).", ["held", "void"]),
        ("A payment cannot be voided once it is paid_out or void.", ["held"]),
        (
            "Voids a payment that is held or void, and answers 409 for every other.",
            ["held", "void"],
        ),
        ("Only payments with the state `held` can be voided.", ["held"]),
        ("Only a `held` can be voided; for all others the response is 409.", ["held"]),
        ("The payment has to be held; otherwise the request fails with 409.", ["held"]),
        ("Voids it when its state is held. A payment in any other state answers 409.", ["held"]),
        ("The state changes from `held` to `void`. Otherwise the response is 409.", ["held"]),
        ("409: The payment is not held.", ["held"]),
        ("Orders that were not held can't be voided (409).", ["held"]),
        ("A payment whose payee was paid out cannot be voided: 409.", ["held", "void"]),
        # another operation, another thing, or a further condition
        ("Voids it when its state is held. It becomes void.", None),
        ("A void payment cannot be refunded.", None),
        ("Only held payments earn interest.", None),
        ("A held invoice cannot be voided.", None),
        ("A payment that is held for a review cannot be voided.", None),
        ("A paid out payment cannot be voided more than once.", None),
        ("A paid out payment cannot be voided without a reason.", None),
        ("Only held payments can be voided by the payee.", None),
        ("Payments that are not held cannot be voided for free.", None),
        ("A held payment must be voided within a day.", None),
        ("A payment is held at first.", None),
        ("Only managers can void held payments.", None),
    ],
)
def test_a_sentence_says_in_which_states_something_may_be_done(
    sentence: str, states: list[str] | None
) -> None:
    """What may mean something else states nothing."""
    row = _proposed("POST /payments/{id}/void", sentence).get("only_in")
    assert (row and row["values"]) == states
    assert row is None or (row["basis"], row["lines"]) == ("document", [2, 2])


@pytest.mark.parametrize(
    ("asked", "sentence", "states"),
    [
        ("PATCH /payments/{id}", "Void payments cannot be changed.", ["held", "paid_out"]),
        ("DELETE /payments/{id}", "A held payment cannot be deleted: 409.", ["paid_out", "void"]),
        ("DELETE /payments/{id}", "A held payment cannot be changed: 409.", None),
    ],
)
def test_a_change_and_a_deletion_have_verbs_of_their_own(
    asked: str, sentence: str, states: list[str] | None
) -> None:
    """They have no word in the address that says what they do."""
    row = _proposed(asked, sentence, _object(note=TEXT)).get("only_in")
    assert (row and row["values"]) == states


@pytest.mark.parametrize(
    ("path", "sentence", "value", "basis"),
    [
        ("payout", "The payment becomes paid out.", "paid_out", "document"),
        ("payout", "Sets the state to paid_out.", "paid_out", "document"),
        ("payout", "The state of the payment is now `paid_out`.", "paid_out", "document"),
        ("payout", "The payment becomes void if nobody looks.", None, None),
        ("payout", "The payment becomes paid out within a day.", None, None),
        ("payout", "The state changes from `held` to `paid_out`.", "paid_out", "document"),
        ("payout", "Sets the state of a `held` payment to `paid_out`.", "paid_out", "document"),
        ("payout", "A held payment becomes paid out.", "paid_out", "document"),
        ("payout", "After confirmation the state is now `paid_out`.", "paid_out", "document"),
        ("payout", "Takes a paid out payment back to `held`.", "held", "document"),
        ("payout", "Afterwards the state is `void`.", "void", "document"),
        ("payout", "The payment is held.", None, None),
        ("void", "Takes it back.", "void", "convention"),
    ],
)
def test_a_sentence_or_a_name_says_what_is_so_afterwards(
    path: str, sentence: str, value: str | None, basis: str | None
) -> None:
    """What happens later, or under a condition, is not stated; a name is a convention."""
    answer = _object(id=TEXT, state={"type": "string", "enum": STATES})
    row = _proposed(f"POST /payments/{{id}}/{path}", sentence, answer=answer).get("afterwards")
    found = row and row.get("value")
    assert found == value or (path == "void" and row is not None)
    assert row is None or row["basis"] == basis


def test_a_sentence_says_that_a_time_is_set() -> None:
    """It is null before, and the page says that the operation sets it."""
    row = _proposed("POST /payments/{id}/refuse", "`voided_at` is set.")["afterwards"]
    assert (row["member"], "value" in row, row["basis"]) == ("/voided_at", False, "document")


@pytest.mark.parametrize("sentence", ["`voided_at` is cleared.", "`voided_at` is `null` again."])
def test_a_sentence_says_that_a_time_is_cleared(sentence: str) -> None:
    """It is null afterwards; what is cleared under a condition is not stated."""
    row = _proposed("POST /payments/{id}/hold", sentence)["afterwards"]
    assert (row["member"], row["cleared"], row["basis"]) == ("/voided_at", True, "document")
    doubtful = sentence.replace(".", " if nobody looks.")
    assert "cleared" not in _proposed("POST /payments/{id}/hold", doubtful).get("afterwards", {})


def test_the_states_of_a_thing_are_those_that_a_list_of_it_is_asked_for() -> None:
    """A page that shows but a sample of the state lists them there."""
    payment = _object(id=TEXT, state=TEXT)
    state = {"in": "query", "name": "state", "required": False}
    listed = _page("GET /payments", _object(payments={"type": "array", "items": payment}))
    listed["operation"]["parameters"] = [{**state, "schema": {**TEXT, "enum": STATES}}]
    said = {"operation": [[2, "Only held payments can be voided."]]}
    act = _page("POST /payments/{id}/void", payment, None, said)
    pages = {
        "create": _page(
            "POST /payments", payment, None, {"operation": [[2, "It is held at first."]]}
        ),
        "get": _page("GET /payments/{id}", payment),
        "list": listed,
        "act": act,
    }
    rows = {row["op"]: row for row in relations.propose(act, [LINK], pages)}
    assert rows["only_in"]["values"] == ["held"]
    (first,) = [row for row in relations.propose(pages["create"], (), pages) if row["op"] == "is"]
    assert (first["response"], first["value"]) == ("/state", "held")


@pytest.mark.parametrize(
    ("sentence", "state"),
    [
        ("It starts out as held.", "held"),
        ("A new payment is always `held`.", "held"),
        ("New payments have the state `held`.", "held"),
        ("Creates a payment as a `held` one.", "held"),
        ("It is `held` until it is void.", "held"),
        ("It starts out as held unless it is paid out at once.", None),
        ("It becomes held.", None),
    ],
)
def test_a_sentence_says_in_which_state_something_is_at_first(
    sentence: str, state: str | None
) -> None:
    """What depends on a condition is not stated."""
    members = {"id": TEXT, "state": {"type": "string", "enum": STATES}}
    said = {"operation": [[2, sentence]]}
    rows = relations.propose(_page("POST /payments", _object(**members), None, said))
    assert [row["value"] for row in rows if row["op"] == "is"] == [state] * bool(state)


def test_a_description_says_what_a_number_is_at_first() -> None:
    """A number that the caller sends is none of the server's."""
    texts = {
        "/version": [3, "Starts at 1 and grows."],
        "/amount": [4, "Cents, 0 for a new payment."],
    }
    answer, said = _object(id=TEXT, version=WHOLE, amount=WHOLE), {"response": texts}
    for request, values in ((None, [1, 0]), (_object(amount=WHOLE), [1])):
        rows = relations.propose(_page("POST /payments", answer, request, said))
        assert [row["value"] for row in rows if row["op"] == "is"] == values


@pytest.mark.parametrize(
    ("sentence", "is_stated"),
    [
        ("A note that is left out is removed.", True),
        ("`note` becomes `null` if it is not given.", True),
        ("Optional members that are omitted are cleared.", True),
        ("Optional members that are omitted are reset to their defaults.", False),
        ("A label that is left out is removed.", False),
        ("A note that is left out stays.", False),
    ],
)
def test_a_sentence_says_that_a_replacement_leaves_nothing_of_what_it_leaves_out(
    sentence: str, *, is_stated: bool
) -> None:
    """The clause asks for null where the member was not sent."""
    body = _object(note={**TEXT, "type": ["string", "null"]})
    said = {"operation": [[2, sentence]]}
    rows = relations.propose(_page("PUT /payments/{id}", body, body, said))
    assert [row for row in rows if row["op"] == "default" and "value" not in row] == [
        row for row in rows if is_stated and row["id"] == "relation.note.default"
    ]
    assert is_stated == any(row["id"] == "relation.note.default" for row in rows)


def test_an_option_comes_back_where_an_answer_may_have_null_for_it() -> None:
    """Null stands for what was not sent."""
    options = {**TEXT, "enum": STATES}
    shown = {**options, "type": ["string", "null"], "enum": [*STATES, None]}
    page = _page("POST /payments", _object(id=TEXT, kind=shown), _object(kind=options))
    assert "relation.kind.echo" in {row["id"] for row in relations.propose(page)}


def test_a_member_says_what_its_parent_is() -> None:
    """It is called as what the address names, and the page calls it an id."""
    for text, is_parent in (("ID of the payment.", True), ("How it was paid.", False)):
        said = {"response": {"/payment": [3, text]}}
        answer = _object(id=TEXT, payment=TEXT)
        rows = relations.propose(_page("POST /payments/{payment_id}/refunds", answer, None, said))
        assert is_parent == any(row["op"] == "parameter" for row in rows)


AMOUNT = _object(amount={**WHOLE, "minimum": 1})


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Adds `amount` to `paid_amount`.", ("/paid_amount", 1)),
        ("The amount is added to the paid amount.", ("/paid_amount", 1)),
        ("The amount is subtracted from the payment's amount.", ("/amount", -1)),
        ("The amount is added to the balance.", None),
    ],
)
def test_a_sentence_says_what_is_added_to_a_number(
    sentence: str, expected: tuple[str, int] | None
) -> None:
    """The number has to be one of the thing."""
    row = _proposed("POST /payments/{id}/payouts", sentence, AMOUNT).get("adds")
    assert (row and (row["member"], row["times"])) == expected


def test_a_member_says_what_it_is_the_sum_of_and_when_it_goes_up() -> None:
    """The sum of all payouts grows with each; a version with each change."""
    asked, sums = "POST /payments/{id}/payouts", "The sum of all payouts."
    assert _proposed(asked, "", AMOUNT, paid_amount=sums)["adds"]["member"] == "/paid_amount"
    change, goes_up = _object(note=TEXT), "Goes up by one with every change."
    row = _proposed("PATCH /payments/{id}", "", change, version=goes_up)["adds"]
    assert (row["member"], "sent" in row) == ("/version", False)
    for sentence in ("Increases its `version` by one.", "`version` goes up by one."):
        row = _proposed("POST /payments/{id}/touch", sentence)["adds"]
        assert (row["member"], row["always"]) == ("/version", True)
    said = {
        "operation": [[2, ""]],
        "request": {"/amount": [3, "Cents; what is added to `version`"]},
    }
    act = _page("POST /payments/{id}/touch", _object(id=TEXT, version=WHOLE), AMOUNT, said)
    shown = _object(id=TEXT, version=WHOLE)
    pages = {"get": _page("GET /payments/{id}", shown), "create": _page("POST /payments", shown)}
    rows = [row for row in relations.propose(act, [LINK], pages) if row["op"] == "adds"]
    assert [(row["member"], row["sent"]) for row in rows] == [("/version", "/amount")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("More than the paid amount is refused with 422.", ("/paid_amount", 1)),
        ("If the amount is greater than the amount of the payment, 422.", ("/amount", 1)),
        ("More than 500 is refused with 422.", None),
        ("More than the amount allowed per day is refused with 422.", None),
        ("More than the balance is refused with 422.", None),
    ],
)
def test_a_sentence_says_that_no_more_may_be_asked_for_than_there_is(
    sentence: str, expected: tuple[str, int] | None
) -> None:
    """Of what a thing does not show nothing is known."""
    row = _proposed("POST /payments/{id}/payouts", sentence, AMOUNT).get("within")
    assert (row and (row["member"], row["times"])) == expected


def _stated(text: str, name: str, request: Any = None, **members: Any) -> dict[str, Any]:
    page = _page("POST /things", _object(id=TEXT, **members), request)
    page["said"] = {"response": {f"/{name}": [4, text]}}
    rows = [row for row in relations.propose(page) if row["lines"] == [4, 4]]
    return {row["op"]: row for row in rows}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Null until the thing is void.", ["held", "paid_out"]),
        ("null unless void", ["held", "paid_out"]),
        ("null while it is held", ["held"]),
        ("Null until somebody looks.", None),
        ("Never null.", None),
    ],
)
def test_a_description_says_while_what_a_member_is_null(
    text: str, values: list[str] | None
) -> None:
    """The states are those of a member beside it, which stand in their order."""
    state = {"type": "string", "enum": STATES}
    row = _stated(text, "at", at=INSTANT, state=state).get("null_while")
    assert (row and row["values"]) == values


def test_a_description_says_how_many_and_how_much_later() -> None:
    """Of a list beside it or of one that is sent, and after a time beside it."""
    tags = {"type": "array", "items": TEXT}
    assert _stated("The number of tags.", "n", n=WHOLE, tags=tags)["length"]["items"] == "/tags"
    sent = _stated("How many tags there are.", "n", _object(tags=tags), n=WHOLE)
    assert sent["length"]["request"] == "/tags"
    assert "length" not in _stated("The number of shares.", "n", n=WHOLE, tags=tags)
    times = {"until": INSTANT, "made_at": INSTANT}
    assert _stated("2 days after `made_at`.", "until", **times)["apart"]["seconds"] == 172_800
    assert "apart" not in _stated("2 days after delivery.", "until", **times)


@pytest.mark.parametrize(
    ("text", "is_stated"), [("As it was sent.", True), ("Not as sent.", False), ("A note.", False)]
)
def test_what_comes_back_as_it_was_sent_is_no_convention(text: str, *, is_stated: bool) -> None:
    """The page says so of it: null does not stand for it."""
    row = _stated(text, "note", _object(note=TEXT), note=TEXT)
    assert ("comes_back" in row) is is_stated
