"""What the embedded sandboxes answer, as data: samples of each API's things (`samples/*.json`)."""

import json
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from contracts.sandbox.http import now

FOLDER = Path(__file__).parent / "samples"


def sample(api: str, thing: str, **own: Any) -> dict[str, Any]:
    """Return a thing as the sample has it, with members of its `own`.

    Each ``{uuid}`` of the sample becomes a new id, ``{now}`` the time.
    """
    filled: dict[str, Any] = _filled(_samples(api)[thing], now())
    return {**filled, **own}


@cache
def _samples(api: str) -> Any:
    return json.loads((FOLDER / f"{api}.json").read_text(encoding="utf-8"))


def _filled(value: Any, moment: str) -> Any:
    if isinstance(value, dict):
        return {name: _filled(part, moment) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, moment) for part in value]
    if value == "{uuid}":
        return str(uuid.uuid4())
    return moment if value == "{now}" else value
