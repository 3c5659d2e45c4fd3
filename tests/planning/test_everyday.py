"""What is valid is what the checkers of real teams take, whatever the seed."""

from __future__ import annotations

import unicodedata
from typing import Any

import phonenumbers
import pytest
from email_validator import validate_email
from hypothesis import find

from contracts.definition import loading
from contracts.interop import values
from contracts.model import Region
from contracts.planning.bodies.everyday import AMOUNTS, KINDS
from contracts.planning.bodies.states import states
from contracts.planning.bodies.templates import FRESH, sample
from contracts.planning.plan import plan
from tests.helpers.nightly import nightly_after

KOHORT = loading.load("kohort/create-order")
SEEDS = range(20)


def valid_values(seed: int, name: str) -> list[Any]:
    """Return what the valid cases of a plan and the corpus send for a member."""
    bodies = [case.body for case in plan(KOHORT, seed).cases if case.region is Region.VALID]
    return [sample(body)[name] for body in bodies if body.get(name) is not None]


@pytest.mark.parametrize("seed", nightly_after(5, SEEDS))
def test_phone_numbers_are_known_to_the_numbering_plans(seed: int) -> None:
    """The shortest and the longest ones as well, of several countries."""
    numbers = set(valid_values(seed, "customerPhoneNumber"))
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in numbers)
    assert len({phonenumbers.parse(number).country_code for number in numbers}) >= 2
    assert max(map(len, numbers)) - min(map(len, numbers)) >= 4


@pytest.mark.parametrize("seed", nightly_after(5, SEEDS))
def test_who_is_sent_anew_has_a_phone_number_that_nobody_had(seed: int) -> None:
    """A server that knows its customers by their phone number meets none of an earlier run."""
    for case in plan(KOHORT, seed).cases:
        if case.region is Region.VALID and "customerPhoneNumber" in case.body:
            assert FRESH.search(case.body["customerPhoneNumber"]), case.label


@pytest.mark.parametrize("seed", nightly_after(5, SEEDS))
def test_mail_addresses_are_taken_by_a_strict_validator(seed: int) -> None:
    """With a dot, or a tag, in a subdomain and under a long top-level domain."""
    addresses = valid_values(seed, "customerEmail")
    for address in addresses:
        assert validate_email(address, check_deliverability=False).normalized
    assert any("." in address.partition("@")[0] for address in addresses)


@pytest.mark.parametrize("seed", nightly_after(5, SEEDS))
def test_names_are_of_letters_and_of_what_joins_them(seed: int) -> None:
    """Apostrophes, hyphens and spaces, and letters of other scripts."""
    names = valid_values(seed, "customerFirstName") + valid_values(seed, "customerLastName")
    for name in names:
        assert all(unicodedata.category(letter)[0] in "LM" or letter in " '-" for letter in name)
    text = "".join(names)
    assert "'" in text
    assert not text.isascii()


def test_seeds_lean_on_different_values() -> None:
    """The plainest request of one seed has another phone number and another name than the next."""
    bodies = [plan(KOHORT, seed).cases[0].body for seed in range(4)]
    for name in ("customerEmail", "customerPhoneNumber", "customerFirstName", "customerLastName"):
        assert len({body[name] for body in bodies}) == len(bodies)


def test_amounts_are_many() -> None:
    """Boundaries, primes, whole euros and others with cents: hardly any two requests share one."""
    amounts = valid_values(0, "amount")
    assert len(set(amounts)) >= 15
    assert {100, 1_000_000} <= set(amounts)
    assert max(amounts.count(amount) for amount in set(AMOUNTS) & set(amounts)) <= len(amounts) / 4


def test_what_a_curated_table_has_passes_the_checkers() -> None:
    """Every phone number and every mail address in it, not only those of some seeds."""
    for kind in ("phone", "email"):
        texts = [
            *KINDS[kind].typical,
            *(text for row in KINDS[kind].states.values() for text in row),
        ]
        for text in map(sample, texts):
            if kind == "phone":
                assert phonenumbers.is_valid_number(phonenumbers.parse(text)), text
            else:
                assert validate_email(text, check_deliverability=False).normalized


def test_odd_names_come_in_as_many_objects_as_the_page_allows_members() -> None:
    """Where an object may have few members, the names that are special are in several of them."""
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    whole, parts = (
        [
            state
            for state in states({**schema, **more}, {**schema, **more}, required=True)
            if state.name.startswith("names that are special")
        ]
        for more in ({}, {"maxProperties": 20})
    )
    assert [state.name for state in whole] == ["names that are special"]
    assert len(parts) > 1
    assert {name for state in parts for name in state.value} == whole[0].value.keys()


@pytest.mark.parametrize(
    ("items", "several"),
    [
        ({"type": "string"}, ["text", "text 2", "text 3"]),
        ({"type": "string", "pattern": "^[a-z]+[0-9]?$"}, ["text", "text2", "text3"]),
        ({"type": "string", "enum": ["a", "b"]}, ["a", "b"]),
        ({"type": "string", "pattern": "^text$"}, ["text", "text", "text"]),
    ],
)
def test_several_items_differ_where_they_may(items: dict[str, Any], several: list[str]) -> None:
    """A list of the same thing three times is nothing that a caller would send."""
    schema = {"type": "array", "items": items}
    named = {state.name: state.value for state in states(schema, schema, required=True)}
    assert named["several"] == several


def test_a_plausible_list_has_no_item_twice() -> None:
    """As many items as the page allows are as many different ones, in a plan and drawn."""
    tags = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 10}
    plausible = {**tags, "items": {"type": "string", "maxLength": 20}}
    planned = [
        state for state in states(tags, plausible, required=True) if state.region is Region.VALID
    ]
    assert max(len(state.value) for state in planned if isinstance(state.value, list)) == 10
    drawn = find(values.fitting(plausible), lambda value: len(value) > 1)
    for value in (*(state.value for state in planned), drawn):
        assert not isinstance(value, list) or len(set(value)) == len(value)
