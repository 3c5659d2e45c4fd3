"""Values that the checkers of real teams take, by the kind of thing that they name.

A plan of each seed leans on other values: whoever only serves one phone number, one mail domain or
one name is met by another seed. Phone numbers are known to the numbering plans (the `phonenumbers`
package says which), mail addresses lie in domains that are reserved for examples: RFC 2606
reserves ``example.com`` and its like, and registries of long top-level domains withhold
``example``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.model import Contract, Schema
from contracts.planning.bodies.templates import sample
from contracts.schema import checks


@dataclass(frozen=True, slots=True)
class Everyday:
    """Values of one kind: what most requests carry, and states that a plan tries beside it.

    A seed takes one of each: ``typical[seed % len(typical)]``.
    """

    typical: tuple[str, ...]
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


KINDS: Mapping[str, Everyday] = {
    "phone": Everyday(
        (
            "+331{digits}",  # Paris
            "+4930{digits}",  # Berlin
            "+9198{digits}",  # a mobile of India
            "+55119{digits}",  # São Paulo
            "+8190{digits}",  # a mobile of Japan
            "+43664{digits}",  # a mobile of Austria
            "+5255{digits}",  # Mexico City
            "+23480{digits}",  # a mobile of Nigeria
            "+86138{digits}",  # a mobile of China
        ),
        {
            "shortest": ("+49301234", "+376312345", "+298211234", "+4366412345"),
            "longest": ("+436641234567890", "+49301234567890", "+43664123456789"),
            "of North America": ("+14155559834", "+14152345678", "+14157070123", "+14158888123"),
        },
    ),
    "email": Everyday(
        (
            "Camille.{fresh}@example.com",
            "Marie-Claire.{fresh}@example.org",
            "O_Brien.{fresh}@example.net",
            "Jo.{fresh}@example.com",
        ),
        {
            "with a tag": (
                "Camille+{fresh}@example.com",
                "jean.Luc+{fresh}@example.org",
                "x.Y-z+{fresh}@example.net",
            ),
            "of a long domain": (
                "c.{fresh}@mail.example.photography",
                "c.{fresh}@shop.example.international",
            ),
        },
    ),
    "given name": Everyday(
        ("Marie Claire", "Anne-Sophie", "Jean Luc", "D'Arcy"),
        {"non-ASCII": ("Zoë O'NEILL Ångström-李小龍", "Łukasz-Иван D'ØRSTED", "Ἀνν Žižek-Ñúñez")},
    ),
    "family name": Everyday(
        ("McDonald-Dubois", "O'Neill Leclerc", "MacLeod-Smith", "De La Cruz"),
        {"non-ASCII": ("Ångström O'NEILL-李小龍", "Ørsted-Петров D'ÉON", "Žižek Núñez-山田")},
    ),
    "uuid": Everyday(
        (
            "3f0f1b7e-2f6c-4b55-9d0a-6f3f4e1d2c3b",
            "b8a7f2c4-61d3-4e0b-8f25-90c1d7e6a543",
            "5d2c9e10-7b48-49f6-a3e1-1c0b8d7f6e52",
        ),
        {
            "of version 7": (
                "0199a3c4-7d2e-7f10-8a6b-3c5d9e1f2a4b",
                "0198f1b2-3c4d-7e5f-9a1b-2c3d4e5f6a7b",
            )
        },
    ),
    "uri": Everyday(
        ("https://example.com/", "https://www.example.org/orders", "https://example.net/a-b_c"),
        {
            "with a query": (
                "https://example.com/a/b?q=1&r=caf%C3%A9#top",
                "https://shop.example.org/?id=42&next=%2Forders",
            )
        },
    ),
    "date": Everyday(
        ("2026-01-31", "2025-06-15", "2027-11-02"),
        {"a leap day": ("2024-02-29", "2028-02-29"), "a last day": ("2026-12-31", "2025-12-31")},
    ),
    "date-time": Everyday(
        ("2026-01-31T12:00:00Z", "2025-06-15T08:30:00Z", "2027-11-02T23:59:59Z"),
        {
            "with an offset": ("2026-01-31T13:30:00+01:30", "2026-07-01T00:00:00-05:00"),
            "with a fraction": ("2026-01-31T12:00:00.123Z", "2026-01-31T12:00:00.5Z"),
        },
    ),
}
KINDS = {**KINDS, "url": KINDS["uri"]}
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

    def fitting(values: tuple[str, ...]) -> list[str]:
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
