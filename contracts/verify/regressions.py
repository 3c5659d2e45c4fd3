"""The regression corpus of a project: bodies that broke a contract, which every run sends first."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.interop import fuzzing
from contracts.model import ABSENT, Case, Contract, Run
from contracts.planning.bodies.templates import references
from contracts.schema.jsontext import decode, encode

FOLDER: Final = Path("contracts", "regressions")  # of the working directory


def remember(run: Run, folder: Path = FOLDER) -> Path | None:
    """Add the bodies that findings show to the regression corpus; return its file, None if none."""
    bodies_of_findings = (finding.exchange.case.body for finding in run.findings)
    bodies = [
        body for body in bodies_of_findings if isinstance(body, dict) and not references(body)
    ]
    if not bodies:
        return None
    path = _file_of(run.contract, folder)
    kept = [*_lines(path), *(encode(body) for body in bodies)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for line in dict.fromkeys(kept)))
    return path


def read(contract: Contract, folder: Path = FOLDER) -> Sequence[Case]:
    """Return the cases of a project's regression corpus for an operation, none without one."""
    label = "a body that broke the contract before"
    bodies = (decode(line)[0] for line in _lines(_file_of(contract, folder)))
    cases = (fuzzing.case_of(contract, body) for body in bodies if body is not ABSENT)
    return [replace(case, label=label) for case in cases]


def _file_of(contract: Contract, folder: Path) -> Path:
    return folder / f"{contract.api}-{contract.operation.name}.jsonl"


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines() if path.is_file() else []
