"""The edits that a seeded fault makes to an answer."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from contracts.faults.recoding import recoded

# of what is there
CHANGES = {"upper", "lower", "cut", "append", "ascii", "scale", "add", "integer", "recode"}


def apply_edits(answer: bytes, edits: Iterable[Mapping[str, Any]], before: Any, sent: Any) -> bytes:
    """Return an answer as it is after all edits."""
    value = json.loads(answer)
    for edit in edits:
        if edit["at"] == "":
            value = edit["value"]
            continue
        for parent, key in list(_places(value, edit["at"].split("/")[1:])):
            _edit(parent, key, edit, before, sent)
    return json.dumps(value).encode()


def _places(value: Any, tokens: list[str]) -> Iterator[tuple[Any, Any]]:
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


def _edit(parent: Any, key: Any, edit: Mapping[str, Any], before: Any, sent: Any) -> None:
    now = parent.get(key) if isinstance(parent, dict) else parent[key]
    operation = edit["op"]
    if operation in CHANGES and isinstance(parent, dict) and key not in parent:
        return
    if operation == "drop":
        parent.pop(key, None)
    elif operation == "previous":
        if before is not None:
            parent[key] = _walk(before, edit.get("from", edit["at"]))
    elif operation == "copy":
        parent[key] = _walk(
            sent if edit.get("of") == "request" else {"data": parent, **parent}, edit["from"]
        )
    else:
        changes: dict[str, Callable[[], Any]] = {
            "set": lambda: edit["value"],
            "scale": lambda: now * edit["by"] if isinstance(now, (int, float)) else now,
            "add": lambda: now + edit["by"] if isinstance(now, (int, float)) else now,
            "upper": lambda: now.upper() if isinstance(now, str) else now,
            "lower": lambda: now.lower() if isinstance(now, str) else now,
            "cut": lambda: now[: edit["to"]] if isinstance(now, (str, list)) else now,
            "append": lambda: now + edit["value"] if isinstance(now, str) else now,
            "ascii": lambda: (
                now.encode("ascii", "replace").decode() if isinstance(now, str) else now
            ),
            "null": lambda: None,
            "recode": lambda: recoded(now, edit["how"]),
            "half_pair": lambda: "\ud800",
            "integer": lambda: int(now) if isinstance(now, (int, float)) else now,
        }
        parent[key] = changes[operation]()


def _walk(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        value = value.get(token) if isinstance(value, dict) else None
    return value
