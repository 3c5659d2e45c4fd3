"""Exchanges and clauses in, outcomes and findings out.

The policy of a verdict stands here and nowhere else.

An accepted exchange in the valid or the open region has to keep every response clause. A
refusal is a 4xx, whatever it says. A clause that nothing could break is `not exercised`; when
even the plainest request is refused, a clause that nothing decided is `undecided`.
"""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from contracts import clause_ids
from contracts.judge import respelling
from contracts.judge.history import Answer, History
from contracts.judge.message import protocol_checks, robustness_checks, words
from contracts.judge.operators import relation_looks
from contracts.judge.repetition import replayed
from contracts.judge.results import Evidence, Explanations, findings_of, may_refuse, result_of
from contracts.model import (
    ABSENT,
    Basis,
    Check,
    Clause,
    ClauseResult,
    Contract,
    Exchange,
    Explanation,
    Finding,
    Kind,
    Skipped,
)
from contracts.schema import checks as schema_checks
from contracts.schema.jsontext import at, tokens

Blame = Mapping[int, tuple[str, ...]]
KeywordChecks = Sequence[schema_checks.KeywordCheck]
Key = tuple[str, str, str | None]  # pointer, name and member of a keyword


def judge(
    contract: Contract,
    exchanges: Sequence[Exchange],
    skipped: Sequence[Skipped] = (),
    blame: Blame | None = None,
    others: Sequence[Exchange] = (),
    *,
    explanations: Explanations | None = None,
    hollow: Collection[int] = (),
) -> tuple[tuple[ClauseResult, ...], tuple[Finding, ...]]:
    """Judge all exchanges of a run: return the result of every clause, and all findings.

    There is one finding for each clause and place. `blame` tells for the number of a refused
    exchange which acceptance clauses its refusal violates, `explanations` by what rule of the
    sandbox; `hollow` are the numbers of refusals that prove nothing, since what was made
    invalid is refused as well. `others` are exchanges of other operations of the API, which
    relations may look at.
    """
    explained = dict(explanations or {})
    looks: dict[str, list[Check]] = defaultdict(list)
    for check in respelt_checks(contract, exchanges, blame or {}, others):
        number = check.exchange.number
        if number in explained and check.clause in (blame or {}).get(number, ()):
            check = check._replace(explanation=explained[number])  # noqa: PLW2901
        looks[check.clause].append(check)
    evidence = Evidence(exchanges, skipped, explained, hollow)
    results: list[ClauseResult] = []
    findings: list[Finding] = []
    for clause in contract.clauses:
        own = looks[clause.id]
        counted = [look for look in own if evidence.counts(clause, look)]
        results.append(result_of(clause, counted, evidence))
        findings += findings_of(clause, own)
    return tuple(results), tuple(findings)


def checks(
    contract: Contract, exchanges: Sequence[Exchange], blame: Blame, others: Sequence[Exchange] = ()
) -> Iterator[Check]:
    """Yield every look at every clause, held or violated."""
    looks_at: dict[int, KeywordChecks] = {}
    of_values: dict[int, KeywordChecks] = {}  # by value, which may have come many times
    # by keyword: the same few, thousands of times
    clauses: dict[Key, str] = {}
    repeats = replayed(contract, exchanges)
    for exchange in exchanges:
        yield from robustness_checks(exchange)
        yield from _decisions(exchange, blame, contract)
        if not exchange.is_success:
            continue
        for check in protocol_checks(contract, exchange):
            # what was made before is not made again, and the page's status is of what is made
            if id(exchange) not in repeats or check.clause != clause_ids.STATUS:
                yield check
        value = id(exchange.value)
        looks = of_values[value] if value in of_values else _keyword_checks(contract, exchange)
        looks_at[id(exchange)] = of_values[value] = looks
        for look in looks:
            if (key := _key(look)) not in clauses:
                clauses[key] = _clause_of(look)
            difference = ("", "") if look.ok else (look.expected, look.got)
            yield Check(clauses[key], exchange, look.ok, look.place, *difference)
    sound = [_sound(contract, exchange) for exchange in others]
    history = History(_answers(contract, exchanges, looks_at, repeats), exchanges, sound)
    original = {id(one): exchange for one, exchange in zip(sound, others, strict=True)}
    for relation in contract.clauses:
        if relation.kind is Kind.RELATION:
            for check in _related(relation, history):
                yield check._replace(exchange=original.get(id(check.exchange), check.exchange))


def relation_checks(
    contract: Contract, clause: Clause, exchanges: Sequence[Exchange]
) -> Iterator[Check]:
    """Yield the looks at one relation, without those at anything else."""
    answers = _answers(contract, exchanges, {}, replayed(contract, exchanges))
    yield from _related(clause, History(answers, exchanges))


def _keyword_checks(contract: Contract, exchange: Exchange) -> KeywordChecks:
    """Return what is broken in an answer, and of each keyword the first place where it holds.

    An answer may have a keyword at a hundred thousand places.
    """
    if exchange.value is ABSENT:
        return []
    looks, seen = [], set()
    for look in schema_checks.checks(contract.response, exchange.value):
        if not look.ok or (key := _key(look)) not in seen:
            looks.append(look)
            if look.ok:
                seen.add(key)
    return looks


def _key(look: schema_checks.KeywordCheck) -> Key:
    keyword = look.keyword
    return keyword.pointer, keyword.name, keyword.member


def _answers(
    contract: Contract,
    exchanges: Sequence[Exchange],
    looks_at: Mapping[int, KeywordChecks],
    repeats: Collection[int],
) -> list[Answer]:
    """Return the successes that relations look at, with the places where their schema is broken.

    What only breaks a convention is as the page has it, and has to agree with the rest. Left
    out are answers to what is nothing that strict reading knows, nor what is owed for it.
    """
    answers = []
    for exchange in exchanges:
        if not exchange.is_success or exchange.request.is_unreadable or id(exchange) in repeats:
            continue
        looks = looks_at.get(id(exchange)) or _keyword_checks(contract, exchange)
        answers.append(Answer(exchange, _unsound(contract, looks), contract.response))
    return answers


def _unsound(contract: Contract, looks: KeywordChecks) -> frozenset[str]:
    """Return the places where an answer is otherwise than its page says."""
    broken = [look for look in looks if not look.ok]
    if not broken:
        return frozenset()
    assumed = {clause.id for clause in contract.clauses if clause.basis is Basis.CONVENTION}
    return frozenset(look.place for look in broken if _clause_of(look) not in assumed)


def _sound(contract: Contract, exchange: Exchange) -> Exchange:
    """Return another operation's exchange with null where it breaks its own page.

    That is told of the other operation, and what is right here need not agree with it.
    """
    if not exchange.is_success:
        return exchange
    theirs = contract.of(exchange.case.operation)
    unsound = _unsound(theirs, _keyword_checks(theirs, exchange))
    if not unsound:
        return exchange
    value = None if "" in unsound else copy.deepcopy(exchange.value)
    for place in unsound if value is not None else ():
        inside = at(value, place.rpartition("/")[0])
        name = (tokens(place) or [""])[-1]
        if isinstance(inside, dict):
            inside[name] = None
        elif isinstance(inside, list):
            inside[int(name)] = None
    return replace(exchange, value=value)


def _related(relation: Clause, history: History) -> Iterator[Check]:
    for look in relation_looks(history, relation):
        yield Check(relation.id, *look)


def respelt_checks(
    contract: Contract, exchanges: Sequence[Exchange], blame: Blame, others: Sequence[Exchange] = ()
) -> Iterator[Check]:
    """Yield every look, with members in another spelling judged where the page has them.

    What is broken only by the spelling is explained by it.
    """
    pairs = respelling.respelt(contract, exchanges)
    if not pairs:
        yield from checks(contract, exchanges, blame, others)
        return
    everything = [*exchanges, *others]
    restored = [respelling.restored(exchange, pairs) for exchange in exchanges]
    restored += _restored_others(contract, others)
    original = {id(one): exchange for one, exchange in zip(restored, everything, strict=True)}
    broken = set()
    own = restored[: len(exchanges)]
    theirs = restored[len(exchanges) :]
    for look in checks(contract, own, blame, theirs):
        exchange = original[id(look.exchange)]
        if not look.ok:
            broken.add((look.clause, exchange.number))
        yield look._replace(exchange=exchange, place=pairs.get(look.place, look.place))
    explanation = respelling.explanation(pairs)
    looks = checks(contract, exchanges, blame, others)
    violated = [look for look in looks if not look.ok]
    of_spelling = [v for v in violated if (v.clause, v.exchange.number) not in broken]
    yield from (look._replace(explanation=explanation) for look in of_spelling)
    if not of_spelling:
        yield from _respelt_type(contract, exchanges, pairs, explanation)


def _restored_others(contract: Contract, others: Sequence[Exchange]) -> list[Exchange]:
    """Return exchanges of other operations with members where the pages of these have them."""
    by_operation: dict[str | None, list[Exchange]] = defaultdict(list)
    for exchange in others:
        by_operation[exchange.case.operation].append(exchange)
    pairs = {
        name: respelling.respelt(contract.of(name), exchanges)
        for name, exchanges in by_operation.items()
    }
    return [respelling.restored(exchange, pairs[exchange.case.operation]) for exchange in others]


def _respelt_type(
    contract: Contract,
    exchanges: Sequence[Exchange],
    pairs: respelling.Pairs,
    explanation: Explanation,
) -> Iterator[Check]:
    """Yield one look that is broken where the page requires no member: its name is on it still."""
    objects = [each for each in exchanges if each.accepted and isinstance(each.value, dict)]
    for place, actual in pairs.items():
        clause = clause_ids.response(f"{place[1:].replace('/*', '[]').replace('/', '.')}.type")
        if clause in contract.clause_ids and objects:
            expected = f"the member {place[1:]}"
            got = f"{actual[1:]} in its place"
            look = Check(clause, objects[0], ok=False, place=actual, expected=expected, got=got)
            yield look._replace(explanation=explanation)
            return


def _clause_of(look: schema_checks.KeywordCheck) -> str:
    return clause_ids.response(look.keyword.clause)


def _decisions(exchange: Exchange, blame: Blame, contract: Contract) -> Iterator[Check]:
    if exchange.status is None or exchange.failed:
        return
    case = exchange.case
    if case.must_refuse:
        expected = f"a 4xx, since {case.label}"
        for clause in case.decides:
            yield Check(clause, exchange, exchange.refused, "", expected, words(exchange))
        return
    if exchange.accepted:
        for clause in case.decides:
            yield Check(clause, exchange, ok=True)
    elif case.must_accept and not may_refuse(contract, exchange):
        for clause in blame.get(exchange.number, (clause_ids.COMBINED,)):
            why = "the page asks for nothing else"
            if isinstance(case.body, dict):
                why = "every member is plausible"
            expected = f"a 2xx: {why}"
            got = words(exchange)
            yield Check(clause, exchange, ok=False, expected=expected, got=got)
