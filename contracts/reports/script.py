"""Requests as shell commands that work as they stand, with ``sh`` and ``curl`` alone.

A request by itself is one command; the steps of a finding are a script.

What is new in every request is made in the shell, what an answer hands out is read from it,
and a spoiled token is made from the variable that holds the good one.
"""

import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from contracts.model import CREDENTIAL, PORT, Contract, Operation, Request
from contracts.reports.names import headers_with_names
from contracts.schema.files import read_toml
from contracts.schema.jsontext import encode, mapped
from contracts.spoiling import placed

LONGEST_ARGUMENT = 100_000  # characters; a longer one is refused by the system, not by a pipe
HANDED_OUT = "x-handed-out"
BYTES = "x-bytes"
FRESH = re.compile(r"\{(fresh|\d?digits)(?::(\d+))?\}")
SHELL = read_toml(Path(__file__).with_name("shell.toml"))
FORMS: Mapping[str, str] = SHELL["forms"]
SUFFIX = rf"(?::({'|'.join(form for form in FORMS if form)}))?"
VALUE = re.compile(rf"\{{value:(\d+):([^{{}}]+?){SUFFIX}\}}")
VARIABLE = re.compile(rf"\{{variable:([A-Z0-9_]+){SUFFIX}\}}")
MARKERS = r"\{(?:fresh|\d?digits):\d+\}|\{(?:value|variable):[^{}]+\}"
PARAMETER = re.compile(r"\{(\w+)(:\w+)?\}")

LEAST = 200  # characters that a repetition has at least; fewer are shown as they are
# the unit may begin with a number that counts up from 0, as in "m0":1,"m1":1,…
REPEATED = re.compile(
    r"(?P<unit>[^#\n]{1,64}?)(?P=unit){9,}"
    r"|(?P<head>[^\d#\n]{1,16})0(?P<tail>[^#\n]{1,64}?)(?:(?P=head)\d+(?P=tail)){9,}"
)

Step = Mapping[str, Any]


def script(contract: Contract, base: str, paths: Sequence[str], steps: Sequence[Step]) -> list[str]:
    """Return the commands that show a finding again, one a line.

    `paths` are the addresses below `base` of the steps that take nothing from earlier answers
    and are of the contract's own operation; of the others, and where it is empty, the address
    is made here.
    """
    placed = [(s, _address(contract, s, path)) for s, path in zip(steps, paths, strict=True)]
    texts = [f"{_body(step.get('body', ''), 0)}{path}" for step, path in placed]
    values = [match for text in texts for match in VALUE.finditer(text)]
    used = {int(match[1]) for match in values}
    lines: list[str] = []
    for number, (step, path) in enumerate(placed, 1):
        command = _curl(contract, f"{base}{path}", step, number)
        if number in used:
            names = {match[2] for match in values if int(match[1]) == number}
            lines.append(f"ANSWER{number}=$({command.replace('--include', '--silent')})")
            for name in sorted(names):  # each text that a later step takes out of the answer
                reading = f'printf %s "$ANSWER{number}" | value_at {shlex.quote(name)}'
                lines.append(f"{_variable(number, name)}=$({reading})")
        elif step.get("together") and number > 1 and step["label"] == steps[number - 2]["label"]:
            # sent at the same moment as the one before, which goes into the background
            lines[-1] = f"{lines[-1].removesuffix(' & wait')} & {command} & wait"
        else:
            lines.append(command)
    text = "\n".join(lines)
    before = []
    if "$T" in text or "${T" in text:
        before.append(f'T="{_token(contract.operation)}"; M=$((${{#T}} / 2))')
    needs = {"run": "${RUN}", "digits": "(DIGITS", "repeat": "$(repeat "}
    before += [SHELL[name] for name, mark in needs.items() if mark in text]
    if used:
        before.append(SHELL["value_at"])
    return [*before, *lines]


def _address(contract: Contract, step: Step, path: str) -> str:
    """Return where a step goes, with markers for what earlier answers hand out.

    Example: ``/orders/{value:1:/id}`` reads the order that the first step created.
    """
    operation = contract.of(step.get("operation")).operation
    takes = step.get("takes", {})
    asked = operation.asked(step.get("query", {}), step.get("leaves_out", ()))
    query = "&".join(f"{quote_plus(n)}={_escaped(text)}" for n, text in _marked(asked, 0).items())
    if path and not takes and operation is contract.operation:
        return path if not query or query in path else f"{path.partition('?')[0]}?{query}"
    markers = {
        **{n: f"{{variable:{variable}}}" for n, variable in operation.parameters.items()},
        **{n: f"{{variable:{variable}}}" for n, variable in operation.credentials.items()},
        **{n: str(_marked(marker, 0)) for n, marker in takes.items()},
    }
    address = operation.path
    for name in operation.path_names:
        template = step["path"].get(name, f"{{{name}}}")
        parts = re.split(r"(\{[^{}]*\})", template)
        filled = "".join(_in_address(part, markers) for part in parts)
        address = address.replace(f"{{{name}}}", filled)
    return f"{address}?{query}" if query else address


def _escaped(value: Any) -> str:
    """Return a value of a query as a run sends it, with its markers as they are."""
    parts = re.split(f"({MARKERS})", str(value))
    return "".join(p if re.fullmatch(MARKERS, p) else quote_plus(p) for p in parts)


def _in_address(part: str, markers: Mapping[str, str]) -> str:
    """Return a part of a path parameter: ``{id:cut}`` is the marker of the id with that suffix."""
    match = PARAMETER.fullmatch(part)
    if match is None or match[1] not in markers:
        return quote(part, safe="")
    return f"{markers[match[1]][:-1]}{match[2] or ''}}}"


def _variable(number: int, pointer: str) -> str:
    return f"V{number}_{re.sub(r'[^A-Za-z0-9]', '_', pointer.lstrip('/'))}"


def _curl(contract: Contract, url: str, step: Step, number: int) -> str:
    """Return the command that sends a step to a URL; `number` is that of the step."""
    operation = contract.of(step.get("operation")).operation
    method = step["method"] or operation.method
    form = step["authorization"]
    form = operation.credential if form == CREDENTIAL else form
    credentials, query = placed(operation.header, form, in_query=operation.key_in_query)
    if query:  # a request that was sent has it in its path, with the markers of a token
        url = url.removesuffix(query).rstrip("?&")
    address = _quoted(url)
    if query:
        mark = "&" if "?" in url else "?"
        address += f'"{mark}{_credential(operation, query)}"'
    reached = shlex.join(["curl", "--include", *operation.curl_options, "--request"])
    parts = [reached, method, address, "--header 'Accept: application/json'"]
    for name, header in credentials:
        value = _credential(operation, header).replace('""', '\\"\\"')
        parts.append(f'--header "{name}: {value}"' if value else f'--header "{name};"')
    parts += _needed_headers(operation, step.get("leaves_out", ()))
    for name, text in step.get("headers", {}).items():
        parts.append(f"--header {shell_quoted(f'{name}: {text}')}")
    body = step.get("body", ...)
    if body is not ... and step["media_type"]:
        content_type = operation.content_type(step["media_type"])
        parts.append(f"--header 'Content-Type: {content_type}'")
    elif body is not ...:
        parts.append("--header 'Content-Type:'")
    if isinstance(body, dict) and body.keys() == {BYTES}:
        text = body[BYTES]
        if not (text.isascii() and text.isprintable()):
            octal = "".join(f"\\{byte:03o}" for byte in text.encode("latin-1"))
            return f"printf '{octal}' | {' '.join(parts)} --data-binary @-"
        return _with_body(parts, text, shell_quoted(text))
    if body is not ...:
        text = _body(body, number)
        return _with_body(parts, text, _quoted(text))
    return " ".join(parts)


def _needed_headers(operation: Operation, left_out: Collection[str]) -> Iterator[str]:
    """Yield the headers that every request has, but for those that are left out."""
    for name, header in operation.further_headers.items():
        if name in left_out:
            continue
        if header.value:
            yield f"--header {shell_quoted(f'{name}: {header.value}')}"
        else:
            value = f"${{{header.variable}}}" if header.variable else "$(uuidgen)"
            yield f'--header "{name}: {value}"'


def _with_body(parts: Sequence[str], text: str, quoted: str) -> str:
    """Return a curl command with a body, which goes through a pipe where it is too long."""
    if len(text) > LONGEST_ARGUMENT:
        return f"printf %s {quoted} | {' '.join(parts)} --data-binary @-"
    return f"{' '.join(parts)} --data-binary {quoted}"


def _credential(operation: Operation, header: str) -> str:
    """Return a header with shell expressions where the credentials stand."""
    further = operation.credentials
    plain = _token(operation)

    def named(match: re.Match[str]) -> str:
        name = match[1]
        if name == "token":
            return plain
        return SHELL["spoiled"].get(name) or f"${{{further.get(name, name.upper())}}}"

    return re.sub(r"\{(\w+)\}", named, header)


def _token(operation: Operation) -> str:
    """Return what the shell puts in for the token; ``user:password`` is encoded for Basic."""
    variable = f"${{{operation.token_variable}}}"
    if operation.scheme.lower() != "basic":
        return variable
    written = f'printf %s "{variable}"'
    encoded = f"{written} | base64 | tr -d '\\n'"
    return f'$(case "{variable}" in *:*) {encoded};; *) {written};; esac)'


def with_variables(operation: Operation, commands: str) -> str:
    """Return commands behind those that set the variables which the configuration gives.

    Example: ``KOHORT_TOKEN="$(vault read secret)"; curl …``.
    """
    needed = [f"{name}={text}" for name, text in operation.assigned.items() if name in commands]
    return "; ".join([*needed, commands])


def _body(body: Any, number: int) -> str:
    """Return a body as JSON text in which markers stand for what the shell puts there."""
    return encode(_marked(body, number)).decode("utf-8")


def _marked(plain: Any, number: int) -> Any:
    """Return a body with texts in place of its markers: ``{fresh:1}``, ``{value:1:/id}``."""

    def change(part: Any) -> Any:
        if isinstance(part, str):
            return FRESH.sub(lambda match: f"{{{match[1]}:{match[2] or number}}}", part)
        if isinstance(part, dict) and part.keys() == {HANDED_OUT}:
            marker = part[HANDED_OUT]
            return f"{{value:{marker['step']}:{marker['pointer']}}}"
        return part

    return mapped(plain, change)


def _quoted(text: str) -> str:
    """Quote a text for the shell, with variables in place of its markers."""
    parts = re.split(f"({MARKERS})", text)
    quoted = []
    for part in parts:
        if match := FRESH.fullmatch(part):
            size = match[1].removesuffix("digits")
            number = int(match[2])
            least = 10 ** (int(size) - 1 if size.isdigit() else 7)
            digits = f"$(((DIGITS + {number}) % {9 * least} + {least}))"
            quoted.append(f'"${{RUN}}{number:03d}"' if size == "fresh" else f'"{digits}"')
        elif match := VALUE.fullmatch(part):
            value = FORMS[match[3] or ""] % _variable(int(match[1]), match[2])
            quoted.append(f'"{value}"')
        elif match := VARIABLE.fullmatch(part):
            quoted.append(f'"{FORMS[match[2] or ""] % match[1]}"')
        elif part:
            quoted.append(shell_quoted(part))
    return "".join(quoted)


def curl(contract: Contract, target: str, request: Request) -> str:
    """Write a request as a curl command in which the token is the name of its variable."""
    url = shlex.quote(base_url(target) + request.path)
    options = map(shlex.quote, contract.operation.curl_options)
    parts = ["curl", "--include", *options, "--request", request.method, url]
    for name, header in headers_with_names(request, contract).items():
        if name not in ("Accept-Encoding", "User-Agent", "Connection"):
            # the latter is curl's way to send an empty header
            text = f"{name}: {header}" if header else f"{name};"
            parts += ["--header", f'"{text}"' if "$" in text else shlex.quote(text)]
    if request.body is not None:
        parts += ["--data-binary", shlex.quote(request.body.decode("utf-8", "replace"))]
    return " ".join(parts)


def base_url(target: str) -> str:
    """Return what stands before the paths of a target; for the embedded one where it is served."""
    return f"http://127.0.0.1:{PORT}" if target == "embedded" else target.rstrip("/")


def shell_quoted(text: str) -> str:
    """Return a text quoted for the shell, in which what is repeated is written once.

    Example: ``[[[[…`` of 5,000 brackets is ``"$(repeat 5000 '[')"``.
    """
    if len(text) < LEAST:
        return shlex.quote(text)
    parts, end = [], 0
    for match in REPEATED.finditer(text):
        unit, count = _unit(match)
        if len(match[0]) >= LEAST and count:
            if match.start() > end:
                parts.append(shlex.quote(text[end : match.start()]))
            parts.append(f'"$(repeat {count} {shlex.quote(unit)})"')
            end = match.end()
    return "".join([*parts, shlex.quote(text[end:])] if end < len(text) else parts)


def _unit(match: re.Match[str]) -> tuple[str, int]:
    """Return what is repeated, with # where it counts, and how often; 0 where it does not count."""
    if match["unit"] is not None:
        return match["unit"], len(match[0]) // len(match["unit"])
    head = match["head"]
    tail = match["tail"]
    count = len(re.findall(f"{re.escape(head)}\\d+{re.escape(tail)}", match[0]))
    counted = "".join(f"{head}{number}{tail}" for number in range(count))
    return f"{head}#{tail}", count if counted == match[0] else 0
