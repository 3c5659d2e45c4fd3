"""The conditions under which a seeded fault shows, and the edits that it makes to an answer.

Some edits re-code what has to come back as it was sent, as careless servers do: a template escapes,
a database normalises, a loose language takes a text for a number, a library keeps its own names to
itself. Each is one small function of a text, a value or the name of a member.
"""

import html
import json
import operator
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from contracts.model import ABSENT
from contracts.planning.bodies.templates import is_made_of


def condition_holds(
    when: Mapping[str, Any], address: str, sent: Any, status: int, number: int, *, turn: int
) -> bool:
    """Whether a fault shows for this request: its address, what was sent, status, and number.

    `turn` is its number among those to the same address.
    """
    path, _, query = address.partition("?")
    members = sent if isinstance(sent, dict) else {}

    def longer(limits: Mapping[str, int]) -> bool:
        return all(
            isinstance(members.get(name), str) and len(members[name]) > least
            for name, least in limits.items()
        )

    def compared(limits: Mapping[str, float], is_beyond: Callable[[float, float], bool]) -> bool:
        numbers = [(members.get(name), limit) for name, limit in limits.items()]
        return all(isinstance(n, (int, float)) and is_beyond(n, limit) for n, limit in numbers)

    tests: dict[str, Callable[[Any], bool]] = {
        "every": lambda n: number % int(n) == 0,
        "first": lambda n: number <= int(n),
        "from": lambda n: number >= int(n),
        "turn": lambda n: turn >= int(n),
        "equals": lambda values: all(members.get(n) == value for n, value in values.items()),
        "one_of": lambda options: all(
            any(is_made_of(members.get(name, ABSENT), value) for value in values)
            for name, values in options.items()
        ),
        "has": lambda names: all(members.get(name) is not None for name in names),
        "null": lambda names: all(name in members and members[name] is None for name in names),
        "lacks": lambda names: all(name not in members for name in names),
        "longer": longer,
        "above": lambda limits: compared(limits, operator.gt),
        "below": lambda limits: compared(limits, operator.lt),
        "contains": lambda parts: all(p in str(members.get(n)) for n, p in parts.items()),
        "path": lambda part: str(part) in path,
        "query": lambda part: str(part) in query.split("&"),
        "status": lambda argument: status == argument,
    }
    return all(tests[name](argument) for name, argument in when.items())


Edit = Mapping[str, Any]
# ways to re-code: a text, or each text of an object; any member's value; a member's name
TEXTS: dict[str, Callable[[str], Any]] = {
    "escaped": html.escape,
    "with single spaces": lambda text: re.sub(r"  +", " ", text),
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "without leading zeros": lambda text: str(int(text)) if re.fullmatch(r"0\d+", text) else text,
    "without astral letters": lambda text: re.sub("[\U00010000-\U0010ffff]", "?", text),
    "without backslashes": lambda text: text.replace("\\", ""),
    "percent-decoded": unquote,
    "with other quotes": lambda text: text.replace('"', "'"),
    "without marks of direction": lambda text: text.replace("\u202e", ""),
    "without tags": lambda text: re.sub(r"<[^>]*>", "", text),
    "unescaped": html.unescape,
}
HARMLESS: dict[str, Callable[[str], Any]] = {
    "trimmed": lambda text: text.strip(" "),
    "in groups": lambda text: re.sub(r"(?<=\d)(\d\d)\b", r" \1", text),
}
# those that leave a text the same but for a way of writing that a contract may leave open
WRITINGS = {"form": ("with single spaces", "composed"), "marks": ("in groups",)}
VALUES: Mapping[str, Callable[[Any], Any]] = {
    "numbers": lambda value: int(value) if _is_text(value, r"[1-9]\d{0,6}") else value,
    "fractions": lambda value: float(value) if _is_text(value, r"\d+\.\d+") else value,
    "exponents": lambda value: 100_000 if value == "1e5" else value,
    "booleans": lambda value: (
        {"true": True, "False": False}.get(value, value) if isinstance(value, str) else value
    ),
    "nothing": lambda value: None if value in ("null", "None") else value,
    "null for empty texts": lambda value: None if value == "" else value,
    "instants": lambda value: (
        f"{value}T00:00:00Z" if _is_text(value, r"\d{4}-\d\d-\d\d") else value
    ),
    "sorted lists": lambda value: sorted(value, key=str) if isinstance(value, list) else value,
    "lists for empty objects": lambda value: [] if value == {} else value,
    "null for empty lists": lambda value: None if value == [] else value,
    "whole numbers": lambda value: int(value) if isinstance(value, float) else value,
    "texts for numbers": lambda value: str(value) if type(value) is int else value,
    "without zero": lambda value: None if value == 0 and type(value) is int else value,
    "without false": lambda value: None if value is False else value,
    "texts for objects": lambda value: str(value) if isinstance(value, dict) and value else value,
    "one kind of line end": lambda value: (
        value.replace("\r\n", "\n") if isinstance(value, str) else value
    ),
    "without outer spaces": lambda value: value.strip() if isinstance(value, str) else value,
    "without tabs": lambda value: value.replace("\t", " ") if isinstance(value, str) else value,
}
NAMES: Mapping[str, Callable[[str], str | None]] = {
    "without prototypes": lambda name: None if name in ("__proto__", "constructor") else name,
    "without hidden names": lambda name: None if name.startswith("__") else name,
    "without ids": lambda name: None if name in ("id", "_id", "pk") else name,
    "without names of its own": lambda name: None if name in ("amount", "status") else name,
    "without digits": lambda name: None if name.isdigit() else name,
    "numbers as names": lambda name: str(int(name)) if name.isdigit() else name,
    "without dots": lambda name: name.replace(".", "_"),
    "without brackets": lambda name: re.sub(r"\[.*?\]", "", name),
    "without dollars": lambda name: None if name.startswith("$") else name,
    "without spaces": lambda name: name.replace(" ", ""),
    "without an empty name": lambda name: name or None,
    "in small letters": str.lower,
    "in snake case": lambda name: re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower(),
    "with composed letters": lambda name: unicodedata.normalize("NFC", name),
    "in ASCII": lambda name: name.encode("ascii", "replace").decode(),
    "without minus": lambda name: name.replace("-", "_"),
}


def recoded(value: Any, how: str) -> Any:
    """Return a text, or an object of any names, as a careless server gives it back."""
    if isinstance(value, str):
        change = (TEXTS | HARMLESS).get(how)
        return change(value) if change else value
    if not isinstance(value, dict):
        return value
    if how in NAMES:
        pairs = [(NAMES[how](name), member) for name, member in value.items()]
        return {name: member for name, member in pairs if name is not None}
    change_member = VALUES.get(how) or (
        lambda member: TEXTS[how](member) if isinstance(member, str) else member
    )
    return {name: change_member(member) for name, member in value.items()}


def _is_text(value: Any, pattern: str) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


NUMBER, TEXT = (int, float), (str,)
# how a value of these types is changed; others stay as they are
CHANGES: Mapping[str, tuple[tuple[type, ...], Callable[[Any, Edit], Any]]] = {
    "scale": (NUMBER, lambda now, edit: now * edit["by"]),
    "add": (NUMBER, lambda now, edit: now + edit["by"]),
    "integer": (NUMBER, lambda now, _: int(now)),
    "upper": (TEXT, lambda now, _: now.upper()),
    "lower": (TEXT, lambda now, _: now.lower()),
    "append": (TEXT, lambda now, edit: now + edit["value"]),
    "ascii": (TEXT, lambda now, _: now.encode("ascii", "replace").decode()),
    "cut": ((str, list), lambda now, edit: now[: edit["to"]]),
    "recode": ((object,), lambda now, edit: recoded(now, edit["how"])),
}
INSTEAD: Mapping[str, Any] = {"null": None, "half_pair": "\ud800"}


def apply_edits(answer: bytes, edits: Iterable[Edit], before: Any, sent: Any) -> bytes:
    """Return an answer as it is after all edits."""
    value = json.loads(answer)
    for edit in edits:
        if edit["at"] == "":
            value = edit["value"] if edit["op"] == "set" else INSTEAD[edit["op"]]
            continue
        for parent, key in list(_places(value, edit["at"].split("/")[1:])):
            _edit(parent, key, edit, before, sent)
    return json.dumps(value).encode()


def _places(value: Any, tokens: list[str]) -> Iterator[tuple[Any, Any]]:
    """Yield (parent, key) of each place that a pointer leads to, ``*`` for all items."""
    head, *rest = tokens
    if not isinstance(value, (dict, list)):  # null, where an object may be
        return
    keys = range(len(value)) if head == "*" and isinstance(value, list) else [head]
    for key in keys:
        here: Any = int(key) if isinstance(value, list) else key
        is_there = here < len(value) if isinstance(value, list) else here in value
        if not rest and (is_there or isinstance(value, dict)):
            yield value, here
        elif rest and is_there:
            yield from _places(value[here], rest)


def _edit(parent: Any, key: Any, edit: Edit, before: Any, sent: Any) -> None:
    """Change the member or item `key` of a parent as an edit says."""
    operation = edit["op"]
    if operation in CHANGES:
        types, change = CHANGES[operation]
        is_there = isinstance(parent, list) or key in parent
        if is_there and isinstance(parent[key], types):
            parent[key] = change(parent[key], edit)
    elif operation == "drop":
        parent.pop(key, None)
    elif operation == "previous":
        if before is not None:
            parent[key] = _walk(before, edit.get("from", edit["at"]))
    elif operation == "copy":
        source = sent if edit.get("of") == "request" else {"data": parent, **parent}
        parent[key] = _walk(source, edit["from"])
    else:
        parent[key] = edit["value"] if operation == "set" else INSTEAD[operation]


def _walk(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        value = value.get(token) if isinstance(value, dict) else None
    return value
