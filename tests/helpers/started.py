"""Runs of the operations of an API that was started from its pages, against an app in here."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import flask

from contracts.definition import loading
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.settings import Settings
from contracts.model import Outcome


def outcomes(folder: Path, app: flask.Flask, names: Collection[str] = ()) -> dict[str, Outcome]:
    """Return the outcome of each clause of all operations, or of some: ``get-x: response.type``."""
    found: dict[str, Outcome] = {}
    every = loading.load_all(str(folder))
    for contract in (each for each in every if not names or each.operation.name in names):
        run = engine_run.run(contract, embedded(app, Credentials("")), Settings(lag=0))
        found |= {f"{contract.operation.name}: {r.clause.id}": r.outcome for r in run.results}
    return found
