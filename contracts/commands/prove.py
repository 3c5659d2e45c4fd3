"""``contracts prove``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from contracts import documents, proving


@click.command("prove")
@click.argument("apis", nargs=-1, metavar="[API]...")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
def command(apis: tuple[str, ...], json_file: Path | None) -> int:
    """Run every seeded fault against the suite, to see that each clause is able to bite.

    Every fault has to turn the clauses violated that it breaks, and no others; every conforming variant has
    to pass; every clause has to have a fault. Exit status 1 on any gap.
    """
    names = [documents.load(api).api for api in apis] or list(documents.available())
    proofs = list(proving.prove(names))
    gaps = {name: proving.unproven(name, proofs) for name in names}
    _write(proofs, gaps)
    if json_file is not None:
        json_file.write_text(json.dumps(_report(proofs, gaps), indent=1), encoding="utf-8")
    return 0 if all(proof.holds for proof in proofs) and not any(gaps.values()) else 1


def _write(proofs: list[proving.Proof], gaps: dict[str, tuple[str, ...]]) -> None:
    console = Console(file=sys.stdout, markup=False, highlight=False, soft_wrap=True)
    table = Table("API", "fault", "breaks", "caught by", "at request")
    for proof in proofs:
        caught = "passes, as it should" if proof.fault.conforming and proof.holds else ", ".join(proof.violated[:3])
        mark = "" if proof.holds else f"  GAP: missed {list(proof.missed)}, accused {list(proof.accused)}"
        at = str(proof.requests) if proof.requests else ""
        table.add_row(proof.api, proof.fault.id, ", ".join(proof.fault.breaks) or "nothing", caught + mark, at)
    console.print(table)
    for name, missing in gaps.items():
        for clause in missing:
            console.print(f"{name}: no fault proves {clause}", style="red")
    clauses = sum(len(documents.load(name).clauses) for name in gaps)
    seeded = [proof for proof in proofs if not proof.fault.conforming]
    variants = [proof for proof in proofs if proof.fault.conforming]
    console.print(
        f"{clauses - sum(map(len, gaps.values()))} of {clauses} clauses proven, "
        f"{sum(proof.holds for proof in seeded)} of {len(seeded)} faults caught precisely, "
        f"{sum(not proof.holds for proof in variants)} of {len(variants)} conforming variants accused"
    )


def _report(proofs: list[proving.Proof], gaps: dict[str, tuple[str, ...]]) -> dict[str, object]:
    return {
        "format": "order-contracts-proof/1",
        "proofs": [
            {
                "api": proof.api,
                "fault": proof.fault.id,
                "conforming": proof.fault.conforming,
                "breaks": proof.fault.breaks,
                "violated": proof.violated,
                "missed": proof.missed,
                "accused": proof.accused,
                "requests": proof.requests,
                "aborted": proof.aborted,
            }
            for proof in proofs
        ],
        "unproven": gaps,
    }
