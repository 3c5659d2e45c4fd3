"""Values that the checkers of real teams take, by the kind of thing that they name.

They stand in everyday.toml. A plan of each seed leans on other values: whoever only serves one
phone number, one mail domain or one name is met by another seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contracts.model import Contract, Schema
from contracts.planning.bodies.templates import sample
from contracts.schema import checks
from contracts.schema.files import read_toml


@dataclass(frozen=True, slots=True)
class Everyday:
    """Values of one kind: what most requests carry, and states that a plan tries beside it.

    A seed takes one of each: ``typical[seed % len(typical)]``.
    """

    typical: Sequence[str]
    states: Mapping[str, Sequence[str]]


TABLE = Path(__file__).with_name("everyday.toml")
KINDS = {kind: Everyday(**values) for kind, values in read_toml(TABLE).items()}
KINDS["url"] = KINDS["uri"]
MANY_OPTIONS = 12  # of an enumeration, of which all are sent
OPTIONS_BETWEEN = 4  # of a longer one, besides its ends
# whole numbers that show what is rounded, cut or converted: 300.28 times 100 is no 30028 as doubles
AMOUNTS = (
    30028, 35000, 1999, 104729, 4999, 99999, 123456, 65537, 500000, 777777, 1001, 2900, 5801,
    83417, 250000, 70707, 999983, 640, 12345, 32768, 257, 100003, 8675, 43210, 19990, 600001,
)  # fmt: skip


def kind_of(schema: Schema) -> Everyday | None:
    """Return the everyday values of a member: by its `x-kind`, or by its format."""
    return KINDS.get(str(schema.get("x-kind", schema.get("format", ""))))


def with_everyday_values(contract: Contract, seed: int) -> Contract:
    """Return the contract with the everyday values of a seed in its plausible schema.

    Only values that fit both schemas of a member are put in; a member that says itself what
    its values are (``examples``, ``enum``) keeps them.
    """
    if contract.plausible is None:
        return contract
    plausible = _drawn(contract.plausible, contract.request or {}, seed)
    return replace(contract, plausible=plausible)


def _drawn(plausible: Schema, documented: Schema, seed: int) -> Schema:
    """Return a schema with everyday values of a seed in it and in all below it."""
    drawn: dict[str, Any] = dict(plausible)
    if "properties" in plausible:
        known = documented.get("properties", {})
        drawn["properties"] = {
            name: _drawn(child, known.get(name, {}), seed + number)
            for number, (name, child) in enumerate(plausible["properties"].items())
        }
    if "items" in plausible:
        drawn["items"] = _drawn(plausible["items"], documented.get("items", {}), seed)
    if len(plausible.get("enum", ())) > MANY_OPTIONS:
        drawn["enum"] = _some_options(plausible["enum"], seed)
    everyday = kind_of(plausible)
    if everyday is None or {"enum", "const", "x-unique", "x-reference"} & plausible.keys():
        return drawn
    return {**drawn, **_values(everyday, plausible, documented, seed)}


def _some_options(options: Sequence[Any], seed: int) -> list[Any]:
    """Return the ends of a long enumeration and a few between, by seed."""
    between = options[1:-1]
    step = len(between) // OPTIONS_BETWEEN
    places = [(seed + number * step) % len(between) for number in range(OPTIONS_BETWEEN)]
    chosen = [between[place] for place in places]
    return list(dict.fromkeys([options[0], *chosen, options[-1]]))


def _values(everyday: Everyday, plausible: Schema, documented: Schema, seed: int) -> dict[str, Any]:
    """Return the keywords that say which values a plan of a seed uses for a member."""

    def fitting(values: Sequence[str]) -> list[str]:
        plausible_texts = [text for text in values if checks.fits(plausible, sample(text))]
        return [text for text in plausible_texts if checks.fits(documented, sample(text))]

    typical = fitting(everyday.typical)
    if not typical or ("examples" in plausible and "x-kind" not in plausible):
        return {}
    chosen = typical[seed % len(typical)]
    states = {
        name: options[seed % len(options)]
        for name, values in everyday.states.items()
        if (options := fitting(values))
    }
    if "{" in chosen:
        return {"x-fresh": chosen, "x-states": states}
    return {"examples": [chosen], "x-states": states}
