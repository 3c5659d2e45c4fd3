"""Where a page names an operation: in titles, lines, commands, front matter and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from contracts.derive.markdown.blocks import (
    APART,
    Block,
    Code,
    Heading,
    Table,
    Tag,
    TextBlock,
    plain,
)
from contracts.derive.markdown.titles import named
from contracts.derive.model import Fact, Json, Span
from contracts.derive.page.commands import METHODS, Command, read_address
from contracts.derive.page.requests import commands
from contracts.derive.page.sample import Text

_METHODS = "|".join(sorted(METHODS))
_PLACE = r"(?P<url>(?:[a-z]+://[^\s/`]+|\{\{?[\w.-]+\}?\}|\$\{?\w+\}?|<[\w-]+>)?/[^\s`?#]*|[a-z]+://[^\s`?#]+)"
_LINE = re.compile(
    rf"(?:(?:(?:api )?endpoint|request|url|http request|method|route|operation|call)\s*:?\s*)?"
    rf"(?P<method>{_METHODS})\s*:?\s*{_PLACE}(?:[?#]\S*)?(?: HTTP/[\d.]+)?",
    re.IGNORECASE,
)
_IN_HEADING = re.compile(rf"\b(?P<method>{_METHODS})\s+{_PLACE}")
#: A sentence that begins with an operation as code, perhaps behind few words: "`GET /orders/{id}`
#: returns the order", "Call `POST /orders`".
_IN_SENTENCE = re.compile(
    rf"(?P<words>[A-Z]\w+ (?:\w+ )?)?\x1f(?P<method>{_METHODS}) +"
    rf"{_PLACE.replace('`?#', '`?#' + APART)}(?:[?#][^\x1f]*)?\x1f"
)
#: What a sentence tells the reader to send, as an e-mail has it: "send a POST to https://…"; what
#: the vendor sends itself is none.
_ASKED_FOR = re.compile(
    rf"(?!.*\b(?:we|us|our|webhooks?)\b)(?:.*[ \x1f])?(?:send|make|issue|submit) an? (?:http )?"
    rf"(?-i:(?P<method>{_METHODS}))(?: request)? to (?:the )?\x1f?"
    rf"(?P<url>(?-i:https?)://(?!\S*your)[^\s`?#\x1f]+)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?:(?:http )?method\s*:?\s*)?(?P<method>{_METHODS})", re.IGNORECASE)
#: An address, also without a slash in front where a parameter tells what it is.
_URL_ALONE = re.compile(
    rf"(?:(?:path|url|endpoint|uri|route)\s*:?\s*)?{_PLACE}(?:[?#]\S*)?"
    r"|(?=\S*\{)(?P<bare>[\w-]+(?:/[\w.{}:-]+)+)",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"\s*(?:openapi|api)\s*:\s*[\"']?(?:\S+\.(?:json"
    r"|ya?ml)\s+)?(?P<method>[A-Za-z]+)\s+(?P<url>\S+?)[\"']?\s*"
)
_BASE = re.compile(
    r"(?:base|server|api)[ _-]?(?:urls?|server)?s?\s*:?\s*(?P<server>[a-z]+://[^\s/`]+(?:/[\w.~-]+)*)/?",
    re.IGNORECASE,
)
#: The label of an address that stands on the next line.
_BASE_LABEL = re.compile(
    r"(?:(?:base|server|api)[ _-]?(?:urls?|server)|base|servers?)\s*:?", re.IGNORECASE
)
#: A parameter of a path with its type, as Sphinx has it: `/(int:id)/`.
_CONVERTED = re.compile(r"/ ?\((?:[a-z]+: ?)?(\w+) ?\)(?: (?=/))?")
_PIECE = re.compile(r"/|[\w.{}:~$@-]{1,60}")
_FIELD = re.compile(
    rf"(?:(?:preferred|http|request) )*(?:method|verb)\s*:?\s*(?P<method>{_METHODS})"
    rf"|(?:(?:http|request|resource|api|full|method) )?(?:path|url|endpoint|uri|route)"
    rf"\s*:?\s*{_PLACE}(?:\?\S*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """The place where a page names an operation, and the command that it is if it is one."""

    at: int
    method: str
    method_line: int
    path: str
    path_line: int
    server: str | None = None
    command: Command | None = None
    weak: bool = False
    path_end: int = 0

    def same(self, other: Mention) -> bool:
        """Whether both name one operation; a path may be filled, or lack the server's own path."""
        if self.method != other.method:
            return False
        mine = self.path.strip("/").split("/")
        theirs = other.path.strip("/").split("/")
        pairs = [*zip(reversed(mine), reversed(theirs), strict=False)]
        # `/orders` does not lack a part of `/orders/{id}`: it is another address
        alike = len(mine) == len(theirs) or any(a == b for a, b in pairs)
        return alike and all(a == b or _is_parameter(a) or _is_parameter(b) for a, b in pairs)


def _is_parameter(part: str) -> bool:
    return part.startswith((":", "{", "<", "$")) or part.endswith("}")


#: The member of an answer that is the token which was asked for.
_TOKEN = re.compile(r'"access_?token"\s*:', re.IGNORECASE)


def without_token_requests(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without the requests that fetch a token for the operation of the page.

    What shows the token goes with them. They stay where the page has no other request, or where
    its title speaks of tokens.
    """
    texts = ["\n".join(block.lines) if isinstance(block, Code) else "" for block in blocks]
    pairs = [*zip(blocks, texts, strict=True)]
    fetching = [block for block, text in pairs if "grant_type" in text and any(_sent([block]))]
    title = next((block.plain.lower() for block in blocks if block.text), "")
    left = [(block, text) for block, text in pairs if block not in fetching]
    about = re.search(r"\btokens?\b|\bauth(?!or)|\b(?:log|sign) ?in", title)
    if not fetching or about or not mentions([block for block, _ in left], ()):
        return [*blocks]
    return [block for block, text in left if not _TOKEN.search(text)]


def mentions(blocks: Sequence[Block], lines: Sequence[str]) -> list[Mention]:
    """Return every place at which a page names an operation, in order."""
    found = [*_written(blocks), *_front_matter(lines), *_sent(blocks)]
    named = {mention.at for mention in found}
    found += [mention for mention in _in_fields(blocks) if mention.at not in named]
    strong = [mention for mention in found if not mention.weak]
    # An item of a list may be a link to another page; it counts where something else names the
    # same.
    known = [mention for mention in found if any(mention.same(other) for other in strong)]
    found = known or found or _in_sentences(blocks)
    return sorted(found, key=lambda mention: (mention.at, mention.method_line))


def _in_sentences(blocks: Sequence[Block]) -> list[Mention]:
    """Return the one operation that a page names in sentences, as code at the beginning of one."""
    found = [
        _mention(at, said["method"], block.line, said["url"], block.line)
        for at, block in enumerate(blocks)
        if isinstance(block, TextBlock) and not block.item
        if (said := _IN_SENTENCE.match(block.text) or _ASKED_FOR.match(block.text))
    ]
    return found if all(found[0].same(other) for other in found) else []


def among_words(lines: Sequence[str]) -> str | None:
    """Say where an operation is named that is not read, since other words stand beside it."""
    for number, line in enumerate(lines, 1):
        if named := _IN_HEADING.search(plain(line)):
            said = f"{named['method']} {named['url'].rstrip('.,;:)}')}"
            where = f"stands on line {number} among other words"
            return f"{said} {where}; put it on a line of its own"
    return None


def server_facts(blocks: Sequence[Block]) -> tuple[Fact, ...]:
    """Return the address that a page names as the base of its paths, with what it says of it."""
    for block, below in zip(blocks, [*blocks[1:], TextBlock(0, "")], strict=True):
        label = _BASE_LABEL.fullmatch(block.plain) is not None
        text = f"{block.plain} {below.plain}" if label else block.plain
        found = _BASE.fullmatch(text) if label else _BASE.search(text)
        if found and isinstance(below if label else block, TextBlock):
            span = Span(block.line, below.line if label else block.line)
            rows: list[Json] = [{"url": found["server"], "description": text}]
            return Fact("server", found["server"], span), Fact("servers", rows, span)
    return ()


def _mention(
    at: int, method: str, line: int, url: str, url_line: int, *, command: Command | None = None
) -> Mention:
    """Return a mention of an operation by its method and its address, whatever stands behind it."""
    address = read_address(url.rstrip(".,;"))
    return Mention(at, method.upper(), line, address.path or "/", url_line, address.server, command)


def _written(blocks: Sequence[Block]) -> Iterator[Mention]:
    for at, block in enumerate(blocks):
        if isinstance(block, Tag):
            url = block.attributes.get("baseUrl", "") + block.attributes.get(
                "path", block.attributes.get("url", "")
            )
            if block.attributes.get("method", "").upper() in METHODS and url:
                yield _mention(at, block.attributes["method"], block.line, url, block.line)
        elif isinstance(block, TextBlock):
            yield from _on_lines(blocks, at, block)
        else:
            lines = block.lines[:3] if isinstance(block, Code) else ()
            whole = _LINE.fullmatch(" ".join(line.strip() for line in lines))
            found = _IN_HEADING.search(block.plain) if isinstance(block, Heading) else whole
            if found:
                yield _mention(at, found["method"], block.line, found["url"], block.line)


def _on_lines(blocks: Sequence[Block], at: int, block: TextBlock) -> Iterator[Mention]:
    text = _joined(block.text)
    whole = _LINE.fullmatch(text)
    if whole:
        mention = _mention(at, whole["method"], block.line, whole["url"], block.line)
        yield replace(mention, weak=block.item and not whole["method"].isupper())
        return
    opened = _IN_SENTENCE.match(block.text)
    title = blocks[at - 1] if at else None
    titled = isinstance(title, Heading) and not named(title.plain, "top", None, heading=True)
    if opened and not opened["words"] and titled:
        yield _mention(at, opened["method"], block.line, opened["url"], block.line)
        return
    alone = _ALONE.fullmatch(text)
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if isinstance(below, Code) and len(below.lines) == 1:
        below = TextBlock(below.line, below.lines[0].strip())
        blocks = [*blocks[: at + 1], below, *blocks[at + 2 :]]
    if alone and isinstance(below, TextBlock | Heading):
        path, end = _pieces(blocks, at + 1)
        if url := _URL_ALONE.fullmatch(path):
            address = url["url"] or f"/{url['bare']}"
            mention = _mention(at, alone["method"], block.line, address, below.line)
            yield replace(mention, path_end=end)


def _joined(text: str) -> str:
    """Put an address together whose parts the page sets apart."""
    text = plain(text.replace(f"{APART}/", "/") if "://" in text else text).strip("*_` ")
    text = re.sub(r"\A\{\{(.+)\}\}\Z", r"\1", text)  # code, as a wiki has it
    return _CONVERTED.sub(r"/{\1}", text)


def _pieces(blocks: Sequence[Block], at: int) -> tuple[str, int]:
    """Return the path at a place, put together where its parts have lines, and its last line."""
    block = blocks[at]
    path = _joined(block.text)
    end = block.line
    further = path == "/" or isinstance(block, TextBlock)
    followings = blocks[at + 1 : at + 30] if further else ()
    for following in followings:
        text = following.plain if isinstance(following, TextBlock) else " "
        if "://" in path and path == _joined(block.text) and re.fullmatch(r"/[^\s?#]+", text):
            return path.rstrip("/") + text, following.line  # behind the address of the server
        expected = text == "/" if not path.endswith("/") else text != "/"
        if not expected or not _PIECE.fullmatch(text):
            break
        path = path + text
        end = following.line
    return path, end


def _in_fields(blocks: Sequence[Block]) -> Iterator[Mention]:
    """Yield the operation whose method and address stand behind their labels, in either order."""
    fields = ((at, line, _FIELD.fullmatch(text)) for at, line, text in _fields(blocks))
    known = [(at, line, found) for at, line, found in fields if found]
    for (at, line, one), (behind, other_line, two) in pairwise(known):
        if behind - at > 2 or bool(one["method"]) == bool(two["method"]):
            continue
        if one["method"]:
            yield _mention(at, one["method"], line, two["url"], other_line)
        else:
            yield _mention(at, two["method"], other_line, one["url"], line)


def _fields(blocks: Sequence[Block]) -> Iterator[tuple[int, int, str]]:
    """Yield each label with its value: on one line or two, in a row or in a column of a table."""
    for at, (block, below) in enumerate(pairwise([*blocks, TextBlock(0, "")])):
        if isinstance(block, Table):
            rows = [(block.line, block.header), *((row.line, row.cells) for row in block.rows)]
            columns = zip(*(cells for _, cells in rows), strict=False) if len(rows) == 2 else ()
            pairs = [*rows, *((block.rows[0].line, cells) for cells in columns)]
            yield from ((at, line, " ".join(map(_joined, cells))) for line, cells in pairs)
        elif isinstance(block, TextBlock):
            yield at, block.line, _joined(block.text)
            yield at, block.line, f"{_joined(block.text)} {_joined(below.text or '')}"


def _front_matter(lines: Sequence[str]) -> Iterator[Mention]:
    for number, line in enumerate(lines[:40], 1):
        found = _FRONT.fullmatch(line)
        if found and found["method"].upper() in METHODS:
            yield _mention(-1, found["method"], number, found["url"], number)


def _sent(blocks: Sequence[Block]) -> Iterator[Mention]:
    """Yield the requests that blocks of code send, by a command or as they go over the wire."""
    for at, block in enumerate(blocks):
        if not isinstance(block, Code) or block.lines[0].lstrip().startswith(("{", "[")):
            continue
        lines = (line.strip() for line in block.lines)
        for command in commands(Text.of((*([""] * (block.line - 1)), *lines))):
            if command.url:
                where = (command.method_line, command.url, command.url_line)
                heading = [each.plain for each in blocks[:at] if isinstance(each, Heading)][-1:]
                above = [command.said.strip(), *(each.plain for each in blocks[:at][-1:]), *heading]
                said = replace(command, said=" ".join(dict.fromkeys(filter(None, above))))
                yield _mention(at, command.method, *where, command=said)
