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
    #: Share of that where up to five names use the word.
    uncommon_word: float = 0.7
    #: Share of that where more do.
    common_word: float = 0.45
    #: All words of the name.
    whole_name: float = 0.7
    #: None of them.
    no_shared_word: float = -0.3
    #: The name's last word among the first of the text.
    name_first: float = 0.6
    #: A word of the parent's name.
    parent_named: float = 0.2
    #: The text stands as often as the name.
    as_often_as_the_name: float = 1.2
    #: "list", "each" for an array.
    list_words: float = 0.5
    #: "whether", "enabled" for a boolean.
    yes_no_words: float = 0.8
    #: A boolean without them.
    no_yes_no_words: float = -0.4
    #: "details", "information" for an object.
    object_words: float = 0.3
    #: "amount", "count" for a number.
    number_words: float = 0.5
    #: A number without them.
    no_number_words: float = -0.1
    #: "when", "date" for a date.
    time_words: float = 0.8
    #: A date without them.
    no_time_words: float = -0.4
    #: "id", "reference" for a UUID.
    id_words: float = 0.7
    #: A UUID without them.
    no_id_words: float = -0.3
    #: "mail" for an address.
    mail_words: float = 0.6
    #: An address without it.
    no_mail_words: float = -0.2
    #: "whether" for a string.
    yes_no_words_on_text: float = -0.3
    #: A text, as a further line of the description before it.
    further_line: float = -0.9
    #: It begins as lines do that go on.
    goes_on_by_its_begin: float = 0.7
    #: The line before ends with a colon or a comma.
    unfinished_before: float = 0.7
    #: Both lines share a word.
    word_of_the_line_before: float = 0.1
    #: A member without a description.
    silent_member: float = -0.5
    #: Besides, one whose value the generator did not make up.
    silent_value: float = -0.1
    #: An object with members that no marker opens.
    silent_marker: float = -6.0
    #: A marker where an object opens.
    marker: float = 4.0
    #: A marker where an object without members stands.
    marker_on_empty_object: float = -1.0
    #: A marker that opens nothing.
    foreign_marker: float = -4.0
    #: A text as what an object's keys stand for.
    description_of_keys: float = 0.3
    #: The heading of the answer where the answer begins.
    heading_of_answer: float = 6.0
    #: A text of no member.
    foreign_text: float = -2.4
    #: A constraint of no member.
    foreign_fact: float = -3.9
    #: A constraint before the bodies begin.
    fact_of_parameter: float = -0.3
    #: A bare number on an object that was just closed.
    number_behind_members: float = -0.3
    #: A constraint of the member just described, not of a silent one.
    fact_behind_description: float = 0.2
    #: Two constraints of one member on two lines.
    same_member_on_other_line: float = -0.6
    #: Two constraints of one kind, or out of order, on one member.
    same_kind_twice: float = -5.0
    #: Two constraints of two members on one line.
    other_member_on_same_line: float = -1.5
    #: A description squashed behind a constraint is of the next member.
    description_behind_fact: float = 0.6
    #: Bounds of a value of any type.
    bounds_on_any: float = -1.5
    #: Bounds that explain the number shown.
    bounds_that_explain: float = 3.0
    #: Bounds of a number that the generator made up.
    bounds_on_made_up: float = -2.0
    #: Bounds of another number.
    bounds: float = 0.4
    #: A length in elements on an array.
    elements: float = 3.0
    #: Two numbers rather than one as a length.
    pair: float = 0.2
    #: Options of which the sample shows the first.
    first_option: float = 4.0
    #: Options of which it shows another.
    other_option: float = 2.5
    #: An example that is the value shown.
    same_example: float = 4.0
    #: Another example of the same structure.
    structured_example: float = 0.5
    #: An address as the example of an address.
    mail_example: float = 2.0
    #: Another example.
    other_example: float = -0.8
    #: A labelled length on an array.
    labelled_array_length: float = 2.0
    #: A labelled length on a string.
    labelled_length: float = 1.5
    #: A labelled range on a number.
    labelled_range: float = 1.5
    #: Another labelled constraint.
    other_label: float = 0.5
    #: A pattern of a plain string.
    pattern: float = 1.0
    #: A pattern of a string with a format.
    pattern_on_format: float = -1.0
    #: A pattern that the value shown fits.
    pattern_that_fits: float = 2.0
    #: A pattern that the value shown breaks.
    pattern_that_breaks: float = -1.0
    #: A pattern of another dialect.
    strange_pattern: float = 0.5
    #: A length of an array of objects.
    length_of_objects: float = 0.2
    #: A length of an array of scalars.
    length_of_scalars: float = 0.9
    #: A length of a value of any type.
    length_on_any: float = -1.5
    #: A length of a string that the vendor wrote.
    length_on_written: float = 0.4
    #: A length of a plain string.
    length: float = 1.0
    #: A length of an address or a password.
    length_on_text_format: float = 0.7
    #: A length of another format.
    length_on_format: float = -0.8
    #: A bare number that is the number shown.
    number_shown: float = 3.0
    #: A bare number one below the number shown.
    number_below: float = 2.0
    #: Another bare number on a number.
    other_number: float = -3.0


WEIGHTS = Weights()
