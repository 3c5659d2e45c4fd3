"""The many spellings of a listing, turned into the plain one: a name, its type, its flags, its labels.

Every line keeps its number, so that each fact is cited where the page states it. What is in no known
spelling stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contracts.derive.keywords import OPTION_LABELS
from contracts.derive.language.constraints import read_label
from contracts.derive.language.limits import read_limits
from contracts.derive.language.spelled_types import SpelledType, read_spelled
from contracts.derive.language.types import read_type
from contracts.derive.listed.entries import starts_member
from contracts.derive.listed.tables import table_rows
from contracts.derive.page.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = r"[A-Za-z_$@][\w.$@\[\]{}-]*"
_NAMED = re.compile(
    rf"(?P<name>{_NAME})(?P<mark>\s?\*(?:\s?required)?|\?|[ \t]+(?:required|optional))?",
    re.IGNORECASE,
)
_FLAG_LINE = re.compile(
    r"(?P<flag>required|optional|deprecated|nullable|read[- ]only|write[- ]only)", re.IGNORECASE
)
_ONE_LINE = re.compile(rf"(?P<name>{_NAME})[ \t]+(?P<type>.+)")
#: Capitalised words that begin a sentence and are no names of members.
_SENTENCE = re.compile(
    r"(?:The|An?|Any|All|This|Each|One|Some|Unique|Optional|Required|Returns?|Array|List|JSON)\b"
)
_OPTIONS = re.compile(
    r"(?:Available options|Allowed values|Allowed|Possible values|Enum(?: values)?|One of|Options|Must be one of)"
    r"\s*:\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_PLAIN_OPTIONS = re.compile(r"(?:Available options|Allowed values):")
_DEFAULT = re.compile(
    r"(?:Defaults? to|Default(?: value)?\s*[:=])\s*(?P<value>\S.*)", re.IGNORECASE
)
_PATTERN = re.compile(
    r"(?:Match(?:es)? pattern|Pattern|Regex|Match(?:es)? regular expression|Value must match regular expression)"
    r"\s*:?\s*(?P<value>\S.*)?",
    re.IGNORECASE,
)
_FORMAT = re.compile(r"Format:\s*[\"'`]?(?P<value>[\w-]+)[\"'`]?", re.IGNORECASE)
_EXAMPLE = re.compile(r"Example(?: values?)?\s*[:=]\s*(?P<value>.*)", re.IGNORECASE)
_OPTION = re.compile(r"[`\"']?[^\s`\"']+(?: [^\s`\"']+){0,2}[`\"']?,?")
_LABEL_BEHIND = re.compile(
    r"(?=(?:Available options|Allowed values|Possible values|Enum|Defaults?|Example|Pattern)\b)"
)


_PLACE = re.compile(r"\((header|path|query|cookie)\)")
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
    reader.glued = not any(_stacked(reader.lines, at) for at in range(len(reader.lines)))
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
    named = _NAMED.fullmatch(lines[at].text)
    if (named and named["mark"]) or not starts_member(lines, at):
        return False
    reader.out += lines[at : at + 2]
    spelled = read_spelled(lines[at + 1].text)
    reader.base = spelled.base if spelled else None
    reader.at += 2
    return True


def _stacked(
    lines: Sequence[Line], at: int
) -> tuple[str, list[tuple[int, str]], SpelledType, int] | None:
    """Return a member whose name and type stand on lines of their own, a flag perhaps between them.

    The parts are its name, the flags with their lines, its type, and the index behind it.
    """
    named = _NAMED.fullmatch(lines[at].text)
    if not named or named["name"].lower() in {"required", "optional"}:
        return None
    flags: list[tuple[int, str]] = []
    if named["mark"] and named["mark"] != "?":
        flag = "optional" if "optional" in named["mark"].lower() else "required"
        flags.append((lines[at].number, flag))
    end = at + 1
    while end < len(lines) and (flag_line := _FLAG_LINE.fullmatch(lines[end].text)):
        flags.append((lines[end].number, _flag(flag_line["flag"])))
        end += 1
    if end >= len(lines):
        return None
    spelled = read_spelled(lines[end].text)
    if spelled is None or read_label(lines[at].text):
        return None
    return named["name"], flags, spelled, end + 1


def _flag(printed: str) -> str:
    return printed.lower().replace("read only", "read-only").replace("write only", "write-only")


def _member(reader: _Reader) -> bool:
    """Write a member that is spelled in another way."""
    line = reader.lines[reader.at]
    stacked = _stacked(reader.lines, reader.at)
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
    if not reader.glued or _SENTENCE.match(line.text):
        return False
    glued = _glued(line.text)
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


def _glued(text: str) -> tuple[str, SpelledType, str] | None:
    """Return name, type and rest of a line that holds a whole member: ``kindstringrequired``."""
    label = _LABEL_BEHIND.search(text, 1)
    head, rest = (text[: label.start()], text[label.start() :]) if label else (text, "")
    spaced = _ONE_LINE.fullmatch(head.strip())
    if spaced:
        spelled = read_spelled(_parted(spaced["type"]))
        return (spaced["name"], spelled, rest) if spelled else None
    name = re.match(_NAME, head)
    for end in range(1, name.end() if name else 0):
        if spelled := read_spelled(_parted(head[end:])):
            return head[:end], spelled, rest
    return None


def _parted(text: str) -> str:
    """Return a type with a blank before the flags that are squashed behind it."""
    return re.sub(r"(?<=[a-z0-9>\])])(?=(?:[Rr]equired|[Oo]ptional|[Dd]eprecated)\b)", " ", text)


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
    elif pattern := _PATTERN.fullmatch(rest):
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
    """Whether a line begins something else than an option: a member, a label, a heading of members."""
    text = reader.lines[at].text
    if starts_member(reader.lines, at) or _stacked(reader.lines, at):
        return True
    if reader.glued and not _SENTENCE.match(text) and _glued(text):
        return True
    known = (_OPTIONS, _DEFAULT, _EXAMPLE, _FORMAT)
    return bool(
        read_label(text) or any(pattern.fullmatch(text) for pattern in known) or _is_heading(text)
    )


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
    text = line.text
    if text.lower() == "enum":
        reader.at += 1
        return _unlabelled_options(reader)
    place = _PLACE.fullmatch(text)
    if place:
        reader.write(line.number, place[1])
        reader.at += 1
        return True
    flag = _FLAG_LINE.fullmatch(text)
    if flag:
        reader.write(line.number, *([_flag(text)] if text.lower() != "optional" else []))
    elif limits := read_limits(text, reader.base):
        reader.write(line.number, *limits)
    elif default := _DEFAULT.fullmatch(text):
        if text.startswith("default:"):
            return False
        reader.write(line.number, f"Default: {default['value'].strip('`')}")
    elif form := _FORMAT.fullmatch(text):
        reader.write(line.number, f"Format: {form['value']}")
    elif (example := _EXAMPLE.fullmatch(text)) and not text.startswith("Example:"):
        reader.write(line.number, f"Example: {example['value']}")
    elif (pattern := _PATTERN.fullmatch(text)) and (pattern["value"] or text.endswith(":")):
        reader.write(line.number, f"Pattern: {(pattern['value'] or '').strip('`')}")
    else:
        return False
    reader.at += 1
    return True


def _open_label(reader: _Reader) -> bool:
    """Join a label with its value on the next line, where that is understood."""
    line = reader.lines[reader.at]
    value = reader.text(1)
    if not _OPEN_LABEL.fullmatch(line.text) or not value or len(value.split()) > 3:
        return False
    joined = f"{line.text.rstrip(': ')}: {value}"
    known = read_limits(joined, reader.base or "") or _DEFAULT.fullmatch(joined)
    if not (known or _FORMAT.fullmatch(joined) or _PATTERN.fullmatch(joined)):
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
    values = [line for line in reader.lines[start:end] if not _FLAG_LINE.fullmatch(line.text)]
    if len(values) < 2 or start == reader.at or reader.lines[start - 1].text:
        return True
    label = Line(values[0].number, "Available options:")
    commas = [Line(line.number, f"{line.text},") for line in values[:-1]]
    reader.lines[start:end] = [label, *commas, values[-1]]
    return True
