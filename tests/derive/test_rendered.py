"""The text of one page as several renderers draw it, copied from a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from contracts.derive import derive, readings
from contracts.derive.markdown.blocks import APART
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import Kind
from contracts.derive.page.sample import Sample
from contracts.derive.rendered.nesting import Openings, nest
from contracts.derive.rendered.squashed import glued_line
from contracts.errors import UsageError
from tests.derive.score import Fact, facts
from tests.tools.renderings.documents import documents

FOLDER = Path(__file__).parent / "rendered"
#: How many of the facts of the page are read from each form; what is not said is left out.
RECALL = {
    "redoc": 1.0,
    "stoplight": 1.0,
    "scalar": 0.94,
    # What a browser copies has neither the capitals nor the empty lines that styles make.
    "redoc-copied": 1.0,
    "stoplight-copied": 0.7,
    "scalar-copied": 0.94,
    # An object of which only the text is copied has no end: more is not said.
    "swagger-ui-3.0": 1.0,
    "swagger-ui": 0.6,
    "rapidoc": 0.65,
}
OPERATION = "POST /shops/{shopId}/coupons"


def text(form: str) -> str:
    """Return the page as a renderer draws it."""
    return (FOLDER / f"{form}.txt").read_text(encoding="utf-8")


def stated(page: str, **options: Any) -> set[Fact]:
    """Return the facts of both bodies of a page."""
    return facts_of(derive(page, name="page.txt", **options))


def facts_of(out: Any) -> set[Fact]:
    """Return the facts of both bodies of what was derived."""
    return {*facts(out["request"], "request"), *facts(out["response"], "response")}


def truth() -> set[Fact]:
    """Return the facts of the document that was drawn."""
    page = next(document for document in documents() if document.name == "create_coupon")
    return {*facts(page.request, "request"), *facts(page.response, "response")}


@pytest.mark.parametrize("form", RECALL)
def test_a_copied_page_states_only_what_its_document_states(form: str) -> None:
    """No fact is wrong, and as many are read as the form tells."""
    read, true = stated(text(form)), truth()
    assert read <= true
    assert len(read) >= RECALL[form] * len(true)


@pytest.mark.parametrize(
    ("members", "example", "share"),
    [("swagger-ui", "swagger-example", 0.85), ("rapidoc", "rapidoc-example", 0.9)],
)
def test_the_example_behind_a_copied_page_tells_which_object_holds_what(
    members: str, example: str, share: float
) -> None:
    """Both tabs of a page, one behind the other, state nearly all, and nothing wrong.

    What is left is what no text of that renderer has: `required` is a colour in one of them.
    """
    read, true = stated(f"{text(members)}\n{text(example)}"), truth()
    assert read <= true
    assert len(read) >= share * len(true)


def test_a_name_that_ends_like_a_type_is_told_from_its_type() -> None:
    """The last type on a squashed line is the type, whatever the name ends with."""
    assert glued_line("phone_numberCollapse allstring").split(APART) == ["phone_number", "string"]


OBJECTS = """RESPONSE SCHEMA: application/json
first{tab}
object


error
required
{tab}
object


code
required
{tab}
string

rest{tab}
string
GET
/crates
"""


def test_an_object_without_a_description_is_opened_by_two_empty_lines() -> None:
    """Two empty lines behind a type open an object; behind a description they do not."""
    page = OBJECTS.replace("first{tab}\nobject\n", "first\nstring\n\nThe first.\n")
    out: Any = derive(page.replace("{tab}", "\t"), name="page.txt")
    body = out["response"]
    assert list(body["properties"]) == ["first", "error"]
    assert list(body["properties"]["error"]["properties"]) == ["code"]


def test_a_constant_is_one_option_of_the_member_it_stands_below() -> None:
    """A member called `object` without a type has its constant; the one above it has none."""
    page = (
        text("scalar-copied")
        .replace(
            "uses\nType:integer", "object\nenum\nconst:  \ncoupon\nrequired\nuses\nType:integer"
        )
        .replace('"uses": 1', '"object": "coupon", "uses": 1')
    )
    out: Any = derive(page, name="page.txt")
    body = out["response"]["properties"]["data"]["properties"]
    assert body["object"]["enum"] == ["coupon"]
    assert "enum" not in body["maximumUses"]


def test_the_fields_to_try_an_operation_with_are_no_members() -> None:
    """A name, a colon alone and a value are a form to fill in."""
    page = text("stoplight-copied").replace("Token\n:", "token*\n:\nstring\nToken\n:")
    assert stated(page) == stated(text("stoplight-copied"))


def test_options_that_ran_together_are_none() -> None:
    """One word below "Allowed values:" is all of them in one; what is read stays the rest."""
    page = text("stoplight-copied").replace(
        "What a buyer types at the till.", "What a buyer types.\n\nAllowed values:\nspringsummer", 1
    )
    out: Any = derive(page, name="page.txt")
    code = out["request"]["properties"]["code"]
    assert (code["type"], "enum" in code) == ("string", False)
    assert any("ran together" in note["text"] for note in out["not_understood"])


def test_a_text_without_the_names_of_its_members_is_refused() -> None:
    """A browser that copies no buttons leaves out the names that Swagger UI puts on them."""
    page = "OAS 3.1\nPOST\n/crates\nCode\tDescription\tLinks\n201\nobject\nstringuuid\n"
    with pytest.raises(UsageError, match="this browser copied no names of members"):
        derive(page, name="page.txt")


def test_samples_alone_tell_names() -> None:
    """A page that shows samples only has the names of both bodies, and nothing required."""
    names = {fact for fact in truth() if fact[1] == "name"}
    read = stated(text("swagger-example"))
    assert {fact for fact in read if fact[1] == "name"} == names
    assert not any(fact[1] == "required" for fact in read)


@pytest.mark.parametrize("form", [*RECALL, "swagger-example"])
def test_the_success_is_the_answer(form: str) -> None:
    """The answer of the success is the response, and 422 is none of it."""
    out: Any = derive(text(form), name="page.txt")
    assert out["operation"]["success_status"] == 200
    assert "error" not in out["response"]["properties"]
    assert all(refusal["status"] == 422 for refusal in out.get("refusals", []))


@pytest.mark.parametrize("form", ["redoc", "stoplight", "scalar"])
def test_without_samples_members_of_an_unsure_parent_are_noted(form: str) -> None:
    """No fact is wrong where no sample tells the nesting; what is left out is listed."""
    page = re.split(
        r"^(?:Request samples|Auth|Request Example for)$", text(form), flags=re.MULTILINE
    )[0]
    page += f"\n{OPERATION.replace(' ', chr(10))}\n"
    assert stated(page) <= truth()
    out: Any = derive(page, name="page.txt")
    notes = [note["text"] for note in out["not_understood"] if "holds uses" in note["text"]]
    assert notes
    assert all(note.endswith("copy the page's example of the body as well") for note in notes)


@pytest.mark.parametrize("form", ["redoc", "swagger-ui-3.0"])
def test_two_operations_on_one_copied_page_are_told_apart(form: str) -> None:
    """Each operation has the facts that it has alone."""
    other = text(form).replace("coupons", "tokens").replace("maximumUses", "mostUses")
    one, two = readings(f"{text(form)}\n{other}", "page.txt")
    assert (one.title, two.title) == (OPERATION, "POST /shops/{shopId}/tokens")
    assert facts_of(one.json()) == stated(text(form))
    assert facts_of(two.json()) == stated(other)


def _entries(*names: str) -> list[Entry]:
    """Return members, those in capitals objects and the others strings."""
    kinds = [Kind("object" if name.isupper() else "string") for name in names]
    return [
        Entry(name, line, line, kind=kind)
        for line, (name, kind) in enumerate(zip(names, kinds, strict=True), 1)
    ]


def test_a_name_that_comes_twice_tells_where_an_object_reaches() -> None:
    """Members up to the second of two equal names are in the object; later ones are not sure."""
    kept, notes = nest(_entries("code", "DATA", "id", "code", "rest"), Openings(), None)
    assert [(entry.name, entry.depth) for entry in kept] == [
        ("code", 1),
        ("DATA", 1),
        ("id", 2),
        ("code", 2),
    ]
    assert [note.line for note in notes] == [5]


def test_a_sample_tells_where_an_object_ends() -> None:
    """A member that the sample shows beside the object is not in it."""
    word = Sample("string", "x", 1)
    sample = Sample(
        "object",
        None,
        1,
        members=(("DATA", Sample("object", None, 1, members=(("id", word),))), ("rest", word)),
    )
    kept, notes = nest(_entries("DATA", "id", "rest"), Openings(), sample)
    assert [entry.depth for entry in kept] == [1, 2, 1]
    assert notes == ()


def test_an_object_that_the_page_did_not_open_holds_nothing() -> None:
    """Where openings are always printed, what follows an object without one is beside it."""
    kept, notes = nest(_entries("DATA", "id"), Openings(always=True), None)
    assert [entry.depth for entry in kept] == [1, 1]
    assert notes == ()


SECTIONS = """Request
application/json
Body
required
kind stringrequired
links
object[]
required
Array [
href stringrequired
parts
object[]
Array [
sku string
]
rel string
]
note string
Send API Request
"""


def test_brackets_of_arrays_tell_where_their_items_end() -> None:
    """`Array [` opens the items of the array above, and `]` ends the innermost array."""
    out: Any = derive(f"POST\n/crates\n{SECTIONS}", name="page.txt")
    body = out["request"]["properties"]
    assert list(body) == ["kind", "links", "note"]
    items = body["links"]["items"]["properties"]
    assert list(items) == ["href", "parts", "rel"]
    assert list(items["parts"]["items"]["properties"]) == ["sku"]


def test_a_command_with_numbered_lines_is_read() -> None:
    """A page that numbers the lines of its commands sends what the command sends."""
    lines = ("curl -X POST \\", "--url https://api.crates.example/crates \\", "-H 'X-Api-Key: k'")
    command = "\n".join(f"{number}\n{line}" for number, line in enumerate(lines, 1))
    page = (
        f"post\nhttps://api.crates.example/crates\nBody Params\nkind\nstring\nrequired\n{command}"
    )
    out: Any = derive(page, name="page.txt")
    assert out["operation"]["authorization"]["name"] == "X-Api-Key"


def test_options_and_sizes_stand_on_lines_of_their_own() -> None:
    """Options close the lines of a member, also where only a type stands below the next name."""
    lines = (
        "Body\ntags\nCopy link to tags\nType:\narray string[]\n1…\nenum\nrequired\nExample\n"
        "\nWords.\n\nnew\nold\nResponses\n201\nid\nType:\ninteger\nExample\n475\n"
        "state\nType:\nstring\nenum\nrequired\nExample\n\nopen\nshut\nsize\nType:\ninteger\n"
    )
    out: Any = derive(f"POST\n/crates\n{lines}", name="page.txt")
    tags = out["request"]["properties"]["tags"]
    assert (tags["minItems"], tags["items"]["enum"]) == (1, ["new", "old"])
    answer = out["response"]["properties"]
    assert list(answer) == ["id", "state", "size"]
    assert answer["state"]["enum"] == ["open", "shut"]
    assert out["operation"]["success_status"] == 201


def test_a_title_with_a_sentence_and_a_type_is_no_member() -> None:
    """The description of an answer and its type do not make a member of one word."""
    answer = "Success\nIt was created.\nType: object\nid\nstring\n"
    page = f"POST\n/crates\nBody\nkind\nstring\n{answer}"
    out: Any = derive(page, name="page.txt")
    assert list(out["request"]["properties"]) == ["kind"]
    assert list(out["response"]["properties"]) == ["id"]
