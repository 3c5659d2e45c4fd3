"""Pages that are odd or damaged.

A clear message with the line, and everything else still derived.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.derive import derive
from contracts.errors import UsageError

from .openapi import operations
from .render import Style, listed, random_style, with_example

LISTED = """POST
/
parcels

Authorizations

Authorization
string
headerrequired

Bearer credentials, sent as Bearer <token>.

Body

application/json
weight
number
required

The weight in kilograms.

Required range: 0 <= x <= 70
note
string | null

A note on the parcel.

Response

201 - application/json
id
string<uuid>
required

The id of the parcel.
"""

EXAMPLE = """curl --request POST \\
--url https://api.parcels.example/parcels \\
--header 'Authorization: Bearer <token>' \\
--header 'Content-Type: application/json' \\
--data '{
"weight": 35,
"note": "<string>"
}'{
"id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
"state": "<string>"
}Bearer credentials, sent as Bearer <token>.
The weight in kilograms.
0 <= x <= 70A note on the parcel.
200The parcel was created.
The id of the parcel.
The state of the parcel.
Was this page helpful?
"""


def line_of(page: str, begin: str) -> int:
    """Give the number of the first line that begins so."""
    return next(number for number, line in enumerate(page.split("\n"), 1) if line.startswith(begin))


def facts(out: Any) -> Any:
    """Drop what depends on line numbers and on the bytes of the file."""
    if isinstance(out, dict):
        return {
            key: facts(value) for key, value in out.items() if key not in {"x-source", "x-document"}
        }
    return [facts(item) for item in out] if isinstance(out, list) else out


def bodies(page: bytes | str) -> Any:
    """Derive a page and keep the facts of both bodies."""
    out = derive(page, name="page.txt")
    return facts({"request": out["request"], "response": out["response"]})


def notes(page: bytes | str) -> list[dict[str, Any]]:
    """Derive a page and keep what was not understood."""
    out: Any = derive(page, name="page.txt")
    return list(out["not_understood"])


@pytest.mark.parametrize("page", [LISTED, EXAMPLE], ids=["listed", "example"])
def test_plain_pages_are_understood_whole(page: str) -> None:
    """The two pages that are damaged below leave nothing open when they are whole."""
    assert notes(page) == []
    assert bodies(page)["request"]["properties"]["weight"]["maximum"] == 70


@pytest.mark.parametrize("page", [LISTED, EXAMPLE], ids=["listed", "example"])
def test_windows_line_ends_are_noted_and_change_nothing(page: str) -> None:
    """Windows line ends are told once, with the first line that has one; the facts are the same."""
    odd = page.replace("\n", "\r\n")
    assert bodies(odd) == bodies(page)
    (note,) = notes(odd)
    assert note["line"] == 1
    assert "Windows line end" in note["text"]


@pytest.mark.parametrize("page", [LISTED, EXAMPLE], ids=["listed", "example"])
def test_a_mark_at_the_begin_and_a_missing_end_change_nothing(page: str) -> None:
    """A byte order mark and a missing final newline are no facts and no oddities."""
    odd = b"\xef\xbb\xbf" + page.rstrip("\n").encode()
    assert bodies(odd) == bodies(page)
    assert notes(odd) == []


@pytest.mark.parametrize(
    ("page", "behind"),
    [
        (LISTED, "parcels\n\n"),
        (LISTED, "application/json\n\n"),
        (LISTED, "The weight in kilograms.\n"),
        (LISTED, "201 - application/json\n"),
        (LISTED, "The id of the parcel.\n"),
        (EXAMPLE, "The weight in kilograms.\n"),
        (EXAMPLE, "The id of the parcel.\n"),
        (EXAMPLE, "sent as Bearer <token>.\n"),
        (EXAMPLE, "200The parcel was created.\n"),
    ],
)
@pytest.mark.parametrize("strange", ["Zebras must cross swiftly.", "Zebras cross swiftly."])
def test_an_unknown_sentence_is_told_with_its_line(page: str, behind: str, strange: str) -> None:
    """A sentence that says nothing of any member is listed with its line.

    And everything else is derived.
    """
    if behind not in page:
        behind = behind.rstrip("\n") + "\n"
    odd = page.replace(behind, f"{behind}{strange}\n", 1)
    assert bodies(odd) == bodies(page)
    assert [note["line"] for note in notes(odd) if strange in note["text"]] == [
        line_of(odd, strange)
    ]


def test_a_cut_off_example_gives_what_stands_before_the_cut() -> None:
    """A sample that breaks off is told with the line of the break.

    Members before it are derived.
    """
    odd = EXAMPLE[: EXAMPLE.index('"state"')]
    out = bodies(odd)
    assert list(out["response"]["properties"]) == ["id"]
    assert out["request"]["properties"]["weight"]["type"] == "number"
    assert any("cut off" in note["text"] and note["line"] >= 9 for note in notes(odd))


def test_a_cut_off_copy_does_not_harm_the_whole_one() -> None:
    """Where the sample stands twice and one copy breaks off, the whole one is read."""
    block = EXAMPLE[: EXAMPLE.index("Bearer credentials")]
    cut = block[: block.index('"state"')]
    odd = cut + "\n" + EXAMPLE
    assert bodies(odd) == bodies(EXAMPLE)
    assert any("cut off" in note["text"] for note in notes(odd))


def test_descriptions_after_a_cut_are_still_read() -> None:
    """Descriptions that follow a sample that was cut off still reach the members before the cut."""
    odd = EXAMPLE.replace('"state": "<string>"\n}Bearer', '"state": "<str\nBearer')
    out = bodies(odd)
    assert out["request"]["properties"]["weight"]["maximum"] == 70
    assert out["response"]["properties"]["id"]["format"] == "uuid"


def test_a_member_described_but_not_in_the_example_is_told() -> None:
    """In a listing, a member that the sample lacks is told with the line of its name.

    And derived.
    """
    command = EXAMPLE[: EXAMPLE.index("Bearer credentials")].replace(
        '"note": "<string>"', '"name": "<string>"'
    )
    odd = LISTED.replace("Authorizations\n", f"{command}\n\nAuthorizations\n", 1)
    told = {note["text"]: note["line"] for note in notes(odd)}
    line = odd.split("\n").index("note") + 1
    assert told["the member /note is described, but not in the example"] == line
    assert bodies(odd)["request"]["properties"]["note"]["type"] == ["string", "null"]


def test_a_description_without_a_member_is_told() -> None:
    """In a page of a sample, a description that no member can have is told with its line."""
    odd = EXAMPLE.replace("Was this", "Whether the zebra is insured; must be told early.\nWas this")
    assert bodies(odd) == bodies(EXAMPLE)
    assert [note["line"] for note in notes(odd)] == [line_of(odd, "Whether the zebra")]


def test_a_bare_number_that_no_type_decides_is_told() -> None:
    """A bare number behind a member of any type is not understood, and said so."""
    odd = EXAMPLE.replace('"state": "<string>"', '"state": "<any>"').replace(
        "Was this", "20\nWas this"
    )
    assert "maxLength" not in bodies(odd)["response"]["properties"]["state"]
    line = odd.split("\n").index("20") + 1
    assert any(note["line"] == line and "bare number" in note["text"] for note in notes(odd))


@settings(max_examples=20, deadline=None)
@given(
    operation=st.sampled_from(operations()),
    seed=st.integers(0, 500),
    example=st.booleans(),
    start=st.floats(0, 1),
    size=st.integers(0, 400),
    junk=st.text(max_size=12),
)
def test_damage_never_raises(  # noqa: PLR0917  one strategy for each kind of damage
    operation: Any,
    seed: int,
    example: bool,  # noqa: FBT001  as above
    start: float,
    size: int,
    junk: str,
) -> None:
    """Whatever is torn out of a page or put in its place.

    Derive gives JSON or names what it got.
    """
    style = random_style(seed)
    page = with_example(operation, style) if example else listed(operation, style)
    at = int(start * len(page))
    try:
        out = derive(page[:at] + junk + page[at + size :], name="page.txt")
    except UsageError:
        return  # nothing is left that could be an operation
    assert json.loads(json.dumps(out)) == out


def test_deriving_twice_gives_the_same() -> None:
    """The answer depends on the page alone."""
    page = with_example(operations()[0], Style())
    assert derive(page, name="a") == derive(page, name="a")


HEAD = "POST\n/\nparcels\n\nBody\n\napplication/json\n\n"
CURL = "curl --request POST \\\n--url https://a.example/parcels \\\n"


def test_flags_of_a_member_are_kept() -> None:
    """Deprecated, read-only and write-only are said of a member by its flags."""
    page = HEAD + "lid\nstring\ndeprecated\n\nThe lid.\n\nid\nstring\nrequired\n"
    page += "read-only\n\nThe id.\n\nkey\nstring\nwrite-only\n\nThe key.\n"
    out: Any = derive(page, name="page.txt")
    members = out["request"]["properties"]
    assert (
        members["lid"]["deprecated"],
        members["id"]["readOnly"],
        members["key"]["writeOnly"],
    ) == (True, True, True)
    assert members["lid"]["x-source"]["deprecated"] == [9, 11]


def test_bounds_in_powers_of_ten_are_whole() -> None:
    """A bound may have an exponent, which belongs to it and not to the description behind it."""
    page = HEAD + "grams\nnumber\n\nThe grams.\n\nRequired range: -1.5 <= x <= 1.5e3\n"
    out: Any = derive(page, name="page.txt")
    grams = out["request"]["properties"]["grams"]
    assert (grams["minimum"], grams["maximum"]) == (-1.5, 1500)
    assert out["not_understood"] == []


@pytest.mark.parametrize("between", ["\n", "\n400\n", ""])
def test_the_answer_is_the_first_of_the_samples_that_follow_each_other(between: str) -> None:
    """The samples of refusals behind the sample of a success are neither members nor descriptions."""  # noqa: E501
    page = CURL + "--data '" + '{\n"lid": "<string>"\n}' + "'\n"
    page += (
        '{\n"id": "<string>"\n}'
        + between
        + '{\n"error": "<string>"\n}\nThe lid of the parcel.\nThe id of the parcel.\n'
    )
    out: Any = derive(page, name="page.txt")
    assert list(out["response"]["properties"]) == ["id"]
    assert out["not_understood"] == []


def test_a_marker_may_stand_behind_a_constraint() -> None:
    """What opens an array's members may be squashed behind the array's length."""
    page = CURL + "--data '" + '{\n"lids": [\n{\n"name": "<string>"\n}\n]\n}' + "'\n"
    page += (
        "The lids of the parcel.\n1 - 10 elementsShow child attributes\nThe name of the lid.\n60\n"
    )
    out: Any = derive(page, name="page.txt")
    lids = out["request"]["properties"]["lids"]
    assert (lids["minItems"], lids["maxItems"]) == (1, 10)
    assert lids["items"]["properties"]["name"]["maxLength"] == 60
    assert out["not_understood"] == []


def test_examples_and_descriptions_are_kept_by_their_lines() -> None:
    """What the vendor wrote as an example stays with its lines.

    Of a description only the lines are kept.
    """
    page = HEAD + 'lid\nstring\n\nThe lid.\n\nExamples:\n\n"red"\n\n"blue"\n\nbox\nobject\n'
    page += '\nThe box.\n\nExample:\n{\n"a": 1\n}\n\nmail\nstring<email>\n\nExample:\n\n"[email\u00a0protected]"\n'  # noqa: E501
    out: Any = derive(page, name="page.txt")
    members = out["request"]["properties"]
    assert members["lid"]["x-examples"] == ["red", "blue"]
    assert members["lid"]["x-source"]["x-examples"] == [14, 18]
    assert members["lid"]["x-source"]["description"] == [12, 12]
    assert "description" not in members["lid"]
    assert members["box"]["x-examples"] == [{"a": 1}]
    assert "x-examples" not in members["mail"]
