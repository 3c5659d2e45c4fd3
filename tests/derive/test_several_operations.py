"""Pages with several operations: which is which, and what is said of each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.derive import readings

SLATE = """# Introduction

All requests go to `https://api.parcels.example`.

# Authentication

```shell
curl "https://api.parcels.example/parcels" -H "Authorization: Bearer meow"
```

We expect your key in the header of every request: `Authorization: Bearer meow`

# Parcels

## Send a parcel

> Response (201 Created):

```json
{"id": "p1", "label": "Red", "version": 1}
```

### HTTP Request

`POST /parcels`

### Body parameters

Parameter | Type | Description
--------- | ---- | -----------
label | string | e.g. `Red`. One of `Red`, `Blue`
delta | integer | -1000 to 1000, 25 if omitted
note | string | Default is `null`

### Response

Field | Type | Description
----- | ---- | -----------
id | string |
label | string |
version | integer | Starts at 1

## Get a parcel

### HTTP Request

`GET /parcels/{id}`

### Response

Field | Type | Description
----- | ---- | -----------
id | string |

## List parcels

The order is that of `label`,
ascending.

### HTTP Request

`GET /parcels`

### Query parameters

Parameter | Type | Description
--------- | ---- | -----------
state | string | Filter by state: `new`, `sent` or `lost`

### Response

Field | Type | Description
----- | ---- | -----------
parcels | array |

# Errors

Status | Meaning
------ | -------
409 | The parcel is not `new`.
"""
LISTED = """# Parcels

- Authentication: `Authorization: Bearer <token>`

### POST /parcels

Request body:

- `delta` (integer, required): -1000 to 1000, in grams

Response, 201 Created:

- `id` (string): the id

### GET /parcels/{id}

Response, 200 OK:

- `id` (string)
"""


def read(text: str, name: str = "page.md") -> dict[str, dict[str, Any]]:
    """Return what is derived of each operation of a page, by its title."""
    return {each.title: each.json() for each in readings(text.encode(), name)}


def test_a_list_and_one_of_its_items_are_two_operations() -> None:
    """A command among what is said of keys is no place where one of them is described."""
    found = read(SLATE)
    assert [*found] == ["POST /parcels", "GET /parcels/{id}", "GET /parcels"]
    assert {each["operation"]["authorization"]["scheme"] for each in found.values()} == {"Bearer"}
    assert [*found["GET /parcels"]["response"]["properties"]] == ["parcels"]
    assert [*found["GET /parcels/{id}"]["response"]["properties"]] == ["id"]


def test_members_below_a_sample_are_those_of_its_answer() -> None:
    """They stand under a title without a status, behind those of what is sent."""
    answer = read(SLATE)["POST /parcels"]["response"]["properties"]
    assert (answer["version"]["type"], "x-guessed" in answer["version"]) == ("integer", False)


def test_limits_options_and_defaults_are_read_behind_other_words() -> None:
    """A minus is no dash, an example ends with its sentence, and null is the default of no text."""
    found = read(SLATE)
    sent = found["POST /parcels"]["request"]["properties"]
    assert sent["label"]["enum"] == ["Red", "Blue"]
    limits = [sent["delta"][name] for name in ("minimum", "maximum", "default")]
    assert limits == [-1000, 1000, 25]
    assert "default" not in sent["note"]
    (state,) = found["GET /parcels"]["operation"]["parameters"]
    assert state["schema"]["enum"] == ["new", "sent", "lost"]


def test_a_sentence_goes_on_in_the_next_line_and_a_table_has_some_too() -> None:
    """What is said of an operation is read whole, with the reasons of its refusals."""
    said = [text for _, text in read(SLATE)["GET /parcels"]["said"]["operation"]]
    assert "The order is that of label , ascending." in said
    assert "409: The parcel is not new ." in said


def test_a_label_with_a_comma_begins_an_answer() -> None:
    """What stands below is not sent; and the key above the first title is that of all."""
    found = read(LISTED)
    created = found["POST /parcels"]
    assert [*created["request"]["properties"]] == ["delta"]
    assert created["request"]["properties"]["delta"]["minimum"] == -1000
    assert [*created["response"]["properties"]] == ["id"]
    assert created["operation"]["success_status"] == 201
    assert found["GET /parcels/{id}"]["operation"]["authorization"]["scheme"] == "Bearer"


@pytest.mark.parametrize(
    "text", ["Not by state: `new` or `sent`", "Everything but: `new` or `sent`"]
)
def test_what_a_filter_is_not_by_are_no_options(text: str) -> None:
    """Only what is said to be asked for by them is one of them."""
    page = SLATE.replace("Filter by state: `new`, `sent` or `lost`", text)
    (state,) = read(page)["GET /parcels"]["operation"]["parameters"]
    assert "enum" not in state["schema"]


def test_the_front_matter_describes_an_operation() -> None:
    """As generated sites have it, whose pages say no more."""
    page = '---\ntitle: "List"\napi: "GET /parcels"\n'
    page += 'description: "Returns parcels, newest first."\n---\n'
    body = '\n<ResponseField name="parcels" type="object[]">\n  All.\n</ResponseField>\n'
    (found,) = read(page + body, "list.mdx").values()
    assert found["operation"]["newest_first"] is True


def test_sentences_of_documents_are_read_whole() -> None:
    """Lines that a text is wrapped in part nothing, and answers to wrong requests are described."""
    answers = {"200": {"description": "OK"}, "409": {"description": "The parcel is not new."}}
    operation = {"description": "The parcel\nbecomes `sent`.", "responses": answers}
    document = {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/parcels/{id}/send": {"post": operation}},
    }
    (found,) = read(json.dumps(document), "api.json").values()
    said = [text for _, text in found["said"]["operation"]]
    assert said == ["The parcel becomes `sent`.", "409: The parcel is not new."]


def test_sentences_of_collections_are_read() -> None:
    """Those of the description of a request."""
    url = {"raw": "https://api.parcels.example/parcels/1/send", "path": ["parcels", ":id", "send"]}
    request = {"method": "POST", "url": url, "description": "The parcel becomes `sent`."}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    collection = {"info": {"name": "Parcels", "schema": schema}, "item": [{"request": request}]}
    (found,) = read(json.dumps(collection), "parcels.json").values()
    assert "The parcel becomes sent ." in [text for _, text in found["said"]["operation"]]
