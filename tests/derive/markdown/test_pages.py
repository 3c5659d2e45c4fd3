"""Pages as people have them: MDX, templates, scraped pages, lists, several operations.

What is none of these.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.derive.markdown.reader import read
from contracts.errors import UsageError

from .outline import operation, outline

PAGES = Path(__file__).parent / "pages"


def test_components_give_their_attributes() -> None:
    """ParamField, ResponseField and Expandable say name, place, type, flag and default.

    The page's settings the path.
    """
    (derived,) = read((PAGES / "components.mdx").read_bytes(), "components.mdx")
    known = operation(derived)
    assert (known["method"], known["path"]) == ("POST", "/crates")
    assert [(one["in"], one["name"], one["required"]) for one in known["parameters"]] == [
        ("header", "X-Tenant", True)
    ]
    assert outline(derived.request) == {
        "kind*": {"type": "string", "enum": ["letter", "box"]},
        "weight": {"type": "number", "default": 1, "maximum": 40},
        "owner": {"name*": "string"},
    }
    assert outline(derived.response) == {
        "id*": "string",
        "lines": {"type": "array", "items": {"sku": "string"}},
    }
    assert [(one.status, outline(one.body)) for one in derived.refusals] == [
        (400, {"error": "string"})
    ]


def test_tags_of_a_template_are_read() -> None:
    """The older tags of GitBook name the operation, its parameters with their places.

    Its answers.
    """
    (derived,) = read((PAGES / "template.md").read_bytes(), "template.md")
    known = operation(derived)
    assert (known["method"], known["path"], known["success_status"]) == ("POST", "/crates", 201)
    assert outline(derived.request) == {"kind*": "string", "weight": "number"}
    assert outline(derived.response) == {"id": "string"}
    assert [one.status for one in derived.refusals] == [400]


def test_a_scraped_page_is_read_over_its_blank_lines() -> None:
    """Name, type and flag stand apart, and underscores and brackets are escaped."""
    (derived,) = read((PAGES / "scraped.md").read_bytes(), "scraped.md")
    assert operation(derived)["success_status"] == 201
    assert outline(derived.request) == {
        "kind*": {"type": "string", "enum": ["letter", "box"], "minLength": 1, "maxLength": 40},
        "item_ids": {"type": "array", "items": "string"},
        "meta": "object",
    }
    assert outline(derived.response) == {"id*": {"type": "string", "format": "uuid"}}


def test_lists_in_lists_are_members_of_members() -> None:
    """Types, flags, options, limits and defaults are read from items.

    Errors from a list of statuses.
    """
    (derived,) = read((PAGES / "lists.md").read_bytes(), "lists.md")
    assert outline(derived.request) == {
        "kind*": {"type": "string", "enum": ["letter", "box"]},
        "weight": {"type": "number", "default": 1, "minimum": 0},
        "lines": {
            "type": "array",
            "items": {"sku*": "string", "count": {"type": "integer", "maximum": 10}},
        },
    }
    assert [one.status for one in derived.refusals] == [400, 401]


def test_each_operation_of_a_page_has_its_own_part() -> None:
    """Two operations under two titles share no member, and each knows its parameters."""
    first, second = read((PAGES / "two-operations.md").read_bytes(), "two.md")
    assert operation(first)["path"] == "/v1/crates"
    assert operation(first)["authorization"] == {
        "in": "header",
        "name": "Authorization",
        "scheme": "Bearer",
    }
    assert outline(first.response) == {"id": "string", "kind": "string"}
    assert [one.status for one in first.refusals] == [422]
    assert operation(second)["method"] == "GET"
    assert [(one["in"], one["name"]) for one in operation(second)["parameters"]] == [
        ("path", "id"),
        ("query", "expand"),
    ]
    assert second.request is None


def test_two_commands_in_one_block_are_two_operations() -> None:
    """A block of code may show how something is created and listed: neither is lost."""
    commands = [
        """curl -X POST https://api.example.com/loans -d '{"title": "Emma"}'""",
        "curl https://api.example.com/loans",
    ]
    page = "\n".join(["# Loans", "", "```sh", *commands, "```", ""])
    posted, listed = read(page.encode(), "page.md")
    assert [operation(each)["method"] for each in (posted, listed)] == ["POST", "GET"]
    assert outline(posted.request) == {"title": "string"}
    assert listed.request is None


def test_the_answer_that_fails_is_not_the_answer() -> None:
    """A sample behind words of failure, or under a status from 400 on, is a documented refusal."""
    page = (
        '`POST /crates`\n\n## Response\n\nWhen it worked:\n\n```json\n{"id": "cr_1"}\n```\n\n'
        'When it failed:\n\n```json\n{"error": {"code": "BAD"}}\n```\n'
    )
    (derived,) = read(page.encode(), "page.md")
    assert outline(derived.response) == {"id": "string"}
    assert [outline(one.body) for one in derived.refusals] == [{"error": {"code": "string"}}]


@pytest.mark.parametrize(
    "page",
    [
        "",
        "# Welcome\n\nOur service moves crates. Any object can be sent.\n",
        "# Sign in\n\nEmail\n\nPassword\n\n[Forgot your password?](/forgot)\n",
        (
            "# Kisten\n\nMit dieser Seite legen Sie eine Kiste an.\n\n| Feld | Typ |\n|---|---"
            "|\n| art | Zeichenkette |\n"
        ),
        "%PDF-1.7\n1 0 obj <<>> endobj",
        "\x00\x01\x02",
    ],
    ids=["empty", "prose", "login", "another language", "PDF", "binary"],
)
def test_what_names_no_operation_is_refused(page: str) -> None:
    """Nothing is derived, and the message says what was looked for."""
    with pytest.raises(UsageError, match=r"page\.md: no operation was found on this page"):
        read(page.encode(), "page.md")


def test_members_of_another_language_are_not_guessed() -> None:
    """An operation whose table has titles that are not known states no member.

    The table is noted.
    """
    page = "`POST /kisten`\n\n## Anfrage\n\n| Feld | Typ |\n|---|---|\n| art | Zeichenkette |\n"
    (derived,) = read(page.encode(), "page.md")
    assert derived.request is None
    assert derived.response is None


def test_parameters_behind_the_credentials_are_no_credentials() -> None:
    """Components below the title of the credentials may be of other parts of the request."""
    tags = ("header='X-Key'", "header='X-Sign'", "query='page'", "header='X-Trace'")
    fields = "".join(f"<ParamField {tag} type='string'>\nIt.\n</ParamField>\n" for tag in tags)
    text = f"---\napi: GET /crates\n---\n### Authorization\n{fields}"
    (derived,) = read(text.encode(), "page.mdx")
    facts = {fact.keyword: fact.value for fact in derived.operation}
    names = [credential["name"] for credential in facts["authorizations"][0]]  # type: ignore[index, call-overload, union-attr]
    assert names == ["X-Key", "X-Sign"]
    parameters = {(row["in"], row["name"]) for row in facts["parameters"]}  # type: ignore[index, call-overload, union-attr]
    assert {("query", "page"), ("header", "X-Trace")} <= parameters
