"""All requests that a page shows, in order, each with its answers."""

from __future__ import annotations

from contracts.derive.page import curl, http, httpie
from contracts.derive.page.answers import with_answers
from contracts.derive.page.commands import Command
from contracts.derive.page.sample import Text

#: How each notation begins, and its reader.
NOTATIONS = (
    (curl.START, curl.read_curl),
    (httpie.START, httpie.read_httpie),
    (http.START, http.read_http),
)


def requests(text: Text) -> list[Command]:
    """Return every request on a page without its answers: curl, HTTPie, HTTP."""
    starts = sorted(
        (found.start(), place, read)
        for place, (pattern, read) in enumerate(NOTATIONS)
        for found in pattern.finditer(text.content)
    )
    read_commands: list[Command] = []
    for index, (start, _, read) in enumerate(starts):
        limit = starts[index + 1][0] if index + 1 < len(starts) else len(text.content)
        command = read(text, start, limit)
        if command:
            read_commands.append(command)
    return read_commands


def commands(text: Text) -> tuple[Command, ...]:
    """Return every request on a page with its answers."""
    read_commands = requests(text)
    ends = [*(command.start for command in read_commands), len(text.content)][1:]
    answered = []
    for command, end in zip(read_commands, ends, strict=False):
        cut_off = command.request is not None and command.notes
        answered.append(command if cut_off else with_answers(text, command, end))
    return tuple(answered)
