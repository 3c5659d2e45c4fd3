"""Rare states crossed: each meets as many states of the other fields as there is room for.

A covering array would need a row for each pair; here the number of rows is given, and each row
is filled so that it has most pairs that no row had before. A row that a server is likely to
refuse shows nothing of its other states, so what is risky has rows of its own, after all that
is merely odd was sent once; what most servers take goes together with a few of its like.
"""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.planning.bodies.covering import Triples, mask_of
from contracts.planning.bodies.templates import chance

MOST_DARING = 8  # of the states of a row together: one that is risky and a few that are odd
WEIGHTS = (1, 1, 2, 6)  # of a row, by how daring an option is: what is risky comes seldom
RARE = 3  # pairs that it counts for that an option is rare and was in few rows so far
UNSENT = 100  # pairs that it counts for that it was in none by itself
TRIPLE = 0.02  # pairs that a new triple counts for, where rows are compared
TRIES = 12  # of a row, of which the one that has most new pairs is taken
FIELDS = 180  # in all of these rows together, so that many members take no longer
RISKY = 3  # how daring an option is that keeps a server from looking at the others


@dataclass(frozen=True, slots=True)
class Option:
    """One state of a field: how daring it is, and whether it is one of those to be crossed.

    `parts` are other options of the field that a row with this one has as well; a pair counts
    for as many as the `weight`.
    """

    name: str
    daring: int = 0
    rare: bool = False
    parts: tuple[str, ...] = ()
    weight: int = 1


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An option with its number, and the numbers of the options that a row has with it.

    These are `stands_for`, which `bits` is the mask of.
    """

    number: int
    field: str
    option: Option
    stands_for: tuple[int, ...]
    bits: int


_Options = Mapping[str, Sequence[_Numbered]]  # of each field


def crossed(
    fields: Mapping[str, Sequence[Option]], seed: int, before: Sequence[Mapping[str, str]] = ()
) -> Iterator[dict[str, Option]]:
    """Yield rows of one option a field, without end: first each rare option once, then pairs.

    `before` are rows that a server has taken, as names by field: what met in them is not new.
    The same seed gives the same rows. Nothing is yielded where no option is rare.
    """
    dice = chance(seed)
    options = _numbered(fields)
    every = [item for items in options.values() for item in items]
    rare = [item for item in every if item.option.rare and not item.option.parts]
    missing = _pairs_to_meet(options, rare)
    triples = Triples(len(every))
    rows_with = dict.fromkeys((item.number for item in rare), 0)
    unsent = set(rows_with)  # by themselves, rather than as parts of others
    for names in before:
        row = _row_of(names, options)
        unsent.difference_update(item.number for item in row.values())
        _note(row, missing, rows_with, all_seen=True)
        triples.note([item.number for item in row.values()])
    while rare:
        main = min(
            rare,
            key=lambda item: (
                item.number not in unsent,
                rows_with[item.number] * WEIGHTS[item.option.daring],
                item.option.daring,
                -missing[item.number].bit_count(),
                dice.random(),
            ),
        )
        if main.number not in unsent:
            wider = [item for item in options[main.field] if main.number in item.stands_for]
            main = max(wider, key=lambda item: len(item.stands_for))
        few = 1 + sum(rows_with.values()) // len(rows_with)
        scarce = {
            item.number: UNSENT if item.number in unsent else RARE
            for item in rare
            if rows_with[item.number] * WEIGHTS[item.option.daring] <= few
        }
        alike = {item.number: item.field for item in every if _is_same(item, main, scarce)}
        turn = _Turn(main, options, missing, scarce, alike)
        tries = min(TRIES, max(1, FIELDS // len(fields)))
        rows = [turn.row(dice) for _ in range(tries)]
        row = max(rows, key=lambda row: _worth(row, missing, triples))
        triples.note([item.number for item in row.values()])
        unsent.difference_update(item.number for item in _seen(row))
        _note(row, missing, rows_with)
        yield {name: row[name].option for name in fields}


def _pairs_to_meet(options: _Options, rare: Sequence[_Numbered]) -> dict[int, int]:
    """Return for each option those that it has to be in a row with: for a common one, rare ones."""
    everything = mask_of(item.number for items in options.values() for item in items)
    all_rare = mask_of(item.number for item in rare)
    pairs: dict[int, int] = {}
    for items in options.values():
        own = mask_of(item.number for item in items)
        for item in items:
            pairs[item.number] = (everything if item.option.rare else all_rare) & ~own
    return pairs


def _numbered(fields: Mapping[str, Sequence[Option]]) -> dict[str, list[_Numbered]]:
    """Return each option of each field with a number of its own."""
    numbered: dict[str, list[_Numbered]] = {}
    first = 0
    for field, options in fields.items():
        numbers = {option.name: number for number, option in enumerate(options, first)}
        numbered[field] = []
        for number, option in enumerate(options, first):
            stands_for = tuple(numbers[name] for name in option.parts or (option.name,))
            item = _Numbered(number, field, option, stands_for, mask_of(stands_for))
            numbered[field].append(item)
        first += len(options)
    return numbered


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a row is filled by: the option that it is for, and what no row had so far.

    `missing` are the pairs to meet, `scarce` numbers of options that few rows had, with the pairs
    that this counts for, and `alike` those of the same risk as the main one, with their fields.
    """

    main: _Numbered
    options: _Options
    missing: Mapping[int, int]
    scarce: Mapping[int, int]
    alike: Mapping[int, str]

    def row(self, dice: random.Random) -> dict[str, _Numbered]:
        """Fill a row around the main option: in each field with the one that meets most anew."""
        row = {self.main.field: self.main}
        chosen = self.main.bits
        daring = self.main.option.daring
        others = [name for name in self.options if name != self.main.field]
        dice.shuffle(others)
        first = set(self.alike.values())
        others.sort(key=lambda name: name not in first)
        for name in others:
            best = row[name] = self._best(name, chosen, daring, dice)
            chosen |= best.bits
            # of what is risky it is the same risk again
            daring += 1 if best.option.daring >= RISKY else best.option.daring
        return row

    def _best(self, name: str, chosen: int, daring: int, dice: random.Random) -> _Numbered:
        """Return the option of a field that has most new pairs with those of a mask."""
        # of what fails by itself nothing would be learned
        most = 0 if self.main.option.daring >= RISKY else RISKY - 1
        best = None
        greatest = (-1, 0.0)
        for item in self.options[name]:
            own = item.option.daring
            if daring + own > MOST_DARING or (own > most and item.number not in self.alike):
                continue
            new = _new_pairs(item, chosen, self.missing) + self.scarce.get(item.number, 0)
            worth = new, dice.random()
            if worth > greatest:
                best = item
                greatest = worth
        # where every option of the field is daring, the least daring one
        return best or min(self.options[name], key=lambda item: item.option.daring)


def _new_pairs(item: _Numbered, chosen: int, missing: Mapping[int, int]) -> int:
    """Return how many pairs an option has, with those of a mask, that no row had before."""
    new = 0
    for number in item.stands_for:
        new += (missing[number] & chosen).bit_count()
    return new * item.option.weight


def _worth(row: Mapping[str, _Numbered], missing: Mapping[int, int], triples: Triples) -> float:
    """Return how many pairs a row has that no row had before, each twice, and its new triples."""
    chosen = 0
    for item in row.values():
        chosen |= item.bits
    pairs = triples.pairs(item.number for item in row.values())
    return sum(
        _new_pairs(item, chosen, missing)
        + TRIPLE * triples.new(item.number, pairs) * item.option.weight
        for item in row.values()
    )


def _is_same(item: _Numbered, main: _Numbered, scarce: Mapping[int, int]) -> bool:
    """Whether a risky option may join a row: as the same risk, such as null once more.

    A server that takes the one takes the other. Anything else would only have the row refused.
    """
    is_risky = item.option.daring >= RISKY and item.number in scarce
    return is_risky and item.option.name == main.option.name


def _row_of(names: Mapping[str, str], options: _Options) -> dict[str, _Numbered]:
    """Return the options of a row by their names; a field that it does not name has its first."""
    return {
        field: next((item for item in items if item.option.name == names.get(field)), items[0])
        for field, items in options.items()
    }


def _seen(row: Mapping[str, _Numbered]) -> Collection[_Numbered]:
    """Return what a server surely looks at: what is risky, where a row has some."""
    return [item for item in row.values() if item.option.daring >= RISKY] or row.values()


def _note(
    row: Mapping[str, _Numbered],
    missing: dict[int, int],
    rows_with: dict[int, int],
    *,
    all_seen: bool = False,
) -> None:
    """Note what met; beside a risky option a server may not look at the others.

    Unless it took the row: then all was seen.
    """
    mask = sum(item.bits for item in row.values())
    seen = row.values() if all_seen else _seen(row)
    seen_mask = sum(item.bits for item in seen)
    for item in row.values():
        for number in item.stands_for:
            missing[number] &= ~(mask if item in seen else seen_mask)
            if number in rows_with:
                rows_with[number] += 1
