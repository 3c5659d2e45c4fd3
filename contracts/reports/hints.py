"""The lines of a targets file that a finding gives: what narrows a run to what a sandbox takes."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from contracts import clause_ids, model
from contracts.schema.files import dotted_rows


def hint(run: model.Run, finding: model.Finding) -> str | None:
    """Return the lines of a targets file that narrow a run to what the sandbox takes."""
    api = run.contract.api
    operation = run.contract.operation
    is_plainest = finding.clause.id == clause_ids.TYPICAL and finding.exchange.refused
    if is_plainest and operation.takes_body and finding.exchange.request.body is None:
        return f"where it needs a body, in the targets file: [NAME.{api}] body = {{ … }}"
    if finding.explanation is None or not finding.explanation.preconditions:
        return None
    own = finding.explanation.preconditions
    every = [each.explanation.preconditions for each in run.findings if each.explanation]
    joint = {name: value for name, value in _joint(every).items() if name in own}
    lines = dotted_rows({"preconditions": {**own, **joint}})
    return "\n".join([f"in the targets file, below [NAME.{api}]:", *lines])


def _joint(rules: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return as one what several rules ask of a body, since a file has each key once.

    Example: ``required = ["a"]`` and ``required = ["b"]`` are ``required = ["a", "b"]``.
    """
    required: list[str] = []
    ways: list[list[str]] = []
    for rule in rules:
        required += rule.get("required", ())
        options = [option["required"] for option in rule.get("anyOf", ())]
        if options and options not in ways:
            ways.append(options)
    combined = [list(itertools.chain(*names)) for names in itertools.product(*ways)]
    options = [{"required": list(dict.fromkeys(names))} for names in combined]
    return {"required": list(dict.fromkeys(required)), "anyOf": options}
