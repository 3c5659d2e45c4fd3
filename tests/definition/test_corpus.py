"""What Hypothesis drew for the usual seed lies with the contract.

No run with that seed draws, all others do.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.authoring import lint
from contracts.cli.main import run
from contracts.definition import catalogue, corpus, loading
from contracts.errors import ContractError
from contracts.interop import fuzzing, strategies
from contracts.model import Case, Contract, Region
from contracts.verify.preconditions import narrow

KOHORT = loading.load("kohort")
SHIPPED = catalogue.shipped()


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Give what is drawn from here on."""
    made: list[tuple[Any, ...]] = []
    draw = strategies.draw

    def counted(contract: Contract, seed: int, count: int) -> list[Any]:
        made.append((contract.api, seed, count))
        return draw(contract, seed, count)

    monkeypatch.setattr(strategies, "draw", counted)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of Kohort's folder that may be changed."""
    return Path(shutil.copytree(catalogue.APIS / "kohort", tmp_path / "kohort")) / "create-order"


def usual(contract: Contract) -> list[Case]:
    """Give the generated cases of a run that is not told otherwise."""
    return fuzzing.fuzz(contract, corpus.SEED, corpus.COUNT)


@pytest.mark.parametrize("api", SHIPPED)
def test_every_shipped_contract_has_a_corpus_of_its_own_schemas(
    api: str, drawings: list[object]
) -> None:
    """As many distinct bodies as the usual run sends, of each region that the contract has.

    And nothing is drawn.
    """
    contract = loading.load(api)
    cases = usual(contract)
    assert len(cases) == len({repr(case.body) for case in cases}) == corpus.COUNT
    expected = set(Region) if contract.request is not None else {Region.OPEN}
    assert {case.region for case in cases} == expected
    assert not drawings


@pytest.mark.parametrize("count", [1, 6, 39])
def test_the_usual_seed_takes_fewer_from_the_corpus(count: int, drawings: list[object]) -> None:
    """The first ones, in which the regions take turns."""
    cases = fuzzing.fuzz(KOHORT, corpus.SEED, count)
    assert cases == usual(KOHORT)[:count]
    assert [case.region for case in cases] == [list(Region)[number % 3] for number in range(count)]
    assert not drawings


@pytest.mark.parametrize(("seed", "count"), [(corpus.SEED + 1, 6), (corpus.SEED, corpus.COUNT + 1)])
def test_another_seed_and_larger_numbers_are_drawn(
    seed: int, count: int, drawings: list[object]
) -> None:
    """Since they are not kept."""
    assert fuzzing.fuzz(KOHORT, seed, count)
    assert drawings == [("kohort", seed, count)]


def test_preconditions_are_drawn_for(drawings: list[object]) -> None:
    """Bodies that were drawn from the plausible schema as it was would hardly keep them."""
    narrowed = narrow(KOHORT, {"amount": {"minimum": 900_000}}, "targets")
    valid = [case.body for case in fuzzing.fuzz(narrowed, 0, 6) if case.region is Region.VALID]
    assert valid
    assert all(body["amount"] >= 900_000 for body in valid)
    assert drawings == [("kohort", 0, 6)]


def test_an_offline_verify_loads_no_library_for_drawing(tmp_path: Path) -> None:
    """With the usual seed, which is most of what it would take.

    And no folder of theirs is left behind.
    """
    program = (
        "import sys; from contracts.cli import run; run(['verify', *sys.argv[1:]]); "
        "print(sorted({'hypothesis', 'schemathesis'} & set(sys.modules)))"
    )
    run = [sys.executable, "-c", program, "komerza"]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=tmp_path)  # noqa: S603
    assert done.stdout.splitlines()[-1] == "[]"
    assert "104 requests" in done.stdout
    assert not list(tmp_path.iterdir())
    other = subprocess.run(  # noqa: S603
        [*run, "--seed", "1"], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert other.stdout.splitlines()[-1] == "['hypothesis', 'schemathesis']"


def test_changed_schemas_make_a_corpus_none(folder: Path, drawings: list[object]) -> None:
    """Every run draws for itself then, the health check says so, and drawing again mends it."""
    overlay = folder / "overlay.json"
    overlay.write_text(
        overlay.read_text("utf-8").replace('"maximum": 1000000', '"maximum": 900000'), "utf-8"
    )
    changed = loading.load_folder(folder)
    assert changed.corpus == ()
    assert usual(changed)
    assert len(drawings) == 1
    (problem,) = lint.lint(str(folder))[0]
    assert str(problem) == (
        "kohort/corpus.jsonl: the whole: it was drawn from other schemas; draw again: contracts "
        "draw kohort [outdated]"
    )
    assert run(["draw", str(folder)]) == 0
    mended = loading.load_folder(folder)
    assert [case.region for case in usual(mended)] == [
        list(Region)[number % 3] for number in range(corpus.COUNT)
    ]
    assert lint.lint(str(folder))[0] == ()


def test_a_source_that_moved_leaves_the_corpus_as_it_is(folder: Path) -> None:
    """No body depends on the lines that a keyword was read from, nor on the reason of a reading."""
    overlay = folder / "overlay.json"
    overlay.write_text(
        overlay.read_text("utf-8").replace("Cents are whole", "Cents are whole numbers"), "utf-8"
    )
    assert loading.load_folder(folder).corpus == KOHORT.corpus


def test_what_is_drawn_is_what_is_read(tmp_path: Path) -> None:
    """To the last digit, below a line that says what drew it from what."""
    bodies = strategies.draw(KOHORT, 5, 30)
    path = corpus.write(tmp_path, KOHORT, bodies, {"hypothesis": "1.2.3"})
    assert repr(corpus.read(tmp_path, KOHORT.request, KOHORT.plausible)) == repr(tuple(bodies))
    head = json.loads(path.read_bytes().splitlines()[0])
    assert head.keys() == {"seed", "drawn_by", "schemas"}
    assert head["drawn_by"] == {"hypothesis": "1.2.3"}


@pytest.mark.parametrize("damaged", [b"", b"[]\n", b'{"seed": 0}\n{"amount":', b"\xff\n"])
def test_a_damaged_corpus_is_an_error(damaged: bytes, folder: Path) -> None:
    """Which names the file and says what to do."""
    path = folder / corpus.NAME
    path.write_bytes(damaged)
    with pytest.raises(ContractError) as error:
        loading.load_folder(folder)
    assert str(error.value) == (
        f"{path}: expected an object on the first line and a JSON text on every other; draw again"
    )


def test_nothing_is_drawn_where_requests_have_no_body(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command says why."""
    reading = replace(KOHORT, operation=replace(KOHORT.operation, method="GET"))
    monkeypatch.setattr(loading, "load", lambda _: reading)
    assert run(["draw", "kohort"]) == 2
    assert capsys.readouterr().err == "contracts: kohort: GET requests have no body to draw\n"
