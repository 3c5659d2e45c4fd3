"""The form that the ids and times of a run have in common.

What no conforming server is told of, and what bites.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.judge.relations.forms import form
from contracts.judge.relations.usual import USUAL
from contracts.model import Case, Region
from tests.helpers.builders import exchange, look, response

ARGUMENTS = {"response": "/id"}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
STEADY = settings(max_examples=25, deadline=None, database=None, derandomize=True)
Maker = Callable[
    [Random, int, int], str
]  # chance, where counting starts, how many were made before


def written(number: int, base: int) -> str:
    """Write a number without leading zeros."""
    text = ""
    while number or not text:
        number, digit = divmod(number, base)
        text = DIGITS[digit] + text
    return text


def instant(chance: Random, start: int, index: int) -> datetime:
    """Give a moment some time after the one before it, at the start of a second now and then."""
    fraction = chance.choice([0, 0, 500_000, chance.randrange(1_000_000)])
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(
        hours=start, seconds=20 * index, microseconds=fraction
    )


MAKERS: dict[str, Maker] = {
    "uuid4": lambda chance, _, __: str(uuid.UUID(int=chance.getrandbits(128), version=4)),
    "uuid7": lambda chance, start, index: str(
        uuid.UUID(
            int=((0x19A_0000_FFF0 << 20) + (start + index << 16) << 60) % (1 << 128)
            | chance.getrandbits(60)
        )
    ),
    "numbers": lambda _, start, index: str(start + index),
    "hexadecimal numbers": lambda _, start, index: written(start + index, 16),
    "base 36 numbers": lambda _, start, index: written(start + index, 36),
    "base 62 numbers": lambda _, start, index: written(start + index, 62),
    "padded numbers": lambda _, start, index: f"{start + index:04d}",
    "random numbers": lambda chance, _, __: str(chance.randrange(1_000_000)),
    "random hexadecimal": lambda chance, _, __: f"{chance.getrandbits(16):x}",
    "random bytes, each unpadded": lambda chance, _, __: "".join(
        f"{b:x}" for b in chance.randbytes(8)
    ),
    "short random hexadecimal": lambda chance, _, __: f"{chance.getrandbits(8):02x}",
    "a fraction in base 36": lambda chance, _, __: written(chance.getrandbits(52), 36)[:9].rstrip(
        "0"
    ),
    "nanoid": lambda chance, _, __: "".join(chance.choices(DIGITS + "_-", k=21)),
    "groups of hexadecimal": lambda chance, _, __: (
        f"{chance.getrandbits(16):04x}-{chance.getrandbits(16):04x}"
    ),
    "dates and numbers": lambda _, start, index: (
        f"2026-01-{1 + (start + index) // 40 % 28:02d}-{index}"
    ),
    "two words": lambda chance, _, __: (
        f"{chance.choice(['brave', 'calm', 'shy'])}-{chance.choice(['fox', 'owl'])}"
    ),
    "one of two kinds": lambda chance, _, index: (
        ("web_", "app_")[chance.random() < 0.3] + str(index)
    ),
    "the same": lambda _, start, __: f"static_{start}",
    "nothing": lambda _, __, ___: "",
}
TIMES: dict[str, Maker] = {
    "Python": lambda c, s, i: instant(c, s, i).isoformat(),
    "Python, no zone": lambda c, s, i: instant(c, s, i).replace(tzinfo=None).isoformat(),
    "Python, with a blank": lambda c, s, i: str(instant(c, s, i)),
    "JavaScript": lambda c, s, i: (
        instant(c, s, i).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    ),
    "Go, zeros trimmed": lambda c, s, i: (
        instant(c, s, i).isoformat().rstrip("+:0").rstrip(".") + "Z"
    ),
    "Java, seconds trimmed": lambda c, s, i: (
        instant(c, s, i).isoformat(timespec="minutes" if i % 3 == 0 else "seconds")[:-6] + "Z"
    ),
    "a summer's zone": lambda c, s, i: (
        instant(c, s, i)
        .astimezone(timezone(timedelta(hours=1 + (i > 9))))
        .isoformat(timespec="seconds")
    ),
    "the same": lambda _, s, __: f"20{s % 90 + 10}-01-01T00:00:00Z",
}


def texts(maker: Maker, seed: int, start: int, count: int, prefix: str = "") -> list[str]:
    """Make the texts of one run."""
    chance = Random(seed)  # noqa: S311 - no secret
    return [prefix + maker(chance, start, index) for index in range(count)]


def odd(made: list[str]) -> list[str]:
    """Give the texts that are told to differ from the form of the others."""
    seen = look("alike", ARGUMENTS, *[({}, {"id": text}) for text in made])
    return [made[one.exchange.number - 1] for one in seen if not one.ok]


runs = st.tuples(
    st.integers(0, 2**32),
    st.sampled_from([0, 1, 8, 9, 35, 60, 95, 99, 990, 4095, 9990]),
    st.integers(1, 90),
)


@pytest.mark.parametrize("maker", [*MAKERS, *TIMES])
@STEADY
@given(run=runs, prefix=st.sampled_from(["", "ord_", "KHT-", "a", "x1_", "test_ord_"]))
def test_no_way_of_making_ids_is_told_to_slip(
    maker: str, run: tuple[int, int, int], prefix: str
) -> None:
    """Counters, chance, time and fixtures keep the clause.

    Wherever they start and however long the run is.
    """
    made = texts({**MAKERS, **TIMES}[maker], *run, prefix)
    assert odd(made) == []


@pytest.mark.parametrize("slip", ["", "undefined", "ORD_17", "17", "order-17", "_17"])
@STEADY
@given(run=runs, place=st.integers(1, USUAL - 1))
def test_one_id_that_begins_otherwise_is_told(
    slip: str, run: tuple[int, int, int], place: int
) -> None:
    """Among ids that begin alike, one in the middle that does not is the finding.

    And the only one.
    """
    made = texts(MAKERS["numbers"], run[0], run[1], USUAL + run[2], "ord_")
    made[place] = slip
    assert odd(made) == [slip]


@pytest.mark.parametrize(
    ("kind", "slip"),
    [
        ("JavaScript", "2026-01-01T12:00:00.000"),
        ("JavaScript", "2026-01-01T12:00:00.000Y"),
        ("JavaScript", "2026-01-01 12:00:00.000Z"),
        ("Python", "2026-01-01T12:00:00Z"),
        ("uuid4", "1b4e28ba-2fa1-11d2-883f-0016d3cca42"),
        ("uuid4", "none"),
    ],
)
@STEADY
@given(run=runs, place=st.integers(1, USUAL - 1))
def test_one_text_of_another_form_is_told(
    kind: str, slip: str, run: tuple[int, int, int], place: int
) -> None:
    """Among instants of one zone, or UUIDs.

    One in the middle that is none of them is the finding.
    """
    made = texts({**MAKERS, **TIMES}[kind], run[0], run[1], USUAL + run[2])
    made[place] = slip
    assert odd(made) == [slip]


@STEADY
@given(st.integers(0, 40), st.integers(0, 40))
def test_a_form_that_changes_for_good_is_no_slip(before: int, after: int) -> None:
    """Where the ids begin with one prefix up to some moment and with another from then on.

    Nothing is told.
    """
    assert odd([f"ord_{n}" for n in range(before)] + [f"order_{n}" for n in range(after)]) == []


@pytest.mark.parametrize(
    ("usual", "rare", "told"), [(19, 1, 0), (20, 1, 1), (20, 2, 0), (38, 2, 2), (37, 2, 0)]
)
def test_few_against_many_are_told(usual: int, rare: int, told: int) -> None:
    """At least 20 share the form, and at most one in 20 differs."""
    half = usual // 2
    made = (
        [f"ord_{n}" for n in range(half)]
        + [f"x_{n}" for n in range(rare)]
        + [f"ord_{n}" for n in range(half, usual)]
    )
    assert len(odd(made)) == told


def pairs(*requests: tuple[dict[str, str], str]) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Give 30 usual answers around those to given requests."""
    usual = [({"email": "a@example.com", "name": "Camille"}, {"id": f"cus_{n}"}) for n in range(30)]
    return [*usual[:15], *[(sent, {"id": got}) for sent, got in requests], *usual[15:]]


def test_what_was_sent_is_not_compared() -> None:
    """An id that the request named is the caller's to write."""
    assert [one.ok for one in look("alike", ARGUMENTS, *pairs(({"id": "7"}, "7")))] == [True] * 30
    assert [one.ok for one in look("alike", ARGUMENTS, *pairs(({}, "7")))].count(False) == 1


SHARES = ({"share": "KHT-7PG-X"}, {"share": "KHT-7"})


def test_an_id_that_begins_with_a_word_that_was_sent_is_not_compared() -> None:
    """Neither when it is like the others nor when it is not.

    A share id that was sent may happen to hold the word.
    """
    usual: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {"id": f"pg_{n}"}) for n in range(30)
    ]
    for found in ("pg_99", "x_99"):
        told = [
            look("alike", ARGUMENTS, *usual[:15], (sent, {"id": found}), *usual[15:])
            for sent in SHARES
        ]
        assert [one.ok for one in told[0]] == [True] * 30
        assert [one.ok for one in told[1]].count(False) == (found == "x_99")


def test_ids_made_of_what_was_sent_have_no_form() -> None:
    """Where ids begin with the customer's name, one customer's other name is no slip."""
    usual = [({"name": "Camille Dubois"}, {"id": f"camille-{n}"}) for n in range(30)]
    assert (
        look("alike", ARGUMENTS, *usual[:15], ({"name": "Eloise"}, {"id": "eloise-1"}), *usual[15:])
        == []
    )


def test_open_requests_are_not_compared() -> None:
    """What a server makes of a request that it might have refused as well is not compared with the others."""  # noqa: E501
    assert exchange(response(), case=Case(1, Region.OPEN, "open")).case.region is not Region.VALID
    assert look("alike", ARGUMENTS, *pairs(({}, "odd")), case=Case(1, Region.OPEN, "open")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3F0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b", "a UUID"),
        ("2026-01-31T12:30:15.250+02:00", "an instant like 0000-00-00T00:00:00+00:00"),
        ("2026-01-31 12:30", "an instant like 0000-00-00 00:00:00"),
        ("KHT-0F", "a text that begins with KHT-"),
        ("17", ""),
    ],
)
def test_a_form_is_told_in_words(text: str, words: str) -> None:
    """What a finding says that the others have in common."""
    assert form(text) == words


def test_times_that_are_usually_far_apart_have_nothing_in_common() -> None:
    """Where most orders were updated long after, one that was not is no slip."""
    far: list[Any] = [
        ({}, {"c": "2026-01-01T00:00:00Z", "u": f"2026-02-{day:02d}T00:00:00Z"})
        for day in range(1, 25)
    ]
    near: Any = ({}, {"c": "2026-01-01T00:00:00Z", "u": "2026-01-01T00:00:00Z"})
    assert look("together", {"earlier": "/c", "later": "/u"}, *far[:12], near, *far[12:]) == []
