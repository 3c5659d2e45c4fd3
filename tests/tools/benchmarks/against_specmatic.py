"""Against ``specmatic test`` with its generative tests, a Java program.

On Kohort's sandboxes alone: a run takes half a minute. It is helped where it can be: the contract
that it gets has one operation, no member that refers to what only the server hands out, no answer
`4XX`, and none of our own keywords, so that it has nothing to say against the conforming sandbox.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts import sandbox
from contracts.definition import loading
from contracts.interop import openapi
from tests.helpers.serving import faulty

from .measuring import Row, at_most
from .peers import Trial, attempt, our_command, sampled

SAMPLE = 80  # every so manieth fault and variant is tried by default
REFERENCES = ("paymentGroupShareId", "customerId")  # members that hold what the server hands out
ANY = {"description": "refused", "content": {"application/json": {"schema": {}}}}


def rows(folder: Path, jar: Path, every: int = SAMPLE) -> Iterator[Row]:
    """Try every so manieth fault and variant of Kohort's with both tools, in turn."""
    (folder / "kohort.json").write_text(json.dumps(document()), encoding="utf-8")
    command = ["java", "-jar", str(jar), "test", "kohort.json", "--testBaseURL={url}"]
    more = {"SPECMATIC_GENERATIVE_TESTS": "true", "bearer": sandbox.TOKEN}
    broken: list[tuple[Trial, Trial]] = []
    variants: list[tuple[Trial, Trial]] = []
    for fault in sampled("kohort", every):
        ours = attempt(our_command("kohort"), folder, faulty("kohort", fault))
        theirs = attempt(command, folder, faulty("kohort", fault), **more)
        (variants if fault.conforming else broken).append((ours, theirs))
    found = [sum(trials[side].found for trials in broken) for side in (0, 1)]
    detail = f"{found[0]} and {found[1]} of {len(broken)} faults"
    yield Row("faults found, ours / Specmatic's", found[0] / max(found[1], 1), detail=detail)
    missed = sum(trials[1].found and not trials[0].found for trials in broken)
    yield at_most("faults that Specmatic finds and we miss", missed, 0)
    alarms = [sum(trials[side].found for trials in variants) for side in (0, 1)]
    detail = f"ours {alarms[0]}, Specmatic's {alarms[1]} of {len(variants)}"
    yield at_most("conforming variants accused beside Specmatic", alarms[0], 0, detail)
    every_trial = [*broken, *variants]
    medians = [
        (
            statistics.median(trials[side].seconds for trials in every_trial),
            statistics.median(trials[side].requests for trials in every_trial),
        )
        for side in (0, 1)
    ]
    (seconds, requests), (their_seconds, their_requests) = medians
    detail = f"{seconds:.1f} s, {requests:,} requests; {their_seconds:.1f} s, {their_requests:,}"
    yield Row("a run, ours / Specmatic's", seconds / their_seconds, detail=detail)


def document() -> dict[str, Any]:
    """Return Kohort's OpenAPI document as Specmatic can work with it."""
    whole: dict[str, Any] = _plain(openapi.document(loading.load("kohort/create-order")))
    operation = whole["paths"]["/orders"]["post"]
    success = next(status for status in operation["responses"] if status.startswith("2"))
    operation["responses"] = {success: operation["responses"][success], "400": ANY}
    operation["responses"][success].pop("links", None)
    whole["paths"] = {"/orders": {"post": operation}}
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    while "$ref" in body:
        body = whole["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    for name in REFERENCES:
        body["properties"].pop(name)
    return whole


def _plain(node: Any) -> Any:
    """Return a document without keywords of our own."""
    if isinstance(node, dict):
        return {k: _plain(child) for k, child in node.items() if not str(k).startswith("x-")}
    return [_plain(child) for child in node] if isinstance(node, list) else node
