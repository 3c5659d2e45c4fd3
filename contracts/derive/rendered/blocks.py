"""From the lines of a copied page to blocks: text, samples and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contracts.derive.markdown.blocks import APART, Block, Code, TextBlock
from contracts.derive.page.requests import requests
from contracts.derive.page.sample import Text, read_sample

_NUMBER = re.compile(r"\d{1,4}")
_OPENS = re.compile(r"[\[{]")
_STUCK = re.compile(r"(?P<text>(?:[^\[\]{}]*[^\s\[\]{}])?)(?P<close>[\]}]+)")
_LABEL = re.compile(
    r"(?:type|format|(?:min|max)(?: length| items)?|(?:match )?pattern|default|multiple of|status"
    r"|(?:greater|less) than)\s*:",
    re.IGNORECASE,
)


def text_blocks(lines: Sequence[str], *, bracketed: bool) -> tuple[Block, ...]:
    """Return the blocks of a text; `bracketed` where brackets show how deep its members stand."""
    code = dict(_code(lines))
    blocks: list[Block] = []
    number, depth = 1, 0
    while number <= len(lines):
        if number in code:
            block = code[number]
            blocks.append(block)
            number += len(block.lines)
            continue
        pieces = _pieces(lines[number - 1]) if bracketed else [lines[number - 1]]
        for piece in pieces:
            if bracketed and piece == "Schema":
                continue
            depth -= bracketed and piece in {"}", "]"}
            if piece:
                blocks.append(TextBlock(number, piece.replace("\t", APART), max(depth, 0)))
            depth += bracketed and piece in {"{", "["}
        number += 1
    return tuple(blocks)


def _pieces(line: str) -> Iterator[str]:
    """Yield the cells of a line, and each bracket at its end by itself."""
    for cell in line.split("\t"):
        stuck = _STUCK.fullmatch(cell)
        if stuck:
            yield stuck["text"]
            yield from stuck["close"]
        else:
            yield cell.strip()


def without_numbers(lines: Sequence[str]) -> list[str]:
    """Empty the lines that only number those of a sample."""
    out = list(lines)
    at = 0
    while at + 1 < len(lines):
        count = 0
        while at + 2 * count + 1 < len(lines) and lines[at + 2 * count] == str(count + 1):
            if not count and not _OPENS.match(lines[at + 1]):
                break
            out[at + 2 * count] = ""
            count += 1
        at += max(2 * count, 1)
    return out


def with_labels(lines: Sequence[str]) -> list[str]:
    """Put a label in front of its value, which stands on the next line."""
    out = list(lines)
    for at, line in enumerate(lines[:-1]):
        value = lines[at + 1]
        if value and not value.endswith(":") and _LABEL.fullmatch(line):
            out[at], out[at + 1] = "", f"{line} {value}"
    return out


def _code(lines: Sequence[str]) -> Iterator[tuple[int, Code]]:
    """Yield the commands and the samples of a text, each with its first line."""
    text = Text.of(tuple(lines))
    behind = 0
    spans = [
        (text.line(found.start), text.line(max(found.end - 1, found.start)))
        for found in requests(text)
    ]
    for first, last in spans:
        yield first, Code(first, "", tuple(lines[first - 1 : last]))
    for number, line in enumerate(lines, 1):
        if number <= behind or not _OPENS.match(line):
            continue
        if line[-1] == "]" and number > 1 and lines[number - 2].endswith(":"):
            continue  # options behind their label
        if any(first <= number <= last for first, last in spans):
            continue
        found = read_sample(text, text.starts[number - 1])
        if found and found.whole and (found.sample.members or found.sample.elements):
            behind = text.line(found.end - 1)
            yield number, Code(number, "json", tuple(lines[number - 1 : behind]))
