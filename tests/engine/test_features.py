"""What failing requests have in common, and requests that are taken have not."""

from contracts.engine.features import LEFT_OUT, features, in_common
from contracts.model import Case, Region
from tests.helpers.builders import KOHORT, KOMERZA, exchange, response

A, B, C, D = [("member", letter) for letter in "abcd"]


def test_one_feature_is_enough_where_no_accepted_request_has_it() -> None:
    """The feature that all failures have and no accepted request has is all that is named."""
    assert in_common([{A, B}, {A, C}, {A, D}], [{B, C, D}]) == (A,)


def test_two_features_are_named_where_each_alone_is_taken() -> None:
    """A failure that needs two conditions is told by both, whatever else is in the bodies."""
    failing = [{A, B, C}, {A, B, D}, {A, B}]
    assert set(in_common(failing, [{A, C, D}, {B, C, D}])) == {A, B}


def test_the_reason_of_most_failures_is_told_first() -> None:
    """Of two defects the one behind more failures is named, not what both have by chance."""
    failing = [{A, D}, {A, C}, {A, D}, {A, B}, {B, C}, {B, D}]
    assert in_common(failing, [{C, D}]) == (A,)


def test_a_single_failure_has_nothing_in_common() -> None:
    """What one failure alone has may be anything in it."""
    assert in_common([{A, B}], []) == ()
    assert in_common([{A}, {B}], []) == ()


def test_what_is_accepted_as_well_is_no_reason() -> None:
    """Nothing is named where an accepted request has all that the failing ones have."""
    assert in_common([{A, B}, {A, B}], [{A, B}]) == ()


def test_bodies_of_any_kind_have_in_common_that_they_are_there() -> None:
    """A server that takes no body at all and fails at each has one reason, whatever they are."""
    bodies: list[object] = [b"[1]", b'"text"', {"unknown": 1}]
    failing = [
        features(KOMERZA, exchange(response(500, {}), "x", case=Case(1, Region.OPEN, "", body)))
        for body in bodies
    ]
    none = features(KOMERZA, exchange(response(200, {}), case=Case(1, Region.VALID, "")))
    assert in_common(failing, [none]) == (("", "a body"),)


def test_what_is_left_out_and_what_is_in_a_text_are_features() -> None:
    """A defect may need a member that is not sent, a sign in a text, or a length of it."""
    body = {"amount": 100, "customerEmail": "a+b@example.com"}
    case = Case(1, Region.VALID, "", body)
    seen = features(KOHORT, exchange(response(500, {}), body, case=case))
    assert {
        ("customerPhoneNumber", LEFT_OUT),
        ("customerEmail", "with '+'"),
        ("customerEmail", "12 characters"),
        ("amount", "at most 100"),
        ("", "first amount"),
    } <= seen.keys()
