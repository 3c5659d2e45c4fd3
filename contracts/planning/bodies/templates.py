"""Bodies as templates: what is only known when a request is sent is a marker in them.

A string with ``{fresh}`` becomes one that no request of any run had before, one with
``{digits}`` a number of eight digits made of that, and ``{5digits}`` one of five; ``{fresh:7}``
and ``{digits:7}`` are the same as in case 7. `HandedOut` stands for something that the response
to an earlier case handed out.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from contracts.schema.jsontext import children, mapped, same

FRESH = re.compile(r"\{(fresh|\d?digits)(?::(\d+))?\}")
SAMPLE_RUN = "0" * 8
CHOSEN = "k{fresh}"  # a key that the caller chooses, in an address
SAMPLE_ID = "5a1c7d2e-4b3f-4e6a-9d8c-2f7b6e5a4c3d"  # of nothing that exists


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What stands at `pointer` in the first response to the cases `by` that has it.

    Where none has, one of the ids that are known to exist stands in: those of the name
    `known`.
    """

    pointer: str
    by: tuple[int, ...] = ()
    known: str = ""


@dataclass(frozen=True, slots=True)
class Padded:
    """A text of `size` letters between two others, kept as long as nobody sends it."""

    before: bytes
    size: int
    after: bytes

    @property
    def text(self) -> bytes:
        """All of it."""
        return self.before + b"x" * self.size + self.after


class NotHandedOut(LookupError):  # noqa: N818 - says what happened
    """No response had what a marker stands for; the text says what was looked for."""


Lookup = Callable[[HandedOut], Any]


def resolve(template: Any, fresh: Callable[[int | None], str], handed_out: Lookup) -> Any:
    """Replace the markers of a template; raises what `handed_out` raises.

    `fresh` gives the new text of a case by its number, or of the case that is being sent for
    None.
    """

    def text_of(match: re.Match[str]) -> str:
        text = fresh(int(match[2]) if match[2] else None)
        if match[1] == "fresh":
            return text
        least = 10 ** (int(match[1].removesuffix("digits") or 8) - 1)
        return str(least + crc32(text.encode()) % (9 * least))

    return changed(template, lambda text: FRESH.sub(text_of, text), handed_out)


def changed(
    template: Any, text: Callable[[str], str] = str, marker: Lookup = lambda marker: marker
) -> Any:
    """Return a template with its texts and markers changed."""

    def change(part: Any) -> Any:
        if isinstance(part, HandedOut):
            return marker(part)
        return text(part) if isinstance(part, str) else part

    return mapped(template, change)


def sample(template: Any) -> Any:
    """Return a template resolved as a run would, to be checked before anything is sent."""
    return resolve(template, lambda _: fresh_text(SAMPLE_RUN, 0), lambda _: SAMPLE_ID)


def is_made_of(value: Any, template: Any) -> bool:
    """Whether a value is what a template may become: ``a-3f2b1c4d007`` of ``a-{fresh}``."""
    if isinstance(value, dict) and isinstance(template, dict):
        same_names = value.keys() == template.keys()
        return same_names and all(is_made_of(value[name], part) for name, part in template.items())
    if isinstance(value, list) and isinstance(template, list):
        return len(value) == len(template) and all(map(is_made_of, value, template))
    if isinstance(value, str) and isinstance(template, str):
        parts = FRESH.sub("\0", template).split("\0")
        return bool(re.fullmatch("[0-9a-z]+".join(map(re.escape, parts)), value))
    return same(value, template)


def fresh_text(run: str, number: int, attempt: int = 0) -> str:
    """Return the new text of a case: 11 or 12 characters of run, case and attempt."""
    return f"{run}{number:03d}" + (chr(ord("a") + attempt) if attempt else "")


def as_new(text: str) -> str:
    """Return a text of about the same form that is new in every run."""
    if FRESH.search(text):
        return text
    length = len(fresh_text(SAMPLE_RUN, 0))
    return "{fresh}" + (text[length:] if len(text) > 2 * length else text)


def chance(seed: int) -> random.Random:
    """Return the dice of a plan, which has to be the same for the same seed."""
    return random.Random(seed)  # noqa: S311


def references(template: Any) -> tuple[HandedOut, ...]:
    """Return all markers in a template that stand for something handed out."""
    if isinstance(template, HandedOut):
        return (template,)
    return tuple(marker for part in children(template) for marker in references(part))


def bound(template: Any, donors: Callable[[HandedOut], tuple[int, ...]]) -> Any:
    """Return a template whose markers that name no case yet name those that `donors` gives."""
    return changed(
        template, marker=lambda marker: marker if marker.by else replace(marker, by=donors(marker))
    )


def as_in(template: Any, number: int) -> Any:
    """Return a template that takes over the fresh texts of an earlier case, by its number."""
    return changed(template, lambda text: FRESH.sub(rf"{{\1:{number}}}", text))


def moved(template: Any, numbers: Mapping[int, int]) -> Any:
    """Return a template that takes over the texts of other cases, each by its new number."""
    return changed(
        template, lambda text: with_numbers(text, lambda number: numbers.get(number, number))
    )


def with_numbers(text: str, number: Callable[[int], int]) -> str:
    """Return a text with other numbers of cases in its markers: ``{fresh:7}`` is of case 7."""
    return FRESH.sub(
        lambda match: f"{{{match[1]}:{number(int(match[2]))}}}" if match[2] else match[0], text
    )


def shared(template: Any) -> tuple[int, ...]:
    """Return the numbers of the cases whose fresh text a template takes over."""
    if isinstance(template, str):
        return tuple(int(number) for _, number in FRESH.findall(template) if number)
    return tuple(number for part in children(template) for number in shared(part))
