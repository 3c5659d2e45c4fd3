"""What a server sent is shown as text in every format and obeyed in none."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from contracts.model import Response
from contracts.reports.formats import github, har, html, junit, markdown, terminal
from contracts.reports.record import Report
from contracts.reports.text import escaping
from contracts.schema.jsontext import encode
from tests.helpers.builders import JSON_HEADERS, order

from .made import broken, hostile, report, run_of

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
TEXTS: dict[str, Callable[[Report], str]] = {
    "html": html.render,
    "markdown": markdown.render,
    "junit": junit.render,
    "har": har.render,
    "annotations": lambda report: "\n".join(github.commands(report)),
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_control_character_is_written(name: str) -> None:
    """They are written as escapes; HAR is JSON, which escapes them itself."""
    assert not CONTROLS.search(TEXTS[name](hostile()))


@pytest.mark.parametrize("name", TEXTS)
def test_no_format_has_a_secret_that_a_server_echoes(name: str) -> None:
    """Neither plain nor in base64, in a body, a header, a failure's words or what was observed."""
    secret = "a-token-of-no-small-length"
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    echo = f"{secret} {encoded}"
    answer = Response(201, (*JSON_HEADERS, ("x-echo", echo)), encode(order(riskLevel=echo)))
    run = run_of(replace(broken(riskLevel=echo), answer=answer), aborted=f"so said {echo}")
    text = TEXTS[name](report(replace(run, target=f"http://x/{echo}"), secrets=(secret,)))
    assert "[redacted]" in text or r"\[redacted\]" in text
    assert secret not in text
    assert encoded[:-1] not in text


def test_the_terminal_gets_no_control_character_and_no_workflow_command() -> None:
    """No line of what is printed begins with what the server chose."""
    stream = io.StringIO()
    terminal.write(hostile(), stream)
    assert not CONTROLS.search(stream.getvalue())
    assert not [
        line for line in stream.getvalue().splitlines() if line.lstrip().startswith(("::", "##["))
    ]


class Tags(HTMLParser):
    """Collects elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.names.append(tag)
        self.attributes += attrs


def test_html_has_no_element_of_the_servers_making() -> None:
    """One script, no image, no handler, no address but fragments."""
    tags = Tags(html.render(hostile()))
    assert tags.names.count("script") == 1
    assert not {"img", "iframe", "link", "base", "object", "form"} & set(tags.names)
    assert not [
        name for name, _ in tags.attributes if name.startswith("on") or name in ("style", "src")
    ]
    assert all((value or "").startswith("#") for name, value in tags.attributes if name == "href")


def test_markdown_outside_code_has_no_markup_of_the_servers_making() -> None:
    """Every word of the server stands in a code span or a code block that it can't leave."""
    text = markdown.render(hostile())
    without_blocks = re.sub(r"^(`{3,})\w*\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    without_code = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", without_blocks)
    assert not re.search(r"owned|javascript|alert|heading", without_code)
    allowed = {"<details>", "</details>", "<summary>", "</summary>"}
    assert set(re.findall(r"</?[a-z][^>]*>", without_code)) <= allowed


def test_annotations_are_one_command_a_line() -> None:
    """A server's text begins no command and ends no property."""
    for line in github.commands(hostile()):
        assert re.match(r"::(error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$", line)
    assert escaping.command_property("a:b,c%\nd") == "a%3Ab%2Cc%25\\u000ad"
    assert escaping.command_value("50%\n::error::x\r") == "50%25%0A::error::x\\u000d"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "`plain`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("a|b", "`a|b`"),
        ("", "` `"),
        ("a\nb", "`a\\u000ab`"),
    ],
)
def test_a_code_span_can_not_be_left(text: str, shown: str) -> None:
    """Its delimiter is longer than any run of backticks in it."""
    assert escaping.code(text) == shown


def test_a_code_span_in_a_table_stays_in_its_cell() -> None:
    """GitHub Flavored Markdown splits rows before it looks for code."""
    assert escaping.cell("a|b") == "`a\\|b`"


def test_a_code_block_can_not_be_left() -> None:
    """As a code span."""
    assert escaping.fence("a\n````\nb", "sh") == "`````sh\na\n````\nb\n`````"


def test_a_har_is_json() -> None:
    """Whatever the server sent."""
    assert json.loads(har.render(hostile()))
