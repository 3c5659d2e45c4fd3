"""What pages say of the life of things: in which states something may be done, what it does.

A sentence is read only where it speaks of the thing itself, by the noun of its address, and of
what the operation does: one that may mean something else states nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contracts.authoring.start import identity, queries
from contracts.authoring.start.identity import Api, Derived
from contracts.authoring.start.links import Proposal
from contracts.schema import keywords

MOVING = re.compile(r"(?:\w+_)?(?:status|state|stage|phase|progress)", re.IGNORECASE)
REFUSED = re.compile(
    r"\b(?:can(?:no|')?t|can not|may not|must not) be\b|\b(?:refused|rejected)\b"
    r"|\b4(?:09|22|00|03)\b|\bno longer be\b",
    re.IGNORECASE,
)
ELSE = re.compile(
    r"(?:otherwise|if (?:it|they) (?:is|are)(?: not|n't)|(?:for|in) (?:all |any )?others?"
    r"|an? \w+ in any other)\b",
    re.IGNORECASE,
)
OF_TABLE = re.compile(r"4\d\d: ")  # a row of the refusals of an operation
STATUS = re.compile(r"\b(4\d\d)\b")
MAY = re.compile(
    r"\b(?:can|may)(?:not|'t| not| only| no longer)* (?:be )?(?:\w+ly )?(\w+)", re.IGNORECASE
)
# what may follow a state, or a thing, of which a further condition is told
FURTHER = r"(?! (?:by|via|through|with|within|without|of|from|for|in|on|since|to|and|but|whose)\b)"
OTHERWISE = re.compile(r"\b(?:any|every|all)(?:thing|one)? (?:others?|else)\b", re.IGNORECASE)
# what makes a sentence one of further conditions, or of another time
IN_A_WAY = re.compile(
    r"\b(?:without|by|through|via|fully|partially|at once|for(?! (?:every|any|all)))\b",
    re.IGNORECASE,
)
DOUBTFUL = re.compile(
    r"\b(?:only|unless|except|twice|once more|more than|again|usually|normally|sometimes|before"
    r"|until)\b",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\b(?:if|when|once|unless|only|whether|may|might|can|must|not|already|until|before|after"
    r"|later|within|eventually|soon|automatically|while|as long as|4\d\d)\b|n't\b",
    re.IGNORECASE,
)
CHANGES = {
    "PATCH": ("chang", "updat", "edit", "modif"),
    "PUT": ("replac", "chang", "updat", "edit", "modif"),
    "DELETE": ("delet", "remov"),
}

Rows = Iterator[tuple[str, dict[str, Any], dict[str, Any]]]


@dataclass(frozen=True)
class Things:
    """What an operation acts on, and how an answer shows that."""

    page: Derived
    shown: Derived  # the operation that reads such a thing
    noun: str
    arguments: Mapping[str, Any]  # that relations over lives take
    options: Mapping[str, Any]  # of what a list of such things may be asked for

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """The schemas of the members of a thing."""
        return _members(self.shown, self.arguments["response"])

    @cached_property
    def sentences(self) -> Sequence[tuple[int, str]]:
        """The sentences of the operation and parts of them; "Otherwise" with those before."""
        said = identity.said(self.page, "operation")
        parts = [(line, part) for line, text in said for part in re.split(r"; | - ", text)]
        joined = [
            (line, f"{before}; {part}")
            for index, (_, part) in enumerate(parts)
            for line, before in parts[max(index - 2, 0) : index]
            if ELSE.match(part) and REFUSED.search(part) and not REFUSED.search(before)
        ]
        return [*parts, *joined]

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """How the words begin that say what the operation does: ``cancel``, ``refund``."""
        word = identity.address(self.page["operation"]).rpartition("/")[2]
        last = identity.singular(identity.words(word))
        usual = CHANGES.get(self.page["operation"]["method"], ())
        return usual or (last.partition("-")[0][: max(len(last) - 1, 3)],)

    def status(self, text: str) -> dict[str, list[int]]:
        """Return the column of the statuses that answer a refusal, where its sentence has any.

        A request may be refused for several reasons: those of other sentences are taken as well.
        """
        others = (part for _, part in self.sentences if not OF_TABLE.match(part))
        every = " ".join([text, *others])
        codes = sorted({int(code) for code in STATUS.findall(every)})
        return {"status": codes} if STATUS.search(text) else {}


def things(page: Derived, own: Sequence[Proposal], derived: Api) -> Things | None:
    """Return what the last part of an operation's address names, where another one reads that."""
    links = [link for link in own if link.place == "path"]
    path = identity.address(page["operation"])
    method = page["operation"]["method"]
    if not links or method == "GET":
        return None
    link = max(links, key=lambda link: path.find(f"{{{link.name}}}"))
    collection = path.partition(f"/{{{link.name}}}")[0]
    for name, other in derived.items():
        operation = other["operation"]
        place = re.sub(r"/\{[^{}]*\}$", "", identity.address(operation))
        named = identity.created(other)
        if (operation["method"], place) == ("GET", collection) and named:
            home = named.rpartition("/")[0]
            arguments = {"by": link.source, "created_id": link.pointer, "read_by": name}
            arguments |= {"response": home, "parameter": link.name}
            own_answer = identity.created(page)
            members, answered = _members(other, home), _members(page, home)
            if own_answer == named and 2 * len(members & answered.keys()) > len(members):
                arguments["answer"] = home
            noun = identity.singular(identity.words(collection.rpartition("/")[2]))
            options = queries.asked_for(derived, collection)
            return Things(page, other, noun.rpartition("-")[2], arguments, options)
    return None


def _members(page: Derived, home: str) -> Mapping[str, Any]:
    whole = keywords.subschema(page["response"] or {}, keywords.path_of(home))
    members: Mapping[str, Any] = whole.get("properties", {})
    return members


def rows(things: Things) -> Rows:
    """Yield (operator, arguments, further columns) of relations over the life of a thing."""
    yield from _named(things)  # what a sentence says takes the place of it
    sent = (things.page["request"] or {}).get("properties", {})
    for member, schema in things.members.items():
        known = schema if "enum" in schema else things.options.get(member, {})
        values = [value for value in known.get("enum", ()) if isinstance(value, str)]
        if values and member not in sent:
            yield from _states(things, member, values)
    yield from _set(things)


def _states(things: Things, member: str, values: Sequence[str]) -> Rows:
    """Yield what an operation may be done to, and which state it leads to, by its sentences."""
    open_states = list(values)  # by all sentences together
    for line, text in things.sentences:
        said = {"lines": [line, line], "basis": "document", "member": member}
        allowed = _allowed(things, member, values, text)
        reached = _reached(things, member, values, text)
        if allowed and {*allowed} < {*values}:
            open_states = [state for state in open_states if state in allowed] or allowed
            arguments = {"member": f"/{member}", "values": open_states, **things.status(text)}
            yield "only_in", arguments, {**said, "values": " or ".join(open_states)}
        elif reached:
            arguments = {"member": f"/{member}", "value": reached}
            yield "afterwards", arguments, {**said, "value": reached}


def _allowed(things: Things, member: str, values: Sequence[str], text: str) -> list[str]:
    """Return the states in which something may be done, by a sentence that says so."""
    verbs = rf"(?:{'|'.join(things.verbs)})"
    is_own = all(re.match(verbs, word, re.IGNORECASE) for word in MAY.findall(text))
    if not is_own or IN_A_WAY.search(text):
        return []  # of what another operation does, or of one way to do it
    states = rf"(?P<states>{_listed(values)})"
    it = _subject(things, member)
    only: tuple[str, ...] = (
        rf"\bonly (?:an? )?{states}(?: {things.noun}s?\b| (?:can|may) be\b)",
        rf"\bonly {things.noun}s? (?:with|in) (?:the |a )?(?:{member} )?{states}{FURTHER}",
        rf"\bonly\b[^,.;:]*?\b(?:while|when|if|once) {it} (?:is|are) (?:still )?{states}",
        rf"{it} (?:must|has to|needs to|have to) (?:still )?be {states}{FURTHER}",
    )
    if ELSE.match(text.rpartition("; ")[2]):  # of what is done where no refusal is spoken of
        only += rf"\b(?:when|if|while) {it} (?:is|are) {states}", rf"\bfrom {states} to\b"
    done = rf"can(?:not|'t| not) be {verbs}"
    others = (
        rf"\b\w+s that (?:are|were) not {states} {done}",
        rf"\b(?:unless|other than)(?: {it} (?:is|are))? {states}{FURTHER}",
        rf"{it} (?:that |which )?(?:is|are|was) (?:not|no longer) (?:yet )?{states}{FURTHER}",
    )
    refused = (
        rf"{states} {things.noun}s?\b{FURTHER}",
        rf"{it} whose \w+ (?:is|was) {states} {done}",
        rf"{it} (?:that |which )?(?:is|are|was|has|have)(?: been)? (?:already )?{states}{FURTHER}",
    )
    if found := _first(only, text):
        rest = text[: found.start("states")] + text[found.end("states") :]
        is_meant = REFUSED.search(rest) or re.search(rf"\b{verbs}", rest, re.IGNORECASE)
        return named(found["states"], values) if is_meant else []
    if REFUSED.search(text) and (found := _first(others, text)):
        return named(found["states"], values)
    is_clear = REFUSED.search(text) and not DOUBTFUL.search(text)
    if is_clear and (found := _first(refused, text)):
        inside = named(found["states"], values)
        is_rest = OTHERWISE.search(text) is not None
        return inside if is_rest else [value for value in values if value not in inside]
    return []


def _reached(things: Things, member: str, values: Sequence[str], text: str) -> str | None:
    """Return the state that a sentence says something is in afterwards."""
    # what something was before is not what it is afterwards: "An active loan becomes returned"
    some = _listed(values)
    was = (
        rf"\Aafter \w+(?:ion|al|ing|ment),? |\A{things.verbs[0]}\w* {some}(?=[:,.])"
        rf"|\bfrom {some} (?=to\b)|{some} (?={things.noun}s?\b)"
    )
    text = " ".join(re.sub(was, "", text, flags=re.IGNORECASE).split())
    states = named(text, values)
    if CONDITION.search(text) or len(states) != 1:
        return None
    it, value = _subject(things, member), rf"(?:an? )?`?{_called(states[0])}\b"
    ways = [
        rf"{it} (?:becomes?|(?:is|are) (?:then|now)|changes? to) {value}",
        rf"{it} (?:is|are) {value}`? (?:afterwards|from then on|again)",
        rf"\bafterwards,? {it} (?:is|are) {value}",
        rf"\b(?:moves?|sets?|changes?|turns?) {it} (?:in)?to {value}",
        rf"\bback to {value}|\bwhich is (?:then )?{value}`? again",
    ]
    if states[0].startswith(things.verbs):
        ways.append(rf"\A{it} (?:is|are) {value}")
    return states[0] if _first(ways, text) else None


def _set(things: Things) -> Rows:
    """Yield that a time is set or cleared by an operation, where a sentence says so."""
    for member, schema in things.members.items():
        for line, text in things.sentences if "null" in (keywords.types(schema) or "null") else ():
            it = rf"\A(?!.*(?:{CONDITION.pattern})).*\b{re.escape(member)}`? is (?:then |now )?"
            said = {"lines": [line, line], "basis": "document", "member": member}
            if re.search(rf"(?i){it}(?:set|filled|the (?:time|date|moment) of)\b", text):
                yield "afterwards", {"member": f"/{member}"}, {**said, "value": "set"}
            elif re.search(rf"(?i){it}(?:cleared|reset|removed|`?null\b)", text):
                arguments = {"member": f"/{member}", "cleared": True}
                yield "afterwards", arguments, {**said, "value": "null"}


def _named(things: Things) -> Rows:
    """Yield what an operation does by its name, which is a convention.

    ``POST .../cancel`` without a body leads to ``cancelled``, and sets ``cancelled_at``; and when
    something was created stays.
    """
    operation = things.page["operation"]
    lines, (verb, *_) = operation["x-source"]["method"], things.verbs
    is_done = identity.acts(things.page) and not things.page["request"]
    for member, schema in things.members.items():
        reached = [v for v in schema.get("enum", ()) if v and MOVING.fullmatch(member)]
        reached = [v for v in reached if str(v).startswith(verb)] if is_done else []
        said = {"lines": lines, "member": member}
        is_time = schema.get("format") == "date-time"
        if len(reached) == 1:
            arguments = {"member": f"/{member}", "value": reached[0]}
            yield "afterwards", arguments, {**said, "value": reached[0]}
        elif is_done and is_time and member.startswith(verb) and "null" in keywords.types(schema):
            yield "afterwards", {"member": f"/{member}"}, {**said, "value": "set"}
        elif (
            is_time
            and re.match("creat", member)
            and operation["method"] in ("POST", "PATCH", "PUT")
        ):
            yield "untouched", {"member": f"/{member}"}, said


def _subject(things: Things, member: str) -> str:
    """Return a pattern of what names a thing, or the member that is its state."""
    of_it = rf"(?: of (?:(?:the|an?) )?{things.noun})?"
    words = rf"{things.noun}s?|it|they|(?:its |the )?`?{re.escape(member)}`?{of_it}"
    return rf"(?:\b(?:the |an? |this )?(?:{words}))"


def _called(value: str) -> str:
    """Return a pattern of a state in a sentence: ``checked_in`` is written "checked in" as well."""
    return "[ _-]".join(map(re.escape, re.split(r"[_-]", value)))


def _listed(values: Sequence[str]) -> str:
    state = rf"(?:`?\b(?:an? )?`?(?:{'|'.join(map(_called, values))})\b`?)"
    return rf"{state}(?:(?: ?, (?:or |and )?| or | and ){state})*"


def named(text: str, values: Sequence[str]) -> list[str]:
    """Return the states that a text names."""
    return [v for v in values if re.search(rf"\b{_called(v)}\b", text, re.IGNORECASE)]


def _first(patterns: Sequence[str], text: str) -> re.Match[str] | None:
    """Return the match of the first pattern that is found."""
    found = (re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
    return next((match for match in found if match), None)
