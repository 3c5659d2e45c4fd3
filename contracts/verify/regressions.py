"""The regression corpus of a project: bodies that broke a contract, which every run sends first."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.engine import steps
from contracts.errors import UsageError
from contracts.interop import fuzzing
from contracts.model import ABSENT, Case, Contract
from contracts.planning.bodies.templates import references, shared
from contracts.reports.record import RunRecord
from contracts.schema.jsontext import decode, encode, show

FOLDER: Final = Path("contracts", "regressions")  # of the working directory


def remember(run: RunRecord, folder: Path = FOLDER) -> Path | None:
    """Add the bodies that findings show to the regression corpus; return its file, None if none.

    A body that refers to an earlier answer shows nothing by itself, and is left out.
    """
    last_steps = [
        steps.cases(finding["steps"])[-1] for finding in run["findings"] if finding["steps"]
    ]
    bodies = [
        case.body
        for case in last_steps
        if isinstance(case.body, dict) and not references(case.body) and not shared(case.body)
    ]
    if not bodies:
        return None
    path = _file_of(run["api"], run["operation"], folder)
    lines = [*_lines(path), *(encode(body) for body in bodies)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for line in dict.fromkeys(lines)))
    return path


def read(contract: Contract, folder: Path = FOLDER) -> Sequence[Case]:
    """Return the cases of a project's regression corpus for an operation, none without one.

    UsageError for a line that is no JSON.
    """
    label = "a body that broke the contract before"
    path = _file_of(contract.api, contract.operation.name, folder)
    lines = _lines(path)
    bodies = [decode(line)[0] for line in lines]
    if ABSENT in bodies:
        text = show(lines[bodies.index(ABSENT)].decode(errors="replace"))
        raise UsageError(f"{path}: expected a body as JSON in each line, got {text}")
    return [replace(fuzzing.case_of(contract, body), label=label) for body in bodies]


def _file_of(api: str, operation: str, folder: Path) -> Path:
    return folder / f"{api}-{operation}.jsonl"


def _lines(path: Path) -> list[bytes]:
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return [line for line in lines if line.strip()]
