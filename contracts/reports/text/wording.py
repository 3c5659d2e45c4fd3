"""What a finding says, in five short parts, for every report and pytest's failures."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.model import Basis, Outcome, lines_in_words
from contracts.reports.outcomes import fails
from contracts.reports.record import (
    ClauseRecord,
    FindingRecord,
    Report,
    ResponseRecord,
    RunRecord,
    SourceRecord,
)
from contracts.reports.text.escaping import visible

MOST_NAMED = 5  # ids that are named in a sentence; the JSON names all
SUITE = "tests/contract/test_contract.py"
TEST = f"{SUITE}::test_clause"
REPORT = "REPORT.json"  # stands for the file that holds a report
VERDICTS = {
    "pass": ("go", "every clause that can fail the run held"),
    "fail": ("no go", ""),
    "incomplete": ("no verdict", "too little was decided for a go"),
    "aborted": ("no verdict", "the run could not be carried out"),
}
REGIONS = {
    "valid": "a valid request",
    "open": "a request that the page leaves open",
    "invalid": "an invalid request",
}
SPEAKERS = {Basis.DOCUMENT: "the page", Basis.STANDARD: "standard", Basis.CONVENTION: "callers"}
LINES = tuple(f"line {number}" for number in range(1, 25))  # of a targets file
COMMANDS = ("replay", "again", "pytest", *LINES)  # rows that are to be copied whole
PARTS = (
    "what happened",
    "what the page says",
    "the difference",
    "how to see it again",
    "whose move it is",
)

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """A finding in words: `kind` is ``violated``, ``warning`` or ``waived``.

    Its five `parts` are those of `PARTS`, each of them rows of (label, text). Every text is one
    line without a control character.
    """

    kind: str
    clause: str
    parts: tuple[tuple[Row, ...], ...]

    @property
    def rows(self) -> dict[str, str]:
        """All rows by their labels, which are unique."""
        return {label: text for part in self.parts for label, text in part}

    @property
    def commands(self) -> list[str]:
        """The rows that are to be copied whole."""
        return [self.rows[label] for label in COMMANDS if label in self.rows]

    @property
    def text(self) -> str:
        """The finding as plain lines."""
        rows = [f"  {name:9}{value}" for name, value in self.rows.items()]
        return "\n".join([f"{self.kind}: {self.clause}", *rows])


def words(report: Report, run: RunRecord, finding: FindingRecord) -> Words:
    """Put a finding of a run into words."""
    makers = (_happened, _page, _difference, _again, _move)
    parts = [
        [(name, visible(text)) for name, text in maker(report, run, finding) if text]
        for maker in makers
    ]
    return Words(kind(finding), visible(finding["clause"]), tuple(map(tuple, parts)))


def kind(finding: FindingRecord) -> str:
    """Return the one word that a finding begins with."""
    if finding.get("waived"):
        return "waived"
    return "warning" if finding["basis"] == Basis.CONVENTION.value else "violated"


def verdict(report: Report) -> str:
    """Return the verdict of a report in one sentence.

    Examples: ``go; 14 clauses not exercised``, ``no verdict: kohort: no valid request was
    accepted``.
    """
    head, tail = VERDICTS[report["outcome"]]
    if report["outcome"] == "pass":
        outcomes = [clause["outcome"] for run in report["runs"] for clause in run["clauses"]]
        idle = outcomes.count(Outcome.NOT_EXERCISED.value)
        if idle:
            return f"{head}; {counted(idle, 'clause')} not exercised"
        return f"{head}: {tail}"
    if report["outcome"] == "incomplete":
        return _incomplete(report)
    if report["outcome"] == "aborted":
        return f"{head}: {report['reason'] or tail}"
    findings = [(run["api"], finding) for run in report["runs"] for finding in run["findings"]]
    failing = {(api, finding["clause"]) for api, finding in findings if fails(report, finding)}
    others = {(api, finding["clause"]) for api, finding in findings} - failing
    tail = "something differs from the baseline"
    if failing:
        more = f"; {len(others)} more not failing the run" if others else ""
        tail = f"{counted(len(failing), 'clause')} violated{more}"
    ended = [f"{run['operation']}: {run['aborted']}" for run in report["runs"] if run["aborted"]]
    return f"{head}: {'; '.join([tail, *ended])}"


def last_line(report: Report) -> str:
    """Return the last line of a report: outcome, verdict, what was tested, and the seed."""
    line = f"{report['outcome']}: {verdict(report)} ({targets(report)}; seed {report['seed']})"
    return visible(line)


def targets(report: Report) -> str:
    """Return what was tested: the addresses, or that it was the embedded sandbox."""
    texts = [
        "the embedded sandbox, not yours"
        if run["target"] == "embedded"
        else f"{run['api']} at {run['target']}"
        for run in report["runs"]
    ]
    return ", ".join(dict.fromkeys(texts))


def _incomplete(report: Report) -> str:
    reason = report["reason"] or VERDICTS["incomplete"][1]
    if all(run["shard"] for run in report["runs"]):
        return reason
    if report["completeness"] == "allowed":
        return f"go, since --allow-incomplete was given, although {reason}"
    return f"{VERDICTS['incomplete'][0]}: {reason}"


def where(source: SourceRecord) -> str:
    """Say where a clause comes from."""
    if "standard" in source:
        return f"{source['standard']}, section {source['section']}"
    return f"{source['document']}, {lines_in_words(source['lines'])}"


def cited(clause: ClauseRecord | FindingRecord) -> str:
    """Say on what basis a clause or finding stands, and where it is written."""
    return f"{clause['basis']}: {where(clause['source'])}"


def environment(report: Report) -> str:
    """Return where the report's targets were named; "" when no environment was chosen."""
    return f"environment {report['environment']}" if report["environment"] else ""


def left(run: RunRecord) -> str:
    """Say what is left of what a run created, where something takes it back."""
    created = set(run["created"])
    there = run["left"]
    if not created or there is None:
        return ""
    count = len(created) - len(there)
    back = f"taken back: {count} of {counted(len(created), 'id')}" if count else ""
    left = f"created and left there: {listed(there)}" if there else ""
    return "; ".join(filter(None, (back, left)))


def listed(texts: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return texts as a list in a sentence: ``a, b and 3 more``."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return f"{', '.join(texts[:most])}{more}"


def counted(number: int, thing: str) -> str:
    """Return a number of things: ``1 clause``, ``1,000 clauses``."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def answered(response: ResponseRecord) -> str:
    """Say in a word or two what came back."""
    if "status" in response:
        return str(response["status"])
    return f"no whole answer ({response['failure']})"


def _happened(_: Report, run: RunRecord, finding: FindingRecord) -> Iterator[Row]:
    """Yield what was sent and answered, and how often."""
    answer = answered(finding["response"])
    response = finding["response"]
    status = None if "failure" in response else response["status"]
    sent = REGIONS.get(finding["region"] or "", "a request")
    at = f" at {finding['place']}" if finding["place"] else ""
    if status is None:
        sentence = f"the sandbox gave {answer} to {sent}"
    elif status >= 500:
        sentence = f"the sandbox failed with {answer} on {sent}"
    elif finding["kind"] == "acceptance":
        sentence = f"the sandbox answered {answer} to a request that the page allows"
    elif finding["kind"] == "refusal":
        sentence = f"the sandbox answered {answer} to a request that it has to refuse"
    else:
        broken = f"the answer breaks the contract{at}"
        sentence = f"the sandbox answered {answer} to {sent}, and {broken}"
    yield "happened", sentence
    small = "; nothing smaller shows it" if finding["minimised"] else ""
    yield "sent", f"{finding['case']}{small}"
    exchanges = {clause["id"]: clause["exchanges"] for clause in run["clauses"]}
    looks = exchanges.get(finding["clause"], 0)
    times = finding["occurrences"]
    often = f"in {times} of {counted(looks, 'exchange')}" if times > 1 else ""
    yield "seen", f"{finding['seen']} times: intermittent" if finding["seen"] else often


def _page(_: Report, run: RunRecord, finding: FindingRecord) -> Iterator[Row]:
    yield SPEAKERS[Basis(finding["basis"])], f"{finding['statement']} ({cited(finding)})"
    yield "quoted", finding["quote"] or ""
    yield "address", run["addresses"].get(finding["source"].get("document", ""), "")
    yield "reading", finding["reading"] or ""


def _difference(_: Report, __: RunRecord, finding: FindingRecord) -> Iterator[Row]:
    yield "place", finding["place"]
    yield "expected", finding["expected"]
    yield "got", finding["got"]


def _again(report: Report, run: RunRecord, finding: FindingRecord) -> Iterator[Row]:
    """Yield the commands that show it again."""
    for cause in run["causes"]:
        if any(run["findings"][number] is finding for number in cause["findings"]):
            name = f"{run['api']}/{run['operation']}"
            # a cause is shown by the first of its findings, each other one by its clause
            is_first = run["findings"][cause["findings"][0]] is finding
            which = cause["id"] if is_first else shlex.quote(finding["clause"])
            yield "replay", f"contracts replay {REPORT} {which} --api {name}"
    yield "again", finding["curl"]
    to = f"--api {run['api']}"
    if run["target"] != "embedded":
        to = f"--target {shlex.quote(run['api'] + '=' + run['target'])}"
    test = shlex.quote(f"{TEST}[{run['api']}/{run['operation']}-{finding['clause']}]")
    yield "pytest", f"pytest {test} {to} --seed {report['seed']}"
    yield "seed", f"{report['seed']}"


def _move(report: Report, _: RunRecord, finding: FindingRecord) -> Iterator[Row]:
    """Yield who has to act, and what to do if it is meant to be so."""
    waived = finding.get("waived")
    if waived:
        until = f"until {waived['expires']} by {waived['owner']}: {waived['reason']}"
        yield "move", f"nobody's: waived {until}"
        yield "if fixed", "take the waiver out"
        return
    basis = Basis(finding["basis"])
    owner = {
        Basis.DOCUMENT: "the sandbox's: it does not do what its page says",
        Basis.STANDARD: "the sandbox's: clients rely on the standard",
        Basis.CONVENTION: "yours to judge: the page does not say so, a caller would expect it",
    }[basis]
    if "failure" in finding["response"]:
        owner = "the sandbox's, or that of what stands between it and you: look at both logs"
    if finding["seen"]:
        owner += "; show it again first, it does not happen every time"
    if basis is Basis.CONVENTION:
        fatal = fails(report, finding)
        owner += "; it fails the run, as --fail-on asks" if fatal else "; it does not fail the run"
    yield "move", owner
    change = "change the page and derive again, or " if basis is Basis.DOCUMENT else ""
    hint, *lines = (finding["hint"] or f"{change}waive it: verify --waivers FILE").splitlines()
    yield "if meant", hint
    yield from zip(LINES, lines, strict=False)
