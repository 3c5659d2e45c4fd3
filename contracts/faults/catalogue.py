"""Seeded faults: data applied to the embedded sandbox, so that every clause can be seen to bite.

A fault changes what the sandbox answers (`response`: edits of the JSON, `status`, `headers`,
`body`), what it checks (`schema`: edits of the schema it refuses bodies by), what it does
(`lacks`: see `contracts.sandbox`), whom it lets in (`takes_authorization`: a regular
expression of Authorization headers that count as good ones, a missing one being ``absent``) or
how its connection ends (`fails`, embedded only); always, or only `when` conditions hold. For
each of the file's named conditions that it is put `under`, a copy of it shows under that
condition alone. `breaks` names the clauses that have to be violated by it, `also` those that
can't be spared. Faults of schema keywords are made from the schemas; the others stand in
faults.toml.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts import clause_ids
from contracts.definition import keys, loading
from contracts.definition.catalogue import before, shipped_folder
from contracts.errors import ContractError, UsageError, near_misses
from contracts.faults import derived, edits
from contracts.faults.relations import comes_back_otherwise, is_free_text, one_of_different
from contracts.model import Basis, Contract
from contracts.planning.bodies import proposals
from contracts.planning.bodies.everyday import typical
from contracts.schema import checks, keywords


@dataclass(frozen=True, slots=True)
class Fault:
    """A defect of the sandbox as data.

    `conforming` says that it is none: a variant that has to pass.
    """

    id: str
    about: str
    breaks: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)
    response: tuple[Mapping[str, Any], ...] = ()
    status: int | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None
    schema: tuple[Mapping[str, Any], ...] = ()
    lacks: tuple[str, ...] = ()
    takes_authorization: str | None = None
    fails: str | None = None
    conforming: bool = False
    under: tuple[str, ...] = ()


# a value of each type
OF_TYPES: Mapping[str, Any] = {
    "string": "text",
    "number": 7,
    "boolean": True,
    "array": [],
    "object": {},
    "null": None,
}
CONNECTION = (  # of every API, where somebody asks for them
    Fault("hang", "no answer comes", fails="timeout"),
    Fault("cut-off", "the connection ends before the answer is whole", fails="incomplete"),
)


def load(contract: Contract) -> tuple[Fault, ...]:
    """Return all faults and variants of a contract, in an order in which each clause has one.

    Those of faults.toml come first, then one for each schema keyword, and for each clause that
    has none yet. A later revision has those of the one before as well, but for what its own
    file ``drops`` or has anew.
    """
    path = _file(contract.name)
    written = list(_under_conditions(contract.name))
    proven = {clause for fault in written for clause in fault.breaks}
    others = [fault for fault in _from_schemas(contract) if fault.breaks[0] not in proven]
    others += _from_relations(contract)
    proven |= {clause for fault in others for clause in fault.breaks}
    rows = dict(derived.rows(contract, proven))
    others += [_fault(row) for row in rows.values() if not isinstance(row, str)]
    # what a described sandbox does not know of it may not keep, whatever is seeded
    unknown = tuple(clause for clause, row in rows.items() if row == derived.UNKNOWN_OPERATOR)
    others = [replace(fault, also=(*fault.also, *unknown)) for fault in others]
    ids = contract.clause_ids
    hidden = tuple(sorted(c for c in ids if clause_ids.is_about(c, *clause_ids.HIDDEN)))
    written = [
        replace(fault, also=(*fault.also, *hidden)) if fault.takes_authorization else fault
        for fault in written
    ]
    for fault in written:
        if wrong := [clause for clause in (*fault.breaks, *fault.also) if clause not in ids]:
            raise ContractError(
                f"{path}: the fault {fault.id} names {wrong[0]}, which is no clause"
            )
    return tuple(written + others)


def reasons(contract: Contract) -> dict[str, str]:
    """Return why no fault proves a clause, for those of which none can.

    What is shipped has a fault for every clause.
    """
    if _file(contract.name).is_file():
        return {}
    return {clause: row for clause, row in derived.rows(contract) if isinstance(row, str)}


def _file(contract: str) -> Path:
    """Return the path of a contract's faults.toml, which is there where the contract is shipped."""
    return shipped_folder(contract) / "faults.toml"


def _under_conditions(contract: str) -> Iterator[Fault]:
    """Yield faults and variants of faults.toml, each before its copies under one condition."""
    faults, conditions = _written(contract)
    for fault in faults.values():
        yield fault
        for condition in fault.under:
            if fault.when or condition not in conditions:
                place = f"{_file(contract)}: {fault.id}"
                raise ContractError(
                    f"{place}: expected no `when`, and `under` names of [conditions]"
                )
            name = f"{fault.id}-{condition}"
            when = conditions[condition]
            about = f"{fault.about}, only {condition.replace('-', ' ')}"
            yield replace(fault, id=name, about=about, when=when, under=())


def _written(name: str) -> tuple[dict[str, Fault], dict[str, Any]]:
    """Return faults, variants and conditions by their ids, those of the revision before first."""
    earlier = before(name)
    faults, conditions = _written(earlier) if earlier else ({}, {})
    path = _file(name)
    # the operation is the one of the revision before, or is somebody's own
    if not path.is_file() and (earlier or not path.parent.is_dir()):
        return faults, conditions
    try:
        rows = keys.read(path)
        for dropped in rows.get("drops", []):
            del faults[dropped]
        faults |= {row["id"]: _fault(row) for row in rows["faults"]}
        faults |= {row["id"]: _fault({**row, "conforming": True}) for row in rows["variants"]}
        conditions |= rows.get("conditions", {})
    except (KeyError, TypeError) as error:
        raise ContractError(f"{path}: {error}") from error
    return faults, conditions


def find(contract: Contract, fault_id: str) -> Fault:
    """Return a fault by its id; UsageError when there is none."""
    faults = (*load(contract), *CONNECTION)
    for fault in faults:
        if fault.id == fault_id:
            return fault
    near = near_misses(fault_id, [fault.id for fault in faults])
    raise UsageError(f"{contract.name} has no fault {fault_id!r}{near}")


@lru_cache(maxsize=64)  # as many operations as an API has
def proving(contract: Contract) -> dict[str, list[Fault]]:
    """Return for each clause the faults that have to break it.

    None for a changed contract of the name of a shipped one, whose faults say nothing about
    it.
    """
    shipped = _file(contract.name).is_file()
    if shipped and loading.load(contract.name).clauses != contract.clauses:
        return {}
    faults: dict[str, list[Fault]] = {}
    for fault in load(contract):
        for clause in fault.breaks:
            faults.setdefault(clause, []).append(fault)
    return faults


def _fault(row: Mapping[str, Any]) -> Fault:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    return Fault(**values)


def _from_schemas(contract: Contract) -> Iterator[Fault]:
    """Yield a fault for each keyword of the schemas.

    What only breaks a convention still has to agree with what was sent or created, so relations
    of its member, and all of an operation that reads, can't be spared; nor those of what was sent
    and is missing where it is read.
    """
    conventions = {clause.id for clause in contract.clauses if clause.basis is Basis.CONVENTION}
    relations = contract.relations
    for keyword in keywords.keywords(contract.response):
        clause = clause_ids.response(keyword.clause)
        pointer = "".join(f"/{'*' if name == '[]' else name}" for name in keyword.path)
        place = one_of_different(contract.response, pointer)
        if keyword.name == "required":
            edit: dict[str, Any] = {"op": "drop", "at": f"{place}/{keyword.member}"}
        else:
            edit = {"op": "set", "at": place, "value": _wrong(keyword)}
        about = f"a response breaks {keyword.name} at {place or 'its root'}"
        also: tuple[str, ...] = ()
        is_lost = keyword.name == "required" and len(keyword.path) > 0 and contract.reads
        if clause in conventions or is_lost:
            at_place = f"response#{keyword.place}"
            also = tuple(row.id for row in relations if contract.reads or at_place in row.places)
        yield Fault(clause, about, (clause,), also, response=(edit,))
    if contract.request is None:
        return
    ids = contract.clause_ids
    for keyword in keywords.keywords(contract.request):
        clause = clause_ids.request(keyword.clause)
        # what was taken may be shown again, in an order of the same customer
        shown_again = tuple(ids & {clause_ids.response(keyword.clause)})
        edit = {"at": keyword.pointer, "relax": keyword.name, "member": keyword.member}
        about = f"a request that breaks {keyword.name} is taken"
        yield Fault(clause, about, (clause,), shown_again, schema=(edit,))


def _from_relations(contract: Contract) -> Iterator[Fault]:
    """Yield a fault for each way to re-code a member that has to come back as it was sent.

    Of texts those are left out whose everyday values only real checkers take: a server refuses
    what would show it.
    """
    members = contract.plausible_members
    for clause in contract.clauses:
        operator = clause.arguments.get("op")
        pointer = str(clause.arguments.get("response", ""))
        member = members.get(pointer[1:], {})
        ways: list[str] = []
        if operator == "echo_members":
            every = (*edits.TEXTS, *edits.VALUES, *edits.NAMES)
            ways = [how for how in every if comes_back_otherwise(contract, clause.arguments, how)]
        elif operator == "echo" and "only" in clause.arguments:
            ways = list(edits.WRITINGS.get(clause.arguments["only"], ()))
        elif operator == "echo" and is_free_text(member):
            left_open = edits.WRITINGS.get(clause.arguments.get("but_for", ""), ())
            ways = [how for how in edits.TEXTS if how not in left_open]
        for how in ways:
            if "x-unique" in member and how == "without leading zeros":
                continue  # digits only are plausible there, and begin as they like
            name = f"{clause.id}.{how.replace(' ', '-')}"
            about = f"{pointer[1:]} comes back {how}"
            edit = {"op": "recode", "at": pointer, "how": how}
            yield Fault(name, about, (clause.id,), response=(edit,))


# texts of which one breaks the format of a schema and keeps its pattern, or the other way round
TEXTS = ("nothing of the kind", "2026-02-30T12:00:00.000Z", "2096-01-31T12:00:00Z", "2096-01-31")


def _text_that_breaks(keyword: keywords.Keyword) -> str:
    """Return a text that breaks a keyword of its schema and no other one, if there is one."""
    for text in TEXTS:
        if [check.keyword.name for check in checks.broken(keyword.schema, text)] == [keyword.name]:
            return text
    return TEXTS[0]


def _wrong(keyword: keywords.Keyword) -> Any:
    """Return a value that breaks one keyword and as little else as it can."""
    value = keyword.value
    items = keyword.schema.get("items", {})
    if keyword.name == "type":
        kinds = {value} if isinstance(value, str) else set(value)
        kinds |= {"number"} if "integer" in kinds else set()
        return next(other for kind, other in OF_TYPES.items() if kind not in kinds)
    wrong: dict[str, Callable[[], Any]] = {
        "minLength": lambda: "x" * (value - 1),
        "maxLength": lambda: "x" * (value + 1),
        "minItems": lambda: proposals.different(items, typical(items), value - 1),
        "uniqueItems": lambda: [typical(items)] * max(keyword.schema.get("minItems", 0), 2),
        "minProperties": dict,
        "maxItems": lambda: proposals.different(items, typical(items), value + 1),
        "minimum": lambda: value - 1,
        "maximum": lambda: value + 1,
        "exclusiveMinimum": lambda: value,
        "exclusiveMaximum": lambda: value,
        "multipleOf": lambda: value * 1.5,
        "enum": lambda: "NONE OF THEM",
        "format": lambda: _text_that_breaks(keyword),
        "pattern": lambda: _text_that_breaks(keyword),
        "const": lambda: "another",
    }
    return wrong[keyword.name]() if keyword.name in wrong else None
