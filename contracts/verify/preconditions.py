"""A sandbox's own preconditions: they narrow the plausible region, and never the contract."""

import copy
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.errors import ContractError, UsageError
from contracts.model import ABSENT, Contract, Schema
from contracts.planning.bodies.everyday import typical
from contracts.planning.bodies.proposals import longest
from contracts.planning.bodies.templates import sample
from contracts.schema import checks, vocabulary
from contracts.verify.targets_file import Entry

BEYOND = 10  # times a limit of the sandbox: how far values go beyond it
SIZES = ("minLength", "minItems", "minProperties")
LARGEST_SIZE = 1_000_000  # of what every request has in it
KEEPS_GREATER = {"minimum", "exclusiveMinimum", *SIZES}
KEEPS_SMALLER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}


def with_preconditions(contract: Contract, entry: Entry) -> Contract:
    """Return a contract with what a target asks for of bodies beyond the page.

    Of an API with several operations each takes what is about its own members, and one that
    reads has it asked for of what creates. UsageError for what is about none of them.
    """
    if not entry.preconditions and entry.body is ABSENT:
        return contract
    takers = [each for each in contract.family if each.operation.takes_body]
    if not contract.reads:
        if contract.operation.takes_body:
            return _asking(contract, entry, takers)
        return contract
    asking = {each.operation.name: _asking(each, entry, takers) for each in takers}
    others = {name: asking.get(name, other) for name, other in contract.others.items()}
    return replace(contract, others=others)


def _asking(contract: Contract, entry: Entry, takers: Sequence[Contract]) -> Contract:
    """Return one of the contracts that take bodies with what a target asks for of it."""
    conditions = {
        name: condition
        for name, condition in entry.preconditions.items()
        if _is_about(contract, name, condition)
        or not any(_is_about(each, name, condition) for each in takers)
    }
    contract = narrow(contract, conditions, f"{entry.place}.preconditions")
    if entry.body is not ABSENT and all(each.plausible for each in takers):
        problem = f"the page of {contract.api} documents its members; use preconditions"
        raise UsageError(f"{entry.place}.body: {problem}")
    is_open = contract.plausible is None and entry.body is not ABSENT
    return replace(contract, plain=entry.body) if is_open else contract


def _is_about(contract: Contract, name: str, condition: Any) -> bool:
    """Whether all members that a precondition names are those of a contract's request."""
    members = contract.plausible_members
    named = _named(condition) if name in OF_BODIES and name not in members else [name]
    return members.keys() >= set(named)


def narrow(contract: Contract, preconditions: Mapping[str, Any], place: str) -> Contract:
    """Return the contract with P narrowed to what the sandbox takes.

    Preconditions are JSON Schemas, one a member of the request body, and the keywords of
    `OF_BODIES` about which members are sent: ``required = ["customerEmail"]``. A member that
    is ``false`` is never sent. A schema may bring ``examples``, or ``x-unique`` (a text with
    ``{fresh}``), where no value that the suite knows fits. `place` names where the
    preconditions stand. UsageError when they leave nothing to send.
    """
    if not preconditions:
        return contract
    if contract.plausible is None:
        problem = f"the page of {contract.api} documents no members; give `body` instead"
        raise UsageError(f"{place}: {problem}")
    plausible = copy.deepcopy(dict(contract.plausible))
    never = [name for name, condition in preconditions.items() if condition is False]
    for name, condition in preconditions.items():
        if name in OF_BODIES and name not in plausible["properties"]:
            _narrow_bodies(contract, plausible, name, condition, f"{place}.{name}")
        elif condition is not False:
            _narrow_member(contract, plausible, name, condition, f"{place}.{name}")
    for name in never:
        _known_member(contract, plausible, name, f"{place}.{name}")
        if name in contract.required_members:
            raise UsageError(f"{place}.{name}: the page requires it, so it can't be left out")
        del plausible["properties"][name]
        plausible["additionalProperties"] = False
    if typical(plausible) is ABSENT:
        raise UsageError(f"{place}: no request fits all of them")
    return replace(contract, plausible=plausible)


OF_BODIES = ("required", "anyOf", "dependentRequired")


def _narrow_bodies(
    contract: Contract, plausible: dict[str, Any], keyword: str, condition: Any, place: str
) -> None:
    """Change `plausible` so that members are sent together as a keyword asks."""
    for name in _named(condition):
        _known_member(contract, plausible, name, place)
    if keyword == "required":
        plausible["required"] = list(dict.fromkeys([*plausible.get("required", ()), *condition]))
    elif keyword == "anyOf":
        _add_options(plausible, [dict(option) for option in condition])
    else:
        for name, others in condition.items():
            without: dict[str, Any] = {"properties": {name: {"enum": []}}}
            _add_options(plausible, [{"required": [name, *others]}, without])


def _add_options(plausible: dict[str, Any], options: list[dict[str, Any]]) -> None:
    """Ask for one of some options as well: every pair of an old option and a new one is one."""
    pairs = [(old, new) for old in plausible.get("anyOf", [{}]) for new in options]
    plausible["anyOf"] = []
    for old, new in pairs:
        required = dict.fromkeys([*old.get("required", ()), *new.get("required", ())])
        properties = {**old.get("properties", {}), **new.get("properties", {})}
        plausible["anyOf"].append({"required": list(required), "properties": properties})


def _named(condition: Any) -> list[str]:
    """Return the members that a keyword about bodies names, as ``{"phone": ["country"]}`` does."""
    if isinstance(condition, str):
        return [condition]
    if not isinstance(condition, Mapping):
        return [name for item in condition for name in _named(item)]
    names = list(condition.get("required", ()))
    for name, others in condition.items():
        if name != "required":
            names += [name, *others]
    return names


def _known_member(
    contract: Contract, plausible: Mapping[str, Any], name: str, place: str
) -> dict[str, Any]:
    """Return P of a member; UsageError when the request has no such member."""
    if name not in plausible["properties"]:
        names = ", ".join(plausible["properties"])
        problem = f"the request of {contract.api} has no such member; it has {names}"
        raise UsageError(f"{place}: {problem}")
    member: dict[str, Any] = plausible["properties"][name]
    return member


def _narrow_member(
    contract: Contract, plausible: dict[str, Any], name: str, condition: Any, place: str
) -> None:
    """Change `plausible` so that one member has only values that the sandbox takes."""
    member = _known_member(contract, plausible, name, place)
    try:
        vocabulary.refuse_unknown(condition, place)
    except ContractError as error:
        raise UsageError(str(error)) from error
    documented = contract.documented_members[name]
    for keyword in SIZES:
        if condition.get(keyword, 0) > LARGEST_SIZE:
            raise UsageError(f"{place}.{keyword}: at most {LARGEST_SIZE:,}, since that is sent")
    _unpin(member, condition, documented)
    for keyword, value in condition.items():
        own = member.get(keyword, ABSENT)
        member[keyword] = value if own is ABSENT else _both(keyword, own, value)
    _make_room(member, condition, documented)
    if member.get("enum") == []:
        # where P only knows examples of its own, those of the sandbox take their place
        options = condition.get("enum", ())
        member["enum"] = [option for option in options if checks.fits(documented, option)]
    _refresh_example(member, condition, place)


def _unpin(member: dict[str, Any], condition: Schema, documented: Schema) -> None:
    """Let P's own options give way where the sandbox takes none of them.

    Options that the page lists stay: those that the sandbox takes among them.
    """
    if "enum" not in member or "enum" in condition:
        return
    taken = {**condition, "enum": condition["examples"]} if "examples" in condition else condition
    if any(checks.fits(taken, option) for option in member["enum"]):
        return
    del member["enum"]
    if "enum" in documented:
        member["enum"] = [option for option in documented["enum"] if checks.fits(taken, option)]


def _make_room(member: dict[str, Any], condition: Schema, documented: Schema) -> None:
    """Move P's own limit of a number where a sandbox's limit lies beyond it.

    Example: a least amount of 2,000,000 where P sends 1,000,000 at most makes that 20,000,000,
    unless the page has a limit of its own.
    """
    least = member.get("minimum")
    most = member.get("maximum")
    if least is None or most is None or least <= most:
        return
    if "minimum" in condition and "maximum" in condition:
        member |= {"minimum": condition["minimum"], "maximum": condition["maximum"]}
    elif "minimum" in condition:
        member["maximum"] = min(least * BEYOND, documented.get("maximum", least * BEYOND))
    else:
        member["minimum"] = max(most // BEYOND, documented.get("minimum", 0))


def _both(keyword: str, ours: Any, theirs: Any) -> Any:
    """Return the keyword's value that fits what fits both."""
    if keyword in KEEPS_GREATER:
        return max(ours, theirs)
    if keyword in KEEPS_SMALLER:
        return min(ours, theirs)
    if keyword == "pattern":
        return rf"^(?=[\s\S]*?(?:{theirs}))[\s\S]*?(?:{ours})"
    if keyword == "enum":
        return [option for option in ours if option in theirs]
    return theirs


def _refresh_example(member: dict[str, Any], condition: Mapping[str, Any], place: str) -> None:
    """Make sure that there is a value to send: the known one, or one between the bounds."""
    if "x-reference" in member:
        return
    if "examples" in condition and not {"x-unique", "x-fresh"} & condition.keys():
        member.pop("x-unique", None)
        member.pop("x-fresh", None)
    if _fits(member):
        return

    def shows(option: Any) -> bool:
        return _fits({**member, "examples": [option]})

    kept = [option for option in member.get("examples", ()) if shows(option)]
    known = (option for option in _known_values(member, condition) if option is not None)
    fitting = kept or list(itertools.islice(filter(shows, known), 1))
    if not fitting:
        unique = 'for a text that has to be new in every request x-unique = "…{fresh}…"'
        problem = "no value that the suite knows fits; add examples = […], or"
        raise UsageError(f"{place}: {problem} {unique}")
    member["examples"] = fitting


def _known_values(member: Mapping[str, Any], condition: Mapping[str, Any]) -> Iterator[Any]:
    """Yield values that may fit: the bounds of a number, a longer text, one of a pattern."""
    yield from (member.get("minimum"), member.get("maximum"))
    if "minLength" in condition:
        plain = typical({key: member[key] for key in ("type", "format") if key in member})
        if isinstance(plain, str):
            yield longest(plain, {**member, "maxLength": member["minLength"]})
    if "pattern" in condition:
        from contracts.interop import strategies  # noqa: PLC0415 - loads Hypothesis

        yield from filter(str.isprintable, strategies.matching(condition["pattern"]))


def _fits(member: Mapping[str, Any]) -> bool:
    """Whether the everyday value of a member fits it, so that there is one to send."""
    try:
        value = typical(member)
    except (IndexError, KeyError):
        return False
    return value is not ABSENT and checks.fits(member, sample(value))
