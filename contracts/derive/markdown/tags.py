"""Components: `<ParamField body="kind" type="string">`, `{% swagger-parameter in="body" %}`."""

import re
from collections.abc import Mapping, Sequence

from contracts.derive.markdown.blocks import Tag
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import read_kind
from contracts.derive.markdown.restrictions import Restriction, read_restrictions

_ATTRIBUTE = re.compile(
    r"(?P<name>[\w-]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
    r"|\{(?P<braced>[^{}]*)\}))?"
)
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|\{[^{}]*\}|[^<>\"'{}])*?"
# A component has a capital, which tells it from HTML, and no name in front, which tells it from the
# type `List<String>`; a template's tag stands in braces.
_TAG = re.compile(
    rf"(?:(?<![\w\\])<|<(?P<closes>/))(?P<name>[A-Z][\w.]*)(?P<rest>{_VALUE})/?>"
    rf"|\{{%\s*(?P<template>[\w-]+)(?P<more>{_VALUE})%\}}"
)
_CODE = re.compile(r"(?<!`)`[^`]+`(?!`)")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_SELF_CLOSED = re.compile(r"/\s*>$")
_PLACES = ("body", "path", "query", "header", "cookie")
_NAME = re.compile(r"[\w$@.\[\]*-]+")
_OF_ANSWERS = frozenset({"ResponseField", "Response"})
#: Attributes of a component that say what a line of text says with the same word.
_SAID = (
    "required", "deprecated", "nullable", "default", "enum", "options", "minLength", "maxLength",
    "minimum", "maximum",
)  # fmt: skip


def take_tags(lines: Sequence[str]) -> tuple[list[str], list[Tag]]:
    """Return the lines without components, not indented inside of them, and the components."""
    left: list[str] = []
    tags: list[Tag] = []
    fence = ""
    text = list(lines)
    number = 0
    open_tags = 0
    while number < len(text):
        line = text[number]
        marker = _FENCE.match(line)
        if marker:
            fence = "" if fence and line.strip().startswith(fence) else fence or marker[1]
        if fence or marker:
            left.append(line.lstrip() if open_tags and marker else line)
            number += 1
            continue
        number = _join(text, number)
        line, found = _without_tags(text[number], number + 1)
        tags += found
        open_tags = max(0, open_tags + sum(-1 if tag.closes else 1 for tag in found))
        left.append(line.lstrip() if open_tags or found else line)
        number += 1
    return left, tags


def _join(text: list[str], number: int) -> int:
    """Put a tag that runs over several lines on its first line."""
    if not re.search(r"<[A-Z][\w.]*\s*[^<>]*$", text[number]):
        return number
    for end in range(number + 1, min(number + 12, len(text))):
        if ">" in text[end]:
            whole = " ".join(line.strip() for line in text[number : end + 1])
            # The tag is said to stand on its first line; the others are left empty.
            text[number : end + 1] = [whole, *([""] * (end - number))]
            break
    return number


def _without_tags(line: str, number: int) -> tuple[str, list[Tag]]:
    tags: list[Tag] = []
    codes = [code.span() for code in _CODE.finditer(line)]
    left, behind = "", 0
    for found in _TAG.finditer(line):
        if any(start < found.start() < end for start, end in codes):
            continue  # `/users/<ID>` is an address
        left = left + line[behind : found.start()]
        behind = found.end()
        name = found["name"]
        closes = bool(found["closes"])
        if not name:
            name = found["template"].removeprefix("end")
            closes = name != found["template"]
        attributes = _attributes(found["rest"] or found["more"] or "")
        tags.append(Tag(number, name, attributes, closes=closes))
        if found["name"] and _SELF_CLOSED.search(found[0]):
            tags.append(Tag(number, name, closes=True))
    return left + line[behind:], tags


def _attributes(text: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(text):
        values = (found["double"], found["single"], found["braced"])
        out[found["name"]] = next((value for value in values if value is not None), "true")
    return out


def tag_entry(tag: Tag, depth: int) -> Entry | None:
    """Return the member that a component describes by its attributes, such as a ParamField."""
    attributes = tag.attributes
    place = next((place for place in _PLACES if place in attributes), None)
    place = None if "in" in attributes else place
    name = attributes.get(place or "name") or attributes.get("name", "")
    described = place or "type" in attributes or "in" in attributes
    if tag.closes or "method" in attributes or not described or not _NAME.fullmatch(name):
        return None
    kind = read_kind(attributes.get("type", ""))
    where = attributes.get("in") or place or ("response" if tag.name in _OF_ANSWERS else None)
    entry = Entry(name, tag.line, tag.line, kind, tag.line, depth, place=where)
    return entry.with_restrictions(_attribute_restrictions(attributes), tag.line)


def _attribute_restrictions(attributes: Mapping[str, str]) -> tuple[Restriction, ...]:
    out: list[Restriction] = []
    for name, value in attributes.items():
        word = "enum" if name == "enumValues" else name
        said = f'{word}: "{value}"' if word == "default" else f"{word}: {value}"
        if word in _SAID and (word == "default" or value.lower() not in {"false", "no"}):
            out += read_restrictions(said)[0]
    return tuple(out)
