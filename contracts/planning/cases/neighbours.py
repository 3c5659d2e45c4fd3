"""The plan of an operation that reads what other operations of its API create.

It creates a few things, some of them at once and some that have to be refused, reads each of
them, and asks for what nobody was given. The operation that creates is the one that a link
comes from; what is valid for it is taken from its own plan.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import fsum
from types import MappingProxyType

from contracts import clause_ids
from contracts.model import CREDENTIAL, Case, Contract, Link, Region
from contracts.planning.bodies.fields import unique_members
from contracts.planning.bodies.states import UNKNOWN_ID, referring
from contracts.planning.bodies.templates import HandedOut, changed, references, shared
from contracts.planning.cases import lifecycle, reading_draft
from contracts.planning.cases.authorization import likely_bodies
from contracts.planning.cases.lists import read_lists
from contracts.planning.cases.reading_draft import ReadingDraft, links_to_path
from contracts.planning.draft import by_turns
from contracts.schema.jsontext import same

LIKELY = 2  # of them in bodies that the page says nothing about
LISTED = 3  # things that are created in different bodies, beside the plainest, and listed
READ = 5  # such things, where each of them is read by itself
REFUSED = 3  # bodies that have to be refused, and must not be there afterwards
AT_ONCE = 3  # requests with one reference at the same moment
JOINED = 16  # orders that join one group, as far as forty requests go
OTHER_BODIES = 3  # in which orders join, beside the plainest: rich ones and the smallest

Cases = tuple[Case, ...]
Planner = Callable[[Contract], Cases]


def reading_cases(contract: Contract, seed: int, plan: Planner) -> Cases:
    """Return the cases of an operation that reads; `plan` gives those of the one that creates."""
    draft = ReadingDraft(contract, reading_draft.creator(contract), seed)
    planned = plan(draft.creator)
    makes = draft.made_beside
    first = draft.create("create", {**planned[0].body, **makes} if makes else planned[0].body)
    draft.read("read what was created", first, decides=(clause_ids.TYPICAL,))
    joining = _joining_link(contract)
    many = joining is not None and joining.source != contract.operation.name
    joined = first if joining is None else None
    is_list = reading_draft.is_list(contract)
    number = LISTED if is_list or draft.creator.request is None else READ
    created = [first, *_create_others(draft, planned, 0 if many else number, joined)]
    if draft.creator.operation.chosen:
        _replace(draft, created)
    if not is_list:
        for case in created[1:]:
            draft.read(f"read what case {case.number} created", case)
        draft.read("read the same again", created[-1])
        draft.read_by_query("read", created[-1], created)
        if joining is None:
            _refer_to(draft, created)
        else:
            _join(draft, first, joining, planned)
    else:
        _create_refused(draft, planned, REFUSED)
        _create_with_unknown_id(draft, planned)
        _create_at_once(draft, planned)
        lifecycle.act_on_some(draft)
        read_lists(draft, created)
    # a page that another one leads to is sent late, and is judged by a list read after it
    before = {case.number for case in draft.cases if case.operation} | {len(draft.cases)}
    reading_draft.refused_reads(draft, first)
    draft.read("read it at the end", first, after=tuple(sorted(before)))
    if many:
        draft.read("read it again", first)
    return tuple(draft.cases)


def _create_others(
    draft: ReadingDraft, planned: Cases, number: int, joined: Case | None
) -> Iterator[Case]:
    """Create things in bodies of the plan's valid ones: the richest and the smallest.

    One of them refers to what exists at the sandbox, where the plan has such bodies; the last but
    one joins what a case created, where there is something to join. Where no body is documented,
    they have those that a caller might send.
    """
    rich = _rich(planned)
    free = _unlike([case for case in rich if not references(case.body)], planned[0])
    referring = [case for case in rich if references(case.body)]
    referring = sorted(referring, key=lambda case: -len(references(case.body)))[:1]
    smallest = rich[-1:] if len(free) >= number and not references(rich[-1].body) else []
    likely = likely_bodies(draft.creator)[:LIKELY] if draft.creator.request is None else []
    for body in likely[:number]:
        yield draft.create("create in a body that the page says nothing about", body, Region.OPEN)
    cases = [*smallest, *referring, *free][: max(number - len(likely), 0)][::-1]
    for case in cases:
        # refers to what is known to exist, and to no other case
        body = changed(case.body, marker=lambda marker: replace(marker, by=()))
        if isinstance(body, dict):
            body = {**draft.made_beside, **body}
        if joined is not None and case is cases[-2:][0] and isinstance(body, dict):
            body = {**body, **_joining(draft, joined)}
        yield draft.create(f"create as in {case.label}"[:80], body)


def _replace(draft: ReadingDraft, created: Sequence[Case]) -> None:
    """Send the first key that was chosen once more, with the body that differs most."""
    first, *others = created

    def difference(case: Case) -> int:
        pairs = case.body.items() if isinstance(case.body, dict) else ()
        return sum(not same(value, first.body.get(name)) for name, value in pairs)

    body = max(others, key=difference, default=first).body
    for name in draft.creator.operation.chosen:
        marker = HandedOut(draft.creator.operation.created or "", (first.number,))
        label = "replace what was created first"
        after = (first.number,)
        draft.create(label, body, takes={name: marker}, after=after)


def _joining(draft: ReadingDraft, donor: Case) -> dict[str, HandedOut]:
    """Return the members by which something joins what a case created."""
    return {
        name: HandedOut(schema["x-reference"]["response"], (donor.number,))
        for name, schema in draft.creator.plausible_members.items()
        if "created_by" in schema.get("x-reference", {})
    }


def _rich(planned: Cases) -> list[Case]:
    """Return valid cases that need no other one, those with most members and text first."""
    plain = [
        case
        for case in planned[1:]
        if case.must_accept
        and not case.together
        and not isinstance(case.body, bytes)
        and all(marker.known for marker in references(case.body))
        and not shared(case.body)
    ]
    members = {case.number: case.body if isinstance(case.body, dict) else {} for case in plain}
    size = {number: (-len(body), -len(repr(body))) for number, body in members.items()}
    return sorted(plain, key=lambda case: size[case.number])


def _unlike(cases: list[Case], plainest: Case) -> list[Case]:
    """Return the first case, then always the one that has most states which none before has.

    A state counts for more where its member has few of them.
    """
    states = {pair for case in cases for pair in case.states.items()}
    number = Counter(name for name, _ in states)  # of states of each member
    ordered = cases[:1]
    met = {*plainest.states.items()}
    while len(ordered) < len(cases):
        met |= ordered[-1].states.items()
        left = [case for case in cases if case not in ordered]
        news = {case.number: case.states.items() - met for case in left}
        # exact, so that no order of a set decides
        weights = {of: fsum(1 / number[name] for name, _ in new) for of, new in news.items()}
        ordered.append(max(left, key=lambda case: weights[case.number]))
    return ordered


def _create_refused(
    draft: ReadingDraft,
    planned: Cases,
    number: int,
    joining: Mapping[str, HandedOut] = MappingProxyType({}),
) -> None:
    """Ask for what has to be refused, each with a reference that it can be recognised by.

    `joining` is put into each body: what it would join, if it were not refused.
    """
    for name in unique_members(draft.creator)[:1]:
        broken = [
            case
            for case in planned
            if case.must_refuse
            and isinstance(case.body, dict)
            and case.authorization == CREDENTIAL
            and not references(case.body)
            and not shared(case.body)
            and isinstance(case.body.get(name, "{fresh}"), str)
        ]
        template = draft.creator.plausible_members[name]["x-unique"]
        by_keyword = by_turns(broken, lambda case: clause_ids.keyword(case.decides[0]))
        for case in [*by_keyword[:number], *_with_bad_credentials(planned)[:number]]:
            draft.create(
                f"create what is refused: {case.label}"[:80],
                {**case.body, name: template, **joining},
                Region.INVALID,
                authorization=case.authorization,
                after=tuple(number for marker in joining.values() for number in marker.by),
            )


def _create_with_unknown_id(draft: ReadingDraft, planned: Cases) -> None:
    """Ask for what refers to an id that nobody handed out: if it is refused, it is not there."""
    members = draft.creator.plausible_members
    referring = [name for name, schema in members.items() if "x-reference" in schema]
    for name in unique_members(draft.creator)[:1]:
        for member in referring[-1:]:
            body = {**planned[0].body, name: members[name]["x-unique"], member: UNKNOWN_ID}
            draft.create(f"create with an unknown {member}", body, Region.OPEN)


def _with_bad_credentials(planned: Cases) -> list[Case]:
    """Return cases that are refused for who asks, the first of each clause, no header first."""
    by_clause: dict[tuple[str, ...], Case] = {}
    for case in planned:
        if case.authorization != CREDENTIAL and isinstance(case.body, dict) and not case.needs:
            by_clause.setdefault(case.decides, case)
    likely = (clause_ids.ABSENT, clause_ids.UNKNOWN_TOKEN)
    return [by_clause[clause,] for clause in likely if (clause,) in by_clause]


def _create_at_once(draft: ReadingDraft, planned: Cases) -> None:
    """Send one reference several times at once, and once more: only one of them is created."""
    for name in unique_members(draft.creator)[:1]:
        number = len(draft.cases) + 1
        body = {**planned[0].body, name: f"Once-{{fresh:{number}}}"}
        for _ in range(AT_ONCE - 1):
            draft.create("create with one reference at once", body, Region.OPEN, together=True)
        after = (number, len(draft.cases))
        draft.create("create with that reference again", body, Region.OPEN, after=after)


def _joining_link(contract: Contract) -> Link | None:
    """Return the link by which others join what this operation reads, such as a share id."""
    paths = {link.pointer for link in links_to_path(contract)}
    for link in contract.links:
        given = {path.pointer for path in links_to_path(contract.of(link.source))}
        if link.place == "body" and paths & given:
            return link
    return None


def _refer_to(draft: ReadingDraft, created: Sequence[Case]) -> None:
    """Let something join the first of what was created that can be, which reads as before."""
    numbers = tuple(case.number for case in created)
    for name, child in draft.creator.plausible_members.items():
        if "created_by" in child.get("x-reference", {}):
            body = {**created[0].body, name: replace(referring(child), by=numbers)}
            draft.create("create by joining", body, after=numbers)


def _join(draft: ReadingDraft, first: Case, link: Link, planned: Cases) -> None:
    """Let others join what was created, by what is handed out for that, and read it again.

    Where what joined is listed, one that has to be refused asks to join as well.
    """
    source = draft.contract.of(link.source)
    donor = next(case for case in draft.cases if case.operation is None)
    number = 2
    marker = HandedOut(link.pointer, (donor.number,))
    if link.source != draft.contract.operation.name:
        paths = links_to_path(source)
        takes = {path.name: HandedOut(path.pointer, (first.number,)) for path in paths}
        label = f"ask {link.source}"
        donor = draft.add(Region.VALID, label, operation=link.source, takes=takes)
        number = JOINED
        marker = HandedOut(link.pointer, (donor.number,))
        _create_refused(draft, planned, 1, {link.name[1:]: marker})
    free = [case.body for case in _rich(planned) if not references(case.body)]
    bodies = [first.body, *free[: OTHER_BODIES - 1], *free[-1:]]
    for turn in range(number):
        body = {**bodies[turn % len(bodies)], link.name[1:]: marker}
        draft.create("create by joining", body, after=(donor.number,))
