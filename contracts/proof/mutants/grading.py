"""The mutants of an API counted: killed or surviving, and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.definition import catalogue, keys, loading
from contracts.errors import ContractError
from contracts.proof.mutants.applying import mutants
from contracts.proof.mutants.bench import Bench, Result, chosen, record
from contracts.proof.mutants.operators import MESSAGES, VALUES

LEAST_BREAKING = 99.0  # per cent of the mutants that break the schema that have to be killed


@dataclass(frozen=True, slots=True)
class Unpromised:
    """A row of unpromised.toml: what the page does not promise, so that its mutants may survive."""

    places: tuple[str, ...]
    operators: tuple[str, ...] | None  # None stands for all of them
    reason: str

    def explains(self, result: Result) -> bool:
        """Whether a survivor is one of these."""
        is_meant = self.operators is None or result.mutant.operator in self.operators
        # ``*`` stands for a name, an index or part of one
        patterns = [re.escape(place).replace(r"\*", "[^/]*") for place in self.places]
        return is_meant and any(re.fullmatch(pattern, result.pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Grade:
    """All mutants of one API with what explains those that survived."""

    api: str
    results: tuple[Result, ...]
    rows: tuple[Unpromised, ...]
    least_keeping: float  # per cent

    def of(self, *, breaking: bool) -> tuple[Result, ...]:
        """Return the mutants that break the response schema, or those that keep it."""
        return tuple(result for result in self.results if result.breaks_schema is breaking)

    @property
    def survivors(self) -> tuple[Result, ...]:
        """The mutants that no clause noticed."""
        return tuple(result for result in self.results if not result.killers)

    @property
    def unexplained(self) -> tuple[Result, ...]:
        """The survivors that no row speaks of."""
        return tuple(result for result in self.survivors if not self.reason(result))

    @property
    def idle(self) -> tuple[Unpromised, ...]:
        """The rows that explain no survivor: what they speak of is noticed after all."""
        return tuple(row for row in self.rows if not any(map(row.explains, self.survivors)))

    @property
    def holds(self) -> bool:
        """Whether enough were killed and every survivor is explained."""
        breaking = share(self.of(breaking=True))
        keeping = share(self.of(breaking=False))
        return breaking >= LEAST_BREAKING and keeping >= self.least_keeping and not self.unexplained

    def reason(self, result: Result) -> str:
        """Return the reason of the first row that explains a survivor; empty when there is none."""
        return next((row.reason for row in self.rows if row.explains(result)), "")


def share(results: Sequence[Result]) -> float:
    """Return the per cent of mutants that were killed."""
    killed = sum(bool(result.killers) for result in results)
    return 100 * killed / len(results) if results else 100.0


def grade(api: str) -> Grade:
    """Record a clean run of an API, mutate some exchanges at every place, judge every mutant."""
    contract = loading.load(api)
    history, reads = record(api)
    benches = [
        Bench(contract, exchange, tuple(history), tuple(reads))
        for exchange in chosen(contract, history)
    ]
    results = tuple(
        bench.judge(mutant)
        for bench in benches
        for mutant in mutants(bench.original, bench.previous)
    )
    rows, least = load(contract.name)
    return Grade(api, results, rows, least)


def load(name: str) -> tuple[tuple[Unpromised, ...], float]:
    """Return the rows of unpromised.toml, and the per cent of harmless mutants that must be killed.

    A later revision promises no less of what did not change: its rows come before those of the
    one before.
    """
    earlier = catalogue.before(name)
    path = catalogue.shipped_folder(name) / "unpromised.toml"
    earlier_rows: tuple[Unpromised, ...] = load(earlier)[0] if earlier else ()
    try:
        data = keys.read(path)
        numbered = enumerate(data["unpromised"], 1)
        rows = tuple(_row(row, f"{path}: unpromised {number}") for number, row in numbered)
        least = float(data.get("least_keeping", 0))
    except (KeyError, TypeError, ValueError) as error:
        raise ContractError(f"{path}: {error}") from error
    return (*rows, *earlier_rows), least


def _row(row: Mapping[str, Any], place: str) -> Unpromised:
    if set(row) != {"places", "operators", "reason"}:
        keys = ", ".join(row)
        raise ContractError(f"{place}: expected places, operators and reason, got {keys}")
    names = row["operators"]
    if names == "*":
        return Unpromised(tuple(row["places"]), None, row["reason"])
    if isinstance(names, str) or not set(names) <= VALUES.keys() | MESSAGES.keys():
        names_of_all = ", ".join((*VALUES, *MESSAGES))
        raise ContractError(f"{place}: operators {names!r}; known: '*' or a list of {names_of_all}")
    return Unpromised(tuple(row["places"]), tuple(names), row["reason"])
