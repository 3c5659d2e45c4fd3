"""A sandbox's own preconditions: they narrow the plausible region, and never the contract."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contracts.errors import ContractError, UsageError
from contracts.model import ABSENT, Contract
from contracts.planning.bodies.templates import sample
from contracts.planning.bodies.typical import typical
from contracts.schema import checks, vocabulary
from contracts.schema.jsontext import show

KEEPS_GREATER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
KEEPS_SMALLER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}


def narrow(
    contract: Contract, preconditions: Mapping[str, Mapping[str, Any]], place: str
) -> Contract:
    """Give the contract with P narrowed by JSON Schemas, one a member of the request body.

    A schema may bring ``examples``, or ``x-unique`` (a text with ``{fresh}``), where no value that
    the suite knows fits. `place` names where the preconditions stand. UsageError when they leave
    nothing to send.
    """
    if not preconditions:
        return contract
    if contract.plausible is None:
        raise UsageError(
            f"{place}: the page of {contract.api} documents no members; give `body` instead"
        )
    plausible = copy.deepcopy(dict(contract.plausible))
    for name, wanted in preconditions.items():
        if name not in plausible["properties"]:
            known = ", ".join(plausible["properties"])
            raise UsageError(
                f"{place}.{name}: the request of {contract.api} has no such member; it has {known}"
            )
        member = plausible["properties"][name]
        try:
            vocabulary.refuse_unknown(wanted, f"{place}.{name}")
        except ContractError as error:
            raise UsageError(str(error)) from error
        for keyword, value in wanted.items():
            member[keyword] = _both(keyword, member[keyword], value) if keyword in member else value
        if (
            member.get("enum") == []
        ):  # where P only knows examples of its own, those of the sandbox take their place
            documented = (contract.request or {})["properties"][name]
            member["enum"] = [
                option for option in wanted.get("enum", ()) if checks.fits(documented, option)
            ]
        _refresh_example(member, wanted, f"{place}.{name}")
    return replace(contract, plausible=plausible, corpus=())


def _both(keyword: str, ours: Any, theirs: Any) -> Any:
    """Give the keyword's value that fits what fits both."""
    if keyword in KEEPS_GREATER:
        return max(ours, theirs)
    if keyword in KEEPS_SMALLER:
        return min(ours, theirs)
    if keyword == "pattern":
        return rf"^(?=[\s\S]*?(?:{theirs}))[\s\S]*?(?:{ours})"
    if keyword == "enum":
        return [option for option in ours if option in theirs]
    return theirs


def _refresh_example(member: dict[str, Any], wanted: Mapping[str, Any], place: str) -> None:
    """Make sure that there is a value to send: the known one, or one between the bounds."""
    if "x-reference" in member:
        return
    if "examples" in wanted and not {"x-unique", "x-fresh"} & wanted.keys():
        member.pop("x-unique", None)
        member.pop("x-fresh", None)
    if not _fits(member):
        candidates = [
            {**member, "examples": [option]}
            for option in (member.get("minimum"), member.get("maximum"))
        ]
        fitting = [
            candidate
            for candidate in candidates
            if candidate["examples"] != [None] and _fits(candidate)
        ]
        if not fitting:
            raise UsageError(
                f"{place}: no value that the suite knows fits; add examples = […], "
                f'or for a text that has to be new in every request x-unique = "…{{fresh}}…"'
            )
        member["examples"] = fitting[0]["examples"]


def _fits(member: Mapping[str, Any]) -> bool:
    try:
        value = typical(member)
    except (IndexError, KeyError):
        return False
    return value is not ABSENT and checks.fits(member, sample(value)) and bool(show(value))
