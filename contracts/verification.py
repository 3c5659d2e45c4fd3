"""One call that verifies several targets and gives the report: what the command line and pytest share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import interop, targets
from contracts.documents import check_documents
from contracts.model import Basis, Verdict
from contracts.reports import document
from contracts.reports.redaction import Redactor
from contracts.runner import Notify, run


@dataclass(frozen=True, slots=True)
class Options:
    """The options of ``verify``, as every front end has them."""

    apis: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    seed: int = 0
    budget: int = 300
    concurrency: int = 1
    fuzz: int = 40
    fail_on: Basis = Basis.STANDARD
    allow_production: bool = False
    timeout: float = 20.0
    documents: Path | None = None


def verify(chosen: Sequence[targets.Target], options: Options, notify: Notify = lambda _: None) -> dict[str, Any]:
    """Verify the chosen targets one after the other; give the JSON report."""
    runs = []
    secrets: list[str] = []
    for target in chosen:
        if options.documents:
            check_documents(target.contract, options.documents)
        if target.url is not None:
            secrets += [value for name, value in target.credentials.values().items() if name != "unknown"]
        settings = targets.settings(
            target,
            seed=options.seed,
            budget=options.budget,
            concurrency=options.concurrency,
            fuzz=options.fuzz,
            deadline=options.timeout,
            generate=interop.fuzz,
        )
        transport = target.transport(max(options.concurrency, 4))
        try:
            runs.append(run(target.contract, transport, settings, notify=notify))
        finally:
            transport.close()
    return document.document(Verdict(options.seed, tuple(runs), options.fail_on), Redactor(secrets))


EXIT_STATUS = {"pass": 0, "fail": 1, "aborted": 3}
