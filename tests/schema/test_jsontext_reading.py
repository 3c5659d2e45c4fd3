"""Strict reading of JSON: what Python's own reader takes without a word is a problem here."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from contracts.model import ABSENT
from contracts.schema import jsontext
from contracts.schema.jsontext import DEEPEST, decode


def problem(data: bytes) -> tuple[str, str]:
    """Read a text that has exactly one problem; give it."""
    _, problems = decode(data)
    assert len(problems) == 1
    return problems[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"null", None),
        (b" \t\r\n{}\n", {}),
        (b'{"a":[1,true,"x"]}', {"a": [1, True, "x"]}),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b"-0", 0),
    ],
)
def test_a_json_text_is_read_without_a_problem(text: bytes, value: Any) -> None:
    """What RFC 8259 calls a JSON text gives its value and no problem."""
    assert decode(text) == (value, ())


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_has_no_word_for_is_a_problem(word: str) -> None:
    """NaN and the infinities are named, and read as null."""
    assert problem(f'{{"a":{word}}}'.encode()) == (
        "protocol.json",
        f"{word}, which is no JSON number",
    )
    assert decode(word.encode())[0] is None


def test_a_repeated_name_is_a_problem_that_names_it() -> None:
    """A name that occurs twice in one object breaks the clause about names.

    The last value counts.
    """
    text = b'[{"a":1},{"b":1,"a":2,"b":3}]'
    clause, words = problem(text)
    assert clause == "protocol.unique_names"
    assert words.replace('"', "'") == "the name 'b' occurs more than once in one object"
    assert decode(text)[0] == [{"a": 1}, {"b": 3, "a": 2}]


def test_names_that_are_equal_only_after_unescaping_are_repeated() -> None:
    r"""``a`` and ``\u0061`` are the same name."""
    assert problem(b'{"a":1,"\\u0061":2}')[0] == "protocol.unique_names"


def test_a_byte_order_mark_is_a_problem_and_the_text_is_read() -> None:
    """RFC 8259, section 8.1: no mark may be added; a reader may go on all the same."""
    assert decode(b"\xef\xbb\xbf[1]") == (
        [1],
        (("protocol.json", "a byte order mark in front of the JSON text"),),
    )


@pytest.mark.parametrize(
    "text", [b'"\\ud800"', b'{"\\udfff":1}', b'["\\ud800\\ud800"]', b'"\\uD83D x"']
)
def test_half_of_a_surrogate_pair_is_a_problem(text: bytes) -> None:
    """A lone surrogate, in a value or in a name.

    Breaks the clause about Unicode and is taken out of the value.
    """
    value, problems = decode(text)
    assert problems == (("protocol.unicode", "half of a surrogate pair, which is no character"),)
    str(value).encode("utf-8")  # raises where a surrogate is left


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_another_encoding_is_not_read(encoding: str) -> None:
    """JSON between systems is UTF-8; Python's reader would guess."""
    value, problems = decode('{"a":"é"}'.encode(encoding))
    assert value is ABSENT
    assert [clause for clause, _ in problems] == ["protocol.json"]


@pytest.mark.parametrize("text", [b"", b"  \n"])
def test_nothing_is_no_json_text(text: bytes) -> None:
    """An empty body has no value."""
    assert decode(text) == (ABSENT, (("protocol.json", "an empty body"),))


@pytest.mark.parametrize(
    "text",
    [
        b"{} x",
        b"{}{}",
        b"1.",
        b"01",
        b"+1",
        b"'a'",
        b"[1,]",
        b'"a\nb"',
        b"\x0b1",
        b"\xc2\xa01",
        b"nul",
        b"{a:1}",
    ],
)
def test_what_is_no_json_text_is_not_read(text: bytes) -> None:
    """Trailing text, other spaces, other quotes and half numbers have no value and one problem."""
    value, problems = decode(text)
    assert value is ABSENT
    assert [clause for clause, _ in problems] == ["protocol.json"]
    assert problems[0][1].startswith("not a JSON text: ")


@pytest.mark.parametrize("levels", [DEEPEST + 1, 5_000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_a_bottomless_text_is_not_read_and_breaks_nothing(
    levels: int, opened: str, closed: str
) -> None:
    """Nesting beyond the limit has no value, however deep it goes, and no clause is about it."""
    value, problems = decode((opened * levels + "1" + closed * levels).encode())
    assert value is ABSENT
    ((clause, what),) = problems
    assert clause == "unread"
    assert "deep" in what


def test_a_text_that_is_larger_than_is_read_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither more bytes nor more values than the suite has room for are a defect of a server."""
    monkeypatch.setattr(jsontext, "LONGEST", 20)
    monkeypatch.setattr(jsontext, "MOST", 5)
    assert decode(b'"' + b"x" * 18 + b'"') == ("x" * 18, ())
    assert decode(b'"' + b"x" * 19 + b'"') == (ABSENT, (("unread", "more than 0 MB"),))
    assert decode(b"[1,2,3,4]") == ([1, 2, 3, 4], ())
    assert decode(b"[1,2,3,4,5]") == (ABSENT, (("unread", "more than 5 values"),))


def test_nesting_up_to_the_limit_is_read() -> None:
    """Ordinary depth is no problem."""
    value, problems = decode(b"[" * (DEEPEST - 1) + b"1" + b"]" * (DEEPEST - 1))
    assert problems == ()
    assert value is not ABSENT


def test_numbers_keep_all_their_digits() -> None:
    """Neither a long fraction nor 10,000 digits are rounded."""
    assert decode(b"0.12345678901234567890123456789")[0] == Decimal(
        "0.12345678901234567890123456789"
    )
    assert decode(b"9" * 10_000)[0] == Decimal("9" * 10_000)
    assert decode(b"1e999999999")[0] == Decimal("1e999999999")
    assert decode(str(2**53 + 1).encode())[0] == 2**53 + 1
