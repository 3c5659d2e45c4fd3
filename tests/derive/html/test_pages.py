"""HTML as docs sites serve it: text, blocks, and the operations in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.derive.html.reader import extract, read
from contracts.derive.recognise import page_text
from contracts.errors import UsageError
from tests.derive.markdown.outline import operation, outline

PAGES = Path(__file__).parent / "pages"
KIND = {"type": "string", "enum": ["letter", "box"]}


def test_a_page_like_those_of_mintlify_is_read() -> None:
    """Paths are put together, and members of members are found by their whole names."""
    (derived,) = read((PAGES / "mintlify.html").read_bytes(), "page.html")
    known = operation(derived)
    assert (known["method"], known["path"], known["server"]) == (
        "POST",
        "/v1/crates",
        "https://api.crates.example",
    )
    assert known["authorization"] == {"in": "header", "name": "Authorization", "scheme": "Bearer"}
    assert outline(derived.request) == {
        "kind*": {**KIND, "default": "box"},
        "sender": {"name*": {"type": "string", "minLength": 1, "maxLength": 40}},
        "tags": {"type": "array", "items": "string"},
    }
    assert outline(derived.response) == {
        "id*": {"type": "string", "format": "uuid"},
        "note": ["string", "null"],
    }


def test_a_page_like_those_of_docusaurus_is_read() -> None:
    """Possible values are options, limits of numbers, of characters and of items.

    Tabs are answers.
    """
    (derived,) = read((PAGES / "docusaurus.html").read_bytes(), "page.html")
    assert outline(derived.request) == {
        "kind*": KIND,
        "weight": {"type": "number", "format": "double", "minimum": 0, "maximum": 40, "default": 1},
        "lines": {
            "type": "array",
            "maxItems": 10,
            "items": {"sku*": {"type": "string", "minLength": 1, "maxLength": 40}},
        },
    }
    assert operation(derived)["success_status"] == 201
    assert [one.status for one in derived.refusals] == [422]


def test_a_page_like_those_of_readme_is_read() -> None:
    """Limits without a unit are those of numbers, and `Allowed` announces options."""
    (derived,) = read((PAGES / "readme.html").read_bytes(), "page.html")
    assert outline(derived.request) == {
        "kind*": KIND,
        "weight": {"type": "number", "format": "double", "minimum": 0, "maximum": 40, "default": 1},
        "sender": {"name*": {"type": "string", "maxLength": 40}},
    }
    assert [(one.status, outline(one.body)) for one in derived.refusals] == [
        (400, {"message": "string"})
    ]


def test_a_page_like_those_of_slate_is_read() -> None:
    """Tables without a column for types have them in their descriptions."""
    (derived,) = read((PAGES / "slate.html").read_bytes(), "page.html")
    assert outline(derived.request) == {
        "kind*": "string",
        "weight": {"type": "number", "default": 1},
    }
    assert outline(derived.response) == {"id": "string", "kind": KIND}


def test_the_text_is_what_a_person_reads() -> None:
    """Titles, rows and code are lines of their own.

    Navigation, scripts and footers are left out.
    """
    page = (
        b"<html><head><title>T</title><script>x</script></head><body><nav>Other "
        b"pages</nav><h2>Body</h2>"
        b"<table><tr><th>Field</th><th>Type</th></tr><tr><td>kind</td><td>string</td></tr></table>"
        b"<p>One <b>line</b>.<br>Another</p><pre><code>{\n  1\n}</code></pre><footer>Ours</footer></body></html>"  # noqa: E501
    )
    assert (
        extract(page)
        == "## Body\n| Field | Type |\n| kind | string |\nOne line.\nAnother\n{\n  1\n}\n"
    )


def test_the_lines_of_facts_are_those_of_the_text() -> None:
    """A fact cites the line of the text that is kept beside the contract."""
    raw = (PAGES / "readme.html").read_bytes()
    (derived,) = read(raw, "page.html")
    lines = extract(raw).splitlines()
    assert derived.request is not None
    kind = derived.request.child("kind")
    assert kind is not None
    assert [
        lines[fact.span.first - 1] for fact in kind.facts if fact.keyword in {"type", "enum"}
    ] == ["kind string required enum", "Allowed:"]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"", "there is no text on this page"),
        (
            b"<html><body><div id='root'></div><script>draw()</script></body></html>",
            "drawn by scripts",
        ),
        (
            b"<article><h1>Our story</h1><p>We move crates since 1998.</p></article>",
            "no operation was found",
        ),
    ],
    ids=["empty", "drawn by scripts", "prose"],
)
def test_what_is_no_page_about_an_operation_is_refused(page: bytes, message: str) -> None:
    """The message says what the page seems to be."""
    with pytest.raises(UsageError, match=message):
        read(page, "page.html")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_page_is_read_in_its_encoding(encoding: str) -> None:
    """A mark of byte order tells the encoding, and changes nothing."""
    page = "<!doctype html><p>café</p>"
    assert "café" in page_text(page.encode(encoding), "page.html")


def test_a_field_for_a_password_makes_no_login_page_of_an_operation() -> None:
    """Beside an operation such a field is part of a form to try it; alone it asks to log in."""
    field = "<input type='password'>"
    (derived,) = read(f"<html>{field}<h1>POST /crates</h1><p>Adds one.</p></html>".encode(), "page")
    assert {fact.keyword: fact.value for fact in derived.operation}["path"] == "/crates"
    with pytest.raises(UsageError, match="is a login page"):
        read(f"<html>{field}<h1>Crates</h1></html>".encode(), "page")


def test_the_panels_below_a_row_of_statuses_are_those_of_its_answers() -> None:
    """Each tab of a row belongs to one panel, and what is in the panel is of that answer."""

    def panel(name: str) -> str:
        return f"<div role='tabpanel'>It.<p><b>{name}</b> <i>string</i></p></div>"

    tabs = "".join(f"<li role='tab'>{status}</li>" for status in ("200", "404"))
    rows = f"<div><ul role='tablist'>{tabs}</ul></div><div>{panel('id')}{panel('error')}</div>"
    text = f"<html><h1>GET /crates</h1><h2>Responses</h2><div>{rows}</div></html>"
    (derived,) = read(text.encode(), "page")
    assert derived.response is not None
    assert [name for name, _ in derived.response.properties] == ["id"]
    (refusal,) = derived.refusals
    assert refusal.status == 404
    assert refusal.body is not None
    assert [name for name, _ in refusal.body.properties] == ["error"]


def test_names_and_types_in_pieces_are_put_together() -> None:
    """The way down to a member may be set apart from its name, as may the parts of its type."""
    rows = (
        "<b>to</b><i>object</i>",
        "<b><u>to.</u><u>street</u></b><i>string · max: 40</i>",
        "<b><u>to.</u><u>code</u></b><i>string · uuid · nullable</i><i>Required</i>",
    )
    body = "".join(f"<div>{row}</div>" for row in rows)
    text = f"<html><h1>POST /crates</h1><h2>Body</h2><div>{body}</div></html>"
    (derived,) = read(text.encode(), "page")
    assert derived.request is not None
    to = derived.request.child("to")
    assert to is not None
    street, code = to.child("street"), to.child("code")
    assert street is not None
    assert street.value("maxLength") == 40
    assert code is not None
    assert (code.value("type"), code.value("format")) == (["string", "null"], "uuid")
    assert [name for name, _ in to.required] == ["code"]


def test_a_sample_drawn_line_by_line_is_a_sample() -> None:
    """A tree of JSON in boxes is a sample, and the button that copies it is no member."""
    lines = ('{"id": "a1",', '"parts":', "[", '{"sku": "x"}', "]", "}")
    drawn = "".join(f"<div>{line}</div>" for line in ("Copy", "{", lines[0][1:], *lines[1:]))
    page = f"<body><h1>POST /crates</h1><h2>Response 201</h2><p>application/json</p>{drawn}"
    (derived,) = read(page.encode(), "page.html")
    assert outline(derived.response) == {
        "id": "string",
        "parts": {"type": "array", "items": {"sku": "string"}},
    }


def test_a_name_that_only_stands_in_for_others_is_no_member() -> None:
    """`propertyName` alone in an object is any name; beside others it is a name."""
    rows = "<p>{}<br>Type: string<br>The value.</p>"
    page = "<body><h1>POST /crates</h1><h2>Body</h2><p>labels<br>Type: object</p><div>{}</div>"
    names = ("propertyName", "operator")
    (alone,) = read(page.format(rows.format(names[0])).encode(), "page.html")
    (beside,) = read(page.format("".join(map(rows.format, names))).encode(), "page.html")
    for derived, members in ((alone, []), (beside, list(names))):
        labels = derived.request.child("labels") if derived.request else None
        assert labels is not None
        assert [name for name, _ in labels.properties] == members
        assert (labels.additional is None) == bool(members)
