"""What an input is: each kind by its content, and a true message for what is not read."""

from __future__ import annotations

import codecs
from typing import Any

import pytest

from contracts.derive import derive, readings
from contracts.derive.recognise import READERS, recognise
from contracts.errors import UsageError

PAGE = "POST\n/\nlids\n\nBody\n\napplication/json\ncolour\nstring\nrequired\n"
CURL = 'curl --request {method} --url https://api.lids.example{path}\n{{\n"id": "<string>"\n}}\n'


def message(raw: bytes | str, **parts: Any) -> str:
    """Return the one line by which an input is refused."""
    with pytest.raises(UsageError) as refused:
        derive(raw, name="page", **parts)
    text = str(refused.value)
    assert "\n" not in text
    assert text.startswith("page")
    return text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PAGE, "text"),
        ("# Add a lid\ncurl https://api.lids.example/lids", "text"),
        ("### Add a lid\nPOST https://api.lids.example/lids\n\n{}", "text"),
        ('{"openapi": "3.1.0"}', "OpenAPI"),
        ("openapi: 3.0.3\npaths: {}", "OpenAPI"),
        ("# A file\n---\nswagger: '2.0'\n", "OpenAPI"),
        ("# Lids\n\n```yaml\nopenapi: 3.1.0\n```\n", "OpenAPI"),
        ('{"info": {"name": "Lids"}, "item": []}', "Postman collection"),
        ('{"log": {"entries": []}}', "HAR"),
        ("<!DOCTYPE html><html><body></body></html>", "HTML"),
        ("<div class='page'><h1>Lids</h1></div>", "HTML"),
        ("# Lids\n\nPOST /lids\n\nAdds a lid.\n", "Markdown"),
        ("| Field | Type |\n| --- | --- |\n| id | string |\n", "Markdown"),
        ('<ParamField body="colour" type="string">\n', "Markdown"),
        ("<!-- A generator -->\n<h1>Lids</h1>\n\n```shell\ncurl x\n```\n", "Markdown"),
        ("Lids\n\n```bash\ncurl https://api.lids.example\n```\n", "Markdown"),
    ],
)
def test_an_input_is_recognised_by_its_content(text: str, kind: str) -> None:
    """The content alone tells the kind, and each kind has a reader in the table."""
    assert recognise(text.encode(), "page")[0] == kind
    assert kind in READERS


def test_an_openapi_excerpt_in_a_markdown_page_keeps_its_lines() -> None:
    """Of a page that holds an excerpt only the excerpt is read, on the lines where it stands."""
    text = "# Lids\n\n```yaml\nopenapi: 3.1.0\n```\nMore.\n"
    assert recognise(text.encode(), "page")[1] == b"\n\n\nopenapi: 3.1.0\n"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"%PDF-1.7 x", "is a PDF; copy its text"),
        (b"PK\x03\x04xx", "is a ZIP archive"),
        (b"\x89PNG\r\n", "is an image (PNG)"),
        (b"\xff\xd8\xff\xe0", "is an image (JPEG)"),
        (b"\x00\x01\x02\x03", "is binary"),
        (b"\x7fELF\xff\x01", "is binary"),
        (b"#%RAML 1.0\n", "is RAML; convert it to OpenAPI"),
        (b"FORMAT: 1A\n# Lids\n", "is API Blueprint"),
        (b"asyncapi: 3.0.0\n", "is AsyncAPI"),
        (b'{"asyncapi": "3.0.0"}', "is AsyncAPI"),
        (b"type Lid {\n  id: ID!\n}\n", "is GraphQL"),
        (b'{"data": {"__schema": {}}}', "is a GraphQL schema"),
        (b'{"id": 1}', "is JSON that describes no operation"),
        (b"<html><form><input type='password'></form></html>", "is a login page"),
        (b"Sign in\n\nEmail\nPassword\nForgot it?\n", "this is a login page"),
        (b"A lid closes a box. It is round.\n", "this is prose"),
        (b"Try it with curl.\n", "no method and address were read from the curl command on line 1"),
        (b"The size in \xe9l\xe9ments\n", "is not UTF-8 but another encoding"),
        ("POST\n/lids".encode("utf-16-le"), "is UTF-16 without a byte order mark"),
    ],
)
def test_what_is_not_read_is_named(raw: bytes, words: str) -> None:
    """An input that can't be read is named in one line, with what to do."""
    assert words in message(raw)


@pytest.mark.parametrize(
    "raw",
    [
        codecs.BOM_UTF8 + PAGE.encode(),
        PAGE.encode("utf-16"),
        codecs.BOM_UTF16_BE + PAGE.encode("utf-16-be"),
        PAGE.encode("utf-32"),
    ],
)
def test_byte_order_marks_tell_the_encoding(raw: bytes) -> None:
    """A page in UTF-8 with a mark, or in UTF-16 or UTF-32, gives what it gives in UTF-8."""
    out: Any = derive(raw, name="page")
    assert out["request"]["required"] == ["colour"]
    assert out["not_understood"] == []


def test_several_operations_are_listed_and_chosen() -> None:
    """Without a choice the operations are listed; with one, only that operation is derived."""
    first = CURL.format(method="GET", path="/lids")
    text = f"{first}\nAdd a lid\n{CURL.format(method='POST', path='/lids/{id}')}"
    listed = "GET /lids, POST /lids/{id}"
    assert f"holds 2 operations: {listed}; choose one: --operation 'GET /lids'" in message(text)
    out: Any = derive(text, name="page", operation="post /lids/{lidId}/")
    assert (out["operation"]["method"], out["operation"]["path"]) == ("POST", "/lids/{id}")
    assert len(readings(text, "page")) == 2
    wrong = message(text, operation="PUT /lids")
    assert f"holds no operation PUT /lids; it holds {listed}" in wrong
