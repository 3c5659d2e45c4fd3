"""The commands of a finding do in a shell what the suite does itself."""

from __future__ import annotations

import json
import subprocess

import pytest

from contracts.engine.requests import _filled
from contracts.reports.script import FORMS, SPOILED, VALUE_AT
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
    assert SPOILED.keys() >= {spoiling.marker for spoiling in SPOILINGS}


@pytest.mark.slow
@pytest.mark.parametrize("indent", [None, 2])
def test_a_shell_reads_an_answer_and_spoils_an_id(indent: int | None) -> None:
    """By a JSON Pointer, whatever has the same name elsewhere; as the suite spoils it."""
    reads = [f'printf \'%s\\n\' "$(printf %s "$ANSWER" | value_at {place})"' for place in PLACES]
    forms = [f"printf '%s\\n' \"{form % 'ID'}\"" for form in FORMS.values()]
    done = subprocess.run(  # noqa: S603 - our own commands
        ["/bin/sh", "-c", "\n".join([VALUE_AT, *reads, *forms])],
        env={"ANSWER": json.dumps(ANSWER, indent=indent), "ID": "abc1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    spoiled = [_filled(f"{{id{suffix and ':' + suffix}}}", {"id": "abc1"}) for suffix in FORMS]
    assert done.stdout.splitlines() == [*PLACES.values(), *spoiled]
