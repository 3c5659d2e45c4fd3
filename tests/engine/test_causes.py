"""As many causes as there are things to mend, each by its name, and preconditions that work."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from contracts.model import Outcome, Run
from contracts.schema.files import dotted_rows
from contracts.verify.preconditions import narrow
from tests.helpers.builders import KOHORT
from tests.helpers.causes import (
    Behaviour,
    Body,
    amount,
    below,
    nested,
    null_unless_sent,
    renamed,
    sent,
    snake,
    verified,
    without,
)
from tests.helpers.nightly import nightly_after

EMAIL_OR_ID = (without("customerEmail", "customerId"), "customer should be identified")
NAMES = (
    lambda body: (
        sent(body, "customerEmail") and not sent(body, "customerFirstName", "customerLastName")
    ),
    "names are required with an email",
)
MINIMUM = "The minimum purchase value is 50000"

RULES: dict[str, tuple[Behaviour, dict[str, Any]]] = {
    "email-needed": (
        Behaviour(refuses=((without("customerEmail"), "customerEmail is required"),)),
        {"required": ["customerEmail"]},
    ),
    "phone-column-too-short": (
        Behaviour(
            refuses=((lambda body: len(str(body.get("customerPhoneNumber"))) > 12, "too long"),)
        ),
        {"customerPhoneNumber": {"maxLength": 12}},
    ),
    "no-phone-in-the-default-language": (
        Behaviour(
            refuses=(
                (
                    lambda body: (
                        body.get("locale") != "en_US" and sent(body, "customerPhoneNumber")
                    ),
                    "no phone number in French",
                ),
            )
        ),
        {"customerPhoneNumber": False},
    ),
    "name-in-the-default-language": (
        Behaviour(
            refuses=(
                (
                    lambda body: (
                        body.get("locale") != "en_US" and not sent(body, "customerFirstName")
                    ),
                    "who is it in French?",
                ),
            )
        ),
        {"required": ["customerFirstName"]},
    ),
    "email-or-id": (
        Behaviour(refuses=(EMAIL_OR_ID,)),
        {"anyOf": [{"required": ["customerEmail"]}, {"required": ["customerId"]}]},
    ),
    "email-or-phone": (
        Behaviour(
            refuses=((without("customerEmail", "customerPhoneNumber"), "who should be called?"),)
        ),
        {"anyOf": [{"required": ["customerEmail"]}, {"required": ["customerPhoneNumber"]}]},
    ),
    "email-needs-names": (
        Behaviour(refuses=(NAMES,)),
        {"dependentRequired": {"customerEmail": ["customerFirstName", "customerLastName"]}},
    ),
    "no-metadata-in-groups": (
        Behaviour(
            refuses=(
                (
                    lambda body: sent(body, "metadata") and sent(body, "paymentGroupShareId"),
                    "metadata is not for participants",
                ),
            )
        ),
        {"metadata": False},
    ),
    "no-phone-in-english": (
        Behaviour(
            refuses=(
                (
                    lambda body: (
                        body.get("locale") == "en_US" and sent(body, "customerPhoneNumber")
                    ),
                    "no phone number with en_US",
                ),
            )
        ),
        {"customerPhoneNumber": False},
    ),
    "minimum-500": (
        Behaviour(refuses=((below(500), "amount is too low"),)),
        {"amount": {"minimum": 500}},
    ),
    "minimum-50000": (
        Behaviour(refuses=((below(50_000), MINIMUM),)),
        {"amount": {"minimum": 50_000}},
    ),
    "maximum": (
        Behaviour(refuses=((lambda body: amount(body) > 500_000, "too high"),)),
        {"amount": {"maximum": 500_000}},
    ),
    "no-locale": (
        Behaviour(refuses=((lambda body: body.get("locale") == "en_US", "not supported"),)),
        {"locale": {"enum": ["fr_FR"]}},
    ),
    "short-names": (
        Behaviour(
            refuses=(
                (
                    lambda body: any(
                        len(str(body.get(name, ""))) > 20
                        for name in ("customerFirstName", "customerLastName")
                    ),
                    "Ensure this field has no more than 20 characters.",
                ),
            )
        ),
        {"customerFirstName": {"maxLength": 20}, "customerLastName": {"maxLength": 20}},
    ),
    "first-name-in-english": (
        Behaviour(
            refuses=(
                (
                    lambda body: (
                        body.get("locale") == "en_US" and not sent(body, "customerFirstName")
                    ),
                    "customerFirstName is needed",
                ),
            )
        ),
        {"dependentRequired": {"locale": ["customerFirstName"]}},
    ),
    "no-example-addresses": (
        Behaviour(
            refuses=(
                (
                    lambda body: str(body.get("customerEmail")).lower().endswith("@example.com"),
                    "this mail provider is not accepted",
                ),
            )
        ),
        {
            "customerEmail": {
                "enum": ["c.00000000000@mail.example.photography"],
                "examples": ["c.00000000000@mail.example.photography"],
            }
        },
    ),
    "no-metadata": (
        Behaviour(refuses=((lambda body: sent(body, "metadata"), "metadata is not allowed"),)),
        {"metadata": False},
    ),
}


def metadata(body: Body) -> Mapping[str, Any]:
    """Return the metadata that was sent, nothing when it is no object."""
    value = body.get("metadata")
    return value if isinstance(value, dict) else {}


BEHAVIOURS: dict[str, tuple[Behaviour, int]] = {
    "snake-case": (Behaviour(answers=renamed(snake)), 1),
    "capitals": (Behaviour(answers=renamed(lambda name: name[0].upper() + name[1:])), 1),
    "prefix": (Behaviour(answers=renamed(lambda name: f"order_{name}")), 1),
    "wrapped": (Behaviour(answers=lambda answer, _: {"data": answer}), 1),
    "customer-object": (Behaviour(answers=nested), 1),
    "empty": (Behaviour(answers=lambda *_: {}), 1),
    "list": (Behaviour(answers=lambda answer, _: [answer]), 1),
    "null-unless-sent": (Behaviour(answers=null_unless_sent), 1),
    "real-service": (Behaviour(refuses=(EMAIL_OR_ID,), answers=null_unless_sent), 2),
    "minimum-and-email": (
        Behaviour(
            refuses=((below(20_000), "20000 at least"), (without("customerEmail"), "who are you?"))
        ),
        2,
    ),
    "joins-from-20000": (
        Behaviour(
            refuses=(
                (lambda body: sent(body, "paymentGroupShareId") and amount(body) < 20_000, "low"),
            )
        ),
        1,
    ),
    "a-500": (Behaviour(fails=(lambda body: amount(body) < 0, lambda body: "😀" in str(body))), 1),
    "three-500s": (  # in the same words, each in bodies with much else that is odd
        Behaviour(
            fails=(
                lambda body: amount(body) < 0,
                lambda body: any(ord(character) > 0xFFFF for character in str(body)),
                lambda body: any("\0" in text for text in body.values() if isinstance(text, str)),
            )
        ),
        3,
    ),
    "a 500 for many members": (Behaviour(fails=(lambda body: len(metadata(body)) > 10,)), 1),
    "a gateway for refusals": (Behaviour(gateway=True), 1),
    "fractional-500": (Behaviour(fails=(lambda body: amount(body) % 1 != 0,)), 1),
    "snake-and-low-risk": (
        Behaviour(answers=lambda a, _: renamed(snake)({**a, "riskLevel": "low"}, {})),
        2,
    ),
    "one member that always fails": (Behaviour(fails=(lambda body: "metadata" in body,)), 1),
    "an email without names that fails": (Behaviour(fails=(NAMES[0],)), 1),
    "a 500 where two conditions meet": (
        Behaviour(fails=(lambda b: b.get("locale") == "en_US" and sent(b, "paymentGroupShareId"),)),
        1,
    ),
    "two 500s of two conditions each, and an identity is needed": (
        Behaviour(
            refuses=(EMAIL_OR_ID,),
            fails=(
                lambda b: b.get("locale") == "en_US" and sent(b, "paymentGroupShareId"),
                lambda b: "+" in str(b.get("customerEmail")) and not sent(b, "metadata"),
            ),
        ),
        3,
    ),
    "names with an email, a least amount, a 500 for phones of one country": (
        Behaviour(
            refuses=((below(1_000), "1000 at least"), (NAMES[0], "customerLastName is missing")),
            fails=(lambda b: not str(b.get("customerPhoneNumber", "+33")).startswith("+33"),),
        ),
        3,
    ),
    "answers in snake_case and a 500 for joins": (
        Behaviour(answers=renamed(snake), fails=(lambda body: sent(body, "paymentGroupShareId"),)),
        2,
    ),
    "failures that hide behind each other": (
        Behaviour(
            fails=(
                lambda body: amount(body) < 0,
                lambda body: any(ord(letter) > 0xFFFF for letter in str(body)),
                lambda body: sent(body, "customerId"),
            )
        ),
        3,
    ),
}


def told(run: Run) -> list[str]:
    """Return the causes of a run in words; each finding has to be in exactly one."""
    inside = sorted(number for cause in run.causes for number in cause.findings)
    assert inside == list(range(len(run.findings)))
    return [cause.summary for cause in run.causes]


@pytest.mark.parametrize("name", nightly_after(9, BEHAVIOURS))
def test_as_many_causes_are_told_as_there_are_things_to_mend(name: str) -> None:
    """A sandbox with a known number of defects has that many causes."""
    behaviour, count = BEHAVIOURS[name]
    assert len(told(verified(behaviour))) == count, told(verified(behaviour))


@pytest.mark.parametrize("name", nightly_after(3, RULES))
def test_a_rule_of_the_sandbox_is_found_and_its_preconditions_lead_to_a_go(name: str) -> None:
    """One cause tells the rule; with the lines that it gives, nothing is accused any more."""
    behaviour, expected = RULES[name]
    run = verified(behaviour)
    assert len(told(run)) == 1, told(run)
    (explanation,) = {
        f.explanation.words: f.explanation for f in run.findings if f.explanation
    }.values()
    assert explanation.preconditions == expected
    lines = tomllib.loads("\n".join(dotted_rows(explanation.preconditions)))
    assert lines == expected
    again = verified(behaviour, narrow(KOHORT, lines, "staging.kohort.preconditions"))
    assert told(again) == []
    undecided = [r.clause.id for r in again.results if r.outcome is Outcome.UNDECIDED]
    assert undecided == []


def test_rules_and_outcomes_are_the_same_with_other_seeds() -> None:
    """Which bodies a seed makes has no influence on what is found."""
    behaviour = Behaviour(refuses=((below(20_000), "20000 at least"),))
    runs = [verified(behaviour, seed=seed) for seed in range(3)]
    outcomes = {tuple((r.clause.id, r.outcome) for r in run.results) for run in runs}
    assert len(outcomes) == 1


def test_what_came_again_is_not_blamed_where_another_request_fails_alike() -> None:
    """A failure on a name is told by the name, also where twins with one reference had it."""
    fails = lambda body: not str(body.get("customerLastName")).isascii()  # noqa: E731
    refuses = (EMAIL_OR_ID, (without("customerFirstName", "customerLastName"), "a name is needed"))
    summaries = told(verified(Behaviour(refuses=refuses, fails=(fails,))))
    assert [words for words in summaries if "came before" in words] == []
    assert len(summaries) == 3
