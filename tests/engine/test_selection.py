"""Runs that ask for some clauses only."""

import pytest

from contracts.definition import loading
from contracts.engine import selection


def asked_for(name: str, pattern: str) -> list[str]:
    """Return the ids of a contract's clauses that a pattern asks for."""
    ids = [clause.id for clause in loading.load(name).clauses]
    return [clause for clause in ids if selection.matches(clause, [pattern])]


@pytest.mark.parametrize("name", [contract.name for contract in loading.load_all("komerza")])
def test_each_clause_is_asked_for_by_its_own_id(name: str) -> None:
    """The id of a clause selects that clause, also where it names items, as `data[].id` does."""
    ids = [clause.id for clause in loading.load(name).clauses]
    assert [asked_for(name, clause) for clause in ids] == [[clause] for clause in ids]


def test_a_pattern_asks_for_the_members_of_items() -> None:
    """What stands before `[].*` in a pattern is a list, all of whose items' members it names."""
    wanted = asked_for("komerza/list-orders", "response.data[].items[].*")
    assert "response.data[].items[].id.format" in wanted
    assert all(clause.startswith("response.data[].items[].") for clause in wanted)
