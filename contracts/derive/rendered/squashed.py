"""Lines of a copied listing whose pieces ran into each other, put apart by line ends."""

import re
from collections.abc import Sequence
from itertools import pairwise

from contracts.derive.markdown.blocks import APART
from contracts.derive.markdown.entries import WORDS_OF_PROSE
from contracts.derive.markdown.kinds import begin_kind, read_kind
from contracts.derive.markdown.restrictions import read_restrictions
from contracts.derive.operation import MEDIA

_WORDS = "header|path|query|cookie|body|required|deprecated|read-only|write-only|nullable"
_FLAGS = re.compile(rf"(?:{_WORDS})+(?=$|default:)", re.IGNORECASE)
_FLAG = re.compile(_WORDS, re.IGNORECASE)
#: A type with flags stuck to it: `stringrequired`, `integerdefault:1`.
_FLAGGED_TYPE = re.compile(
    rf"(?P<type>[a-z]\w*?(?:<[\w-]+>)?(?:\[\])*(?: \| null)?)"
    rf"(?P<flags>(?:{_WORDS})*(?:required|deprecated|default:.*))"
)
_DEFAULT = re.compile(r"default:\s*(?P<value>.*?)(?P<flags>(?:required|deprecated)+)")
_MEDIA = re.compile(rf"(?P<media>(?:\d{{3}}\W+)?{MEDIA}?)(?:required)?\s*\u00b7\s*(?P<type>.+)")
_REQUIRED_MEDIA = re.compile(rf"({MEDIA}?)required")
_NEXT = re.compile(r"required(?P<rest>[\w$@{].*)")
_DOT = re.compile(r"(?<!/json) \u00b7 |(?<=\w)\u00b7(?=\w)")
_NAME = re.compile(r"[A-Za-z_$@][\w.$@\[\]{}-]*")
_LABEL = re.compile(
    r"(?=(?:Available options|Allowed values|Possible values|Enum|Defaults?|Example|Pattern)\b)"
)
_FLAG_AHEAD = r"(?:[Rr]equired|[Oo]ptional|[Dd]eprecated|nullable)"
_BEHIND_FLAG = r"format:|[Dd]efaults?\b|\d|[<>=\u2264\u2265\[(]"
#: Where a flag, a format, a default or a limit ran into what stands before it.
_RUN_ON = re.compile(
    rf"(?<=[a-z0-9>\])])(?={_FLAG_AHEAD}(?:\b|{_BEHIND_FLAG})|format: )"
    rf"|(?:(?<=equired)|(?<=ptional)|(?<=eprecated))(?={_BEHIND_FLAG})"
    r"|(?<=[a-z\d])(?=(?:\d+-\d+ |[<>]=?-?\d[\d.]*)(?:characters|items|[<>]=?-?\d[\d.]*)?(?:\s|$))"
)
_SENTENCE = re.compile(
    r"(?:The|An?|Any|All|This|Each|One|Some|Unique|Optional|Required|Returns?|Array|List|JSON)\b"
)
_HEADING = re.compile(r"(?:Body|Responses?|Request|Headers|Authorizations|\w+ Parameters)\b.*")
#: Types with which few names end: `paint` and `company` end with int and any.
_LONG_TYPE = re.compile(
    r"(?:string|number|integer|boolean|object|array|double|email|datetime|timestamp|uuid|enum)(?:\[\])*$"
)
_GLUED_TYPE = re.compile(r"\w+(?:string|number|integer|boolean|object)(?:\[\])* \u00b7 ")
_BARE = re.compile(r"[\w$@.-]+")
_ONE_OPTION = re.compile(
    r"(?:Available options|(?:Allowed|Possible) values|Enum): *(?P<run>[^\s,|\[\]\"'`/]+)"
)
_ONE_TYPE = r"(?:string|number|integer|boolean|object|null|any|array(?:<[^\n]*?>)?)"
_PIECE = (
    r"(?:[\[(]-?[\d.]+, ?-?[\d.]+[\])]|[<>=\u2264\u2265] ?-?[\d.]+|-?[\d.]+)"
    r"(?: (?:characters?|(?:unique )?items?|properties))?|matches \S.*|unique|multiple of [\d.]+"
    r"|deprecated|read-only|write-only|non-empty|uniqueItems"
    r"|[a-z][\w-]*?(?=matches |[\[(<>=\u2264\u2265]|$)"
)
_GLUED_MEMBER = re.compile(
    rf"(?P<name>[\w$@.-]+)(?:Collapse all|Expand all)?"
    rf"(?P<type>{_ONE_TYPE}(?: \| {_ONE_TYPE})*)(?P<behind>(?:{_PIECE})*)"
)
_GLUED_LABEL = re.compile(
    r"(?P<label>Default|Const|Example)(?:Collapse all)?(?P<value>[\"\d\[{tfn-].*)"
)


def unsquashed(lines: Sequence[str]) -> list[str]:
    """Return the lines with their pieces apart: ``headerrequired`` are two flags."""
    values = {line.strip(" ,`\"'") for line in lines}
    types = {at: found for at, line in enumerate(lines) if (found := _FLAGGED_TYPE.fullmatch(line))}
    types = {at: found for at, found in types.items() if at and read_kind(found["type"])}
    lines = [types[at]["type"] if at in types else line for at, line in enumerate(lines)]
    # A name may stand on a line of its own, with its type below it.
    stacked = any(_NAME.fullmatch(one) and read_kind(two) for one, two in pairwise(lines))
    glued = any(run_on(line) != line for line in lines)
    below = [*lines[1:], ""]
    headings = [at for at, line in enumerate(lines) if _HEADING.fullmatch(line)]
    out = []
    for at, line in enumerate(lines):
        if at in types:
            flags = _parted(types[at]["flags"], "", alone=False, whole=False, values=values)
            out.append(f"{line}\n{flags}")
            continue
        if glued and (unsure := _sure(line)) != line:
            out.append(unsure)
            continue
        whole = not stacked and "\t" not in line and (glued or not _BARE.fullmatch(line))
        out.append(
            _parted(line, below[at], alone=_alone(lines, at, headings), whole=whole, values=values)
        )
    return out


def _alone(lines: Sequence[str], at: int, headings: Sequence[int]) -> bool:
    """Whether flags have lines of their own in the section of a line."""
    start = max((number for number in headings if number <= at), default=0)
    end = min((number for number in headings if number > at), default=len(lines))
    return any(line in {"required", "deprecated"} for line in lines[start:end])


def _parted(line: str, below: str, *, alone: bool, whole: bool, values: set[str]) -> str:
    if line[:1].islower() or _GLUED_TYPE.match(line):
        line = _DOT.sub(APART, line)
    if media := _MEDIA.fullmatch(line):
        return f"{media['media']}\n{media['type']}"
    if media := _REQUIRED_MEDIA.fullmatch(line):
        return media[1]
    flags = _FLAGS.match(line)
    if flags and read_kind(below) is None:
        words = APART.join(_FLAG.findall(flags[0]))
        rest = line[flags.end() :]
        return f"{words}\n{_default(rest, values)}" if rest else words
    if line.startswith("default:"):
        return _default(line, values)
    following = _NEXT.fullmatch(line)
    if following and not alone:
        rest = following["rest"]
        if read_kind(below) or (rest[:1].isupper() and ":" in rest):
            return f"required\n{rest}"
    if whole and not _SENTENCE.match(line) and not WORDS_OF_PROSE.fullmatch(line):
        return glued_member(line) or line
    return run_on(line)


def run_on(line: str) -> str:
    """Return a line with its pieces apart where a flag ran into the type of a member."""
    glued = _RUN_ON.search(line) and not _SENTENCE.match(line)
    return (glued_member(line) if glued else None) or line


def _default(text: str, values: set[str]) -> str:
    """Return a default without the flags that ran into it; a value of the page keeps its end."""
    found = _DEFAULT.fullmatch(text)
    whole = text.partition(":")[2].strip()
    if not found or whole in values or re.search(r"[ _-]$", found["value"]):
        return text
    return f"default: {found['value'].strip()}\n{APART.join(_FLAG.findall(found['flags']))}"


def glued_member(text: str) -> str | None:
    """Return a line that holds a whole member with its pieces apart, or None for any other."""
    label = _LABEL.search(text, 1)
    head, rest = (text[: label.start()], text[label.start() :]) if label else (text, "")
    head = _RUN_ON.sub(APART, head.strip())
    name = _NAME.match(head)
    for end in range(1, name.end() + 1 if name else 0):
        if head[end - 1] in "_-.":
            continue  # `tracking_number` is one name
        behind = head[end:].lstrip()
        kind = begin_kind(behind)
        left = read_restrictions(behind[kind[1] :])[1] if kind else ""
        if kind and not left.strip(" ,;\u00b7\t") and not _is_word(head, end):
            return f"{head[:end]}{APART}{behind}" + (f"\n{_sure(rest)}" if rest else "")
    return None


def _is_word(head: str, end: int) -> bool:
    """Whether a name and its type, split at a place, may be one word: `context` is no text."""
    return head[end:].isalpha() and _LONG_TYPE.match(head, end) is None


def _sure(labelled: str) -> str:
    """Return a label and its values; options that ran into each other are not told apart."""
    found = _ONE_OPTION.fullmatch(labelled)
    return f"one of what ran together here, {found['run']}" if found else labelled


def glued_line(line: str) -> str:
    """Return a line with `APART` between its pieces, where it is a member and its type.

    Example: `codeCollapse allstring[3, 32] characters` gives the name, the type and the lengths.
    """
    line = line.removeprefix("Collapse all")
    if label := _GLUED_LABEL.fullmatch(line):
        return f"{label['label']}: {label['value']}"
    member = _GLUED_MEMBER.fullmatch(line)
    if member is None:
        return line
    return APART.join([member["name"], member["type"], *re.findall(_PIECE, member["behind"])])
