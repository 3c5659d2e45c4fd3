"""The table of phrases: each row by its own example."""

from __future__ import annotations

import pytest

from contracts.derive.language.phrases import (
    PERMISSION,
    PHRASES,
    Phrase,
    cues,
    permission,
    sayings,
    sentences,
)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.name)
def test_phrase_gives_what_its_example_shows(phrase: Phrase) -> None:
    """The example of a row is read by that row, and gives what the row says it does."""
    found = phrase.pattern.search(phrase.example)
    assert found is not None
    assert phrase.gives(found) == phrase.shows
    said = sayings(phrase.example, (min(phrase.types),))
    assert all(fact in said for fact in phrase.shows)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.name)
def test_phrase_has_a_basis(phrase: Phrase) -> None:
    """Every row rests on the page itself or on a standard that the page names."""
    assert phrase.basis in {"document", "standard"}


def test_permission_is_read_from_its_example() -> None:
    """The permission is read without the stop that ends its sentence."""
    assert permission(PERMISSION.example) == "depot.parcels.write"
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
