"""Findings in, causes out: what is one thing to mend is told once.

The rules stand in one table, in the order in which they are asked. Each is a generator that
gets the findings no earlier rule has taken and yields those that have one cause, with what to
say.
"""

import itertools
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from contracts import clause_ids, model
from contracts.judge.business_rules import NOW_AND_THEN
from contracts.judge.conversions import converted, rewritten
from contracts.judge.grouping import Group, GroupingRule, Numbered, summary, together
from contracts.judge.message import words
from contracts.judge.missing_checks import addresses, authorization, coerced, unchecked
from contracts.judge.server_errors import server_errors
from contracts.schema.jsontext import at, show
from contracts.schema.keywords import with_any_item


def causes(contract: model.Contract, findings: Sequence[model.Finding]) -> tuple[model.Cause, ...]:
    """Return the causes of a run's findings; each finding is in exactly one."""
    rest = list(enumerate(findings))
    groups: list[Group] = []
    for rule in RULES:
        for group in rule(contract, tuple(rest)):
            groups.append(group)
            rest = [numbered for numbered in rest if numbered[0] not in group.numbers]
    groups.sort(key=lambda group: min(group.numbers))
    return tuple(model.Cause(group.summary, tuple(sorted(group.numbers))) for group in groups)


def explained(_: model.Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield the findings of each rule of the sandbox, and of members in another spelling."""
    groups = together(rest, lambda finding: finding.explanation and finding.explanation.words)
    for numbers, findings in groups:
        rule = findings[0].explanation
        exchange = findings[0].exchange
        answer = "" if exchange.accepted else f" (the sandbox says {words(exchange)})"
        more = (n for n, other in rest if _is_such_refusal(other, exchange, rule))
        yield Group((*numbers, *more), f"{rule.words if rule else ''}{answer}")


def _is_such_refusal(
    finding: model.Finding, refusal: model.Exchange, rule: model.Explanation | None
) -> bool:
    """Whether a finding is a refusal in the same words as one that a rule explains.

    The words have to name what the rule is about, or both did not show every time. A request that
    looks for what an earlier refusal left should be accepted, and may be refused by chance as well.
    """
    if finding.explanation is not None or rule is None or not finding.exchange.refused:
        return False
    text = words(refusal)
    is_acceptance = finding.clause.kind is model.Kind.ACCEPTANCE
    if rule != NOW_AND_THEN:
        names = re.findall(r"\w*[A-Z]\w*", rule.words)
        is_such = is_acceptance and any(name in text for name in names)
    elif is_acceptance:
        is_such = finding.seen is not None
    else:
        is_such = not finding.exchange.must_refuse
    return is_such and words(finding.exchange) == text


def transport(_: model.Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield the answers that did not come, or not whole, by how they failed."""

    def failure(finding: model.Finding) -> Hashable:
        answer = finding.exchange.answer
        if isinstance(answer, model.Failure):
            return (finding.clause.id, answer.kind)
        return None

    for numbers, findings in together(rest, failure):
        yield Group(numbers, f"gives no whole answer: {findings[0].got}")


def nothing_documented(contract: model.Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield what is missing where an answer has no member of the page at all."""
    names = contract.response.get("properties", {}).keys()

    def bare(finding: model.Finding) -> bool:
        exchange = finding.exchange
        value = finding.exchange.value
        about_answer = finding.clause.kind in (model.Kind.KEYWORD, model.Kind.RELATION)
        own = exchange.accepted and exchange.case.operation is None and value is not model.ABSENT
        has_any = isinstance(value, dict) and bool(names & value.keys())
        is_missing = not finding.place or at(value, finding.place) is model.ABSENT
        return about_answer and own and bool(names) and not has_any and is_missing

    for numbers, findings in together(rest, bare):
        value = show(findings[0].exchange.value, 60)
        yield Group(numbers, f"the answer has none of the page's members: {value}")


def headers(_: model.Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield what one wrong header breaks."""
    about = (clause_ids.MEDIA_TYPE, clause_ids.CHARSET, clause_ids.SINGLE_HEADERS)

    def header(finding: model.Finding) -> Hashable:
        answer = finding.exchange.answer
        if finding.clause.id not in about or not isinstance(answer, model.Response):
            return None
        return tuple(value for name, value in answer.headers if name == "content-type")

    for numbers, findings in together(rest, header):
        yield Group(numbers, f"{findings[0].clause.statement}: got {findings[0].got}")


def ignored_references(_: model.Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield what is answered otherwise because a request's reference is not looked at."""

    def reference(finding: model.Finding) -> Hashable:
        arguments = finding.clause.arguments
        return arguments.get("handed_out") and arguments.get("request")

    for numbers, findings in together(rest, reference):
        if len({finding.clause.id for finding in findings}) > 1:
            yield Group(numbers, f"the {reference(findings[0])} of the request is ignored")


def refused_parameters(_: model.Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield the refusals of what a query asks for, those beside other parameters as well."""
    refusals = [f for _, f in rest if f.clause.kind is model.Kind.ACCEPTANCE and f.exchange.refused]

    def smallest(finding: model.Finding) -> Hashable:
        query = finding.exchange.case.query.items()
        text = words(finding.exchange)
        alike = [f.exchange.case.query for f in refusals if words(f.exchange) == text]
        within = [tuple(other.items()) for other in alike if other and other.items() <= query]
        return (min(within, key=len), text) if finding in refusals and within else None

    for numbers, findings in together(rest, smallest):
        yield Group(numbers, summary(findings))


def same_request(contract: model.Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield what the same smallest request shows, of the same members or in one way."""
    remaining = list(rest)
    while remaining:
        number, finding = remaining.pop(0)
        group = [(number, finding)]
        for other in list(remaining):
            if any(_akin(contract, member[1], other[1]) for member in group):
                group.append(other)
                remaining.remove(other)
        yield Group(tuple(n for n, _ in group), summary([f for _, f in group]))


# each with the reason why its findings are one thing to mend
RULES: Mapping[GroupingRule, str] = {
    explained: "one rule of the sandbox, or one way to spell names",
    server_errors: "each smallest body that fails is another defect",
    transport: "a connection that breaks breaks all that it carries",
    nothing_documented: "an answer of another form has nothing to judge",
    headers: "one header, set in one place",
    authorization: "one check that is missing lets many tokens in",
    addresses: "a part that is not looked at may be anything",
    unchecked: "one check for all members, which is off",
    coerced: "one lenient way to read values of a type",
    converted: "one mapping writes all members of a kind alike",
    rewritten: "one filter changes all texts that are sent",
    refused_parameters: "one parameter is refused, whatever else is asked for",
    ignored_references: "one thing that is referred to, not looked for",
    same_request: "the same smallest request with the same kind of answer",
}


def _akin(contract: model.Contract, one: model.Finding, other: model.Finding) -> bool:
    """Whether two findings have the same smallest request and the same kind of answer."""
    same_clause = one.clause.id == other.clause.id
    if same_clause and one.clause.kind in (model.Kind.REFUSAL, model.Kind.RELATION):
        return True
    if one.seen and other.seen and one.place and one.place == other.place:
        return True  # which is seen in some request or other
    # what goes by a member that is wrong, or is compared with it, is wrong for that reason
    for basis, follower in ((one, other), (other, one)):
        if not _answered(basis).isdisjoint(_compared(follower)):
            return True
    if _asked(one.exchange) != _asked(other.exchange):
        return same_clause and one.place == other.place
    operators = [finding.clause.arguments.get("op") for finding in (one, other)]
    same_way = operators[0] is not None and operators[0] == operators[1]
    body = one.case.body
    required = contract.required_members
    special = [name for name in body if name not in required] if isinstance(body, dict) else []
    is_special = len(special) > 1 or operators[0] == "separate"
    pairs = itertools.product(_answered(one), _answered(other))
    # what a refusal shows is one thing, whether it is told of as a whole or of its id
    shares_members = any(
        here == there or (one.exchange.must_refuse and _nested(here, there))
        for here, there in pairs
    )
    return same_clause or shares_members or (same_way and is_special)


def _nested(here: str, there: str) -> bool:
    """Whether one of two places is inside the other."""
    return here.startswith(f"{there}/") or there.startswith(f"{here}/")


def _compared(finding: model.Finding) -> set[str]:
    """Return the members by which an answer is looked for, that it is compared with or taken from.

    An answer is taken from another member where it is what was sent for that one, or goes there.
    """
    arguments = finding.clause.arguments
    exchange = finding.exchange
    operator = arguments.get("op")
    sent = exchange.request.value
    compared = {str(arguments.get("by"))}
    if operator == "distinct":
        compared.update(arguments["response"])
    elif operator == "paired":
        compared |= {arguments["left"], arguments["right"]}
    elif operator == "echo" and isinstance(sent, dict):
        answer = exchange.value if isinstance(exchange.value, dict) else {}
        got = at(answer, finding.place)
        own = at(sent, arguments["request"])
        compared.update(f"/{name}" for name, value in sent.items() if _is_text(value, got))
        compared.update(f"/{name}" for name, value in answer.items() if _is_text(value, own))
    return compared


def _is_text(value: Any, other: Any) -> bool:
    return isinstance(value, str) and bool(value) and value == other


def _asked(exchange: model.Exchange) -> str:
    """Return what was asked for, and with which status it was answered."""
    case = exchange.case
    special = (
        case.authorization,
        dict(case.path),
        case.media_type,
        dict(case.headers),
        case.spread,
    )
    return repr((case.body, *special, case.region, exchange.status))


def _answered(finding: model.Finding) -> set[str]:
    """Return the members of the answer that a finding is about."""
    place = with_any_item(finding.place)
    places = {p.partition("#")[2] for p in finding.clause.places if p.startswith("response#")}
    return {place} if finding.clause.kind is model.Kind.KEYWORD else {place, *places} - {""}
