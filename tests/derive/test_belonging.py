"""What belongs to what on a page: titles, members of members, answers, and what is neither."""

from typing import Any

import pytest

from contracts.derive import readings
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import Kind
from contracts.derive.model import Derived
from contracts.derive.rendered.nesting import Openings, nest
from contracts.errors import UsageError

from .markdown.outline import operation, outline

HEAD = "# Create a crate\n\n`POST /crates`\n\n## Request body\n\n"
TABLE = "| Field | Type | Required |\n| --- | --- | --- |\n"
RAPIDOC = (
    "Crates\nPOST\n/crates\nREQUEST\nREQUEST BODY *\napplication/json\nEXAMPLE SCHEMA\nobject\n"
    "Single line description\n"
)


def read(text: str, name: str = "page.md") -> Derived:
    """Read a page with one operation."""
    (reading,) = readings(text.encode(), name)
    return reading.derived


REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a member may be called properties": (
        "page.md",
        f"{HEAD}{TABLE}| `properties` | object | yes |\n| `kind` | string | no |\n",
        {"properties*": "object", "kind": "string"},
    ),
    "a description in a component begins no section": (
        "page.mdx",
        (
            "`POST /crates`\n\n### Body\n\n"
            '<ParamField body="parts" type="object[]">\n  Parts.\n  <Expandable title="parts">\n'
            '    <ParamField body="links" type="object">\n      Related resources\n'
            '      <Expandable title="links">\n        <ParamField body="self" type="string">\n'
            "        </ParamField>\n      </Expandable>\n    </ParamField>\n"
            '    <ParamField body="sku" type="string">\n    </ParamField>\n'
            "  </Expandable>\n</ParamField>\n"
        ),
        {"parts": {"type": "array", "items": {"links": {"self": "string"}, "sku": "string"}}},
    ),
    "a title in front of a table may be a member that is called like a part of a page": (
        "page.md",
        (
            f"{HEAD}{TABLE}| `output` | object | yes |\n| `kind` | string | no |\n\n"
            f"#### output object\n\n{TABLE}| `title` | string | yes |\n\n## Response\n\n"
            '```json\n{"id": "c1"}\n```\n'
        ),
        {"output*": {"title*": "string"}, "kind": "string"},
    ),
    "the members of members have titles of the same level": (
        "page.md",
        (
            f"{HEAD.replace('## ', '### ')}{TABLE}| lid | object | yes |\n"
            "| parts | array of objects | no |\n\n"
            f"### `lid`\n\n{TABLE}| colour | string | no |\n\n### `parts`\n\n{TABLE}"
            "| sku | string | yes |\n"
        ),
        {"lid*": {"colour": "string"}, "parts": {"type": "array", "items": {"sku*": "string"}}},
    ),
    "members in titles stand as deep as the lists that hold them": (
        "page.html",
        (
            "<h1>Create a crate</h1><p>POST /crates</p><h3>Body parameters</h3><ul><li>"
            "<h4><code>lid</code> <span>object</span> <span>required</span></h4><ul><li>"
            "<h4><code>type</code> <span>string</span> <span>optional</span></h4><p>What it is.</p>"
            "</li></ul></li><li><h4><code>kind</code> <span>string</span></h4></li></ul>"
        ),
        {"lid*": {"type": "string"}, "kind": "string"},
    ),
    "a table of which each cell has a line": (
        "page.txt",
        (
            "Create a crate\nPOST /crates\nRequest body\nName\nType\nRequired\nDescription\n"
            "kind\nstring\nYes\nWhat it is.\nparts[].sku\nstring\nNo\nAt most 8 characters.\n"
        ),
        {
            "kind*": "string",
            "parts": {"type": "array", "items": {"sku": {"type": "string", "maxLength": 8}}},
        },
    ),
    "null is the only other alternative": (
        "page.txt",
        (
            f"{RAPIDOC}- lid\nobject\n- ONE OF\n- 1\nobject\n\nIts lid.\n\n"
            "colour\nstring\n\n2\nnull\n"
            "Its lid.\n\nkind\nstring\n\n"
            '{\n  "lid": {\n    "colour": "red"\n  },\n  "kind": "a"\n}\n'
        ),
        {"lid": {"type": ["object", "null"], "properties": {"colour": "string"}}, "kind": "string"},
    ),
}


@pytest.mark.parametrize("case", REQUESTS)
def test_what_stands_in_a_request(case: str) -> None:
    """Each member of the request stands where the page has it, and nowhere else."""
    name, text, expected = REQUESTS[case]
    request: Any = outline(read(text, name).request)
    if "null" in case:  # the sample is the page's example as well
        assert request["lid"]["type"] == ["object", "null"]
        assert list(request) == list(expected)
    else:
        assert request == expected


def test_the_answer_has_a_member_that_is_called_like_a_place() -> None:
    """A member called body behind the options of another one is a member, and no option's flag."""
    text = (
        "Crates\nCopy link to Crates\nGET\n/crates\nResponses\n200\nCopy link to 200\nType:\n"
        "object\nstatus\nCopy link to status\nType:\nstring\nenum\n\nThe state.\n\nopen\nshut\n"
        "body\nCopy link to body\nType:\nstring\n\nThe text.\n"
    )
    assert outline(read(text, "page.txt").response) == {
        "status": {"type": "string", "enum": ["open", "shut"]},
        "body": "string",
    }


@pytest.mark.parametrize("named", ["status", "code", "statusCode"])
def test_the_number_of_a_refusal_in_an_answer_makes_it_one(named: str) -> None:
    """A sample with a status from 400 on and a message is no success, whatever else it has."""
    sample = f'{{"{named}": 422, "message": "No.", "field": "kind"}}'
    derived = read(f"# Create\n\n`POST /crates`\n\n## Response\n\n```json\n{sample}\n```\n")
    assert derived.response is None
    assert len(derived.refusals) == 1


def test_a_header_among_parameters_is_none_of_the_query() -> None:
    """Where a table does not say where its rows go, a header by its name is not understood."""
    text = (
        "# List crates\n\n`GET /crates`\n\n| Name | Type |\n| --- | --- |\n| limit | integer |\n"
        '| Authorization | string |\n\n```json\n{"data": []}\n```\n'
    )
    derived = read(text)
    assert [row["name"] for row in operation(derived)["parameters"]] == ["limit"]
    assert [note.text for note in derived.notes] == [
        "whether Authorization is a header is not said"
    ]
    assert derived.response is not None  # a request without a body has no sample of one


def test_members_of_one_name_stand_in_different_objects() -> None:
    """A flat list that has a name twice is no list of one object: only what is sure is kept."""
    text = "POST /crates\nBody\nlid\nobject\nid\nstring\nbox\nobject\nid\ninteger\nkind\nstring\n"
    assert outline(read(text, "page.txt").request) == {"lid": "object"}


def test_the_parts_of_basic_are_no_headers() -> None:
    """The fields for a name and a password are not sent as headers called like that."""
    text = (
        "# Crates\n\n`GET /crates`\n\n## Authentication\n\nHTTP Basic\n\n| Name | Type |\n"
        "| --- | --- |\n| username | string |\n| password | string |\n"
    )
    assert operation(read(text))["authorization"] == {
        "in": "header",
        "name": "Authorization",
        "scheme": "Basic",
    }


def test_an_invisible_character_is_no_option() -> None:
    """What scrapers leave of an anchor stands on its line, and says nothing."""
    text = f"{HEAD}kind\n\nenum<string>\n\nAvailable options:\n\n`box`\n\n\u200b\n"
    assert outline(read(text).request) == {"kind": {"type": "string", "enum": ["box"]}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"openapi": "3.1.0", "paths": {"/crates": {"post"', "it is not JSON"),
        ('"POST /crates HTTP/1.1" 201 512 "curl/8.0"\n', "POST /crates stands on line 1"),
    ],
)
def test_what_is_cut_off_or_logged_is_called_so(text: str, message: str) -> None:
    """A document that ends too early is no page, and the name of a client is no command."""
    with pytest.raises(UsageError, match=message):
        readings(text.encode(), "page.txt")


def test_values_in_front_of_a_request_are_no_limits() -> None:
    """The parameters of a saved request show values: a number is not the most that text may be."""
    text = (
        "GET\nList crates\nhttps://api.crates.example/crates\nPARAMS\nkind\nbox\nWhat it is.\n\n"
        "pageSize\n50\nHow many.\n\nExample Request\n"
        "curl -X GET 'https://api.crates.example/crates'\n\n200 OK\nExample Response\n"
        '{\n  "kind": "box",\n  "sku": "a1"\n}\n'
    )
    response: Any = outline(read(text, "page.txt").response)
    assert list(response) == ["kind", "sku"]
    assert not {"enum", "maxLength"} & set(str(response).split("'"))


def test_members_in_front_of_the_first_object_are_sure_where_too_many_trees_are_possible() -> None:
    """Of sixteen objects that a text lists at one depth, nothing says which holds which."""
    listed = [Entry("id", 1, 1, Kind("string"))]
    listed += [Entry(f"part{at}", at, at, Kind("object")) for at in range(2, 18)]
    kept, notes = nest(listed, Openings(), None)
    assert [entry.name for entry in kept] == ["id", "part2"]
    assert len(notes) == 15
