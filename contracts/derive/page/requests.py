"""All requests that a page shows, each with its answers: curl, HTTPie, and HTTP itself."""

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.derive.page.answers import with_answers
from contracts.derive.page.commands import METHODS, Command, Draft, Word
from contracts.derive.page.curl import START as CURL_START
from contracts.derive.page.curl import read_curl
from contracts.derive.page.programs import START as PROGRAM_START
from contracts.derive.page.programs import read_program
from contracts.derive.page.sample import Sample, Text, sample_on

HTTPIE_START = re.compile(
    r"(?:^(?:\$ )?|(?<=\| ))(?:https?|xhs?)"
    r"(?=[ \t]+(?:-|(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s|['\"]?https?://|:|\$|\{\{"
    r"|(?:get|post|put|patch|delete|head) +(?:https?://|:)))",
    re.MULTILINE,
)
_ITEM = re.compile(r"(?P<name>[\w.\[\]-]+)(?P<sign>:=|==|=|:)(?P<value>.*)", re.DOTALL)
_VALUED = frozenset({"-a", "--auth", "-A", "--auth-type", "--session", "-o", "--timeout"})
_HTTP_METHOD = r"(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)"
#: A request line, with the version of HTTP, or with header lines or a body behind it.
HTTP_START = re.compile(
    rf"^{_HTTP_METHOD}[ \t]+(?P<url>(?:https?://|/|\{{\{{|\$)\S*)"
    r"(?:[ \t]+HTTP/[\d.]+[ \t]*$|[ \t]*(?=\n[A-Za-z][\w-]*:[ \t]*\S)|[ \t]*(?=\n\n?[{\[]\s*[\"\n}\]]))",  # noqa: E501
    re.MULTILINE,
)
#: A header, or a comment.
_HTTP_LINE = re.compile(
    r"\n(?:(?!(?i:auth(?:entication)?|body|headers?):)(?P<header>[A-Za-z][\w-]*:[^\n]*)"
    r"|(?:#|//)[^\n]*)"
)
#: How a file of requests says what a variable stands for.
_VARIABLE = re.compile(r"^@(?P<name>[\w-]+)[ \t]*=[ \t]*(?P<value>\S+)", re.MULTILINE)
_STRAIGHT = str.maketrans(dict.fromkeys("\u201c\u201d", '"') | dict.fromkeys("\u2018\u2019", "'"))


def read_httpie(text: Text, start: int, limit: int) -> Command | None:
    """Return the HTTPie command at a position, or None where no request stands there."""
    match = HTTPIE_START.match(text.content, start)
    draft = Draft(text, start, limit, match.end() if match else start)
    bearer = form = False
    while word := draft.word(draft.next_position):
        if word.value in _VALUED:
            value = draft.word(draft.skip(word.end))
            bearer = bearer or (value is not None and value.value == "bearer")
            if word.value in {"-a", "--auth"}:
                draft.add_default_header("Authorization", "Basic", word.start)
            draft.position = value.end if value else word.end
            continue
        form = form or word.value in {"-f", "--form", "--multipart"}
        end = _word(draft, word)
        if end is None:
            break
        draft.position = end
    draft.read_input()
    if not form and (draft.fields or draft.body):
        draft.add_default_header("Content-Type", "application/json", start)
        draft.fields = nested(draft.fields)
    if bearer:
        draft.headers = [header for header in draft.headers if header.value != "Basic"]
        draft.add_default_header("Authorization", "Bearer", start)
    return draft.command() if draft.url else None


def nested(fields: Sequence[tuple[str, Sample]]) -> list[tuple[str, Sample]]:
    """Return the fields with nested ones inside: `to[city]` in to, `tags[]` as its items."""
    groups: dict[str, list[tuple[str, Sample]]] = {}
    for name, sample in fields:
        first, opened, rest = name.partition("[")
        key, _, behind = rest.partition("]")
        groups.setdefault(first, []).append((f"{key}{behind}" if opened else name, sample))
    out: list[tuple[str, Sample]] = []
    for name, inside in groups.items():
        if inside[0][0] == name:
            out.append((name, inside[0][1]))
            continue
        below = nested(inside)
        line = inside[0][1].line
        items = all(key == "" or key.isdigit() for key, _ in below)
        elements = tuple(sample for _, sample in below)
        whole = Sample("array", None, line, elements=elements)
        out.append((name, whole if items else Sample("object", None, line, tuple(below))))
    return out


def _word(draft: Draft, word: Word) -> int | None:
    """Read one word of the command; return the position behind it, or None where it ends."""
    line = draft.text.line(word.start)
    if draft.url is None and word.value.upper() in METHODS:
        draft.method = word.value.upper()
    elif draft.url is None and not word.value.startswith("-"):
        draft.url = word.value
        draft.url_at = word.start
    elif not word.value.startswith("-"):
        item = _ITEM.fullmatch(word.value)
        if not item:
            return None
        name, sign, value = item.groups()
        if sign == ":":
            draft.add_header(word.value, word.start)
        elif sign == "=":
            draft.fields.append((name, Sample("string", value, line)))
        elif sign == "==":
            draft.url = f"{draft.url}{'&' if '?' in str(draft.url) else '?'}{name}={value}"
        elif sample := sample_on(value, line):
            draft.fields.append((name, sample))
    return word.end


def read_http(text: Text, start: int, limit: int) -> Command | None:
    """Return the request that begins at a position: its line, its headers and its body."""
    content = text.content
    match = HTTP_START.match(content, start)
    if not match:
        return None
    url = _filled(match["url"], content)
    draft = Draft(text, start, limit, match.end(), match["method"], url, start)
    while line := _HTTP_LINE.match(content, draft.position, limit):
        if line["header"]:
            draft.add_header(line["header"], line.start() + 1)
        draft.position = line.end()
    if body := re.compile(r"\n\s*(?=[{\[])").match(content, draft.position, limit):
        draft.position = draft.read_body(body.end()) or body.end()
    host = next((header for header in draft.headers if header.name.lower() == "host"), None)
    if host and url.startswith("/"):
        draft.url = f"https://{host.value}{url}"
    return draft.command()


def _filled(url: str, content: str) -> str:
    """Return an address with the server that the file gives for the variable at its beginning."""
    values = {found["name"]: found["value"] for found in _VARIABLE.finditer(content)}
    return re.sub(r"^\{\{\s*([\w-]+)\s*\}\}", lambda found: values.get(found[1], found[0]), url)


#: How each notation begins, and its reader.
NOTATIONS = (
    (CURL_START, read_curl),
    (HTTPIE_START, read_httpie),
    (HTTP_START, read_http),
    (PROGRAM_START, read_program),
)


def requests(text: Text) -> list[Command]:
    """Return every request on a page without its answers: curl, HTTPie, HTTP."""
    starts = sorted(
        (found.start(), place, read)
        for place, (pattern, read) in enumerate(NOTATIONS)
        for found in pattern.finditer(text.content)
    )
    read_commands: list[Command] = []
    for index, (start, _, read) in enumerate(starts):
        limit = starts[index + 1][0] if index + 1 < len(starts) else len(text.content)
        command = read(_straightened(text, start, limit), start, limit)
        if command:
            above = text.content[:start].rstrip().rpartition("\n")[2]
            read_commands.append(replace(command, said=above))
    return read_commands


def _without_carets(command: str) -> str:
    """Return a command of the Windows prompt as a shell knows it, with lines as long."""
    lines: list[str] = []
    quotes = 0
    for line in command.split("\n"):
        plain = re.sub(r"\^(\S)", r"\1", line)
        quotes += len(re.findall(r'(?<!\\)"', plain))
        if quotes % 2:
            plain = re.sub(r"\^[ \t]*$", "", plain)
        lines.append(plain.ljust(len(line)))
        if not line.rstrip().endswith("^"):
            break
    return "\n".join(lines)


def _straightened(text: Text, start: int, limit: int) -> Text:
    """Return a text with the quotes of a command as a shell knows them: a blog rounds them."""
    rest = text.content[start:limit]
    if re.match(r"[^\n]*\^[ \t]*\n", rest):
        straight = _without_carets(rest)
    elif re.match(r"\S+[^\n]* [\u201c\u2018]", rest):
        straight = rest.partition("\n\n")[0].translate(_STRAIGHT)
    else:
        return text
    content = text.content[:start] + straight + text.content[start + len(straight) :]
    return replace(text, content=content)


def commands(text: Text) -> tuple[Command, ...]:
    """Return every request on a page with its answers."""
    read_commands = requests(text)
    ends = [*(command.start for command in read_commands), len(text.content)][1:]
    return tuple(
        with_answers(text, command, end) if command.whole else command
        for command, end in zip(read_commands, ends, strict=False)
    )
