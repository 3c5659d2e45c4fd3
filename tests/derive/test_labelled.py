"""Pages of a sample whose headings and labels are printed after all.

With the command at their end.
"""

from __future__ import annotations

from typing import Any

import pytest

from contracts.derive import derive

COMMAND = """curl --request PUT \\
  --url 'https://api.parcels.example/parcels/{parcelId}?dry=1' \\
  --header 'Authorization: Basic <encoded-value>' \\
  --header 'Accept: application/json' \\
  --data '{
"weight": 15,
"size": "S",
"lids": [
{
"name": "<string>"
}
],
"notes": {},
"codes": [
"<string>"
],
"secret": "<password>"
}'{
"id": "<uuid>",
"address": "<uri>"
}
"""

PROSE = """Authorizations
Sent with every call as credentials.
Path Parameters
The parcel.
Body
application/json
The weight of the parcel.
Required range:
{range}
The size of the parcel.
Available options:
S
, M
, L
The lids of the parcel.
Required array length:
1 - 5 elements
Show child attributes
The name of the lid.
Required string length:
1 - 50Notes of the parcel.
Show child attributes
Any note.
The codes of the parcel.
Maximum length:
{codes}
Response
200
application/json
The id of the parcel.
Example:
"x"
The response is of type object.
The address of the parcel.
Pattern:
^https
"""


def derived(**parts: str) -> Any:
    """Derive the page with some of its values chosen."""
    values = {"range": "10 <= x <= 20", "codes": "7"} | parts
    return derive(PROSE.format(**values) + COMMAND, name="page.txt")


def plain(schema: Any) -> Any:
    """Drop the sources of a schema."""
    if isinstance(schema, dict):
        return {
            key: plain(value)
            for key, value in schema.items()
            if key not in {"x-source", "x-guessed"}
        }
    return schema


def test_labels_are_read_as_in_a_listing() -> None:
    """A printed label says what its value limits, on the member described before it."""
    assert plain(derived()["request"]["properties"]) == {
        "weight": {"type": "number", "minimum": 10, "maximum": 20},
        "size": {"type": "string", "enum": ["S", "M", "L"]},
        "lids": {
            "type": "array",
            "minItems": 1,
            "maxItems": 5,
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 50}},
            },
        },
        "notes": {"type": "object"},
        "codes": {"type": "array", "maxItems": 7, "items": {"type": "string"}},
        "secret": {"type": "string", "format": "password"},
    }


def test_the_heading_of_the_answer_parts_both_bodies() -> None:
    """What stands behind the heading belongs to the answer."""
    assert plain(derived()["response"]["properties"]) == {
        "id": {"type": "string", "format": "uuid"},
        "address": {"type": "string", "format": "uri", "pattern": "^https"},
    }


def test_operation_of_a_quoted_address() -> None:
    """The address may stand in quotes and have a query.

    Headers that name no secret are none of its facts.
    """
    operation = derived()["operation"]
    assert operation["method"] == "PUT"
    assert operation["path"] == "/parcels/{parcelId}"
    assert operation["authorization"] == {
        "in": "header",
        "name": "Authorization",
        "scheme": "Basic",
    }
    assert operation["media_type"] is None


@pytest.mark.parametrize(("part", "value"), [("range", "ten to twenty"), ("codes", "a few")])
def test_values_that_are_no_limits_are_told(part: str, value: str) -> None:
    """A label whose value is not understood is told with the line of the value."""
    out = derived(**{part: value})
    line = PROSE.split("\n").index(f"{{{part}}}") + 1
    assert [note["line"] for note in out["not_understood"] if value in note["text"]] == [line]


def test_code_of_other_languages_between_command_and_answer() -> None:
    """The answer is found behind the samples of other languages, which are not JSON."""
    command, answer = COMMAND.split("}'{")
    code = '}\'import requests\npayload = {\n"weight": 1\n}\nprint(requests.put(url, json=payload).text)'  # noqa: E501
    out: Any = derive(f"{command}{code}{{{answer}The weight of the parcel.\n", name="page.txt")
    assert list(out["response"]["properties"]) == ["id", "address"]
