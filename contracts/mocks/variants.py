"""Other answers that keep the contract: what a client may meet and must not be surprised by.

Each variant is edits of the answer that the embedded sandbox gives: a member null, absent,
another option, a list empty; all strings long, unknown members everywhere, another success
status. An edit is made only where the answer keeps every clause of the page, and what an
answer is of no use without stays.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from contracts.errors import UsageError
from contracts.judge.history import Answer, History
from contracts.judge.operators import is_of_several, relation_looks
from contracts.mocks.read_back import is_read_back
from contracts.model import ABSENT, Basis, Contract, Exchange, Response, Schema
from contracts.planning.bodies.everyday import typical
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.states import present, referring
from contracts.planning.bodies.templates import sample
from contracts.schema import checks, keywords
from contracts.schema.jsontext import same

LONGEST = 1_000  # characters, where the page gives no maximum
EXTRA = ("unheardOf", {"since": "the next release", "count": [1, 2]})
CHOICES = ("all", "few")

Change = Callable[[Any], Any]  # from what is there (ABSENT for nothing) to what is there instead


@dataclass(frozen=True, slots=True)
class Edit:
    """A change at all places that a path names: member names, ``[]`` for the items of an array."""

    path: tuple[str, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class Variant:
    """Edits, made together, and a status; `id` says what is different."""

    api: str
    id: str
    edits: tuple[Edit, ...] = ()
    status: int | None = None


def covering(
    contract: Contract, samples: Sequence[Exchange], choice: str = "all", *, read: bool = False
) -> list[Variant]:
    """Return the variants that a client has to stand; UsageError for a choice that is none.

    ``all`` has each edit by itself and then many at once, ``few`` only the latter. A variant
    that changes none of the `samples`, answers of the sandbox, is left out (an operation that
    reads needs none). Where what was created is `read` by other operations as well, no edit
    gives it another value than they have.
    """
    if choice not in CHOICES:
        raise UsageError(f"contract_responses({choice!r}): expected one of {', '.join(CHOICES)}")
    plain = [exchange for exchange in samples if exchange.accepted and exchange.value is not ABSENT]

    def is_needed(variant: Variant) -> bool:
        if choice == "few" and len(variant.edits) == 1:
            return False
        if not variant.edits or contract.reads:
            return True
        return any(
            not same(varied(contract, variant, (), exchange).value, exchange.value)
            for exchange in plain
        )

    return [variant for variant in _proposals(contract, read=read) if is_needed(variant)]


def sample_bodies(contract: Contract) -> list[Any]:
    """Return bodies of plain requests: the required members alone, each alternative, and all.

    ABSENT stands for no body. Where a member names something that exists at the server, the
    mock takes any name.
    """
    if contract.plausible is None:
        return [contract.plain]
    members = contract.plausible_members
    required = contract.plausible.get("required", ())
    references = {name: member.get("x-reference", {}) for name, member in members.items()}
    codes = {name: "CODE" for name, refers in references.items() if "known" in refers}
    alternatives = [option.get("required", ()) for option in contract.plausible.get("anyOf", ())]
    fewest = {name: _typical(members[name]) for name in required}
    more = [{name: _typical(members[name]) for name in names} for names in alternatives]
    further = [{**fewest, **added, **codes} for added in more]
    bodies = [fewest, *further, {**plain_body(contract), **codes}]
    return [sample(present(body)) for body in bodies]


def _typical(schema: Schema) -> Any:
    """Return an everyday value; for a list of things at the server, one that refers to anything."""
    value = typical(schema)
    return referring(schema) if value is ABSENT and "items" in schema else value


def varied(
    contract: Contract,
    variant: Variant,
    before: Sequence[Exchange],
    exchange: Exchange,
    others: Sequence[Exchange] = (),
) -> Exchange:
    """Return an accepted exchange with those edits of a variant made that keep the contract.

    Where they would contradict the answers `before`, or those of `others`, other operations of
    the API, the exchange stays as it is.
    """
    value = exchange.value
    for edit in variant.edits:
        edited = _edited(copy.deepcopy(value), edit.path, edit.change)
        if edited is not ABSENT and _keeps(contract, replace(exchange, value=edited)):
            value = edited
    accepted = [other for other in before if other.accepted]
    if not _hold(contract, [*accepted, replace(exchange, value=value)], others, alone=False):
        value = exchange.value
    answer = exchange.answer
    if variant.status and isinstance(answer, Response) and contract.operation.success is None:
        answer = replace(answer, status=variant.status)
    return replace(exchange, value=value, answer=answer)


def _proposals(contract: Contract, *, read: bool) -> list[Variant]:
    """Return all variants of an operation's answers, before it is seen which of them show."""
    api = contract.api
    referenced = _referenced(contract)
    single = [
        (name, Edit(path, change))
        for name, path, change in _edits(contract.response)
        if not (read and is_read_back(contract, path))
        or (name.endswith(("=null", "=absent")) and not contract.reads)
    ]
    proposals = [Variant(api, "as-the-sandbox")]
    proposals += [Variant(api, name, (edit,)) for name, edit in single]
    inner = {edit.path[:end] for _, edit in single for end in range(len(edit.path))}
    for word in ("null", "absent"):  # where a parent is gone, nothing can be seen of its members
        own = [edit for name, edit in single if name.endswith(f"={word}")]
        edits = tuple(edit for edit in own if edit.path not in inner)
        proposals.append(Variant(api, f"all-{word}", edits))
    longest = tuple(
        Edit(path, change)
        for path, change in _longest(contract.response)
        if path not in referenced and not (read and is_read_back(contract, path))
    )
    proposals.append(Variant(api, "longest-strings", longest))
    extra = tuple(
        Edit(path, _with_extra)
        for path, _, part in keywords.subschemas(contract.response)
        if "properties" in part and part.get("additionalProperties", True) is True
    )
    proposals.append(Variant(api, "unknown-members", extra))
    if contract.operation.success is None:
        proposals += [Variant(api, f"status-{status}", status=status) for status in (200, 201)]
    return [
        variant
        for variant in proposals
        if variant.edits or variant.status or variant.id == "as-the-sandbox"
    ]


def _edits(schema: Any) -> Iterator[tuple[str, tuple[str, ...], Change]]:
    for path, _, part in keywords.subschemas(schema):
        for name, child in part.get("properties", {}).items():
            place = (*path, name)
            spoken = keywords.dotted(place)
            kinds = child.get("type", ())
            if "null" in kinds:
                yield f"{spoken}=null", place, lambda _: None
            if name not in part.get("required", ()):
                yield f"{spoken}=absent", place, lambda _: ABSENT
            if "array" in kinds:
                yield f"{spoken}=empty", place, lambda _: []
            for option in child.get("enum", ()):
                if option is not None:
                    yield f"{spoken}={option}", place, partial(_chosen, option)


def _longest(schema: Any) -> Iterator[tuple[tuple[str, ...], Change]]:
    for path, _, part in keywords.subschemas(schema):
        is_free = not {"enum", "const", "format", "pattern"} & part.keys()
        if is_free and "string" in part.get("type", ()):
            yield path, partial(_lengthened, part.get("maxLength", LONGEST))


def _referenced(contract: Contract) -> set[tuple[str, ...]]:
    """Return the paths where another text breaks what callers send back or two answers share."""
    members = contract.plausible_members.values()
    pointers = [child["x-reference"]["response"] for child in members if "x-reference" in child]
    rules = [clause.arguments for clause in contract.clauses]
    shared = [rule["response"] for rule in rules if rule.get("op") == "joined"]
    shared += [link.pointer for link in contract.links if link.source == contract.operation.name]
    return {keywords.path_of(pointer) for pointer in (*pointers, *shared)}


def _chosen(option: Any, _: Any) -> Any:
    return option


def _lengthened(limit: int, text: Any) -> Any:
    return text.ljust(limit, "x") if isinstance(text, str) else text


def _with_extra(value: Any) -> Any:
    return {**value, EXTRA[0]: EXTRA[1]} if isinstance(value, dict) else value


def _edited(value: Any, path: tuple[str, ...], change: Change) -> Any:
    """Return a value with a change made at a path; ABSENT when there is no such place."""
    if not path:
        return change(value)
    head, *rest = path
    if head == "[]":
        items = value if isinstance(value, list) else []
        edited = [_edited(item, tuple(rest), change) for item in items]
        if all(item is ABSENT for item in edited):
            return ABSENT
        return [old if new is ABSENT else new for old, new in zip(items, edited, strict=True)]
    if not isinstance(value, dict) or head not in value:
        return ABSENT
    if not rest and change(value[head]) is ABSENT:
        return {name: member for name, member in value.items() if name != head}
    inside = _edited(value[head], tuple(rest), change)
    return ABSENT if inside is ABSENT else {**value, head: inside}


def _keeps(contract: Contract, exchange: Exchange) -> bool:
    """Whether an answer keeps the schema, and the relations that each answer has to keep."""
    fits = checks.fits(contract.response, exchange.value)
    return fits and _hold(contract, [exchange], alone=True)


def _hold(
    contract: Contract,
    exchanges: Sequence[Exchange],
    others: Sequence[Exchange] = (),
    *,
    alone: bool,
) -> bool:
    """Whether relations hold in the last of some accepted exchanges.

    Those of one answer `alone`, or those with others: what the page states, and what an answer is
    of no use without.
    """
    history = History([Answer(exchange) for exchange in exchanges], exchanges, others)
    for clause in contract.relations:
        is_needed = clause.basis is not Basis.CONVENTION or clause.arguments["op"] == "present"
        if is_needed and is_of_several(clause) is not alone:
            looks = relation_looks(history, clause)
            if any(not look.ok and look.exchange is exchanges[-1] for look in looks):
                return False
    return True
