"""What of a contract was tested: members as trees, and the page's lines, with outcomes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contracts.errors import UsageError
from contracts.reports.record import ClauseRecord, FindingRecord, Report, RunRecord

# lines of a source that are tested by its clause; a longer one is a passage that it is about
WIDEST = 30
# worst first; the last two are of a member or line that no clause speaks of, and of an empty line
ORDER = ("violated", "undecided", "not exercised", "held", "no clause", "blank")
WHOLE_APIS = ("OpenAPI", "Postman collection", "HAR")
CONTEXT = 2  # lines that are shown around one that is cited


@dataclass(slots=True)
class Member:
    """One member of a request or response, with the clauses that speak of it."""

    name: str
    place: str  # such as request#/lines/*/amount
    types: tuple[str, ...] = ()
    clauses: list[ClauseRecord] = field(default_factory=list)
    children: dict[str, Member] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """The worst outcome of its own clauses."""
        return worst(self.clauses)


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of a document, with the clauses that come from it."""

    number: int
    text: str
    clauses: tuple[ClauseRecord, ...]

    @property
    def outcome(self) -> str:
        """The worst outcome of its clauses; ``blank`` for a line that says nothing."""
        return worst(self.clauses) if self.clauses or self.text.strip() else "blank"


def worst(clauses: Iterable[ClauseRecord]) -> str:
    """Return the worst outcome of some clauses; ``no clause`` when there is none."""
    return min((clause["outcome"] for clause in clauses), key=ORDER.index, default="no clause")


def trees(run: RunRecord) -> list[Member]:
    """Return the members of a run's request and response as trees, where documented."""
    by_place: dict[str, list[ClauseRecord]] = defaultdict(list)
    for clause in run["clauses"]:
        for place in dict.fromkeys(clause["places"]):
            by_place[place].append(clause)
    roots = []
    documented = {"request": run["members"]["request"], "response": run["members"]["response"]}
    for part, members in documented.items():
        if members is None:
            continue
        root = Member(part, f"{part}#", clauses=by_place[f"{part}#"])
        for member in members:
            *above, name = member["at"].split("/")[1:]
            node = root
            for token in above:
                node = node.children[token]
            label = "each" if name == "*" else name.replace("~1", "/").replace("~0", "~")
            place = f"{part}#{member['at']}"
            node.children[name] = Member(label, place, tuple(member["types"]), by_place[place])
        roots.append(root)
    return roots


def page(run: RunRecord, document: str, text: str) -> list[PageLine]:
    """Return a document's lines with the clauses of a run that come from each, narrowest first.

    A clause about a whole passage tests none of its sentences: see `passages`. Of a document
    that may describe many operations, such as OpenAPI, only the lines around those that are
    cited.
    """
    by_line: dict[int, list[ClauseRecord]] = defaultdict(list)
    for clause in sorted(run["clauses"], key=_width):
        if clause["source"].get("document") == document and _width(clause) < WIDEST:
            first, last = clause["source"]["lines"]
            for number in range(first, last + 1):
                by_line[number].append(clause)
    lines = [
        PageLine(number, line, tuple(by_line[number]))
        for number, line in enumerate(text.splitlines(), 1)
    ]
    if not _describes_many(document, text):
        return lines
    cited = {line.number for line in lines if line.clauses}
    near = {number + step for number in cited for step in range(-CONTEXT, CONTEXT + 1)}
    return [line for line in lines if line.number in near]


def _describes_many(document: str, text: str) -> bool:
    """Whether a document is of a kind that describes a whole API and not one operation."""
    from contracts.derive.recognise import kind_of  # noqa: PLC0415 - takes time to load

    try:
        return kind_of(text.encode("utf-8", "replace"), document) in WHOLE_APIS
    except UsageError:  # the text of a page that would not be read as a file
        return False


def passages(run: RunRecord, document: str) -> list[ClauseRecord]:
    """Return the clauses of a run that are about more of a document than a few lines."""
    return [
        clause
        for clause in run["clauses"]
        if clause["source"].get("document") == document and _width(clause) >= WIDEST
    ]


def _width(clause: ClauseRecord | FindingRecord) -> int:
    first, last = clause["source"].get("lines") or (0, 0)
    return int(last - first)


def read_pages(report: Report, folder: Path) -> dict[str, str]:
    """Read a report's documents from a folder; UsageError when one is missing or has changed."""
    texts = {}
    for run in report["runs"]:
        for name, digest in run["documents"].items():
            path = folder / name
            try:
                data = path.read_bytes()
            except OSError as error:
                problem = f"can't be read: {error.strerror}; the report was made from it"
                raise UsageError(f"{path} {problem}") from error
            if digest != hashlib.sha256(data).hexdigest():
                problem = f"is not the page that the report was made from (sha256 {digest})"
                raise UsageError(f"{path} {problem}")
            texts[name] = _text(data, name)
    return texts


def quoted(report: Report, pages: Mapping[str, str]) -> Report:
    """Return a report in which each finding has the lines of the page that its clause cites.

    Example: ``locale / enum<string> / default: fr_FR``. A clause about a whole passage cites
    none.
    """
    lines = {name: text.splitlines() for name, text in pages.items()}
    runs: list[RunRecord] = [
        {
            **run,
            "findings": [
                {**finding, "quote": _quote(finding, lines)} for finding in run["findings"]
            ],
        }
        for run in report["runs"]
    ]
    return {**report, "runs": runs}


def _quote(finding: FindingRecord, pages: Mapping[str, Sequence[str]]) -> str | None:
    """Return the few lines of the page that a finding cites, as one line."""
    source = finding["source"]
    if source.get("document") not in pages or _width(finding) >= WIDEST:
        return finding["quote"]
    first, last = source["lines"]
    cited = (line.strip() for line in pages[source["document"]][first - 1 : last])
    return " / ".join(line for line in cited if line) or None


def _text(data: bytes, name: str) -> str:
    """Return the lines that clauses cite, each as one: of a page in HTML, the text on it."""
    from contracts.derive.recognise import page_text  # noqa: PLC0415 - takes time to load

    try:
        text = page_text(data, name)
    except UsageError:  # it was read before, perhaps by another version
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
