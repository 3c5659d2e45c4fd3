"""How much each piece of evidence weighs for the alignment of a page: one table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for and against a reading; those of the whole page add up, and the best way wins."""

    #: A text, as the description of the next member.
    description: float = 0.6
    #: For each word of the name in the text.
    shared_word: float = 1.1
    #: "whether", "enabled" for a boolean.
    yes_no_words: float = 0.8
    #: It begins as lines do that go on.
    goes_on_by_its_begin: float = 0.7
    #: An object with members that no marker opens.
    silent_marker: float = -6.0
    #: A text of no member.
    foreign_text: float = -2.4
    #: A constraint of no member.
    foreign_fact: float = -3.9
    #: A constraint of the member just described, not of a silent one.
    fact_behind_description: float = 0.2
    #: Two constraints of one kind, or out of order, on one member.
    same_kind_twice: float = -5.0
    #: Bounds that explain the number shown.
    bounds_that_explain: float = 3.0
    #: An example that is the value shown.
    same_example: float = 4.0
    #: A length of an array of scalars.
    length_of_scalars: float = 0.9
    #: A length of a plain string.
    length: float = 1.0
    #: A bare number that is the number shown.
    number_shown: float = 3.0
    #: A bare number one below the number shown.
    number_below: float = 2.0
    #: Two constraints of one member on two lines.
    same_member_on_other_line: float = -0.6
    #: A description squashed behind a constraint is of the next member.
    description_behind_fact: float = 0.6


WEIGHTS = Weights()
