"""The table of phrases: each row by its own example."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.derive.language.phrases import PHRASES, cues, permission, sayings, sentences

#: A sentence for each row of the table, the type of its member, and what it says of that.
EXAMPLES: tuple[tuple[str, str, Any], ...] = (
    ("The parcel size, defaults to SMALL", "array", (("default", "SMALL"),)),
    ("How many parcels to show. The default is 25.", "array", (("default", "25"),)),
    ("The weight of the parcel, this is null if it was never weighed", "array", (("null", True),)),
    ("The sender; may be null.", "array", (("null", True),)),
    ("The name of the sender, or null.", "array", (("null", True),)),
    ("If null, the parcel goes to the sender.", "array", (("null", True),)),
    ("The customs number of the parcel, if applicable.", "array", (("null", True),)),
    ("The street of the sender. Required.", "array", (("required", True),)),
    ("Notes of the parcel, a maximum of 20 keys.", "object", (("maxProperties", 20),)),
    (
        "Notes of the parcel; each key at most 40 characters.",
        "object",
        (("propertyNames", {"maxLength": 40}),),
    ),
    (
        "Notes of the parcel; values up to 500 characters.",
        "object",
        (("values", {"type": "string", "maxLength": 500}),),
    ),
    ("The note on the parcel, at most 80 characters.", "string", (("maxLength", 80),)),
    ("The password of the sender, at least 12 characters.", "string", (("minLength", 12),)),
    (
        "The name of the depot, between 3 and 40 characters.",
        "string",
        (("minLength", 3), ("maxLength", 40)),
    ),
    (
        "The code of the depot, exactly 6 characters.",
        "string",
        (("minLength", 6), ("maxLength", 6)),
    ),
    ("The parcels of the load, at most 50 items.", "array", (("maxItems", 50),)),
    ("The parcels of the load, at least one item.", "array", (("minItems", 1),)),
    ("The weight in grams, must be at least 5.", "integer", (("minimum", 5),)),
    ("The weight in grams, must be at most 30000.", "integer", (("maximum", 30000),)),
    ("The price, must be greater than 0.", "integer", (("exclusiveMinimum", 0),)),
    ("The price, must be less than 99.5.", "integer", (("exclusiveMaximum", 99.5),)),
    (
        "The share of the load, must be between 0 and 1.",
        "integer",
        (("minimum", 0), ("maximum", 1)),
    ),
    ("The number of parcels, must be positive.", "integer", (("exclusiveMinimum", 0),)),
    ("The number of parcels, must be non-negative.", "integer", (("minimum", 0),)),
    ("The number of parcels, must be a whole number.", "number", (("type", "integer"),)),
    (
        "The size of the parcel, must be one of 'S', 'M' or 'L'.",
        "string",
        (("enum", ["S", "M", "L"]),),
    ),
    ("The country of the depot as ISO 3166-1 alpha-2.", "string", (("pattern", "^[A-Za-z]{2}$"),)),
    ("The country of the depot as ISO 3166-1 alpha-3.", "string", (("pattern", "^[A-Za-z]{3}$"),)),
    ("Where to tell the sender; must be a valid email address.", "string", (("format", "email"),)),
    ("Where to send the sender back; must be a valid URL.", "string", (("format", "uri"),)),
    ("The depot; must be a valid UUID.", "string", (("format", "uuid"),)),
    ("When to collect; must be a valid RFC 3339 timestamp.", "string", (("format", "date-time"),)),
    ("The label of the parcel, unique within the depot.", "string", (("x-distinct", True),)),
    ("1 to 6 of the depots.", "array", (("minItems", 1), ("maxItems", 6))),
    ("At most 9 unique labels.", "array", (("maxItems", 9), ("uniqueItems", True))),
    ("The day to collect; must be a valid date.", "string", (("format", "date"),)),
    ("The day to collect in the format `YYYY-MM-DD`.", "string", (("format", "date"),)),
    ("Where the sender is; must be a valid IPv4 address.", "string", (("format", "ipv4"),)),
    ("The price of the load (Weight * Rate)", "integer", (("product", ["Weight", "Rate"]),)),
    ("`weight` times `rate`.", "integer", (("product", ["weight", "rate"]),)),
)


@pytest.mark.parametrize(
    "sentence", ["It need not be unique.", "Doesn't have to be unique", "The unique id of a depot."]
)
def test_what_need_not_be_unique_is_not(sentence: str) -> None:
    """Nor is a text that names what is there already."""
    assert sayings(sentence, ("string",)) == ()


@pytest.mark.parametrize(("sentence", "kind", "said"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_a_sentence_says_what_its_row_gives(sentence: str, kind: str, said: Any) -> None:
    """Every fact that a row of the table reads is among what is read of its example."""
    assert all(fact in sayings(sentence, (kind,)) for fact in said)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.pattern.pattern[:40])
def test_every_row_has_an_example(phrase: Any) -> None:
    """No row of the table is there of which no example shows what it reads."""
    assert any(
        kind in phrase.types and phrase.pattern.search(sentence) for sentence, kind, _ in EXAMPLES
    )


def test_permission_is_read_from_its_example() -> None:
    """The permission is read without the stop that ends its sentence."""
    assert permission("Requires the depot.parcels.write permission.") == "depot.parcels.write"
    assert permission("Anyone may do this.") is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The depot, which must not be null if it is known.",
        "The depot defaults to the nearest one.",
        "It defaults to 15 minutes.",
        "The keys of the depot, each with a value.",
        "The depot is required when parcels are collected.",
    ],
)
def test_near_misses_give_nothing(sentence: str) -> None:
    """A sentence that only resembles a phrase states no fact."""
    assert sayings(sentence, ("string",)) == ()


def test_sentences_are_parted_at_their_ends() -> None:
    """A description of two sentences gives two, and a point inside a number ends none."""
    assert sentences("At most 2.5 metres. Measured at the door.") == (
        "At most 2.5 metres.",
        "Measured at the door.",
    )


def test_a_unique_identifier_is_no_fact() -> None:
    """The usual words for an id are no sign of a fact that was not understood."""
    assert cues("The unique identifier of the parcel") == ()
    assert cues("The code must be unique") == ("must", "unique")
