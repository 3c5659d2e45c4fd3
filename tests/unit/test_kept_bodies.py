"""What Hypothesis drew is kept: the same cases without drawing, and drawn anew whenever that could be wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts import documents
from contracts.interop import fuzzing, strategies
from contracts.model import Contract

KOHORT = documents.load("kohort")
COUNT = 6


@pytest.fixture(autouse=True)
def drawings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Begin without kept bodies; give what is drawn from here on."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made: list[tuple[Any, ...]] = []
    draw = strategies.draw

    def counted(contract: Contract, seed: int, count: int) -> list[Any]:
        made.append((contract.api, seed, count))
        return draw(contract, seed, count)

    monkeypatch.setattr(strategies, "draw", counted)
    return made


@pytest.mark.parametrize("api", documents.shipped())
def test_kept_bodies_make_the_same_cases(api: str, drawings: list[object]) -> None:
    """To the last digit, for every contract: drawn once, read the second time."""
    contract = documents.load(api)
    first, second = (fuzzing.fuzz(contract, 5, 30) for _ in range(2))
    assert repr(first) == repr(second)
    assert drawings == [(api, 5, 30)]


def test_a_second_verify_loads_no_library_for_drawing(tmp_path: Path) -> None:
    """Which is most of what it would take; it sends as many requests."""
    program = (
        "import sys; from contracts.cli import run; run(['verify', 'komerza', '--fuzz', '6', '--json', sys.argv[1]]); "
        "print(sorted({'hypothesis', 'schemathesis'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "report.json")]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))  # noqa: S603
    assert first.splitlines()[-1] == "['hypothesis', 'schemathesis']"
    assert second.splitlines()[-1] == "[]"
    counted = [next(line for line in out.splitlines() if "requests" in line) for out in (first, second)]
    assert counted[0].split(" in ")[0] == counted[1].split(" in ")[0]


@pytest.mark.parametrize(
    "other",
    [
        lambda: fuzzing.fuzz(KOHORT, 1, COUNT),
        lambda: fuzzing.fuzz(KOHORT, 0, COUNT + 1),
        lambda: fuzzing.fuzz(replace(KOHORT, request={"type": "object"}), 0, COUNT),
        lambda: fuzzing.fuzz(replace(KOHORT, plausible={"type": "object", "properties": {}}), 0, COUNT),
    ],
    ids=["seed", "count", "documented", "plausible"],
)
def test_what_is_drawn_from_something_else_is_drawn_anew(other: Callable[[], object], drawings: list[object]) -> None:
    """Another seed, count or schema; and one file a contract is all that is kept."""
    fuzzing.fuzz(KOHORT, 0, COUNT)
    other()
    assert len(drawings) == 2
    fuzzing.fuzz(KOHORT, 0, COUNT)
    assert len(drawings) == 3
    assert [file.name for file in fuzzing.folder().iterdir()] == ["kohort.jsonl"]


def test_another_release_of_a_library_draws_anew(drawings: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Since it may draw otherwise for the same seed."""
    fuzzing.fuzz(KOHORT, 0, COUNT)
    fuzzing.versions.cache_clear()
    monkeypatch.setattr(fuzzing, "version", lambda _: "1")
    fuzzing.fuzz(KOHORT, 0, COUNT)
    fuzzing.versions.cache_clear()
    assert len(drawings) == 2


@pytest.mark.parametrize("damage", [(b"",), (slice(-3),), (b"\xff", slice(None)), (slice(None), b"\n")])
def test_a_damaged_file_is_drawn_anew(damage: tuple[bytes | slice, ...], drawings: list[object]) -> None:
    """And put right."""
    first = fuzzing.fuzz(KOHORT, 0, COUNT)
    (kept,) = fuzzing.folder().iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(b"".join(whole[part] if isinstance(part, slice) else part for part in damage))
    assert fuzzing.fuzz(KOHORT, 0, COUNT) == first
    assert len(drawings) == 2
    assert kept.read_bytes() == whole


def test_where_nothing_can_be_kept_it_is_drawn_every_time(tmp_path: Path, drawings: list[object]) -> None:
    """A cache folder that is no folder harms no run, and nothing is left behind."""
    (tmp_path / "order-contracts").write_text("in the way", encoding="utf-8")
    first, second = (fuzzing.fuzz(KOHORT, 0, COUNT) for _ in range(2))
    assert first == second
    assert len(drawings) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["order-contracts"]


def test_nothing_asked_for_is_nothing_kept(drawings: list[object]) -> None:
    """``--fuzz 0`` writes no file."""
    assert fuzzing.fuzz(KOHORT, 0, 0) == []
    assert not drawings
    assert not fuzzing.folder().exists()
