"""Markdown and MDX: one operation for each that a page names, with the lines of every fact."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from contracts.derive.markdown.blocks import APART, Block, Code, Heading, Row, Table, TextBlock
from contracts.derive.markdown.operations import derive_blocks
from contracts.derive.markdown.tags import take_tags
from contracts.derive.model import Derived
from contracts.derive.page.sample import INVISIBLE
from contracts.errors import UsageError

_HTML = (
    "a|abbr|article|aside|b|blockquote|br|center|code|dd|del|details|div|dl|dt|em|figure"
    "|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|"
    "pre|q|s|section|small|span|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
    "|var|video"
)
# What only looks like a tag is what a person reads: the `<uuid>` of a type.
_HTML_TAG = re.compile(rf"</?(?:{_HTML})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_HTML_HEADING = re.compile(r"<h(?P<level>[1-6])[^<>]*>(?P<text>.*?)</h[1-6]>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_APARTS = re.compile(f"{APART}+")
_ANCHOR = re.compile(r"\s*(?:\{#[\w-]+\}|#)\s*$")
_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})
_BOXES = _LISTS | {"blockquote_open"}


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return the operations of a page in Markdown; UsageError where it names none."""
    text = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    text = INVISIBLE.sub("", text)
    try:
        blocks = read_blocks(text)
        return derive_blocks(blocks, text.split("\n"), name)
    except RecursionError:
        raise UsageError(f"{name}: this page is nested too deeply to be read") from None


def read_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a page in order: one for each line of a paragraph."""
    lines, tags = take_tags(_without_front_matter(text.split("\n")))
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    return tuple(sorted(chain(tags, _blocks(tokens)), key=lambda block: block.line))


def _without_front_matter(lines: list[str]) -> list[str]:
    """Empty the lines at the beginning of a page where its settings stand."""
    if not lines or lines[0].strip() != "---":
        return lines
    end = next((at for at, line in enumerate(lines[1:60], 1) if line.strip() == "---"), None)
    return lines if end is None else [*([""] * (end + 1)), *lines[end + 1 :]]


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    """Yield a block for each heading, line, table and piece of code."""
    depth, item = 0, False
    for at, token in enumerate(tokens):
        if token.type in _BOXES:
            depth += 1
        elif token.type.replace("_close", "_open") in _BOXES:
            depth -= 1
        elif token.type == "list_item_open":
            item = True
        elif token.type == "heading_open":
            yield Heading(_line(token), int(token.tag[1]), _title(tokens[at + 1]))
        elif token.type == "paragraph_open":
            yield from _texts(tokens[at + 1], depth, item=item)
            item = False
        elif token.type in {"fence", "code_block"}:
            yield _code(token)
        elif token.type == "html_block":
            yield from _html(token, depth)
        elif token.type == "table_open":
            yield _table(tokens[at:], depth)


def _table(tokens: Sequence[Token], depth: int) -> Table:
    """Return the table with which tokens begin."""
    rows: list[Row] = []
    for token in takewhile(lambda token: token.type != "table_close", tokens):
        if token.type == "tr_open":
            rows.append(Row(_line(token), ()))
        elif token.type == "inline":
            last = rows[-1]
            rows[-1] = Row(last.line, (*last.cells, " ".join(_inline(token))))
    return Table(rows[0].line, rows[0].cells, tuple(rows[1:]), depth)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _title(token: Token) -> str:
    return _ANCHOR.sub("", " ".join(_inline(token))).strip()


def _texts(token: Token, depth: int, *, item: bool) -> Iterator[Block]:
    lines = _inline(token)
    for at in range(len(lines) - 1, 0, -1):
        if lines[at].startswith(": "):  # a term of a definition list, and what is said of it
            lines[at - 1 : at + 1] = [f"{lines[at - 1]}{APART}{lines[at][2:]}", ""]
    for number, text in enumerate(lines, _line(token)):
        if text.strip(APART + " "):
            yield TextBlock(number, text, depth, item=item and number == _line(token))


def _code(token: Token) -> Code:
    first = _line(token) + (token.type == "fence")
    return Code(first, token.info.strip(), tuple(token.content.removesuffix("\n").split("\n")))


def _html(token: Token, depth: int) -> Iterator[Block]:
    """Yield what a person reads of HTML that stands in a page: its headings and its text."""
    content = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), token.content)
    for number, line in enumerate(content.split("\n"), _line(token)):
        heading = _HTML_HEADING.search(line)
        if heading:
            yield Heading(number, int(heading["level"]), _HTML_TAG.sub("", heading["text"]).strip())
            continue
        text = _HTML_TAG.sub(APART, line).strip(APART + " ")
        if text:
            yield TextBlock(number, text, depth)


def _inline(token: Token) -> list[str]:
    """Return the lines of a text; what is set in bold, italics or as code is set apart in them."""
    lines = [""]
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            lines.append("")
        elif child.type == "code_inline":
            lines[-1] += f"{APART}{child.content}{APART}"
        elif child.type in {"strong_open", "strong_close", "em_open", "em_close"}:
            lines[-1] += APART
        elif child.type == "html_inline":
            known = _HTML_TAG.fullmatch(child.content)
            lines[-1] += APART if known else child.content
        elif child.type == "text":
            lines[-1] += child.content
    return [_APARTS.sub(APART, line) for line in lines]
