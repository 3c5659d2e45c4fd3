"""The JSON samples of a section, each with the text in front of it."""

from __future__ import annotations

import re
from dataclasses import replace

from contracts.derive.markdown.blocks import Code, TextBlock
from contracts.derive.markdown.sections import Section
from contracts.derive.page.sample import Parsed, Sample, Text, read_sample


def samples(section: Section) -> list[tuple[Parsed, str]]:
    """Return the JSON samples of a section, each with the text right before it."""
    out, before = [], ""
    for block in section.blocks:
        if isinstance(block, TextBlock):
            before = block.plain
        elif isinstance(block, Code):
            parsed = _json(block)
            if parsed:
                out.append((parsed, f"{block.info} {before}"))
            before = ""
    return out


def _json(block: Code) -> Parsed | None:
    """Read a block of code that is a sample, alone or behind the head of an answer."""
    lines = [line.strip() for line in block.lines]
    text = Text.of((*([""] * (block.line - 1)), *lines))
    start = next((at for at, line in enumerate(lines) if line.startswith(("{", "["))), None)
    heads = lines[:start] if start is not None else lines
    if start is None or any("curl" in line for line in heads):
        return None
    if heads and not all(
        re.match(r"(?:HTTP/|[\w-]+:|//|#|$|[A-Z]+ /|[A-Z]+ http)", line) for line in heads
    ):
        return None
    parsed = read_sample(text, text.starts[block.line - 1 + start])
    if parsed is None or not (parsed.sample.members or parsed.sample.elements):
        return None
    return replace(parsed, sample=without_stand_ins(parsed.sample))


STAND_IN = re.compile(r"additionalProp(?:erty)?\d*|property\d+|propertyName\*?|<\*>")


def without_stand_ins(sample: Sample) -> Sample:
    """Leave out the names that renderers make up for members whose names are the caller's."""
    members = tuple(
        (name, without_stand_ins(member))
        for name, member in sample.members
        if not STAND_IN.fullmatch(name)
    )
    return replace(sample, members=members, elements=tuple(map(without_stand_ins, sample.elements)))


def is_schema(sample: Sample) -> bool:
    """Whether a sample is no sample but the JSON Schema of one."""
    names = dict(sample.members)
    described = {"type", "properties"} <= names.keys() and names["type"].value == "object"
    return "$schema" in names or described


def last_line(sample: Sample) -> int:
    """Return the line on which the last value of a sample stands."""
    inner = [last_line(member) for _, member in sample.members] + [
        last_line(element) for element in sample.elements
    ]
    return max([sample.line, *inner])
