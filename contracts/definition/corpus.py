"""The corpus of a contract.

The bodies that Hypothesis drew for a run with the usual seed, kept as ``corpus.jsonl``.

Drawing takes longer than all else in a run, and every release of the libraries draws something
else. So the bodies of the usual run lie beside the schemas that they were drawn from; those of
another seed, or more of them, are drawn when they are asked for. Only bodies are kept: where each
lies is found anew in every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from contracts.errors import ContractError
from contracts.model import ABSENT, Contract, Schema
from contracts.schema.jsontext import decode, encode

SEED: Final = 0
COUNT: Final = 40  # generated requests of a run that is not told otherwise
NAME: Final = "corpus.jsonl"


def read(folder: Path, request: Schema | None, plausible: Schema | None) -> tuple[Any, ...]:
    """Read the body templates that were drawn from these schemas.

    None where others were, or nothing is kept.

    ContractError when a line is no JSON text.
    """
    path = folder / NAME
    if not path.is_file():
        return ()
    lines = [decode(line)[0] for line in path.read_bytes().splitlines()]
    if not lines or ABSENT in lines or not isinstance(lines[0], dict):
        raise ContractError(
            f"{path}: expected an object on the first line and a JSON text on every other; draw "
            "again"
        )
    return tuple(lines[1:]) if lines[0].get("schemas") == _digest(request, plausible) else ()


def write(
    folder: Path, contract: Contract, bodies: Sequence[Any], drawn_by: Mapping[str, str]
) -> Path:
    """Keep body templates, and the releases of the libraries that drew them.

    In a contract's folder; give the file.
    """
    head = {
        "seed": SEED,
        "drawn_by": drawn_by,
        "schemas": _digest(contract.request, contract.plausible),
    }
    path = folder / NAME
    path.write_bytes(b"".join(encode(line) + b"\n" for line in (head, *bodies)))
    return path


def _digest(*schemas: Schema | None) -> str:
    """Give the SHA-256 of what bodies are drawn from.

    Schemas, but for the lines that they come from.
    """
    return sha256(encode([_without_sources(schema) for schema in schemas])).hexdigest()


def _without_sources(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {
            name: _without_sources(value)
            for name, value in part.items()
            if name not in {"x-source", "x-document"}
        }
    return [_without_sources(item) for item in part] if isinstance(part, list) else part
