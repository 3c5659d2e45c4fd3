"""Causes of failing servers: what the smallest requests that they fail at have in common."""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

from contracts import clause_ids
from contracts.judge.grouping import NAMED, Group, Numbered, first_of, together
from contracts.judge.message import words
from contracts.judge.oddities import ODD_TEXTS, oddities
from contracts.model import Case, Contract, Finding
from contracts.schema import checks
from contracts.schema.jsontext import is_number, show

ANY_REFUSAL = 4  # constraints that fail alike when they are broken: it is none of them then
LONG_TEXT, LONG, HEAVY = "long", 40, 100_000  # characters of a text, bytes of a body
NO_CREDENTIAL = (clause_ids.ABSENT, clause_ids.EMPTY)
PLAINEST = "the plainest request"
OF_ANOTHER = " of another"  # request, what is new in each
SEVERAL = 3  # members in which the same plain value makes a server fail: it is the value then


def server_errors(contract: Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield the failures of each smallest body: another body is another cause."""
    failing = [(n, f) for n, f in rest if f.clause.id == clause_ids.NO_SERVER_ERROR]
    for numbers, findings in together(failing, lambda f: f.seen is not None and f.got):
        if any(not finding.case.together for finding in findings):
            got = findings[0].got
            plain = [n for n, other in failing if other.got == got and _is_plain(contract, other)]
            chance = (*numbers, *plain)
            yield Group(chance, f"fails with {got} now and then, whatever is sent")
            failing = [numbered for numbered in failing if numbered[0] not in chance]
    for got in {f.got for _, f in failing if f.seen is None and _is_typical(f)}:
        alike = tuple(n for n, other in failing if other.got == got)
        yield Group(alike, f"fails with {got} on {PLAINEST}")  # which all else has in it
        failing = [numbered for numbered in failing if numbered[0] not in alike]
    for failures in instead_of_refusals([finding for _, finding in failing]):
        yield Group(tuple(n for n, f in failing if f in failures), _refusals_in_words(failures))
        failing = [(number, finding) for number, finding in failing if finding not in failures]
    for numbers, findings in together(failing, _reasons(contract, [f for _, f in failing])):
        answer = words(findings[0].exchange)
        body = _sent(contract, findings[0])
        yield Group(numbers, f"fails with {answer} on {body}")


def _reasons(contract: Contract, failing: Sequence[Finding]) -> Callable[[Finding], Hashable]:
    """Return a key that failures have in common which have one reason."""
    culprits = {id(finding): _culprit(contract, finding) for finding in failing}
    valid = [finding for finding in failing if not _is_invalid(finding.case)]
    needed = _needed([culprits[id(finding)] for finding in valid])
    culprits = {
        number: tuple(pair for pair in culprit if pair not in needed) or culprit
        for number, culprit in culprits.items()
    }
    members: dict[str, set[str]] = defaultdict(set)
    for name, value in itertools.chain.from_iterable(culprits.values()):
        members[value].add(name)
    bodies = {(finding.got, culprits[id(finding)]) for finding in failing}
    odd = {(got, part) for got, culprit in bodies if (part := _odd_text(culprit))}
    least = _shortest(contract, failing, culprits)
    malformed = {
        (name, finding.got): culprits[id(finding)]
        for finding in failing
        for name in finding.case.path
        if _is_invalid(finding.case)
    }

    def reason(finding: Finding) -> Hashable:
        case = finding.case
        culprit = culprits[id(finding)]
        got = finding.got
        if again := comes_again(contract, finding):
            return (*again, got)
        name, size = _text(finding, culprit)
        if size >= least.get((name, got), size + 1):
            return name, got  # it is as long as one that is nothing special, and fails
        # what has less that is odd, or fewer members, and fails alike, is what the server fails at
        is_long = any(LONG_TEXT in value.split(", ") for _, value in culprit)
        whole = _odd_text(culprit) or (frozenset({LONG_TEXT}) if is_long else frozenset())
        parts = [part for answer, part in odd if answer == got and part <= whole]
        if parts:
            return min(parts, key=lambda part: (len(part), sorted(part)))
        fewer = [less for answer, less in bodies if answer == got and {*less} <= {*culprit}]
        culprit = min(fewer, key=lambda less: (len(less), less))
        for name in () if _is_invalid(case) else case.path:
            if (name, got) in malformed:
                return _failure(malformed[name, got], members)
        is_text = all(value[:1] in "'\"" for _, value in culprit)
        is_plain = finding.exchange.must_accept or OF_ANOTHER in culprit[0][1]
        if len(culprit) == 1 and is_text and is_plain:
            return culprit[0][0], got  # a text that is nothing special, of whatever form
        return _failure(culprit, members)

    return reason


def _text(finding: Finding, culprit: tuple[tuple[str, str], ...]) -> tuple[str, int]:
    """Return the one member that a body may fail for, with the length of the text in it."""
    sent = finding.exchange.request.value
    name = culprit[0][0]
    text = sent.get(name) if isinstance(sent, dict) and len(culprit) == 1 else None
    return name, len(text) if isinstance(text, str) else 0


def _shortest(
    contract: Contract,
    failing: Sequence[Finding],
    culprits: Mapping[int, tuple[tuple[str, str], ...]],
) -> Mapping[tuple[str, str], int]:
    """Return how long the shortest plausible text of each member is that fails, by the answer."""
    least: dict[tuple[str, str], int] = {}
    for finding in failing:
        name, size = _text(finding, culprits[id(finding)])
        schema = contract.plausible_members.get(name)
        sent = finding.exchange.request.value
        is_plain = not _odd_text(culprits[id(finding)])
        if size and schema and is_plain and checks.fits(schema, sent[name]):
            least[name, finding.got] = min(size, least.get((name, finding.got), size))
    return least


def _needed(culprits: Sequence[tuple[tuple[str, str], ...]]) -> set[tuple[str, str]]:
    """Return what every failing body has beside others, as where a sandbox asks for a member."""
    named = [set(culprit) for culprit in culprits if all(name for name, _ in culprit)]
    common = set.intersection(*named) if len(named) > 1 else set()
    return common if all(own - common for own in named) else set()


def _odd_text(culprit: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Return what is odd in the text that a body fails for; nothing where it may be more."""
    odd = frozenset(culprit[0][1].split(", "))
    return odd if len(culprit) == 1 and odd & {*ODD_TEXTS, LONG_TEXT} else frozenset()


def comes_again(contract: Contract, finding: Finding) -> list[str]:
    """Return the members that have to be new in every request and are of another one in this."""
    body = finding.case.body
    return [
        name
        for name, schema in contract.plausible_members.items()
        if "x-unique" in schema and isinstance(body, dict)
        if re.search(r"\{(fresh|\d?digits):\d", str(body.get(name)))
    ]


def _is_typical(finding: Finding) -> bool:
    return clause_ids.TYPICAL in finding.case.decides


def _is_plain(contract: Contract, finding: Finding) -> bool:
    """Whether there is nothing in a body that a failure may come from."""
    return finding.seen is None and not any(name for name, _ in _culprit(contract, finding))


def instead_of_refusals(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Yield the failures of one answer that comes wherever a request has to be refused.

    What may be refused, and fails alike, is among them.
    """
    by_answer: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.clause.id == clause_ids.NO_SERVER_ERROR and not finding.exchange.must_accept:
            by_answer[finding.got].append(finding)
    for failures in by_answer.values():
        cases = [finding.case for finding in failures]
        if len({case.decides for case in cases if _is_invalid(case)}) >= ANY_REFUSAL:
            yield failures


def _refusals_in_words(failures: Sequence[Finding]) -> str:
    invalid = [finding for finding in failures if _is_invalid(finding.case)]
    labels = [finding.case.label for finding in invalid]
    return f"fails with {failures[0].got} where it has to refuse: {first_of(labels, '; ')}"


def _culprit(contract: Contract, finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return the members that a failing body has beyond a plain one, with what is odd in each.

    Of a body that is invalid in one way, what it breaks: whatever breaks it is not looked at.
    """
    case = finding.case
    if _is_invalid(case):
        member, _, keyword = case.decides[0].rpartition(".")
        # what an address names is not there, for whatever reason; an empty header is none
        is_nothing = clause_ids.is_about(member, "address") or case.decides[0] in NO_CREDENTIAL
        return ((member, "" if is_nothing else keyword),)
    if finding.exchange.request.is_unreadable:
        return (("request", "json"),)  # as what breaks that a body is JSON
    if not isinstance(case.body, dict):
        return (("", _oddity(contract, "", case.body)),)
    special = []
    for name, value in sorted(case.body.items()):
        schema = contract.plausible_members.get(name, {})
        everyday = (*schema.get("examples", ()), *schema.get("enum", ()))  # to blame for nothing
        if name not in contract.required_members or value not in everyday:
            special.append((name, _oddity(contract, name, value)))
    return tuple(special) or (("", str(case.authorization or "")),)


def _is_invalid(case: Case) -> bool:
    """Whether a request breaks one constraint of the page."""
    return case.must_refuse and len(case.decides) == 1


def _oddity(contract: Contract, name: str, value: Any) -> str:
    """Return what a server may fail at in a value, or the value where nothing is odd.

    Example: ``negative number``.
    """
    schema = contract.plausible_members.get(name, {})
    if "x-reference" in schema and value is not None:
        return f"an id that {'nobody' if isinstance(value, str) else 'an answer'} handed out"
    size = len(value) if isinstance(value, str | bytes) else 0
    is_long = size >= (LONG if isinstance(value, str) else HEAVY)
    odd = ", ".join(sorted({*oddities(value), *([LONG_TEXT] if is_long else [])}))
    if odd and is_number(value):
        return f"{odd} number"
    return odd or re.sub(r"\{(fresh|\d?digits):\d+\}", rf"{{\1{OF_ANOTHER}}}", repr(value))


def _failure(culprit: tuple[tuple[str, str], ...], members: Mapping[str, set[str]]) -> Hashable:
    """Return what makes a server fail: a value, where several members have it, or the body."""
    if len(culprit) == 1:
        name, value = culprit[0]
        text = value[:1] in "'\"" and len(value) > 2
        if text or len(members[value]) >= SEVERAL:
            return ("any member", value)
        return (name, value)
    return culprit


def _sent(contract: Contract, finding: Finding) -> str:
    case = finding.case
    if not isinstance(case.body, dict) or _is_invalid(case) or case.headers:
        return case.label
    if again := comes_again(contract, finding):
        return f"{' and '.join(again)} that came before"
    sent = finding.exchange.request.value
    culprits = _culprit(contract, finding) if isinstance(sent, dict) else ()
    names = [name for name, _ in culprits if name]
    members = [f"{name} {_shown(sent.get(name))}" for name in names]
    return ", ".join(members[:NAMED]) or PLAINEST


def _shown(value: Any) -> str:
    """Return a value in a few words: of an object with many members, how many they are."""
    if isinstance(value, dict) and len(value) > NAMED:
        return f"of {len(value)} members"
    return show(value, 40)
