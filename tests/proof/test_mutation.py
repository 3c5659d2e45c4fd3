"""What operators make of an answer, which of it the judge notices.

And how survivors are explained.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import catalogue
from contracts.errors import ContractError
from contracts.judge import outcomes as judge_outcomes
from contracts.model import Exchange, Outcome, Region, Response
from contracts.proof import mutants as proof_mutants
from contracts.proof.mutants import Grade, Result, share
from contracts.proof.mutants.applying import Mutant, mutants
from contracts.proof.mutants.bench import STOPPED, Bench, Read, chosen, record
from contracts.proof.mutants.grading import LEAST_BREAKING, Unpromised, load
from contracts.schema.jsontext import at, same
from tests.helpers.builders import KOHORT, KOMERZA, exchange, order, response

CONTRACTS = {"kohort": KOHORT, "komerza": KOMERZA}


@cache
def recorded(api: str) -> tuple[tuple[Exchange, ...], tuple[Read, ...]]:
    """Return the recorded run of an API, and what was read of what is mutated."""
    exchanges, reads = record(api)
    return tuple(exchanges), tuple(reads)


def history(api: str) -> tuple[Exchange, ...]:
    """Return the recorded run of an API."""
    return recorded(api)[0]


@cache
def benches(api: str) -> tuple[Bench, ...]:
    """Give the exchanges of an API that are mutated."""
    run = history(api)
    return tuple(Bench(CONTRACTS[api], one, run) for one in chosen(CONTRACTS[api], run))


@cache
def made_of(api: str, number: int) -> tuple[Mutant, ...]:
    """Give every mutant of one of the exchanges."""
    bench = benches(api)[number]
    return tuple(mutants(bench.original, bench.previous))


def results(api: str, number: int, step: int) -> list[Result]:
    """Judge every so many-th mutant of one of the exchanges.

    `contracts prove --operators` judges all.
    """
    return [benches(api)[number].judge(mutant) for mutant in made_of(api, number)[::step]]


def found(api: str, number: int, operator: str, place: str) -> list[Result]:
    """Judge the mutants of one operator at one place."""
    wanted = [one for one in made_of(api, number) if (one.operator, one.place) == (operator, place)]
    return [benches(api)[number].judge(mutant) for mutant in wanted]


def made(operator: str, got: Any, **headers: str) -> list[Mutant]:
    """Apply one operator to an answer with that body."""
    answered = exchange(response(201, got, **headers))
    return [mutant for mutant in mutants(answered) if mutant.operator == operator]


def values(operator: str, got: Any) -> list[Any]:
    """Give the bodies that one operator makes of a body."""
    return [mutant.exchange.value for mutant in made(operator, got)]


KILLED = [
    ("kohort", 0, "status_2xx", "status", "protocol.status"),
    ("kohort", 0, "status_4xx", "status", "request.combined"),
    ("komerza", 0, "status_5xx", "status", "robustness.no_server_error"),
    ("kohort", 0, "media_type", "content-type", "protocol.media_type"),
    ("komerza", 0, "header_dropped", "content-type", "protocol.media_type"),
    ("kohort", 0, "charset", "content-type", "protocol.charset"),
    ("kohort", 0, "header_twice", "content-type", "protocol.single_headers"),
    ("kohort", 0, "cut_off", "text", "protocol.json"),
    ("komerza", 0, "trailing_text", "text", "protocol.json"),
    ("kohort", 0, "byte_order_mark", "text", "protocol.json"),
    ("kohort", 0, "twice_named", "/metadata", "protocol.unique_names"),
    ("komerza", 0, "not_a_number", "/data/amount", "protocol.json"),
    ("komerza", 0, "invalid_utf8", "/data/status", "protocol.json"),
    ("kohort", 0, "null", "/riskLevel", "response.riskLevel.type"),
    ("komerza", 0, "type", "/data/amount", "response.data.amount.type"),
    ("komerza", 0, "swapped", "/data/items", "response.data.items.type"),
    ("kohort", 0, "plus_one", "/amount", "relation.amount.echo"),
    ("komerza", 0, "minus_one", "/data/items/0/lineTotal", "relation.data.items.lineTotal"),
    ("kohort", 0, "times_100", "/amount", "relation.amount.echo"),
    ("komerza", 0, "divided_by_100", "/data/items/0/amount", "relation.data.items.lineTotal"),
    ("komerza", 0, "negated", "/success", "relation.success.true"),
    ("kohort", 0, "negated", "/livemode", STOPPED),
    (
        "komerza",
        1,
        "emptied",
        "/data/deliveredItems/0/file/friendlyName",
        ".friendlyName.minLength",
    ),
    ("kohort", 0, "character", "/customerEmail", "relation.customerEmail.echo"),
    ("kohort", 0, "upper", "/customerFirstName", "relation.customerFirstName.echo"),
    ("kohort", 0, "lower", "/customerLastName", "relation.customerLastName.echo"),
    ("kohort", 0, "trimmed", "/clientReferenceId", "relation.clientReferenceId.echo"),
    ("kohort", 0, "sibling", "/locale", "response.locale.enum"),
    ("kohort", 0, "previous", "/id", "relation.id.unique"),
    ("kohort", 1, "null", "/paymentGroupId", "relation.paymentGroupId.joined"),
    ("kohort", 0, "dropped", "/status", "response.status.required"),
    ("kohort", 0, "renamed", "/updatedBy", "response.updatedBy.required"),
    ("komerza", 0, "extended", "/data/items", "relation.data.items.id.unique"),
    ("komerza", 0, "emptied", "/data/deliveredItems", "relation.usual"),
    ("komerza", 0, "renamed", "/data/gateway", "relation.usual"),
    ("komerza", 0, "added", "/data", "relation.usual"),
]


@pytest.mark.parametrize(("api", "number", "operator", "place", "clause"), KILLED)
def test_what_the_page_promises_kills_a_mutant(
    api: str, number: int, operator: str, place: str, clause: str
) -> None:
    """Every mutant of this operator at this place is noticed.

    And by the clause that speaks of it.
    """
    judged = found(api, number, operator, place)
    assert judged
    assert all(any(killer.endswith(clause) for killer in one.killers) for one in judged)


READ_BACK = [
    ("kohort", "character", "/createdAt", "get-order/relation.created.reads_back"),
    ("kohort", "character", "/id", "get-order/request.combined"),
    ("kohort", "character", "/paymentGroupId", "get-group/request.combined"),
    ("komerza", "previous", "/data/dateCreated", "get-order/relation.created.reads_back"),
]


@pytest.mark.parametrize(("api", "operator", "place", "clause"), READ_BACK)
def test_what_reads_back_kills_a_mutant(api: str, operator: str, place: str, clause: str) -> None:
    """An answer that tells of something else than what is read, or of an id that nothing has."""
    plain = benches(api)[0]
    bench = Bench(plain.contract, plain.original, plain.history, recorded(api)[1])
    assert bench.judge(Mutant("none", "", "", "", bench.original)).killers == ()
    wanted = [one for one in made_of(api, 0) if (one.operator, one.place) == (operator, place)]
    killers = [bench.judge(mutant).killers for mutant in wanted]
    assert all(killers)  # some of them by the form of an id or a time
    assert any(clause in each for each in killers)


SURVIVE = [
    ("komerza", "status_2xx", "status"),
    ("komerza", "null", "/data/chargeback/id"),
    ("komerza", "dropped", "/data/dateCreated"),
    ("komerza", "character", "/data/deliveredItems/0/id"),
    ("komerza", "times_100", "/data/amount"),
    ("komerza", "previous", "/data/chargeback"),
    ("kohort", "previous", "/riskLevel"),  # which is the same in the first two answers
]


@pytest.mark.parametrize(("api", "operator", "place"), SURVIVE)
def test_what_no_page_promises_survives_with_a_reason(api: str, operator: str, place: str) -> None:
    """A mutant that a conforming server may answer is not killed, keeps the schema.

    And is explained.
    """
    numbers = range(len(benches(api)))
    judged = next(filter(None, (found(api, number, operator, place) for number in numbers)), [])
    assert judged
    rows, _ = load(CONTRACTS[api].name)
    for one in judged:
        assert (one.killers, one.breaks_schema) == ((), False)
        assert any(row.explains(one) for row in rows)


@pytest.mark.parametrize(
    ("operator", "got"),
    [
        ("null", None),
        ("upper", {"a": "12-34"}),
        ("upper", {"a": "6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01"}),
        ("lower", {"a": "2026-01-31T12:00:00.000Z"}),
        ("trimmed", {"a": ""}),
        ("emptied", {"a": "", "b": []}),
        ("reordered", {"a": [1], "b": [2, 2]}),
        ("times_100", {"a": 0}),
        ("shortened", {"a": []}),
        ("sibling", {"a": 1, "b": 1}),
        ("previous", {"a": 1}),
        ("dropped", [1]),
        ("twice_named", {}),
    ],
)
def test_what_means_the_same_is_no_mutant(operator: str, got: Any) -> None:
    """No operator yields an answer that is equal in meaning to the one it was made from."""
    assert made(operator, got) == []


def test_headers_that_http_does_without_are_not_dropped() -> None:
    """Only Content-Type is dropped; a header that may come several times is not repeated."""
    headers = {"date": "now", "vary": "Origin", "server": "x"}
    assert [mutant.place for mutant in made("header_dropped", {}, **headers)] == ["content-type"]
    assert {mutant.place for mutant in made("header_twice", {}, **headers)} == {
        "content-type",
        "date",
        "server",
    }


@pytest.mark.parametrize(
    ("operator", "got", "bodies"),
    [
        ("plus_one", {"a": 1.5}, [{"a": 2.5}]),
        ("divided_by_100", [1], [[0.01]]),
        ("character", "ab-9f", ["ab-0f", "ab-9e"]),
        ("trimmed", " ab ", ["ab", " ab"]),
        ("sibling", [1, "x", 2], [[2, "x", 2], [1, 2, 2], [1, "x", 1]]),
        ("renamed", {"a": 1}, [{"a_": 1}]),
        ("added", {}, [{"unexpected": "text"}]),
        ("swapped", {"a": [1]}, [[{"a": [1]}], {"a": {}}]),
        ("type", [True], ["text", 7, True, ["true"], [7], [[]], [{}]]),
        ("extended", [1, 2], [[1, 2, 2]]),
        ("reordered", [1, 2], [[2, 1]]),
    ],
)  # fmt: skip
def test_an_operator_changes_one_place(operator: str, got: Any, bodies: list[Any]) -> None:
    """Each operator makes these bodies, one place at a time, names that need escaping included."""
    assert all(same(left, right) for left, right in zip(values(operator, got), bodies, strict=True))
    assert [at(body, "/a~1b~0") for body in values(operator, {"a/b~": got})][
        -len(bodies) :
    ] == values(operator, got)


def test_the_previous_answer_lends_its_values() -> None:
    """`previous` puts what the answer before has at the same place."""
    before, now = (
        exchange(response(201, {"a": [1, 2]})),
        exchange(response(201, {"a": [1], "b": 3})),
    )
    changed = [m.exchange.value for m in mutants(now, before) if m.operator == "previous"]
    assert changed == [{"a": [1, 2]}, {"a": [1, 2], "b": 3}]


def sampled() -> Iterator[tuple[str, int, Result]]:
    """Give every so many-th result of each API's first exchanges."""
    for api, number, step in (("kohort", 0, 127), ("kohort", 1, 149), ("komerza", 0, 397)):
        for result in results(api, number, step):
            yield api, number, result


def test_a_bench_judges_as_a_run_does() -> None:
    """A mutant is killed at its bench exactly when the judge finds a clause violated in the whole run."""  # noqa: E501
    for api, number, result in sampled():
        original = benches(api)[number].original
        whole = [
            result.mutant.exchange if one.number == original.number else one for one in history(api)
        ]
        outcomes, _ = judge_outcomes.judge(CONTRACTS[api], whole)
        violated = {one.clause.id for one in outcomes if one.outcome is Outcome.VIOLATED}
        stopped = result.killers == (STOPPED,)
        assert (bool(violated) or stopped) == bool(result.killers), (
            result.mutant.operator,
            result.mutant.place,
        )
        assert set(result.killers) - {STOPPED} <= violated


@pytest.mark.parametrize("api", catalogue.available())
def test_what_is_mutated_is_clean_itself(api: str) -> None:
    """The originals are accepted valid exchanges that break no clause in their run."""
    assert len(benches(api)) >= 2
    for bench in benches(api):
        assert bench.original.accepted
        assert bench.original.case.region is Region.VALID
        assert isinstance(bench.original.answer, Response)
        unchanged = Mutant("none", "", "", "", bench.original)
        assert bench.judge(unchanged) == Result(unchanged, breaks_schema=False, killers=())


@pytest.mark.parametrize("api", catalogue.available())
def test_the_schema_breaking_mutants_are_killed(api: str) -> None:
    """At least 99 per cent of them are, at every exchange that is mutated."""
    for number in range(len(benches(api))):
        assert (
            share([one for one in results(api, number, 23) if one.breaks_schema]) >= LEAST_BREAKING
        )


def test_a_convention_alone_kills_apart() -> None:
    """A mutant that only conventions notice keeps the page's schema.

    And is told from one that its words kill.
    """
    assert all(
        one.convention_only and not one.breaks_schema
        for one in found("kohort", 0, "emptied", "/id")
    )
    assert all(
        one.breaks_schema and not one.convention_only for one in found("kohort", 0, "null", "/id")
    )
    assert not any(one.convention_only for one in found("kohort", 0, "previous", "/id"))
    assert not any(one.convention_only for one in found("kohort", 0, "negated", "/livemode"))


def graded(
    *survivors: tuple[str, str], rows: tuple[Unpromised, ...] = (), least: float = 0
) -> Grade:
    """Make a grade of a mutant that was killed and of survivors, all keeping the schema."""
    answered = exchange(response(201, order()))
    judged = [Result(Mutant("null", "/id", "", "", answered), breaks_schema=False, killers=("x",))]
    for operator, place in survivors:
        judged.append(
            Result(Mutant(operator, place, "", "", answered), breaks_schema=False, killers=())
        )
    return Grade("kohort", tuple(judged), rows, least)


def test_a_grade_needs_a_reason_for_every_survivor() -> None:
    """A row explains the operators and places it names, ``*`` being one token.

    Without one the grade fails.
    """
    row = Unpromised(("/items/*/id",), ("null",), "why not")
    assert graded(("null", "/items/12/id"), rows=(row,)).holds
    for survivor in (("upper", "/items/12/id"), ("null", "/items/12/id/x"), ("null", "/items")):
        grade = graded(survivor, rows=(row,))
        assert (grade.holds, len(grade.unexplained), grade.idle) == (False, 1, (row,))


def test_a_grade_needs_enough_killed() -> None:
    """Half of the schema-keeping mutants killed are 50 per cent.

    And too few where 51 are asked for.
    """
    row = Unpromised(("/id",), None, "why not")
    assert graded(("null", "/id"), rows=(row,), least=50).holds
    assert not graded(("null", "/id"), rows=(row,), least=51).holds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "unpromised"),
        ("[[unpromised]]\nplaces = []\noperators = '*'", "expected places, operators and reason"),
        ("[[unpromised]]\nplaces = []\noperators = ['nul']\nreason = ''", "'nul'"),
        ("[[unpromised]]\nplaces = []\noperators = 'null'\nreason = ''", "'null'"),
        ("least_keeping = 'all'\nunpromised = []", "all"),
    ],
)
def test_a_slip_in_unpromised_is_an_error_that_names_the_file(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing or unknown part is refused when the file is read."""
    (tmp_path / "kohort").mkdir()
    (tmp_path / "kohort" / "unpromised.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "APIS", tmp_path)
    with pytest.raises(ContractError, match=r"unpromised\.toml") as raised:
        load(KOHORT.name)
    assert message in str(raised.value)


def test_the_command_prints_two_numbers_and_every_survivor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Exit status 1 with a survivor that nothing explains; the JSON file has the same numbers."""
    monkeypatch.setattr(proof_mutants, "grade", lambda _: graded(("null", "/items/0/id")))
    file = tmp_path / "grade.json"
    assert main.run(["prove", "--operators", "kohort", "--json", str(file)]) == 1
    printed = capsys.readouterr().out
    assert (
        "kohort, mutants that break the response schema: 0 of 0 killed (100.0 %), 0 by conventions"
        in printed
    )
    assert (
        "kohort, mutants that keep the response schema: 1 of 2 killed (50.0 %), 0 by conventions"
        in printed
    )
    assert "survive without a reason\n  null at /items/*/id, 1: such as" in printed
    assert '"keeping": {\n    "mutants": 2,\n    "killed": 1' in file.read_text(encoding="utf-8")
