"""Whether what a seeded fault breaks is seen again, by ``contracts replay`` and by the script.

python -m tests.tools.causes.replays [API/OPERATION]...      every fault that shows at all

A fresh sandbox with the same defect has to show it both ways, a conforming one must not.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import replace
from pathlib import Path

import click

from contracts.cli import main as command
from contracts.definition import catalogue as apis
from contracts.definition import loading
from contracts.engine.replay import Seen, rounds_of
from contracts.faults.catalogue import Fault
from contracts.faults.embedded import environment
from contracts.model import PORT, Basis, Verdict
from contracts.reports import document
from contracts.reports.record import FindingRecord
from contracts.reports.text.redaction import Redactor
from tests.helpers.serving import served
from tests.tools.causes.measure import app_with, faults_of, run_on
from tests.tools.causes.recorder import Recorder

PATIENCE = 20  # seconds after which a script that waits for an answer is ended


def missed(name: str, fault: Fault) -> list[str] | None:
    """Return what is not seen again of a fault's causes; None for a fault that does not show."""
    done = run_on(name, app_with(name, [fault]), (*fault.breaks, *fault.also))
    if not done.causes:
        return None
    bare = replace(done, exchanges=done.exchanges[:1])  # the others take long to be read again
    report = document.document(Verdict(0, (bare,), Basis.CONVENTION), Redactor(()))
    os.environ.update(environment(loading.load(name)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.json")
        path.write_text(document.render(report), encoding="utf-8")
        return [
            f"{name} {fault.id}: {finding['clause']}: {words}"
            for cause in report["runs"][0]["causes"]
            for finding in [report["runs"][0]["findings"][cause["findings"][0]]]
            for words in _missed(name, fault, path, cause["id"], finding)
        ]


def _missed(
    name: str, fault: Fault, report: Path, cause: str, finding: FindingRecord
) -> Iterator[str]:
    """Yield in which way a cause is not seen again, or seen where it is not."""
    with _served(name, fault) as (url, _):
        status, words = replayed(report, cause, "--target", url)
        if status != Seen.STILL_THERE.value:
            yield f"replay with the defect: {words}"
    status, words = replayed(report, cause)
    gone = Seen.CANNOT_TELL if finding["seen"] else Seen.GONE
    if status != gone.value:
        yield f"replay without the defect: {words}"
    with _served(name, fault) as (url, recorder):
        if not _script_shows(name, finding, url, recorder):
            yield f"the script does not show it: {finding['curl'][:2_000]}"


@contextmanager
def _served(name: str, fault: Fault) -> Iterator[tuple[str, Recorder]]:
    """Serve a fresh sandbox with a defect, which remembers what it was asked."""
    recorder = Recorder(app_with(name, [fault]))
    with served(recorder) as url:
        yield url, recorder
        recorder.ended.set()


def replayed(report: Path, cause: str, *more: str) -> tuple[int, str]:
    """Return the exit status of ``contracts replay`` and what it says."""
    words = io.StringIO()
    with redirect_stdout(words):
        status = command.run(["replay", str(report), cause, *more])
    return status, words.getvalue().strip()


def _script_shows(name: str, finding: FindingRecord, url: str, recorder: Recorder) -> bool:
    """Whether a finding's commands show it on a sandbox with the defect, as they stand."""
    contract = loading.load(name)
    script = finding["curl"].replace(f"http://127.0.0.1:{PORT}", url)
    intermittent = finding["seen"] is not None
    for _ in range(rounds_of(contract, finding["clause"], intermittent=intermittent)):
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                ["/bin/sh"],
                input=script.encode(),
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        if recorder.shows(contract, finding["clause"], finding["steps"]):
            return True
    return False


def _swept(job: tuple[str, Fault]) -> list[str] | None:
    try:
        return missed(*job)
    except Exception as error:  # noqa: BLE001 - a measurement tells of each fault
        return [f"{job[0]} {job[1].id}: {error!r}"]


def main(names: Sequence[str]) -> int:
    """Sweep the faults of some operations, or of all; print what is missed as it is known."""
    every = [operation for api in apis.available() for operation in apis.operations(api)]
    jobs = [(name, fault) for name in names or every for fault in faults_of(name)]
    counts: Counter[str] = Counter()
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for (name, fault), lines in zip(jobs, pool.map(_swept, jobs), strict=True):
            outcome = "hidden" if lines is None else "missed" if lines else "seen"
            click.echo(f"{name} {fault.id}: {outcome}", err=True)
            counts[outcome] += 1
            for line in lines or ():
                click.echo(line)
    click.echo(
        f"{counts['seen']} of {len(jobs)} faults are seen again, {counts['hidden']} do not show, "
        f"{counts['missed']} are missed"
    )
    return bool(counts["missed"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
