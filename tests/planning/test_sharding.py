"""A run in shards: together they send what one run sends, and find what it finds."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from contracts import sandbox
from contracts.definition import catalogue, loading
from contracts.engine.embedding import embedded
from contracts.engine.run import run
from contracts.errors import UsageError
from contracts.faults import catalogue as faults
from contracts.faults import server
from contracts.model import Basis, Case, Region, Verdict
from contracts.planning.plan import plan
from contracts.planning.shards import Shard, drawn, share
from contracts.reports import document, merging
from contracts.reports.record import Report
from contracts.reports.text.redaction import Redactor
from contracts.verify import targets
from tests.helpers.nightly import nightly_after

APIS = catalogue.available()
COUNTS = range(1, 6)
# of each kind of relation and refusal, and those that change what a plain request comes to
FAULTS = {
    "kohort": ("refuses-en-US", "requires-share-id", "id-again-every-seventh"),
    "komerza": ("success-false",),
}

each = pytest.mark.parametrize("api", APIS)
in_shards = pytest.mark.parametrize("count", COUNTS)


@cache
def report(api: str, fault: str | None = None, shard: Shard | None = None) -> Report:
    """Verify an embedded sandbox, whole or a shard of it; give the report."""
    contract = loading.load(api)
    (target,) = targets.choose([f"{api}/create-order"], [], {})
    conforming = sandbox.create_app(api, contract.request)
    app = server.create_app(contract, faults.find(contract, fault)) if fault else conforming
    done = run(contract, embedded(app, target.credentials), targets.settings(target, shard=shard))
    return document.document(Verdict(0, (done,), Basis.STANDARD), Redactor([]))


def shards(api: str, count: int, fault: str | None = None) -> list[Report]:
    """Verify all shards of a run, each against a sandbox of its own."""
    return [report(api, fault, Shard(number, count)) for number in range(1, count + 1)]


def outcomes(made: Report) -> dict[str, str]:
    """Give the outcome of every clause of the one run in a report."""
    (only,) = made["runs"]
    return {clause["id"]: clause["outcome"] for clause in only["clauses"]}


def observed(made: Report) -> dict[str, str]:
    """Give what was observed, but for odd references.

    Which of two equal ones comes first differs between shards.
    """
    (only,) = made["runs"]
    return {
        one["id"]: one["behaviour"]
        for one in only["observations"]
        if "clientReferenceId" not in one["id"]
    }


@pytest.mark.slow
@each
@pytest.mark.parametrize("count", nightly_after(1, [2, 5]))
def test_shards_of_a_conforming_sandbox_come_to_what_one_run_comes_to(api: str, count: int) -> None:
    """Every clause has the same outcome, nothing is found, and every pair of states was sent.

    Shares know less of why something was refused, so they may observe less, but nothing against it.
    """
    merged, whole = merging.merge(shards(api, count)), report(api)
    assert outcomes(merged) == outcomes(whole)
    assert (merged["outcome"], merged["runs"][0]["findings"]) == ("pass", [])
    assert merged["runs"][0]["pairs"] == whole["runs"][0]["pairs"]
    whole_observed = observed(whole)
    contradictions = {
        name: behaviour
        for name, behaviour in observed(merged).items()
        if whole_observed.get(name, behaviour) != behaviour
    }
    assert contradictions == {}
    assert len(observed(merged)) > len(observed(whole)) // 2
    assert merged["runs"][0]["shard"] is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("api", "fault"),
    nightly_after(2, [(api, fault) for api, named in FAULTS.items() for fault in named]),
)
def test_shards_of_a_faulty_sandbox_find_what_one_run_finds(api: str, fault: str) -> None:
    """The same clauses are violated, held and undecided."""
    merged, whole = merging.merge(shards(api, 3, fault)), report(api, fault)
    assert outcomes(merged) == outcomes(whole)
    assert "violated" in outcomes(merged).values()
    assert (
        merged["outcome"],
        {finding["clause"] for finding in merged["runs"][0]["findings"]},
    ) == (whole["outcome"], {finding["clause"] for finding in whole["runs"][0]["findings"]})


@each
@in_shards
def test_every_case_is_in_one_shard(api: str, count: int) -> None:
    """But for the plain ones at both ends, and what others refer to, which is there before them."""
    whole = plan(loading.load(api), 0)
    parts = [share(whole, Shard(number, count), api) for number in range(1, count + 1)]
    sent = Counter(case.number for part in parts for case in part.cases)
    assert sent.keys() == {case.number for case in whole.cases}
    named = {number for case in whole.cases for number in case.after}
    repeated = {case.number: case for case in whole.cases if sent[case.number] > 1}
    assert all(case.region is Region.VALID or case.number in named for case in repeated.values())
    for part in parts:
        numbers = [case.number for case in part.cases]
        assert numbers == sorted(numbers)
        assert all(number in numbers for case in part.cases for number in case.after)
        assert len(part.cases) + len(part.elsewhere) == len(whole.cases)


@each
@in_shards
def test_the_valid_cases_of_an_operation_are_in_one_shard(api: str, count: int) -> None:
    """Who joins which group.

    Whether ids repeat and what a refusal is blamed on shows only in all of them.
    """
    whole = plan(loading.load(api), 0)
    valid = {case.number for case in whole.cases if case.region is Region.VALID}
    homes = [
        number
        for number in range(1, count + 1)
        if valid <= {c.number for c in _cases(whole, number, count, api)}
    ]
    assert Shard(1, count).home(api) in homes
    assert len(homes) == 1


def _cases(whole: Any, number: int, count: int, api: str) -> tuple[Case, ...]:
    return share(whole, Shard(number, count), api).cases


def test_shards_are_about_as_large_as_each_other() -> None:
    """As far as what belongs together allows."""
    whole = plan(loading.load("kohort"), 0)
    sizes = [len(_cases(whole, number, 3, "kohort")) for number in (1, 2, 3)]
    assert max(sizes) - min(sizes) <= 12


def test_operations_have_different_homes() -> None:
    """So that the shard with the valid cases is not the same one for all of many operations."""
    homes = {Shard(1, 4).home(f"operation{number}") for number in range(40)}
    assert homes == {1, 2, 3, 4}


def test_generated_cases_are_dealt_out() -> None:
    """Each to one shard, the valid ones where all valid cases are."""
    cases = [Case(number, list(Region)[number % 3], "generated") for number in range(30)]
    dealt = [drawn(cases, Shard(number, 4), "kohort") for number in range(1, 5)]
    assert sorted(case.number for part in dealt for case in part) == list(range(30))
    home = Shard(1, 4).home("kohort")
    assert sum(case.region is Region.VALID for case in dealt[home - 1]) == 10
    assert all(
        case.region is not Region.VALID
        for part in dealt[: home - 1] + dealt[home:]
        for case in part
    )


@pytest.mark.slow
def test_a_clause_that_another_shard_decides_says_where() -> None:
    """It is not exercised here, and not silently green."""
    parts = shards("kohort", 2)
    for part, other in zip(parts, ("2/2", "1/2"), strict=True):
        whys = {c["why"] for c in part["runs"][0]["clauses"] if c["outcome"] == "not exercised"}
        assert f"sent in shard {other}" in whys


@pytest.mark.slow
def test_a_shard_that_is_missing_is_told() -> None:
    """A job whose report did not arrive must not make the whole look green."""
    one, _, three = shards("komerza", 3)
    merged = merging.merge([one, three])
    assert (merged["outcome"], merged["reason"]) == (
        "aborted",
        "komerza: no report of shard 2/3 was given",
    )
    twice = merging.merge([one, one, three])
    assert twice["reason"] == "komerza: shard 1/3 was given more than once"
    with pytest.raises(UsageError, match="of the seeds 0 and 7"):
        merging.merge([one, {**one, "seed": 7}])


@pytest.mark.slow
def test_findings_of_several_shards_at_one_place_are_one() -> None:
    """With the smallest request that shows it, and all occurrences counted."""
    parts = shards("komerza", 3, "response.success.type")
    merged = merging.merge(parts)
    (finding,) = merged["runs"][0]["findings"]
    assert finding["clause"] == "response.success.type"
    assert finding["occurrences"] == sum(
        f["occurrences"] for part in parts for f in part["runs"][0]["findings"]
    )
    assert merged["runs"][0]["requests"] == sum(part["runs"][0]["requests"] for part in parts)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2", "1/9999", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    """In one line that says what was expected."""
    with pytest.raises(UsageError, match="expected a shard and how many there are"):
        Shard.read(text)


def test_a_shard_is_read() -> None:
    """And written as it was."""
    assert str(Shard.read("2/4")) == "2/4"
