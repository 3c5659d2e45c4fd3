"""The commands of a finding do in a shell what the suite does itself."""

from __future__ import annotations

import json
import subprocess

import pytest

from contracts.engine.requests import _filled
from contracts.reports.script import FORMS, SHELL, _quoted, shell_quoted
from contracts.spoiling import SPOILINGS

ANSWER = {
    "data": {
        "items": [{"id": "a, b"}, {"id": "c: {d}"}],
        "customer": {"id": "e"},
        "none": None,
        "id": "f",
    }
}
PLACES = {"/data/id": "f", "/data/items/1/id": "c: {d}", "/data/customer/id": "e", "/id": ""}


def test_every_spoiled_token_can_be_made_in_a_shell() -> None:
    """What is missing would be taken for a variable that nobody sets."""
    assert SHELL["spoiled"].keys() >= {spoiling.marker for spoiling in SPOILINGS}


@pytest.mark.slow
@pytest.mark.parametrize("indent", [None, 2])
def test_a_shell_reads_an_answer_and_spoils_an_id(indent: int | None) -> None:
    """By a JSON Pointer, whatever has the same name elsewhere; as the suite spoils it."""
    reads = [f'printf \'%s\\n\' "$(printf %s "$ANSWER" | value_at {place})"' for place in PLACES]
    forms = [f"printf '%s\\n' \"{form % 'ID'}\"" for form in FORMS.values()]
    done = subprocess.run(  # noqa: S603 - our own commands
        ["/bin/sh", "-c", "\n".join([SHELL["value_at"], *reads, *forms])],
        env={"ANSWER": json.dumps(ANSWER, indent=indent), "ID": "abc1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    spoiled = [_filled(f"{{id{suffix and ':' + suffix}}}", {"id": "abc1"}) for suffix in FORMS]
    assert done.stdout.splitlines() == [*PLACES.values(), *spoiled]


def test_a_shell_makes_new_digits_of_every_number() -> None:
    """As many as the marker says, the first of which is not zero, others for another case."""
    texts = [_quoted(f"+{{{marker}}}") for marker in ("digits:3", "digits:4", "5digits:3")]
    lines = [SHELL["digits"], *(f"echo {text}" for text in texts)]
    done = subprocess.run(  # noqa: S603 - our own commands
        ["/bin/sh", "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    first, second, short = done.stdout.split()
    assert len(first) == len(second) == 9
    assert len(short) == 6
    assert first != second
    assert "0" not in {first[1], second[1], short[1]}


LONG = {
    "nested": b'{"amount": 1,"more":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "filled": b'{"it\'s":"' + b"x" * 150_000 + b'"}',
    "objects": b'{"down":' * 1_000 + b"1" + b"}" * 1_000,
    "wide": b"{" + b",".join(b'"m%d":1' % number for number in range(10_000)) + b"}",
    "in another order": b",".join(b'"m%d":1' % (number * 7) for number in range(50)),
    "with a hash": b"#x" * 1_000,
    "plain": b'{"a": "$(b) \\n"}',
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_body_is_repeated_by_the_shell(name: str) -> None:
    """The command stays short where something is repeated, and the body is the same."""
    text = LONG[name].decode()
    quoted = shell_quoted(text)
    done = subprocess.run(  # noqa: S603 - our own command
        ["/bin/sh", "-c", f"{SHELL['repeat']}\nprintf %s {quoted}"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    assert done.stdout == LONG[name]
    is_repeated = name in ("nested", "filled", "objects", "wide")
    assert (len(quoted) < 200) is (is_repeated or name == "plain")
