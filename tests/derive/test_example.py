"""The rendering of a sample with descriptions: what its values and its squashed lines mean."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.derive import derive


def page(
    request: str, lines: str, *, response: str = "{}", data: str = "--data '{\n", end: str = "\n}'"
) -> str:
    """Write a page around the members of a request body and the lines that follow the samples."""
    command = (
        "curl --request POST \\\n--url https://api.parcels.example/v1/loads/{loadId}/parcels \\\n"
    )
    headers = "--header 'X-API-Key: <api-key>' \\\n--header 'Content-Type: application/json' \\\n"
    return f"{command}{headers}{data}{request}{end}{response}The key of the account.\n{lines}\nWas this page helpful?\n"  # noqa: E501


def derived(request: str, lines: str, **parts: str) -> Any:
    """Derive such a page."""
    return derive(page(request, lines, **parts), name="page.txt")


def plain(schema: Any) -> Any:
    """Drop the sources of a schema."""
    if isinstance(schema, dict):
        return {
            key: plain(value)
            for key, value in schema.items()
            if key not in {"x-source", "x-guessed", "x-examples"}
        }
    return schema


def member(value: str, lines: str = "The parcel.") -> dict[str, Any]:
    """Derive the one member of a request."""
    out = derived(f'"parcel": {value}', lines)["request"]["properties"]["parcel"]
    return dict(plain(out))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"<string>"', {"type": "string"}),
        ("true", {"type": "boolean"}),
        ("123", {"type": "number"}),
        ("{}", {"type": "object"}),
        ("[]", {"type": "array"}),
        ('"3c90c3cc-0d44-4b50-8888-8dd25736052a"', {"type": "string", "format": "uuid"}),
        ('"2023-11-07T05:31:56Z"', {"type": "string", "format": "date-time"}),
        ('"2023-12-25"', {"type": "string", "format": "date"}),
        ('"aSDinaTvuI8gbWludGxpZnk="', {"type": "string", "format": "byte"}),
        ('"[email protected]"', {"type": "string", "format": "email"}),
        ('"<any>"', {}),
        ('"<unknown>"', {}),
        ("null", {}),
        ('[\n"<string>"\n]', {"type": "array", "items": {"type": "string"}}),
        (
            "[\n[\n123\n]\n]",
            {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
        ),
        ("false", {"type": "boolean", "default": False}),
        ("20", {"type": "number", "default": 20}),
        ('"brown"', {"type": "string", "default": "brown"}),
    ],
)
def test_value(value: str, expected: dict[str, Any]) -> None:
    """Each sample value gives its type and format.

    One that the generator does not make up is a default.
    """
    assert member(value) == expected


@pytest.mark.parametrize(
    ("value", "line", "expected"),
    [
        ('"<string>"', "128", {"maxLength": 128}),
        ('"<string>"', "1", {"minLength": 1}),
        ('"<string>"', "1 - 128", {"minLength": 1, "maxLength": 128}),
        ('"John"', '100"John"', {"maxLength": 100}),
        ('"Johannes"', '3"Johannes"', {"minLength": 3}),
        ('"John"', '"John"', {}),
        ('"<string>"', "^[a-z]+$", {"pattern": "^[a-z]+$"}),
        ('"<string>"', "1 - 9^[a-z]+$", {"minLength": 1, "maxLength": 9, "pattern": "^[a-z]+$"}),
        ("1", "x >= 0", {"minimum": 0}),
        ("35000", "x >= 035000", {"minimum": 0}),
        ("35000", "x >= 135000", {"minimum": 1}),
        ("500000.005", "0.01 <= x <= 1000000", {"minimum": 0.01, "maximum": 1000000}),
        ("25", "0 <= x <= 10025", {"minimum": 0, "maximum": 100}),
        ("20", "1 <= x <= 100", {"minimum": 1, "maximum": 100, "default": 20}),
        ("1", "x > 0", {"exclusiveMinimum": 0}),
        ("50000", "50000", {}),
        ("6", "5", {"minimum": 5}),
        ('[\n"<string>"\n]', "20", {"maxItems": 20}),
        ('[\n"<string>"\n]', "1", {"minItems": 1}),
        ('[\n"<string>"\n]', "1 - 20 elements", {"minItems": 1, "maxItems": 20}),
        ('"S"', "S, M, L ", {"enum": ["S", "M", "L"]}),
        ('"M"', "S, M, L ", {"enum": ["S", "M", "L"], "default": "M"}),
        ('"M"', 'S, M, L "M"', {"enum": ["S", "M", "L"]}),
        ('"2023-01"', "2023-01, 2024-06 ", {"enum": ["2023-01", "2024-06"]}),
    ],
)
@pytest.mark.parametrize("behind", ["", "The lid of the parcel."])
def test_constraint(value: str, line: str, expected: dict[str, Any], behind: str) -> None:
    """A constraint of a member stands on a line of its own.

    Or squashed in front of the next description.
    """
    if behind and (line.endswith('"') or (line[-1].isdigit() and value.isdigit() and "x" in line)):
        behind = f"\n{behind}"  # a scalar example ends its line
    out = derived(f'"parcel": {value},\n"lid": "<string>"', f"The parcel.\n{line}{behind}")
    got = plain(out["request"]["properties"]["parcel"])
    assert {key: got[key] for key in got if key not in {"type", "items"}} == expected
    assert out["request"]["properties"]["lid"].keys() == {"type", "x-source"}


def test_whole_middle_tells_an_integer() -> None:
    """The middle of the bounds is rounded down for integers only: that tells one."""
    assert member("49", "The parcel.\n0 <= x <= 99")["type"] == "integer"
    assert member("49.5", "The parcel.\n0 <= x <= 99")["type"] == "number"
    assert member("50", "The parcel.\n0 <= x <= 100")["type"] == "number"


def test_options_that_are_whole_numbers_tell_an_integer() -> None:
    """An enumeration of whole numbers admits integers only."""
    assert member("0", "The parcel.\n0, 1, 2 ") == {"type": "integer", "enum": [0, 1, 2]}


def test_constraints_of_items_stand_on_their_array() -> None:
    """Options and bounds behind an array are those of its items."""
    assert member("[\n2\n]", "The parcels.\nx >= 1")["items"] == {"type": "number", "minimum": 1}
    assert member('[\n"S"\n]', "The parcels.\nS, M ")["items"] == {
        "type": "string",
        "enum": ["S", "M"],
    }


def test_an_object_example_does_not_end_its_line() -> None:
    """A description follows squashed behind the end of an example of several lines."""
    lines = 'The parcel.\n{\n"colour": "brown"\n}The lid of the parcel.\n40'
    out = derived('"parcel": {\n"colour": "brown"\n},\n"lid": "<string>"', lines)
    assert plain(out["request"]["properties"]["lid"]) == {"type": "string", "maxLength": 40}


@pytest.mark.parametrize(
    ("data", "end"), [("--data '{\n", "\n}'"), ("--data '\n{\n", "\n}\n'"), ("-d '{\n", "\n}'\n")]
)
def test_bodies_of_the_command(data: str, end: str) -> None:
    """The body follows the quote at once or on a new line, and so does the answer."""
    out = derived(
        '"parcel": 123', "The parcel.", response='{\n"id": "<string>"\n}', data=data, end=end
    )
    assert list(out["request"]["properties"]) == ["parcel"]
    assert list(out["response"]["properties"]) == ["id"]


def test_operation() -> None:
    """Method, path, server, media type and the header of the key come from the command."""
    out = derived('"parcel": 123', "The parcel.")["operation"]
    assert out["method"] == "POST"
    assert out["server"] == "https://api.parcels.example"
    assert out["path"] == "/v1/loads/{loadId}/parcels"
    assert out["media_type"] == "application/json"
    assert out["success_status"] is None
    assert out["authorization"] == {"in": "header", "name": "X-API-Key", "scheme": None}


def test_samples_may_stand_twice_with_the_description_between() -> None:
    """What stands between the copies is about the operation; lines of the first copy are cited."""
    one = page('"parcel": 123', "").split("The key")[0]
    two = page('"parcel": "<string>"', "The parcel.\n128")
    text = f"{one}Adds a parcel.\nRequires the parcels.add permission.\n{two}"
    out: Any = derive(text.replace('"parcel": 123', '"parcel": "<string>"'), name="page.txt")
    assert out["operation"]["permission"] == "parcels.add"
    source = out["request"]["properties"]["parcel"]["x-source"]
    assert source["type"] == [6, 6]
    assert source["maxLength"][0] > 16


def test_members_without_descriptions_do_not_shift_the_others() -> None:
    """A member without a description prints no line.

    The constraint stays with the member it belongs to.
    """
    request = (
        '"name": "<string>",\n"note": "<string>",\n"weight": 36,\n"lid": {\n"colour": "<string>",\n"size": 123\n},\n'  # noqa: E501
        '"email": "[email protected]"'
    )
    lines = "The name on the parcel.\n80\n2 <= x <= 70\nShow child attributes\nThe size of the lid.\nWhere to mail.\n254"  # noqa: E501  a page in one piece
    out = plain(derived(request, lines)["request"]["properties"])
    assert out["name"] == {"type": "string", "maxLength": 80}
    assert out["note"] == {"type": "string"}
    assert out["weight"] == {"type": "number", "minimum": 2, "maximum": 70}
    assert out["lid"]["properties"] == {"colour": {"type": "string"}, "size": {"type": "number"}}
    assert out["email"] == {"type": "string", "format": "email", "maxLength": 254}


def test_descriptions_of_several_lines_stay_with_their_member() -> None:
    """Further lines of a description are no descriptions of the next members."""
    lines = (
        "The size of the parcel. One of:\n- S for small\n- M for middle\nNote that lids are "
        "extra.\n"
        "The lid of the parcel.\n12The name on the parcel."
    )
    out = derived('"size": "<string>",\n"lid": "<string>",\n"name": "<string>"', lines)
    assert plain(out["request"]["properties"]["lid"])["maxLength"] == 12


def test_a_root_array_is_read_by_its_items() -> None:
    """An answer that is an array gives a schema of an array of objects."""
    out = derived(
        '"parcel": 123',
        "The parcel.\nOK\nThe name of the load.\n30",
        response='[\n{\n"name": "<string>"\n}\n]',
    )
    assert plain(out["response"])["items"]["properties"] == {
        "name": {"type": "string", "maxLength": 30}
    }


def test_samples_of_the_vendor_show_no_defaults() -> None:
    """Where all strings of a sample are the vendor's own, none of its values is a default."""
    request = '"name": "Ada",\n"city": "London",\n"count": 3,\n"open": false'
    out = plain(
        derived(request, "The name.\nThe city.\nThe count.\nWhether it is open.")["request"]
    )
    assert not any("default" in value for value in out["properties"].values())


@pytest.mark.parametrize(
    ("value", "sentence", "expected"),
    [
        ('"<string>"', "The parcel, if applicable.", {"type": ["string", "null"]}),
        ("123", "The parcel, this is null if it is lost", {"type": ["number", "null"]}),
        ('"<string>"', "The parcel, defaults to BROWN", {"type": "string", "default": "BROWN"}),
        ("{}", "The parcel, a maximum of 20 keys.", {"type": "object", "maxProperties": 20}),
        ('"<string>"', "The parcel; must be a valid URL.", {"type": "string", "format": "uri"}),
        ("123", "The parcel, must be a whole number.", {"type": "integer"}),
        (
            '"<string>"',
            "The parcel as ISO 3166-1 alpha-2.",
            {"type": "string", "pattern": "^[A-Za-z]{2}$"},
        ),
        ('"<string>"', "The parcel, at most 9 characters.\n5", {"type": "string", "maxLength": 5}),
        ('"brown"', "The parcel, defaults to RED", {"type": "string", "default": "brown"}),
        ("123", "The parcel, defaults to RED", {"type": "number"}),
        (
            "{}",
            "The parcel; values up to 50 characters.",
            {"type": "object", "additionalProperties": {"type": "string", "maxLength": 50}},
        ),
    ],
)
def test_sentences_carry_facts(value: str, sentence: str, expected: dict[str, Any]) -> None:
    """A phrase of the table adds its fact to the member that its sentence describes."""
    assert member(value, sentence) == expected


def test_required_is_read_from_a_sentence_only() -> None:
    """Such a page marks nothing as required; a sentence that says so is believed, with its line."""
    out = derived('"parcel": 123,\n"lid": 123', "The parcel. Required.\nThe lid.")["request"]
    assert out["required"] == ["parcel"]
    assert out["x-source"]["required/parcel"] == [9, 9]


def test_a_length_squashed_in_front_of_a_range() -> None:
    """On an array of numbers the length of the array and the bounds of its items may run together."""  # noqa: E501
    assert member("[\n30\n]", "The parcels.\n31 <= x <= 60") == {
        "type": "array",
        "maxItems": 3,
        "items": {"type": "integer", "minimum": 1, "maximum": 60},
    }
    assert member("[\n30\n]", "The parcels.\n1 - 3 elements1 <= x <= 60")["minItems"] == 1


def test_a_relation_names_members_beside_the_one_described() -> None:
    """The names of a product are resolved to pointers.

    With an unknown name there is no relation.
    """
    request = '"unitWeight": 123,\n"count": 123,\n"weight": 123'
    lines = "The weight of one.\nThe count of them.\nThe weight of all (Unit_Weight * Count)"
    assert derived(request, lines)["relations"] == [
        {
            "at": "/request/weight",
            "operator": "product",
            "of": ["/request/unitWeight", "/request/count"],
            "line": 12,
        }
    ]
    odd = derived(request, lines.replace("Count)", "Boxes)"))
    assert odd["relations"] == []
    assert [note["line"] for note in odd["not_understood"]] == [12]


def test_a_default_that_does_not_fit_is_told() -> None:
    """A default that does not fit its member is no default, and its sentence is told."""
    out = derived('"parcel": 123', "The parcel, defaults to RED")
    assert [note["line"] for note in out["not_understood"]] == [8]
