"""JSON and YAML with lines: every value as the standards have it, and where it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.derive.marked import Part, read_marked
from contracts.derive.model import Span
from contracts.errors import UsageError

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=12,
)


def read(text: str) -> Part:
    """Return the value of a text."""
    return read_marked(text.encode("utf-8", "surrogatepass"), "text")[0]


@given(st.dictionaries(st.text(), VALUES), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_every_json_text_is_read_as_it_is(value: Any, indent: Any, ascii_only: bool) -> None:  # noqa: FBT001
    """JSON in any layout gives the value that was written, also where YAML would refuse it."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if "\\ud" not in text:
        assert read(text).plain() == json.loads(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: on", "on"),
        ("a: no", "no"),
        ("a: 2020-01-01", "2020-01-01"),
        ("a: 12:30:45", "12:30:45"),
        ("a: '1'", "1"),
        ("a: 1_000", "1_000"),
        ("a: 0x1f", 31),
        ("a: 0o17", 15),
        ("a: 1e3", 1000.0),
        ("a: -.5", -0.5),
        ("a: .inf", ".inf"),
        ("a: 017", 17),
        ("a: ~", None),
        ("a:", None),
        ("a: True", True),
        ("a: !!str 1", "1"),
        ("a: !other x", "x"),
        ("b: &b {c: 1}\na: *b", {"c": 1}),
        ("b: &b {c: 1, d: 2}\na:\n  <<: *b\n  d: 3", {"c": 1, "d": 3}),
        ("# a comment\n{a: 1, }", 1),
        ('{"a": "\\ud83d\\ude00"}', "\U0001f600"),
        ('{"a": "\\ud83d"}', "\ufffd"),
        ('{"a"\n: "\x7f"}', "\x7f"),
    ],
)
def test_words_and_numbers_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    """A plain word is what YAML 1.2 says it is, and a JSON text what JSON says."""
    part = read(text).get("a")
    assert part is not None
    assert part.plain() == value
    assert type(part.plain()) is type(value)


YAML = """\
# one
first: 1
block: |
  two
  lines


object:
  inner: [a,
    b]
  list:
    - x
    - y: 1
      z: 2

last: end
"""
JSON = """\
{
  "first": 1,
  "object": {
    "inner": [
      "a", "b"
    ],
    "list": [{}, []]
  }
}
"""


@pytest.mark.parametrize(
    ("text", "path", "span"),
    [
        (YAML, ["first"], Span(2, 2)),
        (YAML, ["block"], Span(3, 5)),
        (YAML, ["object"], Span(8, 14)),
        (YAML, ["object", "inner"], Span(9, 10)),
        (YAML, ["object", "list"], Span(11, 14)),
        (YAML, ["last"], Span(16, 16)),
        (JSON, ["first"], Span(2, 2)),
        (JSON, ["object"], Span(3, 8)),
        (JSON, ["object", "inner"], Span(4, 6)),
        (JSON, ["object", "list"], Span(7, 7)),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_member_has_the_lines_from_its_name_to_its_end(
    text: str, path: list[str], span: Span, end: str
) -> None:
    """Lines are counted from one, whatever ends them.

    Blank lines behind a value are not its own.
    """
    part = read(text.replace("\n", end))
    for name in path:
        member = part.get(name)
        assert member is not None
        part = member
    assert part.span == span


def test_elements_have_lines_too() -> None:
    """Each element of a list stands on its own lines."""
    whole = read(YAML).get("object")
    assert whole is not None
    listed = whole.get("list")
    assert listed is not None
    assert [element.span for element in listed.elements()] == [Span(12, 12), Span(13, 14)]


@pytest.mark.parametrize("text", ['{"a": 1,\n"a": 2}', "a: 1\na: 2"])
def test_a_name_that_stands_twice_is_noted(text: str) -> None:
    """The last one counts, as readers of JSON have it, and a note has its line."""
    part, notes = read_marked(text.encode(), "text")
    assert part.plain() == {"a": 2}
    assert [(note.line, note.text) for note in notes] == [
        (2, "'a' stands twice in one object: the last one counts")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1\n"b": 2}', "text, line 2: it is not JSON: Expecting ',' delimiter"),
        ('{"a":\n1e999}', "text, line 2: it is not JSON: a number is too large"),
        ('{"a": NaN, [}', "text, line 1: it is not JSON: NaN"),
        ("[" * 300, "text, line 1: it is not JSON: Expecting value"),
        ("[" * 300 + "]" * 300, "text, line 1: more than 200 values are nested"),
        ("a: 1\nb: }", "text, line 2: it is not YAML"),
        ("b: 1\na: &a\n  - *a", "text, line 2: a value holds itself"),
        ("a: *b", "text, line 1: it is not YAML: found undefined alias"),
        ("? {a: 1}\n: 2", "text, line 1: a name is no text here"),
        ("- " * 300 + "1", "text, line 1: more than 200 values are nested"),
        ("", "text, line 1: it is empty"),
    ],
)
def test_what_is_neither_is_refused_with_its_line(text: str, message: str) -> None:
    """The message names the file, the line and what is wrong there."""
    with pytest.raises(UsageError) as caught:
        read(text)
    assert str(caught.value).startswith(message)


def test_aliases_that_stand_for_too_much_are_refused() -> None:
    """Nine levels of nine aliases each are a few lines, and hundreds of millions of values."""
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(UsageError, match="its aliases stand for more than"):
        read("\n".join(lines))
