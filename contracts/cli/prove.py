"""``contracts prove``."""

import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import click

from contracts import sandbox
from contracts.cli import completion
from contracts.cli.places import FILE, place_option
from contracts.definition import catalogue, loading
from contracts.errors import UsageError
from contracts.proof import mutants, prove
from contracts.reports.formats import files

OF_A_PROOF = ("violated", "missed", "accused", "requests", "aborted")  # in the JSON
Gaps = dict[str, tuple[str, ...]]  # clauses that no fault proves, by contract
Reasons = dict[str, dict[str, str]]  # why there is none for a clause, by contract
Rows = dict[str, object]


@click.command("prove")
@click.argument("apis", nargs=-1, metavar="[API]...", shell_complete=completion.apis)
@place_option("--json", "json_file", FILE, "Write as JSON which faults were caught, and how.")
@click.option(
    "--operators",
    is_flag=True,
    help="Change real answers at every place instead: what does no clause notice?",
)
@click.option(
    "--quick",
    is_flag=True,
    help="Only as many faults as it takes to break every clause once, and all variants.",
)
def command(apis: tuple[str, ...], json_file: Path | None, *, operators: bool, quick: bool) -> int:
    """Run every seeded fault against the suite, to see that each clause is able to bite.

    Every fault has to turn the clauses violated that it breaks, and no others; every
    conforming variant has to pass; every clause has to have a fault. Exit status 1 on any gap.

    With --operators, recorded answers are changed at one place at a time and judged again.
    Exit status 1 when too few of the changes are noticed, or one that is not has no reason in
    unpromised.toml.
    """
    outputs = {"json": json_file} if json_file else {}
    files.check(outputs)
    with redirect_stdout(files.stream_for_words(outputs.values())):
        holds, report = _proven(apis, operators=operators, quick=quick)
    for path in outputs.values():
        files.save(path, json.dumps(report, indent=1) + "\n")
    return 0 if holds else 1


def _proven(apis: tuple[str, ...], *, operators: bool, quick: bool) -> tuple[bool, Rows]:
    """Prove, and write what the proofs amount to; return whether all holds, and the report."""
    given = [name for api in apis or catalogue.available() for name in catalogue.operations(api)]
    contracts = [loading.load(name) for name in given]
    shipped = catalogue.shipped_operations()
    names = [
        name if contract.reads or name not in shipped else contract.api
        for name, contract in zip(given, contracts, strict=True)
    ]
    if operators:
        creating = [contract.api for contract in contracts if not contract.reads]
        for api in creating:
            if api not in sandbox.APPS:
                known = ", ".join(sorted(sandbox.APPS))
                problem = "no embedded sandbox of its own, whose answers --operators changes"
                raise UsageError(f"{api} has {problem}; those that have one: {known}")
        return _operators(creating)
    proofs = list(prove.prove(names, quick=quick))
    gaps = {name: prove.unproven(name, proofs) for name in names}
    reasons = {name: prove.reasons(name, proofs) for name in names}
    _write(proofs, gaps, reasons)
    holds = all(proof.holds for proof in proofs) and not any(gaps.values())
    return holds, _report(proofs, gaps, reasons)


def _write(proofs: list[prove.Proof], gaps: Gaps, reasons: Reasons) -> None:
    """Write what the proofs amount to, every gap by name."""
    for name in gaps:
        own = [proof for proof in proofs if proof.api == name]
        held = sum(proof.holds for proof in own)
        click.echo(f"{name}: {held} of {len(own)} faults and variants as they should be")
    for proof in (proof for proof in proofs if not proof.holds):
        gap = f"missed {_listed(proof.missed)}; accused {_listed(proof.accused)}"
        ended = f"; ended: {proof.aborted}" if proof.aborted else ""
        click.secho(f"{proof.api}: GAP {proof.fault.id}: {gap}{ended}", fg="red")
    for name, missing in gaps.items():
        for clause in missing:
            click.secho(f"{name}: no fault proves {clause}", fg="red")
    for name, known in reasons.items():
        for clause, reason in known.items():
            click.echo(f"{name}: {clause} has no fault: {reason}")
    clauses = sum(len(loading.load(name).clauses) for name in gaps)
    unproven = sum(map(len, (*gaps.values(), *reasons.values())))
    seeded = [proof.holds for proof in proofs if not proof.fault.conforming]
    variants = [proof.holds for proof in proofs if proof.fault.conforming]
    click.echo(
        f"{clauses - unproven} of {clauses} clauses proven, "
        f"{sum(seeded)} of {len(seeded)} faults caught precisely, "
        f"{variants.count(False)} of {len(variants)} conforming variants accused"
    )


def _listed(clauses: tuple[str, ...]) -> str:
    return ", ".join(clauses) or "none"


def _report(proofs: list[prove.Proof], gaps: Gaps, reasons: Reasons) -> Rows:
    return {
        "format": "order-contracts-proof/1",
        "proofs": [
            {
                "api": proof.api,
                "fault": proof.fault.id,
                "conforming": proof.fault.conforming,
                "breaks": proof.fault.breaks,
                **{name: getattr(proof, name) for name in OF_A_PROOF},
            }
            for proof in proofs
        ],
        "unproven": gaps,
        "reasons": reasons,
    }


def _operators(names: list[str]) -> tuple[bool, Rows]:
    grades = [mutants.grade(name) for name in names]
    for grade in grades:
        _write_grade(grade)
    rows = [_grade_report(grade) for grade in grades]
    report: Rows = {"format": "order-contracts-mutants/1", "apis": rows}
    return all(grade.holds for grade in grades), report


def _write_grade(grade: mutants.Grade) -> None:
    """Write how many mutants were killed, and the survivors in groups with their reasons."""
    for breaking, kind in ((True, "break"), (False, "keep")):
        results = grade.of(breaking=breaking)
        message = [result for result in results if result.of_message]
        click.echo(
            f"{grade.api}, mutants that {kind} the response schema: "
            f"{_killed(results)} of {len(results)} killed ({mutants.share(results):.1f} %), "
            f"{sum(result.convention_only for result in results)} by conventions only; "
            f"of status, headers and text {_killed(message)} of {len(message)}"
        )
    last: str | None = None
    for (reason, operator, place), group in _grouped(grade).items():
        if reason != last:
            last = reason
            click.echo(f"survive, since {reason}" if reason else "survive without a reason")
        change = f"{group[0].mutant.was} became {group[0].mutant.became}"
        click.echo(f"  {operator} at {place or 'the whole'}, {len(group)}: such as {change}")
    for row in grade.idle:
        problem = "unpromised.toml explains nothing that survives by"
        click.echo(f"{grade.api}: {problem}: {row.reason}")
    asked = (
        f"{mutants.LEAST_BREAKING:.0f} % of those that break the schema, "
        f"{grade.least_keeping:.0f} % of those that keep it"
    )
    click.echo(
        f"{grade.api}: {len(grade.survivors)} mutants survive, "
        f"{len(grade.unexplained)} of them without a reason; required: {asked}"
    )


def _killed(results: Sequence[mutants.Result]) -> int:
    return sum(bool(result.killers) for result in results)


def _grouped(grade: mutants.Grade) -> dict[tuple[str, str, str], list[mutants.Result]]:
    """Group the survivors by reason, operator and place; those without a reason come first."""
    groups: dict[tuple[str, str, str], list[mutants.Result]] = defaultdict(list)
    for result in grade.survivors:
        groups[grade.reason(result), result.mutant.operator, result.pattern].append(result)
    return dict(sorted(groups.items()))


def _grade_report(grade: mutants.Grade) -> dict[str, object]:
    def count(results: Sequence[mutants.Result]) -> dict[str, int]:
        only = sum(result.convention_only for result in results)
        return {"mutants": len(results), "killed": _killed(results), "by_conventions_only": only}

    return {
        "api": grade.api,
        "holds": grade.holds,
        "breaking": count(grade.of(breaking=True)),
        "keeping": count(grade.of(breaking=False)),
        "survivors": [
            {"operator": operator, "place": place, "reason": reason or None, "mutants": len(group)}
            for (reason, operator, place), group in _grouped(grade).items()
        ],
    }
