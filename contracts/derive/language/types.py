"""Type lines: `string<uuid>[]`, `enum<integer> | null`, `Coupon · object` and their like."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contracts.derive.model import Fact, Json, Node, Span

_NAMES = "string|number|integer|boolean|object|array|any|unknown|null|file|enum"
_ATOM = re.compile(rf"(?P<base>{_NAMES})(?:<(?P<inner>[\w.\-/ |]+)>)?(?P<arrays>(?:\[\])*)")
_GROUP = re.compile(r"\((?P<inside>[^()]+)\)(?P<arrays>(?:\[\])+)")
_TITLE = re.compile(r".{1,80}? · ")


@dataclass(frozen=True, slots=True)
class TypeLine:
    """One type.

    Its base, its format, how many arrays around it, and whether null is admitted beside it.
    """

    base: str
    form: str | None
    arrays: int
    null: bool
    enumerated: bool
    item_null: bool = False
    others: tuple[str, ...] = ()


def read_type(line: str) -> TypeLine | None:
    """Read a type line; anything else gives None."""
    text = line.strip()
    title = _TITLE.match(text)
    if title and not _ATOM.fullmatch(title[0].removesuffix(" · ")):
        text = text[title.end() :]
    group = _GROUP.fullmatch(text.removesuffix(" | null"))
    if group:
        inside = _union(group["inside"].split("|"))
        return (
            _wrap(inside, len(group["arrays"]) // 2, null=text.endswith(" | null"))
            if inside
            else None
        )
    return _union(text.split(" | "))


def _wrap(inside: TypeLine, arrays: int, *, null: bool) -> TypeLine:
    return TypeLine(
        inside.base,
        inside.form,
        inside.arrays + arrays,
        null,
        inside.enumerated,
        inside.null,
        inside.others,
    )


def _union(parts: list[str]) -> TypeLine | None:
    atoms = [_ATOM.fullmatch(part.strip()) for part in parts]
    if any(atom is None for atom in atoms):
        return None
    match = [atom for atom in atoms if atom is not None]
    null = any(atom["base"] == "null" and not atom["arrays"] for atom in match)
    real = [atom for atom in match if atom["base"] != "null" or atom["arrays"]]
    if not real:
        return TypeLine("null", None, 0, null=False, enumerated=False)
    first = real[0]
    base, form = first["base"], first["inner"]
    enumerated = base == "enum"
    if enumerated:
        base, form = (form or "any"), None
    others = tuple(_plain(atom["base"]) for atom in real[1:])
    return TypeLine(base, form, len(first["arrays"]) // 2, null, enumerated, others=others)


def _plain(base: str) -> str:
    return "string" if base in {"enum", "file"} else base


def type_node(kind: TypeLine, span: Span) -> Node:
    """Return the node that a type line states.

    Type, format, null and items, each with the same lines.
    """
    node = _scalar(kind, span, null=kind.item_null if kind.arrays else kind.null)
    for depth in range(kind.arrays):
        null = kind.null and depth == kind.arrays - 1
        node = Node(facts=(Fact("type", ["array", "null"] if null else "array", span),), items=node)
    return node


def _scalar(kind: TypeLine, span: Span, *, null: bool) -> Node:
    if kind.base in {"any", "unknown"} or "any" in kind.others:
        return Node()  # any admits null as well; a type here would narrow it
    base, form = ("string", "binary") if kind.base == "file" else (kind.base, kind.form)
    types: list[Json] = [*dict.fromkeys([base, *kind.others]), *(["null"] if null else [])]
    node = Node(facts=(Fact("type", types if len(types) > 1 else base, span),))
    return node.with_fact("format", form, span) if form and not kind.others else node
