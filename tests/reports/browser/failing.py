"""A failing run as a report, with pages to show line by line."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any, cast

from contracts.definition import loading
from contracts.engine.embedding import embedded
from contracts.engine.run import run
from contracts.faults import catalogue, server
from contracts.model import Basis, Verdict
from contracts.reports.document import document
from contracts.reports.reading import complete
from contracts.reports.record import Report
from contracts.reports.text.redaction import Redactor
from contracts.verify import options as verify_options
from contracts.verify import targets

FAULTS = {
    "kohort": catalogue.Fault(
        "several",
        "",
        response=(
            {"op": "set", "at": "/riskLevel", "value": "NONE"},
            {"op": "drop", "at": "/createdAt"},
            {"op": "set", "at": "/status", "value": "CASHBACK_SENT"},
        ),
    ),
    "komerza": catalogue.Fault(
        "sum", "", response=({"op": "add", "at": "/data/items/1/lineTotal", "by": 1},)
    ),
}


@lru_cache
def report() -> Report:
    """Run both APIs with faults; give the report."""
    runs = []
    for api, fault in FAULTS.items():
        contract = loading.load(api)
        target = targets.choose([api], [], {})[0]
        app = server.create_app(contract, fault)
        runs.append(run(contract, embedded(app, target.credentials), targets.settings(target)))
    options = verify_options.Options()
    made: Any = document(Verdict(options.seed, tuple(runs), Basis.STANDARD), Redactor(()))
    made["drift"] = [{
        "api": "kohort", "new": ["response.riskLevel.enum"], "gone": [], "still": [],
        "observations": [{"id": "amount.zero", "was": "refused 400", "is": "accepted 201"}],
    }]  # fmt: skip
    made["history"] = {
        "verdicts": [
            {"started": f"2026-01-0{day}T00:00:00+00:00", "outcome": outcome}
            for day, outcome in enumerate(("pass", "incomplete", "aborted", "fail"), 1)
        ],
        "causes": [
            {"api": "kohort", "operation": "create-order", "summary": "is odd", "seen": seen}
            for seen in ([False, None, None, True], [True, False, None, False])
        ],
    }
    return complete(made)


def pages() -> dict[str, str]:
    """Give a text for each document: as many lines as the page has, of no page's words."""
    found: dict[str, str] = {}
    for run_ in report()["runs"]:
        lines = [
            clause["source"]["lines"][1]
            for clause in run_["clauses"]
            if "lines" in clause["source"]
        ]
        text = "\n".join(
            "" if number % 5 == 0 else f"line {number} says this"
            for number in range(1, max(lines) + 3)
        )
        found |= dict.fromkeys(run_["documents"], text)
    return found


def brief() -> Report:
    """Give the failing report with every finding and every outcome.

    And only some of the clauses that held.
    """
    made = copy.deepcopy(report())
    for run_ in made["runs"]:
        held = [clause for clause in run_["clauses"] if clause["outcome"] == "held"]
        run_["clauses"] = [
            clause for clause in run_["clauses"] if clause["outcome"] != "held"
        ] + held[::5]
        run_["findings"] = run_["findings"] + [
            {
                **run_["findings"][0],
                "waived": {"reason": "known", "owner": "ana", "expires": "2027-01-31"},
            }
        ]
    return made


CAUSES = 20  # of a large report, each with as many findings


def large(clauses: int, findings: int) -> Report:
    """Make a report of so many clauses and findings out of the failing one."""
    made = copy.deepcopy(report())
    run_ = made["runs"][0]
    every = [clause for one in made["runs"] for clause in one["clauses"]]
    found = [finding for one in made["runs"] for finding in one["findings"]]
    run_["clauses"] = [
        {**every[number % len(every)], "id": f"{every[number % len(every)]['id']}.{number}"}
        for number in range(clauses)
    ]
    run_["findings"] = [found[number % len(found)] for number in range(findings)]
    cause, each = run_["causes"][0], findings // CAUSES
    run_["causes"] = [
        {**cause, "id": str(n + 1), "findings": list(range(n * each, (n + 1) * each))}
        for n in range(CAUSES)
    ]
    made["runs"] = [run_]
    return made


def hostile() -> Report:
    """Return the failing report of a server that puts markup and escapes wherever it can."""
    evil = (
        "</code></pre><script>alert(1)</script><img src=x "
        "onerror=alert(2)><style>*{display:none}</style> &amp; "
        "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe \x00 <a href='javascript:alert(3)' "
        "onclick=alert(4)>x</a> {{ 7 * 7 }}"
    )
    made: Any = {**copy.deepcopy(report()), "reason": f"the server said {evil}"}
    for run_ in made["runs"]:
        run_["target"] = f"http://127.0.0.1/{evil}"
        run_["observations"] = [{"id": "amount.zero", "behaviour": evil}]
        for finding in run_["findings"]:
            finding["got"] = evil
            finding["response"]["headers"].append(["x-evil", evil])
            finding["response"]["body"] = f"{evil} {finding['response']['body']}"
    return cast("Report", made)
