"""Bodies as templates: what is only known when a request is sent is a marker in them.

A string with ``{fresh}`` becomes one that no request of any run had before; ``{fresh:7}`` is the same as in
case 7. `HandedOut` stands for something that the response to an earlier case handed out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

FRESH = re.compile(r"\{fresh(?::(\d+))?\}")
SAMPLE_RUN = "0" * 8
SAMPLE_ID = "5a1c7d2e-4b3f-4e6a-9d8c-2f7b6e5a4c3d"  # of nothing that exists


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What stands at `pointer` in the response to the first of the cases `by` that has something there.

    Where none has, one of the ids that are known to exist stands in: those of the name `known`.
    """

    pointer: str
    by: tuple[int, ...] = ()
    known: str = ""


class NotHandedOut(LookupError):  # noqa: N818 - says what happened
    """No response had what a marker stands for; the text says what was looked for."""


Lookup = Callable[[HandedOut], Any]


def resolve(template: Any, fresh: Callable[[int | None], str], handed_out: Lookup) -> Any:
    """Replace the markers of a template; raises what `handed_out` raises.

    `fresh` gives the new text of a case by its number, or of the case that is being sent for None.
    """
    if isinstance(template, HandedOut):
        return handed_out(template)
    if isinstance(template, str):
        return FRESH.sub(lambda match: fresh(int(match[1]) if match[1] else None), template)
    if isinstance(template, list):
        return [resolve(item, fresh, handed_out) for item in template]
    if isinstance(template, dict):
        return {
            resolve(name, fresh, handed_out): resolve(member, fresh, handed_out) for name, member in template.items()
        }
    return template


def sample(template: Any) -> Any:
    """Resolve a template as a run would, for checking it against a schema before anything is sent."""
    return resolve(template, lambda _: fresh_text(SAMPLE_RUN, 0), lambda _: SAMPLE_ID)


def fresh_text(run: str, number: int, attempt: int = 0) -> str:
    """Give the new text of a case: 11 or 12 characters, from the run's 8, the case's number and the attempt."""
    return f"{run}{number:03d}" + (chr(ord("a") + attempt) if attempt else "")


def references(template: Any) -> tuple[HandedOut, ...]:
    """Give all markers in a template that stand for something handed out."""
    if isinstance(template, HandedOut):
        return (template,)
    parts: list[Any] = []
    if isinstance(template, dict):
        parts = list(template.values())
    elif isinstance(template, list):
        parts = template
    return tuple(marker for part in parts for marker in references(part))


def bound(template: Any, donors: Callable[[HandedOut], tuple[int, ...]]) -> Any:
    """Give a template whose markers that name no case yet name those that `donors` gives."""
    return resolve(
        template,
        lambda number: "{fresh}" if number is None else f"{{fresh:{number}}}",
        lambda marker: marker if marker.by else replace(marker, by=donors(marker)),
    )


def shared(template: Any) -> tuple[int, ...]:
    """Give the numbers of the cases whose fresh text a template takes over."""
    if isinstance(template, str):
        return tuple(int(match) for match in FRESH.findall(template) if match)
    parts: list[Any] = []
    if isinstance(template, dict):
        parts = list(template.values())
    elif isinstance(template, list):
        parts = template
    return tuple(number for part in parts for number in shared(part))
