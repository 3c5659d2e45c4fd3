"""A contract folder for another operation, started from its page: `start(api, document, folder)`.

What the page states is derived; which requests are plausible is for a person to write. Until then
the plainest request that the page shows stands for them, and that it is accepted is a convention.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from contracts.authoring.start import notes, operation, readings
from contracts.definition import catalogue, loading
from contracts.derive import derive
from contracts.errors import UsageError
from contracts.model import Contract

PARTS = ("operation", "request", "response")


def start(api: str, document: Path, folder: Path) -> tuple[Contract, Path]:
    """Make the contract of an API's operation from its page, in a folder of its own below `folder`.

    Gives the contract as it is loaded, and its folder. UsageError when there is such a folder, or
    the operation is one that the suite can't verify; nothing is written then.
    """
    if not catalogue.NAME.fullmatch(api):
        raise UsageError(
            f"{api!r} can't name an API: lower-case letters, then also digits, - and _"
        )
    if api in catalogue.available():
        raise UsageError(f"{api} is the name of a contract that is shipped; choose another")
    made = folder / api
    if made.exists():
        raise UsageError(
            f"{made} exists, and nothing in it is overwritten; choose another name, or another "
            "--out"
        )
    raw = document.read_bytes()
    derived: dict[str, Any] = derive(raw, name=document.name)
    if lacking := operation.unsupported(derived):
        raise UsageError(f"{document}: {lacking}")
    overlay, questions = readings.overlay(derived)
    written = {
        "contract.toml": operation.contract_toml(api, derived, len(raw.splitlines())),
        "overlay.json": _text(overlay),
        "NOTES.md": notes.notes(api, derived, questions),
        **{
            f"schemas/{part}.json": _text(derived[part])
            for part in PARTS
            if derived[part] is not None
        },
    }
    return _loaded(written, made), made


def _loaded(written: dict[str, str], made: Path) -> Contract:
    """Write the files beside their place, load them as a contract, and move them there."""
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=made.parent) as beside:
            folder = Path(beside) / made.name
            for name, text in written.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            contract = loading.load_folder(folder)
            shutil.move(folder, made)
    except OSError as error:
        raise UsageError(f"{made} can't be written: {error.strerror}") from error
    return contract


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
