"""Pages in the manners of well-known docs, each with one that is its own."""

from typing import Any

import pytest

from contracts.derive.html.reader import read as read_html
from contracts.derive.markdown.reader import read as read_markdown
from contracts.derive.model import Derived
from contracts.derive.text import read as read_text

from .markdown.outline import operation, outline

#: The kind of page, its text, and what it says: path, status, members of the request, the answer's.
Case = tuple[str, str, str, int | None, Any, Any]

PAGES: dict[str, Case] = {
    "a sentence between a name and the label of its type": (
        "text",
        """Request Syntax
        POST /crates HTTP/1.1
        Request Body
        The request accepts the following data in JSON format.
        kind
        What it is, and no more.
        Type: String
        Length Constraints: Minimum length of 2. Maximum length of 80.
        Required: Yes
        size
        How wide it is.
        Type: Integer
        Valid Range: Minimum value of 1.
        Required: No
        Response Syntax
        HTTP/1.1 201
        Content-type: application/json

        {"id": "c1"}
        Response Elements
        id
        The id of the crate.
        Type: String""",
        "/crates",
        201,
        {
            "kind*": {"type": "string", "minLength": 2, "maxLength": 80},
            "size": {"type": "integer", "minimum": 1},
        },
        {"id": "string"},
    ),
    "fields below either body": (
        "text",
        """HTTP request
        POST https://api.crates.example/crates
        Request body
        JSON representation
        {"kind": "BOX"}
        Fields
        kind
        enum (Kind)
        Required. What it is.
        Response body
        JSON representation
        {"id": 1}
        Fields
        id
        integer (int64 format)
        Its id.""",
        "/crates",
        None,
        {"kind*": {}},
        {"id": {"type": "integer", "format": "int64"}},
    ),
    "options of which each is explained": (
        "text",
        """Create a crate
        POST /crates
        Parameters
        kind
        enum
        Required
        What it is. The maximum length is 40 characters.
        Possible enum values
        letter
        It is flat.
        box
        It is not.
        to
        object
        Where it goes.
        Show child parameters
        curl https://api.crates.example/crates -d '{"kind": "box", "to": {"city": "Ulm"}}'""",
        "/crates",
        None,
        {"kind*": {"enum": ["letter", "box"], "maxLength": 40}, "to": {"city": "string"}},
        None,
    ),
    "a table of answers with their reasons": (
        "text",
        """POST https://api.crates.example/crates
        Request Body
        Name\tRequired\tType\tDescription
        kind\tTrue\tstring\tWhat it is.
        size\t\tinteger\tHow wide it is.
        Responses
        Name\tType\tDescription
        201 Created\tCrate\tDone""",
        "/crates",
        201,
        {"kind*": "string", "size": "integer"},
        None,
    ),
    "an address below its label": (
        "text",
        """Servers
        https://api.crates.example/v2/
        POST /crates
        Body
        kind
        string
        required""",
        "/crates",
        None,
        {"kind*": "string"},
        None,
    ),
    "blanks in a column of optional members": (
        "html",
        """<h3>Create</h3><h4>Request fields</h4><table><tr><th>Path</th><th>Type</th>
        <th>Optional</th><th>Description</th></tr>
        <tr><td>kind</td><td>String</td><td></td><td>What it is</td></tr>
        <tr><td>size</td><td>Number</td><td>true</td><td>How wide it is</td></tr></table>
        <pre>$ curl https://api.crates.example/crates -d '{"kind": "box", "size": 1}'</pre>
        <h4>Example response</h4><pre>HTTP/1.1 202 Accepted
Content-Type: application/json

{"id": "c1"}</pre>""",
        "/crates",
        202,
        {"kind*": "string", "size": "number"},
        {"id": "string"},
    ),
    "a method above its path in a box of code": (
        "html",
        """<span>post</span><pre><code>/crates</code></pre><h2>Parameter</h2>
        <table><tr><th>Field</th><th>Type</th><th>Description</th></tr>
        <tr><td>kind</td><td>String</td><td><p>What.</p>
        <p>Size range: <code>2..80</code></p></td></tr>
        <tr><td>tags</td><td>String[]</td><td>Words</td></tr></table>
        <p>Content type <select><option>application/json</option></select></p>""",
        "/crates",
        None,
        {
            "kind": {"type": "string", "minLength": 2, "maxLength": 80},
            "tags": {"type": "array", "items": "string"},
        },
        None,
    ),
    "a table inside a cell of another": (
        "html",
        """<p>POST /crates</p><h2>Request body</h2>
        <table><tr><th>Name</th><th>Presence</th><th>Description</th></tr>
        <tr><td><b>to</b><br><i>object</i></td><td>Required</td><td>Where.<table>
        <tr><th>Name</th><th>Type</th></tr><tr><td>city</td><td>string</td></tr></table></td></tr>
        <tr><td><b>kind</b><br><i>string</i></td><td>Optional</td><td>What</td></tr></table>""",
        "/crates",
        None,
        {"to*": {"city": "string"}, "kind": "string"},
        None,
    ),
    "components whose members all have a path": (
        "Markdown",
        """<Endpoint method="PUT" path="/crates/{crate}" />

### Path parameters
<ParamField path="crate" type="string" required={true}>Which.</ParamField>

### Body
<ParamField path="kind" type="string" required={true}>What.</ParamField>

### Response
<Tabs>
<TabItem value="curl">

```shell
curl -X PUT https://api.crates.example/crates/c1 -d '{"kind": "box"}'
```

</TabItem>
</Tabs>

```json title="200"
{"id": "c1"}
```""",
        "/crates/{crate}",
        200,
        {"kind*": "string"},
        {"id": "string"},
    ),
}
READERS = {"text": read_text, "html": read_html, "Markdown": read_markdown}


def derived(name: str) -> Derived:
    """Read a page, without the indentation that it has here."""
    kind, text = PAGES[name][:2]
    plain = "\n".join(line.removeprefix(" " * 8) for line in text.split("\n"))
    return READERS[kind](plain.encode(), "page")[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_its_manner_means(name: str) -> None:
    """Path, status and the members of both bodies are those that the page states."""
    _, _, path, status, request, response = PAGES[name]
    page = derived(name)
    assert operation(page)["path"] == path
    assert operation(page).get("success_status") == status
    assert outline(page.request) == request
    assert outline(page.response) == response


def test_what_is_chosen_in_a_field_is_read_where_it_is_a_media_type() -> None:
    """A field to choose from shows its first choice, unless that says nothing of the operation."""
    fields = "<select><option>English</option></select><select><option>text/csv</option></select>"
    page = f"<p>POST /crates</p><h2>Request body</h2>{fields}<pre>{{'kind': 1}}</pre>"
    said = operation(read_html(page.replace("'", '"').encode(), "page")[0])
    assert said["media_type"] == "text/csv"
