"""The many spellings of a listing, turned into the plain one.

A name, its type, its flags, its labels.

Every line keeps its number, so that each fact is cited where the page states it. What is in no
known spelling stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contracts.derive.keywords import OPTION_LABELS
from contracts.derive.language.constraints import read_label
from contracts.derive.language.types import read_type
from contracts.derive.listed.entries import starts_member
from contracts.derive.listed.members import NAMED, SENTENCE, glued_member, stacked_member
from contracts.derive.listed.plain_lines import FLAG_LINE, PATTERN, plain_lines
from contracts.derive.listed.spelled import SpelledType, read_limits, read_spelled
from contracts.derive.listed.tables import table_rows
from contracts.derive.page.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPTIONS = re.compile(
    r"(?:Available options|Allowed values|Allowed|Possible values|Enum(?: values)?|One of|Options|Must be one of)"  # noqa: E501
    r"\s*:\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_PLAIN_OPTIONS = re.compile(r"(?:Available options|Allowed values):")
_OPTION = re.compile(r"[`\"']?[^\s`\"']+(?: [^\s`\"']+){0,2}[`\"']?,?")


#: A label without its value, which stands on the next line.
_OPEN_LABEL = re.compile(
    r"(?:(?:min|max)(?:imum)?(?: (?:length|items|value))?\s*:|Default:?|Format:|Match pattern:)",
    re.IGNORECASE,
)


@dataclass
class _Reader:
    """A cursor over the lines of a page, with the plain lines that were written."""

    lines: list[Line]
    glued: bool
    at: int = 0
    out: list[Line] = field(default_factory=list)
    base: str | None = None

    def write(self, number: int, *texts: str) -> None:
        self.out += [Line(number, text) for text in texts]

    def text(self, offset: int = 0) -> str:
        at = self.at + offset
        return self.lines[at].text if at < len(self.lines) else ""


def canonical(lines: Sequence[Line]) -> list[Line]:
    """Return a page's lines with every member, type and limit in the plain spelling."""
    reader = _Reader(table_rows(lines), glued=False)
    reader.glued = not any(stacked_member(reader.lines, at) for at in range(len(reader.lines)))
    while reader.at < len(reader.lines):
        steps = (_label_above_value, _plain, _member, _options, _constraint)
        if not any(step(reader) for step in steps):
            line = reader.lines[reader.at]
            reader.out.append(line)
            reader.at += 1
    return reader.out


def _label_above_value(reader: _Reader) -> bool:
    """Step over a plain label whose value stands on a later line."""
    label = read_label(reader.text())
    if label is None or label.rest or label.name in OPTION_LABELS:
        return False
    while reader.at < len(reader.lines):
        reader.out.append(reader.lines[reader.at])
        reader.at += 1
        if reader.out[-1].text and not read_label(reader.out[-1].text):
            break
    return True


def _plain(reader: _Reader) -> bool:
    """Step over a member that is in the plain spelling."""
    lines, at = reader.lines, reader.at
    named = NAMED.fullmatch(lines[at].text)
    if (named and named["mark"]) or not starts_member(lines, at):
        return False
    reader.out += lines[at : at + 2]
    spelled = read_spelled(lines[at + 1].text)
    reader.base = spelled.base if spelled else None
    reader.at += 2
    return True


def _member(reader: _Reader) -> bool:
    """Write a member that is spelled in another way."""
    line = reader.lines[reader.at]
    stacked = stacked_member(reader.lines, reader.at)
    if stacked:
        name, flags, spelled, end = stacked
        type_line = reader.lines[end - 1].number
        reader.write(line.number, name)
        reader.write(type_line, spelled.line)
        for number, flag in flags:
            reader.write(number, *([flag] if flag != "optional" else []))
        _write_facts(reader, spelled, type_line)
        reader.at = end
        return True
    if not reader.glued or SENTENCE.match(line.text):
        return False
    glued = glued_member(line.text)
    if glued is None:
        return False
    name, spelled, rest = glued
    reader.write(line.number, name, spelled.line)
    _write_facts(reader, spelled, line.number)
    reader.at += 1
    if rest:
        reader.lines.insert(reader.at, Line(line.number, rest))
    return True


def _write_facts(reader: _Reader, spelled: SpelledType, number: int) -> None:
    """Write the flags and the limits that stand in a type line."""
    reader.base = spelled.base
    reader.write(number, *(flag for flag in spelled.flags if flag != "optional"), *spelled.labels)


def _options(reader: _Reader) -> bool:
    """Write the options of an enumeration, however they are parted, with commas."""
    line = reader.lines[reader.at]
    found = _OPTIONS.fullmatch(line.text)
    if not found or reader.base is None:
        return False
    rest = found["rest"].strip()
    if rest:
        return _options_on_one_line(reader, line, rest)
    options = _options_below(reader)
    if not options or (
        _PLAIN_OPTIONS.match(line.text) and any("," in option.text for option in options[:-1])
    ):
        return False
    reader.write(line.number, "Available options:")
    for option in options[:-1]:
        reader.write(option.number, f"{option.text.rstrip(',')},")
    reader.write(options[-1].number, options[-1].text.rstrip(","))
    reader.at = reader.lines.index(options[-1], reader.at) + 1
    return True


def _options_on_one_line(reader: _Reader, line: Line, rest: str) -> bool:
    """Write options that stand behind their label; limits may stand there as well."""
    quoted = re.findall(r"[\"'`]([^\"'`]+)[\"'`]", rest)
    inside = re.fullmatch(r"\[(.*)\]", rest)
    limits = read_limits(rest, reader.base or "") if not (quoted or inside) else None
    if limits:
        reader.write(line.number, *limits)
    elif pattern := PATTERN.fullmatch(rest):
        reader.write(line.number, f"Pattern: {(pattern['value'] or '').strip('`')}")
    elif quoted and not re.sub(r"[\"'`][^\"'`]+[\"'`]|[\s,|]|or", "", rest):
        reader.write(line.number, f"Available options: {', '.join(quoted)}")
    elif inside:
        reader.write(line.number, f"Available options: {inside[1]}")
    elif _PLAIN_OPTIONS.match(line.text):
        return False
    elif re.fullmatch(r"\S+(?:\s*[,|]\s*\S+)*", rest):
        parts = re.split(r"\s*[,|]\s*", rest)
        reader.write(line.number, f"Available options: {', '.join(parts)}")
    else:
        return False
    reader.at += 1
    return True


def _options_below(reader: _Reader) -> list[Line]:
    """Return the lines of options below their label; they end where anything else begins."""
    options: list[Line] = []
    at = reader.at + 1
    spaced = at < len(reader.lines) and not reader.lines[at].text
    while at < len(reader.lines):
        line = reader.lines[at]
        if not line.text:
            if options and not spaced:
                break
            at += 1
            continue
        named_like_type = read_type(line.text) is not None
        if not _OPTION.fullmatch(line.text) or line.text.endswith((".", ":")):
            break
        if _begins_other(reader, at) and not named_like_type:
            break
        options.append(line)
        at += 1
    return options


def _begins_other(reader: _Reader, at: int) -> bool:
    """Whether a line begins something else than an option.

    A member, a label, a heading of members.
    """
    text = reader.lines[at].text
    if starts_member(reader.lines, at) or stacked_member(reader.lines, at):
        return True
    if reader.glued and not SENTENCE.match(text) and glued_member(text):
        return True
    known = read_label(text) or _OPTIONS.fullmatch(text) or _is_heading(text)
    return bool(known or (plain_lines(text, "") and not FLAG_LINE.fullmatch(text)))


def _is_heading(text: str) -> bool:
    return bool(
        re.fullmatch(r"(?:Responses?|Request|Headers|Body|Errors|Returns|[1-5]\d\d)\b.*", text)
    )


def _constraint(reader: _Reader) -> bool:
    """Write a limit, default, pattern, format or example that is spelled in another way."""
    line = reader.lines[reader.at]
    if reader.base is None or not line.text or read_label(line.text):
        return False
    if _open_label(reader):
        return True
    if line.text.lower() == "enum":
        reader.at += 1
        return _unlabelled_options(reader)
    plain = plain_lines(line.text, reader.base)
    if plain is None:
        return False
    reader.write(line.number, *plain)
    reader.at += 1
    return True


def _open_label(reader: _Reader) -> bool:
    """Join a label with its value on the next line, where that is understood."""
    line = reader.lines[reader.at]
    value = reader.text(1)
    if not _OPEN_LABEL.fullmatch(line.text) or not value or len(value.split()) > 3:
        return False
    joined = f"{line.text.rstrip(': ')}: {value}"
    if plain_lines(joined, reader.base or "") is None:
        return False
    reader.lines[reader.at : reader.at + 2] = [Line(line.number, joined)]
    return _constraint(reader)


def _unlabelled_options(reader: _Reader) -> bool:
    """Write the options that close the lines of an enumerated member without a label.

    Two words or more, each on a line of its own, behind which another member or nothing stands.
    """
    end = reader.at
    while end < len(reader.lines) and not _begins_other(reader, end):
        end += 1
    start = end
    while start > reader.at and re.fullmatch(r"[\w.-]+", reader.lines[start - 1].text):
        start -= 1
    values = [line for line in reader.lines[start:end] if not FLAG_LINE.fullmatch(line.text)]
    if len(values) < 2 or start == reader.at or reader.lines[start - 1].text:
        return True
    label = Line(values[0].number, "Available options:")
    commas = [Line(line.number, f"{line.text},") for line in values[:-1]]
    reader.lines[start:end] = [label, *commas, values[-1]]
    return True
