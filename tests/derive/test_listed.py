"""The listed rendering: what its lines mean, one fact a test."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.derive import derive
from contracts.derive.markdown.kinds import read_kind


def page(
    body: str, *, head: str = "application/json", response: str = "200 - application/json"
) -> str:
    """Write a page around the members of a request body."""
    answer = f"Response\n\n{response}\nid\nstring\nrequired\n"
    return f"POST\n/\nloads\n/\n{{loadId}}\n/\nparcels\n\nBody\n\n{head}\n{body}\n\n{answer}"


def derived(text: str) -> Any:
    """Derive a page."""
    return derive(text, name="page.txt")


def member(lines: str, name: str = "parcel") -> dict[str, Any]:
    """Derive one member of the request, without its sources."""
    out = derived(page(lines))["request"]["properties"][name]
    return dict(plain(out))


def plain(schema: Any) -> Any:
    """Drop the sources of a schema."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key != "x-source"}
    return schema


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("string", {"type": "string"}),
        ("string<uuid>", {"type": "string", "format": "uuid"}),
        ("integer<int32>", {"type": "integer", "format": "int32"}),
        ("number<double> | null", {"type": ["number", "null"], "format": "double"}),
        ("string<uuid>[]", {"type": "array", "items": {"type": "string", "format": "uuid"}}),
        ("object[] | null", {"type": ["array", "null"], "items": {"type": "object"}}),
        ("(string | null)[]", {"type": "array", "items": {"type": ["string", "null"]}}),
        ("string[][]", {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}),
        ("any", {}),
        ("any | null", {}),
        ("Coupon · object", {"type": "object"}),
        ("Coupon · object[] | null", {"type": ["array", "null"], "items": {"type": "object"}}),
        ("string | integer", {"type": ["string", "integer"]}),
        ("null", {"type": "null"}),
        ("file", {"type": "string", "format": "binary"}),
    ],
)
def test_type_line(line: str, expected: dict[str, Any]) -> None:
    """Each form of a type line gives its schema."""
    assert member(f"parcel\n{line}\n") == expected


@pytest.mark.parametrize(
    "line", ["strings", "a string", "string of the parcel", "enum<string", "required", ""]
)
def test_other_lines_are_no_type_lines(line: str) -> None:
    """A sentence, a flag or half a type is no type line."""
    assert read_kind(line) is None


@pytest.mark.parametrize(
    "options",
    ["Available options: S, M, L", "Available options:\nS,\nM,\nL", "Available options:\nS, M,\nL",
     "Available options:\nS\n, M\n, L", "Available options:\n`S`,\n`M`,\n`L`"],
)  # fmt: skip
def test_options(options: str) -> None:
    """Options are read from one line or from several, with their commas on either side."""
    assert member(f"parcel\nenum<string>\n\nThe size.\n\n{options}\n")["enum"] == ["S", "M", "L"]


def test_a_member_called_like_a_type_ends_the_one_before_it() -> None:
    """A member `text` does not turn the type above it into the name of a member."""
    text = page("subject\nstring, required\n\ntext\nstring\n\nhtml\nstring\n")
    assert list(derived(text)["request"]["properties"]) == ["subject", "text", "html"]


@pytest.mark.parametrize("row", ["- `[].id` (string)", "[].id\n\nstring"])
def test_names_that_begin_with_brackets_are_of_the_items_of_a_list(row: str) -> None:
    """Where members are called `[].id`, the body itself is a list."""
    page_of_items = f"# Loads\n\n`GET /loads`\n\n## Response `200 OK`\n\n{row}\n"
    answer = plain(derive(page_of_items, name="page.md")["response"])
    assert (answer["type"], list(answer["items"]["properties"])) == ("array", ["id"])


def test_options_of_integers_are_integers() -> None:
    """The options of `enum<integer>` are numbers."""
    assert member("parcel\nenum<integer>\nAvailable options:\n0,\n1\n") == {
        "type": "integer",
        "enum": [0, 1],
    }


def test_options_of_an_array_are_those_of_its_items() -> None:
    """The options of `enum<string>[]` belong to the items."""
    out = member("parcel\nenum<string>[]\nAvailable options:\nS,\nM\n")
    assert out == {"type": "array", "items": {"type": "string", "enum": ["S", "M"]}}


def test_null_is_among_the_options_of_a_nullable_enumeration() -> None:
    """An enumeration that may be null does not take null back."""
    assert member("parcel\nenum<string> | null\nAvailable options:\nS,\nM\n")["enum"] == [
        "S",
        "M",
        None,
    ]


@pytest.mark.parametrize(
    ("flags", "default", "required"),
    [
        ("default: Srequired", "S", True),
        ("default:Srequired", "S", True),
        ("default: S\nrequired", "S", True),
        ("required\ndefault:S", "S", True),
        ("default:S", "S", False),
        ("requireddeprecated", None, True),
        ("deprecated", None, False),
    ],
)
# a column of the table
def test_flags(flags: str, default: str | None, required: bool) -> None:  # noqa: FBT001
    """Flags are read squashed or one a line."""
    out = derived(
        page(f"parcel\nenum<string>\n{flags}\n\nThe size.\n\nAvailable options:\nS,\nM\n")
    )["request"]
    assert out["properties"]["parcel"].get("default") == default
    assert out.get("required", []) == (["parcel"] if required else [])


def test_an_option_that_ends_like_a_flag_keeps_its_end() -> None:
    """`default: not_required` is a value when it is an option, not a flag behind another value."""
    lines = (
        "parcel\nenum<string>\ndefault: not_required\nAvailable options:\nneeded,\nnot_required\n"
    )
    out = derived(page(lines))["request"]
    assert out["properties"]["parcel"]["default"] == "not_required"
    assert "required" not in out


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("boolean", "true", True),
        ("integer", "20", 20),
        ("number", "0.5", 0.5),
        ("string", "20", "20"),
        ("string[]", "[]", []),
        ("string | null", "null", None),
    ],
)
def test_defaults_are_of_the_type_of_their_member(kind: str, text: str, value: object) -> None:
    """A default is read as a value of the member's type."""
    assert member(f"parcel\n{kind}\ndefault:{text}\n")["default"] == value


def test_a_default_of_another_type_is_told() -> None:
    """A default that the type refuses is not stated but told."""
    out = derived(page("parcel\ninteger\ndefault:many\n"))
    assert "default" not in out["request"]["properties"]["parcel"]
    assert out["not_understood"] == [
        {"line": 14, "text": "this default is not of the member's type: many"}
    ]


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        ("string", "Required string length: 1 - 128", {"minLength": 1, "maxLength": 128}),
        ("string", "Required string length: 36", {"minLength": 36, "maxLength": 36}),
        ("string", "Maximum string length: 50", {"maxLength": 50}),
        ("string", "Minimum string length: 1", {"minLength": 1}),
        ("string", "Maximum length: 255", {"maxLength": 255}),
        ("string", "Required string length:\n3 - 5", {"minLength": 3, "maxLength": 5}),
        ("string[]", "Maximum length: 10", {"maxItems": 10}),
        ("object[]", "Required array length: 1 - 100 elements", {"minItems": 1, "maxItems": 100}),
        ("object[]", "Minimum array length: 1", {"minItems": 1}),
        ("object[]", "Maximum array length: 20", {"maxItems": 20}),
        ("number", "Required range: x >= 0", {"minimum": 0}),
        ("number", "Required range: 0 <= x <= 100", {"minimum": 0, "maximum": 100}),
        ("number", "Required range: x > 0", {"exclusiveMinimum": 0}),
        ("number", "Required range: 0 < x < 1.5", {"exclusiveMinimum": 0, "exclusiveMaximum": 1.5}),
        ("number", "Required range: x <= 100", {"maximum": 100}),
        ("number", "Required range:\n-1 <= x <= 9", {"minimum": -1, "maximum": 9}),
        ("string", "Pattern: ^[a-z]{2,5}$", {"pattern": "^[a-z]{2,5}$"}),
    ],
)
def test_constraint_line(kind: str, line: str, expected: dict[str, Any]) -> None:
    """Each constraint line gives its keywords."""
    out = member(f"parcel\n{kind}\n\nThe parcel.\n\n{line}\n")
    assert {key: out[key] for key in out if key not in {"type", "items"}} == expected


def test_a_range_on_an_array_is_one_of_its_items() -> None:
    """A range that stands on an array of numbers belongs to the numbers."""
    out = member("parcel\ninteger[]\nRequired range: 1 <= x <= 5\n")
    assert out["items"] == {"type": "integer", "minimum": 1, "maximum": 5}


@pytest.mark.parametrize(
    "example",
    [
        'Example:\n\n"S"',
        "Example: 12",
        'Examples:\n"S"\n"M"',
        'Example:\n\n{\n"a": {\n"required": true\n}\n}',
        'Example:\n{ "a": 1 }',
    ],
)
def test_examples_are_stepped_over(example: str) -> None:
    """An example, on one line or on several, is no fact and harms no member behind it."""
    out = derived(page(f"parcel\nobject\n\nThe parcel.\n\n{example}\nnext\nstring\nrequired\n"))
    assert list(out["request"]["properties"]) == ["parcel", "next"]
    assert out["request"]["required"] == ["next"]
    assert out["not_understood"] == []


@pytest.mark.parametrize(
    "marks", [("parcel.weight", "parcel.lid.size"), ("parcel[].weight", "parcel[].lid.size")]
)
def test_dotted_names_are_members_of_the_member_they_name(marks: tuple[str, str]) -> None:
    """Children are hung under their parent, into the items of an array."""
    kind = "object[]" if "[]" in marks[0] else "object"
    lid = marks[1].rsplit(".", 1)[0]
    lines = f"parcel\n{kind}\nShow child attributes\n{marks[0]}\nnumber\nrequired\n{lid}\nobject\n{marks[1]}\nstring\n"  # noqa: E501
    out = member(lines)
    inner = out["items"] if kind == "object[]" else out
    assert inner["required"] == ["weight"]
    assert inner["properties"]["lid"]["properties"] == {"size": {"type": "string"}}


def test_a_key_in_braces_stands_for_members_of_any_name() -> None:
    """`parcel.{key}` says what the values are."""
    out = member("parcel\nobject\nShow child attributes\nparcel.{key}\nstring\n")
    assert out == {"type": "object", "additionalProperties": {"type": "string"}}


def test_hidden_children_come_from_the_sample() -> None:
    """Where the page shows a sample, members that the listing hides are read from it."""
    command = 'curl --request POST \\\n--url https://a.example/loads/{loadId}/parcels \\\n--data \'{\n"parcel": {\n"lid": true\n}\n}\'{}'  # noqa: E501  a page in one piece
    text = page("parcel\nobject\nShow child attributes\n").replace("Body\n", f"{command}\n\nBody\n")
    out = derived(text)["request"]["properties"]["parcel"]
    assert out["properties"]["lid"]["type"] == "boolean"
    assert out["properties"]["lid"]["x-source"] == {"type": [13, 13]}


def test_children_without_dots_are_told_by_the_sample() -> None:
    """Children that are opened without dots are hung where the sample shows them."""
    body = '"parcel": {\n"id": "<string>",\n"lid": {\n"size": 123\n}\n},\n"id": "<string>"'
    command = f"curl --request POST \\\n--url https://a.example/loads/{{loadId}}/parcels \\\n--data '{{\n{body}\n}}'{{}}"  # noqa: E501  a page in one piece
    lines = "parcel\nobject\nHide child attributes\nid\nstring\nrequired\nlid\nobject\nShow child attributes\n"  # noqa: E501
    text = page(f"{lines}size\ninteger\nid\nstring\n").replace("Body\n", f"{command}\n\nBody\n")
    out = plain(derived(text)["request"])
    assert out["properties"]["parcel"]["required"] == ["id"]
    assert out["properties"]["parcel"]["properties"]["lid"]["properties"] == {
        "size": {"type": "integer"}
    }
    assert out["properties"]["id"] == {"type": "string"}


def test_a_member_that_stands_twice_is_told() -> None:
    """A second member of the same place and name is not taken for the first."""
    out = derived(page("parcel\nstring\nparcel\nnumber\n"))
    assert out["request"]["properties"]["parcel"]["type"] == "string"
    assert [note["line"] for note in out["not_understood"]] == [14]


def test_opened_children_without_dots_are_told() -> None:
    """Where children are opened but not told from what follows, that is said.

    What follows the marker at once is one of them.
    """
    lines = "parcel\nobject\nHide child attributes\nweight\nnumber\nlid\nstring\n"
    out = derived(page(lines))
    assert list(out["request"]["properties"]["parcel"]["properties"]) == ["weight"]
    assert [note["line"] for note in out["not_understood"]] == [17]


@pytest.mark.parametrize(
    ("head", "status", "media"),
    [
        ("201 - application/json", 201, "application/json"),
        ("201\napplication/json", 201, "application/json"),
        ("The parcel was created.", None, None),
        ("application/json", None, "application/json"),
    ],
)
def test_heads_of_answers(head: str, status: int | None, media: str | None) -> None:
    """The status and the media type stand on one line, on two, or not at all."""
    out = derived(page("", head="", response=head))
    assert out["operation"]["success_status"] == status
    assert out["operation"]["media_type"] == media
    assert out["response"]["required"] == ["id"]


def test_a_body_may_be_an_array() -> None:
    """The type behind the media type is that of the whole body.

    The members are those of its items.
    """
    out = derived(page("weight\nnumber\nrequired\n", head="application/json · object[]"))["request"]
    assert out["type"] == "array"
    assert out["items"]["required"] == ["weight"]


def test_nothing_listed_is_still_a_type() -> None:
    """Where nothing is listed, the sentence about the type of the body is read."""
    out = derived(page("The body is of type string[].\n"))["request"]
    assert plain(out)["items"] == {"type": "string"}


def test_parameters_are_given_with_their_schemas() -> None:
    """Parameters of the path, the query and the headers are part of the operation."""
    text = page("").replace(
        "Body\n",
        "Path Parameters\n\nloadId\nstring<uuid>\nrequired\n\nThe load.\n\nQuery "
        "Parameters\n\nlimit\ninteger\n"
        "default:20\n\nRequired range: 1 <= x <= 100\n\nBody\n",
    )
    first, second = derived(text)["operation"]["parameters"]
    assert (first["in"], first["name"], first["required"]) == ("path", "loadId", True)
    assert plain(second["schema"]) == {
        "type": "integer",
        "default": 20,
        "minimum": 1,
        "maximum": 100,
    }


def test_members_may_be_called_like_flags_types_and_headings() -> None:
    """A member called required, object, number.

    Path or Response is a member where a type line follows.
    """
    names = ["required", "object", "number", "path", "Response", "type", "default"]
    lines = "".join(f"{name}\nstring\nrequired\n\nSome {name}.\n\n" for name in names)
    out = derived(page(lines))["request"]
    assert list(out["properties"]) == names
    assert out["required"] == names


def test_a_name_that_begins_like_a_flag() -> None:
    """Where flags have lines of their own, a name that begins like a flag is a name."""
    out = derived(page("weight\nnumber\nrequired\nlid\nobject\nrequiredHeight\nnumber\n"))[
        "request"
    ]
    assert list(out["properties"]) == ["weight", "lid", "requiredHeight"]


def test_a_flag_squashed_in_front_of_the_next_name() -> None:
    """Where the line break behind a flag is lost, the next name is found behind it."""
    out = derived(page("weight\nnumber\nrequiredlid\nboolean\nrequiredMaximum length:\n5"))[
        "request"
    ]
    assert list(out["properties"]) == ["weight", "lid"]
    assert out["required"] == ["weight", "lid"]


def test_descriptions_are_given_by_their_lines() -> None:
    """Sentences of the page stay out of the schemas, which say on which lines they stand."""
    parcel = derived(page("parcel\nstring\n\nThe parcel.\n\nIt is brown.\n"))["request"][
        "properties"
    ]["parcel"]
    assert "description" not in parcel
    assert "description" in parcel["x-source"]


def test_a_phrase_does_not_overrule_a_type_line() -> None:
    """A sentence about null adds nothing where the page prints the type itself."""
    assert member("parcel\nstring\n\nThe parcel, if applicable.\n") == {"type": "string"}
    assert member("parcel\nstring\n\nThe parcel; defaults to brown.\n") == {
        "type": "string",
        "default": "brown",
    }


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Required range: some", "not understood behind 'Required range': some"),
        ("Maximum string length: few", "not understood behind 'Maximum string length': few"),
        ("Required range: x", "not understood behind 'Required range': x"),
    ],
)
def test_a_constraint_that_is_not_understood_is_told(line: str, text: str) -> None:
    """A label whose value is no limit is told with its line, and states nothing."""
    out = derived(page(f"parcel\nstring\n\nThe parcel.\n\n{line}\n"))
    assert {note["text"]: note["line"] for note in out["not_understood"]}[text] == 17
    assert plain(out["request"]["properties"]["parcel"]) == {"type": "string"}


def test_a_label_at_the_end_of_a_section_is_told() -> None:
    """A label with nothing behind it is told."""
    out = derived("POST\n/\nparcels\n\nBody\n\napplication/json\nparcel\nstring\n\nPattern:\n")
    assert out["not_understood"] == [{"line": 11, "text": "nothing stands behind: Pattern"}]


def test_other_constraints() -> None:
    """Steps, sizes of objects, printed defaults and the flag for null are read as well."""
    assert member("parcel\nnumber\n\nMultiple of: 0.5\n")["multipleOf"] == 0.5
    assert member("parcel\nobject\n\nMaximum properties: 5\n")["maxProperties"] == 5
    assert member("parcel\nstring\n\nDefault: brown\n")["default"] == "brown"
    assert member("parcel\nstring\nnullable\n")["type"] == ["string", "null"]


def test_an_enumeration_without_options_is_told() -> None:
    """Where the page prints no options, that is said."""
    out = derived(page("parcel\nenum<string>\n"))
    assert out["not_understood"][0]["line"] == 12


def test_options_that_are_called_like_types() -> None:
    """Behind the label of options stand options, also where two look like a member and its type."""
    lines = (
        "kind\nstring\n\nAllowed values:\nsingle\ndouble\nsuite\nExample:\ndouble\nweight\nnumber\n"
    )
    out = derived(page(lines))["request"]["properties"]
    assert plain(out) == {
        "kind": {"type": "string", "enum": ["single", "double", "suite"], "x-examples": ["double"]},
        "weight": {"type": "number"},
    }


def test_a_default_like_a_number_of_any_type_is_not_sure() -> None:
    """A version that looks like a number may be a text; a word is one."""
    out = derived(page("version\nany\ndefault:2.11\nmode\nany\ndefault:fast\n"))
    assert plain(out["request"]["properties"]) == {"version": {}, "mode": {"default": "fast"}}
    assert "whether the default of version is a text" in out["not_understood"][0]["text"]


def test_a_count_of_members_says_where_an_object_ends() -> None:
    """`Hide 2 properties` opens an object of two members, which may hold others."""
    lines = (
        "to\nobject\nRequired\nHide 2 properties\ncity\nstring\n"
        "parts\nlist of objects\nHide 1 property\n"
        "sku\nstring\nRequired\nnote\nstring\n"
    )
    out = plain(derived(page(lines))["request"])
    assert list(out["properties"]) == ["to", "note"]
    inside = out["properties"]["to"]["properties"]
    assert list(inside) == ["city", "parts"]
    assert list(inside["parts"]["items"]["properties"]) == ["sku"]


def test_an_example_that_is_cut_off_ends_at_the_next_member() -> None:
    """An object example that is never closed is told, and the next member is still found."""
    out = derived(page('parcel\nobject\n\nExample:\n{\n"a": 1,\nnext\nstring\n'))
    assert list(out["request"]["properties"]) == ["parcel", "next"]
    assert "cut off" in out["not_understood"][0]["text"]


def test_keys_in_queries_and_basic_credentials() -> None:
    """The section about authorization says where the secret goes, and in which scheme."""
    top = "GET\n/parcels/{id}\n\nAuthorizations\n\n"
    query = derived(
        f"{top}api_key\nstring\nquery\nrequired\n\nA key.\n\nResponse\n\n200\nid\nstring\n"
    )
    assert query["operation"]["authorization"] == {"in": "query", "name": "api_key", "scheme": None}
    assert query["operation"]["path"] == "/parcels/{id}"
    assert query["operation"]["success_status"] == 200
    basic = derived(
        f"{top}Authorization\nstring\nheader\n\nBasic credentials.\n\nResponse\n\nid\nstring\n"
    )
    assert basic["operation"]["authorization"]["scheme"] == "Basic"
