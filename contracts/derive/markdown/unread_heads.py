"""Lines that look like the heads of members and were not read as such.

What stands below one speaks of that member, and not of the member above it.
"""

import re
from collections.abc import Sequence

from contracts.derive.markdown.blocks import APART, Block, Heading, TextBlock
from contracts.derive.markdown.entries import FLAGS, Entry, name_alone, without_noise
from contracts.derive.markdown.restrictions import clauses, read_restrictions

_SET_APART = re.compile(r"\x1f[ ]*[\w$@.\[\]-]+[ ]*\x1f[\s\x1f]*[(:,\u2013\u2014-]*(?P<behind>.*)")
_BRACKETED = re.compile(r"[a-z_$@][\w$@.\[\]-]*[ ]*\((?P<behind>.*)")
_FLAG = "(?:required|optional|nullable|deprecated)"
#: The label of a type, a type with a flag in one word, or the name of a schema and a flag.
_TYPED = re.compile(
    r"(?i:type\s*:)|[\w$@.-]+[ \x1f]+(?:string|integer|number|boolean|object|array)\S*"
    rf"{_FLAG}|[a-z_$@][\w$@.-]*[ \x1f]+[A-Z]\w*(?:\[\])?[ \x1f]+{_FLAG}\b"
)
_SCHEMA = re.compile(r"[A-Z]\w*(?:\[\])?")


def is_other_head(blocks: Sequence[Block], at: int, owner: Entry) -> bool:
    """Whether an unread line looks like the head of another member than the one above it."""
    block = blocks[at]
    if isinstance(block, Heading):
        return True
    if not isinstance(block, TextBlock):
        return False
    text = without_noise(block.text)
    if _TYPED.match(text.strip(APART + " ")) or _stands_above_schema(blocks, at, block):
        return True
    named = None if read_restrictions(text)[0] else _SET_APART.match(text)
    named = named or _BRACKETED.match(text)
    if named and (read_restrictions(named["behind"])[0] or any(clauses(named["behind"]))):
        return True
    listed = any(item.name == "listed" for item, _ in owner.restrictions)
    return block.item and 0 < block.depth <= owner.depth and not listed


def _stands_above_schema(blocks: Sequence[Block], at: int, block: TextBlock) -> bool:
    """Whether a name stands alone, with the name of a schema and a flag on the lines below it."""
    below = [other.plain for other in blocks[at + 1 : at + 3] if isinstance(other, TextBlock)]
    named = name_alone(block) is not None and block.plain[:1].islower()
    return named and len(below) == 2 and bool(_SCHEMA.fullmatch(below[0])) and below[1] in FLAGS
