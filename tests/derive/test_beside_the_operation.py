"""What stands beside the operation of a page: tokens fetched first, sentences, loose samples."""

from typing import Any

import pytest

from contracts.derive import derive, readings
from contracts.errors import UsageError

TOKEN = """curl -X POST https://auth.crates.example/oauth/token \\
  -d grant_type=client_credentials -d client_id=ID

{
  "access_token": "abc"
}
"""
MAKE = """curl -X POST https://api.crates.example/crates \\
  -H "Authorization: Bearer abc" \\
  -d '{"kind": "box"}'

{
  "id": "c1"
}
"""


def members(page: str) -> tuple[Any, Any, Any]:
    """Return the status of a page's operation and the members of its bodies."""
    read: Any = derive(page, name="page")
    bodies = [read[key]["properties"] if read[key] else None for key in ("request", "response")]
    return read["operation"]["success_status"], *bodies


@pytest.mark.parametrize("fence", ["", "```"])
def test_the_request_for_a_token_is_no_operation_of_its_own(fence: str) -> None:
    """A page that first fetches a token for its operation is about that operation alone."""
    blocks = [block.strip() for block in (TOKEN + "\n" + MAKE).split("\n\n")]
    page = "# Make a crate\n\n" + "\n\n".join(f"{fence}\n{block}\n{fence}" for block in blocks)
    read: Any = derive(page if fence else page.removeprefix("# "), name="page")
    assert read["operation"]["path"] == "/crates"
    assert set(read["request"]["properties"]) == {"kind"}
    assert set(read["response"]["properties"]) == {"id"}


def test_a_page_about_tokens_keeps_the_request_for_one() -> None:
    """Where the page is about tokens, the request for one is an operation beside the other."""
    titles = [read.title for read in readings(f"Get a token\n\n{TOKEN}\nUse it\n\n{MAKE}", "page")]
    assert titles == ["POST /oauth/token", "POST /crates"]


def test_a_sentence_may_ask_for_a_request() -> None:
    """An e-mail that says what to send where names the operation, and its samples the bodies."""
    page = """Hello Tom,

to make a crate send a POST to https://api.crates.example/crates with a JSON body like

{
  "kind": "box"
}

You get back a 201 with

{ "id": "c1" }
"""
    status, request, response = members(page)
    assert (status, *request, *response) == (201, "kind", "id")


@pytest.mark.parametrize(
    "sentence",
    [
        "Whenever a crate is made we send a POST to https://shop.example/hooks with this JSON:",
        "You make a POST request to https://your-server.example/hooks with this JSON:",
        "Webhooks make a POST request to https://shop.example/hooks with this JSON:",
    ],
)
def test_what_the_vendor_sends_is_no_operation(sentence: str) -> None:
    """A sentence about a request to the reader names no operation."""
    with pytest.raises(UsageError):
        derive(f'Hello Tom,\n\n{sentence}\n\n{{"id": "c1"}}\n', name="page")


@pytest.mark.parametrize("said", ["Returns **201** with", "Responds with `201` and"])
def test_a_sample_in_a_sentence_is_read(said: str) -> None:
    """A sentence that ends with the answer as code states its status and its members."""
    page = f'# Make\n\n`POST /crates`\n\n| Field | Type |\n|---|---|\n| kind | string |\n\n{said} `{{"id": "c1"}}`.\n'  # noqa: E501
    status, request, response = members(page)
    assert (status, *request, *response) == (201, "kind", "id")


def test_a_flag_may_be_glued_to_the_type_below_a_name() -> None:
    """`requiredstring` and `required[string]` below a name are a flag and a type.

    The limits below them are not those of the member before.
    """
    page = """# Make

`POST /crates`

#### Request fields

`secret`
string
A secret.

`kind`
requiredstring
What it is.
Min length: `1`

`tags`
required[string]
Min items: `2`
"""
    read: Any = derive(page, name="page")
    found = read["request"]["properties"]
    assert "minLength" not in found["secret"]
    assert (found["kind"]["minLength"], found["tags"]["minItems"]) == (1, 2)
    assert read["request"]["required"] == ["kind", "tags"]


def test_a_table_below_the_sample_of_a_request_lists_members() -> None:
    """A table of members ends the example of a request, and the answer below it is the answer."""
    page = """## Make a crate

> Example request

```shell
curl -X POST -d '{"kind": "box"}' ...
```

`POST /crates`

Attribute | Type | Description
--- | --- | ---
`kind` | string | **Required.** 2 to 8 characters.

Returns status `201`:

```json
{"id": "c1"}
```
"""
    status, request, response = members(page)
    assert (status, request["kind"]["maxLength"], *response) == (201, 8, "id")


def test_the_answer_behind_a_list_of_parameters_is_the_answer() -> None:
    """A sample that is said to be returned is the answer, whatever was listed above it."""
    page = """## Make a crate

`POST https://api.crates.example/users/<USER>/crates`

### URL Parameters

Parameter | Type
--- | ---
USER | string

> The above command returns JSON structured like this:

```json
{"id": "c1"}
```
"""
    _, request, response = members(page)
    assert (request, *response) == (None, "id")


def test_an_address_as_code_keeps_its_parameter() -> None:
    """What stands in angle brackets inside of code is no component of the page."""
    page = "# Make\n\n`POST /users/<USER>/crates`\n"
    read: Any = derive(page, name="page")
    assert read["operation"]["path"] == "/users/{USER}/crates"


def test_a_program_may_keep_the_address_under_a_name() -> None:
    """A call with the name of an address sends its request there; without one it is none."""
    page = """# Make

```python
url = "https://api.crates.example/crates"
payload = {"kind": "box", "full": True}
response = requests.post(url, json=payload)
value = client.get(name)
```
"""
    read: Any = derive(page, name="page")
    assert read["operation"]["path"] == "/crates"
    assert set(read["request"]["properties"]) == {"kind", "full"}


def test_a_form_may_quote_only_the_name_of_a_field() -> None:
    """The value behind a quoted name and `=` belongs to the word that the quote begins."""
    page = 'curl https://api.crates.example/crates -d kind=box -d "to[city]"=Kiel\n'
    read: Any = derive(page, name="page")
    assert set(read["request"]["properties"]) == {"kind", "to[city]"}
    assert read["not_understood"] == []


def test_a_list_right_below_the_operation_lists_what_is_sent() -> None:
    """Items that name members as code with their types need no title above them."""
    page = """# Make

`POST /crates`

Auth: Bearer

- `kind` (string): Up to 10 characters.
- `size` (integer): 1 to 9.

- `GET` the crate afterwards.
"""
    read: Any = derive(page, name="page")
    found = read["request"]["properties"]
    assert (found["kind"]["maxLength"], found["size"]["maximum"]) == (10, 9)
    assert set(found) == {"kind", "size"}


def test_a_line_may_name_the_scheme_alone() -> None:
    """`Auth: Bearer` says how the caller is known."""
    read: Any = derive("# Make\n\nPOST /crates\n\nAuth: Bearer\n", name="page")
    assert read["operation"]["authorization"]["scheme"] == "Bearer"


def test_a_member_below_hidden_ones_stands_beside_their_object() -> None:
    """Without a sample, what follows an object whose members are hidden is not one of them."""
    page = """POST
/crates

Body

application/json
owner
object
required
The owner.

Show child attributes

size
integer
required
The size.
"""
    read: Any = derive(page, name="page")
    assert read["request"]["required"] == ["owner", "size"]


def test_an_enumeration_may_be_described_by_its_options_alone() -> None:
    """A description of an enumeration that is nothing but a list of words lists its options."""
    page = "# Make\n\n`POST /crates`\n\n| Field | Type | Description |\n|---|---|---|\n| state | enum | OPEN, CLOSED |\n"  # noqa: E501
    read: Any = derive(page, name="page")
    assert read["request"]["properties"]["state"]["enum"] == ["OPEN", "CLOSED"]


def test_a_format_may_stand_behind_the_type_in_brackets() -> None:
    """`(string, uuid, required)` names a format; a list of words in a description does not."""
    page = """# Make

`POST /crates`

#### Body

* `id` (string, uuid, required) - the id.
* `at` (string, date-time)
* `size` (integer, int64)
* `label` (string) - has name, date, time of day
"""
    read: Any = derive(page, name="page")
    formats = [member.get("format") for member in read["request"]["properties"].values()]
    assert formats == ["uuid", "date-time", "int64", None]
    assert read["request"]["required"] == ["id"]
