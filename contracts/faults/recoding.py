"""What careless servers make of texts and of free-form objects: one small function for each.

They re-code what passes through them: a template escapes, a database normalises, a loose
language takes a text for a number, a library keeps its own names to itself. `recoded` applies
one of them by its name; seeded faults are made of all of them, for every member that has to
come back as it was sent.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

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
