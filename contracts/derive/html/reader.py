"""HTML of docs pages: the lines that a person reads, which contracts cite, as blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from contracts.derive.html.tree import is_hidden, is_required, name_parameters, parse, title_panels
from contracts.derive.markdown.blocks import (
    APART,
    Block,
    Code,
    Heading,
    Row,
    Table,
    TextBlock,
    plain,
)
from contracts.derive.markdown.columns import is_member_table, roles
from contracts.derive.markdown.heads import mentions
from contracts.derive.markdown.operations import derive_blocks
from contracts.derive.model import Derived
from contracts.derive.operation import MEDIA
from contracts.derive.page.sample import INVISIBLE
from contracts.errors import UsageError

_PASSWORD = re.compile(rb"<input[^>]+type=[\"']?password", re.IGNORECASE)
# What says nothing: code of the page itself, ways to other pages, fields to fill in.
_SKIPPED = frozenset([
    "script", "style", "noscript", "template", "svg", "nav", "footer", "input", "textarea",
     "iframe", "canvas", "head", "link", "meta", "audio", "video",
])  # fmt: skip
_INLINE = frozenset([
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup",
    "time", "tt", "u", "var", "button", "wbr",
])  # fmt: skip
_BARE = frozenset({"wbr", "sub", "sup", "time", "abbr"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|code)-(\w+)")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0\u202f]+")
_APARTS = re.compile(rf"\s*{APART}[\s{APART}]*")
_BEFORE_MARK = re.compile(r" (?=[.,;:)\]](?: |$))")
#: Deeper than this no page is nested that a person wrote.
_DEEPEST = 240
#: What is worth reading of a field to choose from: media types and addresses.
_CHOICE = re.compile(rf"{MEDIA}|https?://\S+")
_LINES_OF_CODE = frozenset({"div", "li", "ul", "ol", "tr", "p", "table"})
_NO_DATA = frozenset({
    "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "form", "details", "button",
})  # fmt: skip


def read(raw: bytes, name: str) -> tuple[Derived, ...]:
    """Return the operations of a page in HTML; their lines are those that `extract` gives."""
    lines, blocks = _read_page(raw)
    operations = mentions(blocks, lines)
    if not operations and _PASSWORD.search(raw):  # docs may have such a field beside an operation
        raise UsageError(f"{name} is a login page; save the page once you are logged in")
    if not blocks:
        reason = "there is no text on this page: it may be drawn by scripts"
        raise UsageError(f"{name}: {reason}; save it from the browser, or copy its text")
    return derive_blocks(blocks, lines, name)


def extract(raw: bytes) -> str:
    """Return the text of a page as a person reads it, without navigation, footers, scripts."""
    return "".join(f"{line}\n" for line in _read_page(raw)[0])


def _read_page(raw: bytes) -> tuple[list[str], list[Block]]:
    """Return the lines of a page, and the blocks that it is made of, whose lines are those."""
    tree = parse(raw)
    walk = _Walk()
    if tree is not None:
        title_panels(tree)
        name_parameters(tree)
        walk.element(tree, 0)
        walk.flush()
    return walk.lines, walk.blocks


@dataclass(slots=True)
class _Walk:
    """A walk through a page that writes lines, and notes what each is."""

    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    pending: str = ""
    depth: int = 0
    pending_depth: int = 0
    item: bool = False
    starred: bool = False

    def element(self, node: html.HtmlElement, deep: int) -> None:
        """Write an element and all in it."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in _SKIPPED or is_hidden(node) or deep > _DEEPEST:
            return
        if tag == "br":
            self.flush()
        elif tag in _HEADINGS:
            self._heading(node, int(tag[1]))
        elif tag == "pre" or (tag == "code" and node.find(".//li") is not None):
            self._code(node)
        elif tag == "table" and (table := data_table(node)):
            self._table(table)
        elif tag == "select":
            self._add(_chosen(node))
        elif tag in _INLINE:
            apart = "" if tag in _BARE else APART
            self._add(apart)
            self._children(node, deep)
            self._add(apart)
        else:
            self._box(node, tag, deep)

    def _children(self, node: html.HtmlElement, deep: int) -> None:
        self._add(node.text)
        for child in node:
            self.element(child, deep + 1)
            self._add(child.tail)

    def _box(self, node: html.HtmlElement, tag: str, deep: int) -> None:
        self.flush()
        self.depth += 1
        self.item = self.item or tag in {"li", "dt"}
        self.starred = self.starred or is_required(node)
        self._children(node, deep)
        self.flush()
        self.depth -= 1

    def _add(self, text: str | None) -> None:
        if text:
            if not self.pending.strip(APART + " "):
                self.pending_depth = self.depth
            self.pending += _SPACES.sub(" ", INVISIBLE.sub("", text))

    def flush(self) -> None:
        """Write the line that is in the making."""
        pieces = _APARTS.sub(APART, self.pending).strip(APART + " ").split(APART)
        text = APART.join(re.sub(r" \u00b7 ", APART, p) if p[:1].islower() else p for p in pieces)
        apart = APART if self.pending.lstrip(" ").startswith(APART) else ""
        self.pending = ""
        if text and self.starred:
            text = f"{text}{APART}*"
            self.starred = False
        if text:
            line = self._write(_BEFORE_MARK.sub("", plain(text)))
            self.blocks.append(TextBlock(line, apart + text, self.pending_depth, item=self.item))
            self.item = False

    def _write(self, text: str) -> int:
        self.lines.append(text)
        return len(self.lines)

    def _heading(self, node: html.HtmlElement, level: int) -> None:
        self.flush()
        for at, block in enumerate(_blocks_in(node)):
            text = block.plain
            if at == 0 and text:
                line = self._write("#" * level + " " + text)
                self.blocks.append(Heading(line, level, block.text, self.depth))
            elif text:
                self.blocks.append(TextBlock(self._write(text), block.text, self.depth))

    def _code(self, node: html.HtmlElement) -> None:
        self.flush()
        written = INVISIBLE.sub("", "".join(_code_text(node))).split("\n")
        lines = [line.rstrip() for line in written if line.strip()]
        if not lines:
            return
        first = len(self.lines) + 1
        self.lines += lines
        inner = node.find(".//code")
        classes = [part.get("class", "") for part in (node, inner) if part is not None]
        language = _LANGUAGE.search(" ".join(classes))
        self.blocks.append(Code(first, language[1] if language else "", tuple(lines)))

    def _table(self, table: list[tuple[str, ...]]) -> None:
        self.flush()
        rows = [
            Row(self._write("| " + " | ".join(map(plain, cells)) + " |"), cells) for cells in table
        ]
        self.blocks.append(Table(rows[0].line, rows[0].cells, tuple(rows[1:]), self.depth + 1))


def _chosen(node: html.HtmlElement) -> str:
    """Return what is chosen in a field, or its first choice, where that says something."""
    choices = sorted(node.iter("option"), key=lambda each: each.get("selected") is None)
    text = choices[0].text_content().strip() if choices else ""
    return f"{APART}{text}{APART}" if _CHOICE.fullmatch(text) else ""


def _code_text(node: html.HtmlElement) -> Iterator[str]:
    """Yield the pieces of code, each of its lines ended however the page ends them."""
    tag = node.tag if isinstance(node.tag, str) else ""
    if not tag or tag in {"button", "svg", "style", "script"}:
        return
    end = "\n" if tag in _LINES_OF_CODE else ""
    yield "\n" if tag == "br" else end
    yield node.text or ""
    for child in node:
        classes = (child.get("class") or "").lower()
        if "line" not in classes or "number" not in classes:
            yield from _code_text(child)
        yield child.tail or ""
    yield end


def _blocks_in(node: html.HtmlElement) -> list[Block]:
    """Return the blocks inside an element, as if it stood alone."""
    inner = _Walk()
    inner._children(node, 0)  # noqa: SLF001  its own kind
    inner.flush()
    return inner.blocks


def data_table(node: html.HtmlElement) -> list[tuple[str, ...]] | None:
    """Return the rows of a table of members or statuses; None for one that only lays out."""
    if any(child.tag in _NO_DATA for child in node.iterdescendants(etree.Element)):
        return None
    rows = [row for row in _grid(node) if row]
    if len(rows) < 2 or len(rows[0]) < 2 or len({len(row) for row in rows}) > 2:
        return None
    columns = roles(rows[0])
    known = is_member_table(Table(0, rows[0], ())) or "status" in columns
    return rows if known and len(columns) > 1 else None


def _grid(node: html.HtmlElement) -> list[tuple[str, ...]]:
    """Return the cells of a table, merged ones in each place that they cover."""
    rows: list[dict[int, str]] = []
    merged: dict[tuple[int, int], str] = {}
    for number, row in enumerate(node.iter("tr")):
        cells = {column: text for (line, column), text in merged.items() if line == number}
        column = 0
        for cell in row.iterchildren("td", "th"):
            while column in cells:
                column += 1
            height = _span(cell, "rowspan")
            width = _span(cell, "colspan")
            text = APART.join(block.text for block in _blocks_in(cell)).strip(APART)
            text += f" (of {height} rows)" if height > 1 and not column else ""
            merged |= {(number + below, column): text for below in range(1, height)}
            cells |= {column: text} | {column + beside: "" for beside in range(1, width)}
            column += width
        rows.append(cells)
    return [tuple(cells[column] for column in sorted(cells)) for cells in rows]


def _span(cell: html.HtmlElement, name: str) -> int:
    """Return how many rows or columns a cell covers."""
    stated = cell.get(name) or "1"
    return min(max(int(stated), 1), 50) if stated.isdigit() else 1
