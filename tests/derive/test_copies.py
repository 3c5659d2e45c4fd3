"""Copies of pages as browsers and office programs leave them: squashed, stacked, in odd orders."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.derive import derive

LISTED = """Create booking
POST
/bookings
Body
application/json

tripId
stringrequired
Trip to book.

Required string length: 8 - 20

seats
integerdefault:1
How many seats.

passengers
object[]required
Everybody who travels.

insurance
booleandefault:falsedeprecated
Whether the trip is insured.
"""

STACKED = """Create member
POST /members
Field
Type
Mandatory
Comment
cardNumber
String(16)
M
Digits only
tier
Enum (BRONZE, SILVER)
O
Default BRONZE
joinedOn
Date
M

consent
Boolean
M
Must be asked for
Response
HTTP 201
Field
Type
Mandatory
Comment
memberId
String(36)
M
The member
"""

ERROR_FIRST = """# Create a payment

`POST /payments`

#### Body

- `amount` (integer, required) – in cents

#### Example {failure}

```json
{{"code": "declined", "text": "The card was declined."}}
```

#### Example success

```json
{{"id": "pay_9x", "captured": true}}
```
"""


def _derived(page: str, name: str = "page.txt") -> Any:
    return derive(page.encode(), name=name)


def test_types_with_flags_stuck_to_them_are_read() -> None:
    """`stringrequired` and `integerdefault:1` are a type and what is said of the member."""
    request = _derived(LISTED)["request"]
    members = request["properties"]
    assert request["required"] == ["tripId", "passengers"]
    assert (members["tripId"]["type"], members["tripId"]["minLength"]) == ("string", 8)
    assert (members["seats"]["type"], members["seats"]["default"]) == ("integer", 1)
    assert members["passengers"]["items"]["type"] == "object"
    assert (members["insurance"]["default"], members["insurance"]["deprecated"]) == (False, True)


def test_a_table_of_one_cell_a_line_may_have_empty_cells() -> None:
    """A cell without a word has its empty line; the flags of a row are no names."""
    derived = _derived(STACKED)
    request = derived["request"]
    assert list(request["properties"]) == ["cardNumber", "tier", "joinedOn", "consent"]
    assert request["required"] == ["cardNumber", "joinedOn", "consent"]
    assert request["properties"]["cardNumber"]["maxLength"] == 16
    assert request["properties"]["tier"]["enum"] == ["BRONZE", "SILVER"]
    assert list(derived["response"]["properties"]) == ["memberId"]
    assert derived["operation"]["success_status"] == 201


def test_an_example_of_a_failure_in_front_of_the_success_is_none_of_it() -> None:
    """The titles of the two samples say which is which."""
    for failure in ("error", "failure"):
        page = ERROR_FIRST.format(failure=failure)
        assert list(_derived(page, "page.md")["response"]["properties"]) == ["id", "captured"]


def test_a_status_with_its_words_behind_a_title_begins_the_answer() -> None:
    """`**Returns** 202 Accepted` is the title of what stands below it."""
    page = ERROR_FIRST.format(failure="error").split("#### Example")[0]
    page += '**Returns** `202 Accepted`\n\n```json\n{"id": "t-1"}\n```\n'
    derived = _derived(page, "page.md")
    assert derived["operation"]["success_status"] == 202
    assert list(derived["response"]["properties"]) == ["id"]


def test_a_default_that_is_a_flag_is_no_default() -> None:
    """`(required)` in the column of defaults says that there is none."""
    table = "Parameter | Default | Description\n--- | --- | ---\n"
    rows = "code | (required) | The code.\nkind | `gift` | The kind.\n"
    page = f"# Make a coupon\n\n`POST /coupons`\n\n### Body Parameters\n\n{table}{rows}"
    request = _derived(page, "page.md")["request"]
    assert "default" not in request["properties"]["code"]
    assert request["required"] == ["code"]
    assert request["properties"]["kind"]["default"] == "gift"


def test_a_noun_counts_the_items_of_an_array_only() -> None:
    """`Up to 5 addresses` limits an array; of a text or of minutes it says nothing."""
    rows = "| cc | string[] | Up to 5 addresses. |\n| to | string | Up to 5 addresses. |\n"
    rows += "| delays | integer[] | Up to 5 minutes. |\n"
    table = f"| Field | Type | Description |\n|---|---|---|\n{rows}"
    page = f"# Send a mail\n\n`POST /mails`\n\n## Body\n\n{table}"
    members = _derived(page, "page.md")["request"]["properties"]
    assert members["cc"]["maxItems"] == 5
    assert not {"maxItems", "maxLength"} & members["to"].keys()
    assert "maxItems" not in members["delays"]


def test_what_curl_prints_of_an_exchange_is_read_without_its_marks() -> None:
    """`> POST` and `< HTTP` are a request and its answer."""
    page = (
        "* Connected to gate.example\n> POST /checkins HTTP/1.1\n> Host: gate.example\n"
        '> Authorization: Basic ZGVtbw==\n>\n> {"pass":"P-1","gate":3}\n\n< HTTP/1.1 200 OK\n<\n'
        '< {"allowed":true,"left":4}\n'
    )
    derived = _derived(page)
    assert derived["operation"]["authorization"]["scheme"] == "Basic"
    assert list(derived["request"]["properties"]) == ["pass", "gate"]
    assert list(derived["response"]["properties"]) == ["allowed", "left"]


def test_the_value_that_a_field_shows_is_not_all_of_its_options() -> None:
    """The box of a choice shows one option, and the list behind `Allowed:` has them all."""
    page = (
        "Create a customer\npost\nhttps://api.kassen.example/customers\n\nBody Params\nkind\nstring"
        "\nenum\nDefaults to private\nKind of customer.\n\nprivate\nAllowed:\n\nprivate\n\nbusiness"
        "\nlimit\nfloat\n≥ 0\nLimit in euros.\n\n"
    )
    members = _derived(page)["request"]["properties"]
    assert members["kind"]["enum"] == ["private", "business"]
    assert members["limit"]["minimum"] == 0


def test_titles_behind_the_title_of_the_operation_part_its_members() -> None:
    """The end of such a title is that of the body; dots part a type and its flags."""
    page = (
        "Create a ticket\nPOST\nhttps://help.example\n/tickets\n\nHeaders\nX-Tenant\n"
        "string·required\nTenant.\n\nCreate\u203aRequest Body\nsubject\nstring·required\n"
        "minLength: 3·maxLength: 120\nSummary.\n\nCreate\u203aResponses\n201\nThe ticket.\n\n"
        "id\nstring·uuid·required\nIts id.\n"
    )
    derived = _derived(page)
    assert [row["name"] for row in derived["operation"]["parameters"]] == ["X-Tenant"]
    subject = derived["request"]["properties"]["subject"]
    assert (subject["minLength"], subject["maxLength"]) == (3, 120)
    assert derived["response"]["properties"]["id"]["format"] == "uuid"


def test_alternatives_at_the_end_of_a_description_are_not_told_apart() -> None:
    """The members of a card and of an account are none of the object that is either."""
    page = (
        "# Pay out\n\n`POST /payouts`\n\n## Body\n\n- **amount** `integer` `required` — In cents.\n"
        "- **to** `object` `required` — One of the following:\n  - **Bank account**\n"
        "    - **iban** `string` `required`\n  - **Card**\n    - **token** `string` `required`\n"
        "- **speed** `string` — Either `instant` or `standard`.\n"
    )
    derived = _derived(page, "page.md")
    members = derived["request"]["properties"]
    assert list(members) == ["amount", "to", "speed"]
    assert "properties" not in members["to"]
    assert any("alternatives" in note["text"] for note in derived["not_understood"])


def test_a_credential_is_read_from_a_table_that_lists_no_members() -> None:
    """A row of a page's head says how to authenticate; a label for it is no header."""
    head = "| | |\n|---|---|\n| Method | `POST` |\n| URL | `https://x.example/devices` |\n"
    for row, header in (
        ("| **Auth** | `Authorization: Bearer {token}` |", "Authorization"),
        ("| Authentication | API key in header X-Fleet-Auth |", "X-Fleet-Auth"),
    ):
        page = f"# Add a device\n\n{head}{row}\n\n## Body\n\n- `serial` (string, required)\n"
        assert _derived(page, "page.md")["operation"]["authorization"]["name"] == header
    page = "POST https://x.example/parcels\nAuth: Bearer token in the header\nBody\nkg (number)\n"
    assert _derived(page)["operation"]["authorization"]["name"] == "Authorization"


@pytest.mark.parametrize("name", ["Api-Token", "X-Shop-Key", "An-Access-Key"])
def test_a_header_is_named_in_words_without_being_set_apart(name: str) -> None:
    """A copy has lost what set the name apart: its dash and its capital tell it from words."""
    page = f"Add a lamp\nPOST /lamps\nAuthentication\nSend your key in the {name} header.\n"
    page += "Body\nname (string, required)\n"
    assert _derived(page)["operation"]["authorization"]["name"] == name


@pytest.mark.parametrize(
    ("sentence", "place", "name", "scheme"),
    [
        ("All requests need an `X-Api-Key` header.", "header", "X-Api-Key", None),
        ("Requests are authenticated by an `X-Auth-Token` header.", "header", "X-Auth-Token", None),
        ("An X-API-KEY header is required on all endpoints.", "header", "X-API-KEY", None),
        ("Without an `X-Key` header the answer is 401.", "header", "X-Key", None),
        ("The header `PRIVATE-TOKEN` is your access token.", "header", "PRIVATE-TOKEN", None),
        ("Pass the key as the query parameter `api_key`.", "query", "api_key", None),
        ("Authenticate by adding `?api_key=YOUR_KEY` to the URL.", "query", "api_key", None),
        ("A token stands in the `Authorization` header: `Bearer <token>`.", "header",
         "Authorization", "Bearer"),
        ("Send your token in the `Authorization` header.", None, None, None),
        ("The `X-Api-Key` header is not needed here.", None, None, None),
        ("The answer has an `X-Auth-Token` header.", None, None, None),
        ("Webhooks carry an `X-Signature` header.", None, None, None),
        ("Every request needs an `Idempotency-Key` header.", None, None, None),
        ("Pass the `page_token` query parameter to go on.", None, None, None),
    ],
)  # fmt: skip
def test_a_sentence_says_where_a_credential_is_sent(
    sentence: str, place: str | None, name: str | None, scheme: str | None
) -> None:
    """A header by its name, a key of the query, or a scheme; nothing where requests have none."""
    page = f"# Add a lamp\n\n{sentence}\n\n`POST /lamps`\n\n## Body\n\n- name (string, required)\n"
    value = {"in": place, "name": name, "scheme": scheme} if name else None
    assert _derived(page, "page.md")["operation"]["authorization"] == value


def test_a_table_between_a_command_and_its_answer_lists_the_members() -> None:
    """The command of a copied page may stand in front of all that is said of its members."""
    page = (
        'curl -X PUT \'https://x.example/stations/42\' -d \'{"name":"Nord","lat":54.3}\'\n\n'
        "Field\tType\tRequired\tDescription\nname\tstring\tyes\t1-40 characters\n"
        "lat\tnumber\tyes\t-90 to 90\nmeta\tobject\t\tup to 20 keys\n\n"
        'HTTP/1.1 200 OK\n{"id":42,"name":"Nord"}\n'
    )
    derived = _derived(page)
    request = derived["request"]
    assert request["required"] == ["name", "lat"]
    assert request["properties"]["name"]["maxLength"] == 40
    assert request["properties"]["meta"]["maxProperties"] == 20
    assert derived["operation"]["success_status"] == 200


def test_options_right_behind_a_type_are_read() -> None:
    """A colon behind the type, codes, and nothing else."""
    page = (
        "# Lend\n\n`POST /loans`\n\n## Response 201\n\n- **state** (*string*): `open` or `closed`\n"
        "- `kind` string: `book`, `film` or `game`\n"
    )
    members = _derived(page, "page.md")["response"]["properties"]
    assert members["state"]["enum"] == ["open", "closed"]
    assert members["kind"]["enum"] == ["book", "film", "game"]


def test_a_line_of_options_is_a_member_of_its_own() -> None:
    """What `size: "S" | "M"` says is not said of the member above it."""
    page = "POST https://x.example/leases\n\nBody (JSON):\n  - guest (string, mandatory)\n"
    page += '  - size: "S" | "M" (optional, default "M")\n  - deposit (number)\n'
    members = _derived(page)["request"]["properties"]
    assert list(members) == ["guest", "size", "deposit"]
    assert members["guest"].keys().isdisjoint({"enum", "default"})
    assert members["size"]["enum"] == ["S", "M"]


def test_alternative_schemas_are_the_type_of_their_member() -> None:
    """The names of two schemas below a name are no member, nor are the members of one of them."""
    page = (
        "Pay\nREQUEST BODY SCHEMA: application/json\nowner\nrequired\nstring\nOwner.\n\ndetails\n"
        "required\nCard (object) or Bank (object)\nOne of\nCardBank\nnumber\nrequired\nstring\n"
        "Number.\n\nResponses\n201 Created\n\npost\n/methods\n"
    )
    request = _derived(page)["request"]
    assert list(request["properties"]) == ["owner", "details"]
    assert request["required"] == ["owner", "details"]


def test_labels_may_say_method_and_address_in_more_words() -> None:
    """`Method URL` and `Preferred HTTP method` are what they say; a dot marks a member required."""
    page = "invites.create\nMethod URL:\nhttps://team.example/api/invites.create\n"
    page += "Preferred HTTP method:\nPOST\nArguments\nemail\nstring\n·\nRequired\nMail.\n"
    derived = _derived(page)
    assert derived["operation"]["path"] == "/api/invites.create"
    assert derived["request"]["required"] == ["email"]
    table = (
        "| Name | Type | Required |\n|---|---|:-:|\n| title | string | ● |\n| url | string | |\n"
    )
    page = f"# Make a survey\n\n`POST /surveys`\n\n**Body**\n\n{table}"
    assert _derived(page, "page.md")["request"]["required"] == ["title"]


def test_what_you_get_is_the_answer() -> None:
    """Words in front of a sample say that it is what comes back, and with which status."""
    page = '# Log in\n\n`POST /sessions`\n\n```json\n{"user": "kai"}\n```\n\n'
    page += 'You get `201` and a token:\n\n```json\n{"token": "eyJ"}\n```\n'
    derived = _derived(page, "page.md")
    assert list(derived["response"]["properties"]) == ["token"]
    assert derived["operation"]["success_status"] == 201


def test_what_is_not_understood_behind_a_type_costs_no_member() -> None:
    """The words behind the type in brackets are noted, and the member has its type."""
    page = "POST https://x.example/leases\n\nBody (JSON):\n  - guest (string, mandatory)\n"
    page += "  - pin (string, 4 digits)\n"
    members = _derived(page)["request"]["properties"]
    assert list(members) == ["guest", "pin"]
    assert members["pin"]["type"] == "string"
