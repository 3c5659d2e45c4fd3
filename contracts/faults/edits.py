"""The edits that a seeded fault makes to an answer."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from contracts.faults.recoding import recoded

Edit = Mapping[str, Any]
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
        if not rest:
            yield value, here
        elif (isinstance(value, list) and here < len(value)) or (
            isinstance(value, dict) and here in value
        ):
            yield from _places(value[here], rest)


def _edit(parent: Any, key: Any, edit: Edit, before: Any, sent: Any) -> None:
    """Change the member or item `key` of a parent as an edit says."""
    operation = edit["op"]
    if operation in CHANGES:
        types, change = CHANGES[operation]
        is_there = not isinstance(parent, dict) or key in parent
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
