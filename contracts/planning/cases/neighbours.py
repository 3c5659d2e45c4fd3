"""The plan of an operation that reads what other operations of its API create.

It creates a few things, some of them at once and some that have to be refused, reads each of
them, and asks for what nobody was given. The operation that creates is the one that a link
comes from; what is valid for it is taken from its own plan.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from contracts import clause_ids
from contracts.model import CREDENTIAL, Case, Contract, Link, QueryParameter, Region
from contracts.planning.bodies.fields import unique_members
from contracts.planning.bodies.states import UNKNOWN_ID, referring
from contracts.planning.bodies.templates import HandedOut, changed, references, shared
from contracts.planning.cases import reading_draft
from contracts.planning.cases.authorization import likely_bodies
from contracts.planning.cases.reading_draft import ReadingDraft, links_to_path
from contracts.planning.draft import by_turns

LIKELY = 2  # of them in bodies that the page says nothing about
CREATED = 3  # things that are created in different bodies, beside the plainest
REFUSED = 2  # things that have to be refused for each reason, and must not be there afterwards
AT_ONCE = 3  # requests with one reference at the same moment
JOINED = 16  # orders that join one group, as far as forty requests go
OTHER_BODIES = 3  # in which orders join, beside the plainest: rich ones and the smallest
ODD_QUERIES = 2  # parameters of a list that have a value like no documented one
ODD_VALUE = "abc"  # neither a number nor a name
BELOW_NOTHING = "-1"  # of a list, what a database fails on
PAGES = 2  # that are read one after the other
PAGE = 2  # items of each

Cases = tuple[Case, ...]
Planner = Callable[[Contract], Cases]


def reading_cases(contract: Contract, seed: int, plan: Planner) -> Cases:
    """Return the cases of an operation that reads; `plan` gives those of the one that creates."""
    draft = ReadingDraft(contract, reading_draft.creator(contract), seed)
    planned = plan(draft.creator)
    first = draft.create("create", planned[0].body)
    draft.read("read what was created", first, decides=(clause_ids.TYPICAL,))
    joining = _joining_link(contract)
    many = joining is not None and joining.source != contract.operation.name
    joined = first if joining is None else None
    created = [first, *_create_others(draft, planned, 0 if many else CREATED, joined)]
    if not many:
        _create_refused(draft, planned, REFUSED)
        _create_with_unknown_id(draft, planned)
    if not reading_draft.is_list(contract):
        for case in created[1:]:
            draft.read(f"read what case {case.number} created", case)
        draft.read("read the same again", created[-1])
        draft.read_by_query("read", created[-1], created)
        if joining is None:
            _refer_to(draft, first)
        else:
            _join(draft, first, joining, planned)
    else:
        _create_at_once(draft, planned)
        _read_lists(draft, created)
    reading_draft.refused_reads(draft, first)
    draft.read("read it at the end", first)
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
    free = [case for case in rich if not references(case.body)]
    referring = [case for case in rich if references(case.body)]
    referring = sorted(referring, key=lambda case: -len(references(case.body)))[:1]
    smallest = free[-1:] if len(free) >= number else []
    likely = likely_bodies(draft.creator)[:LIKELY] if draft.creator.request is None else []
    for body in likely[:number]:
        yield draft.create("create in a body that the page says nothing about", body, Region.OPEN)
    cases = [*smallest, *referring, *free][: max(number - len(likely), 0)][::-1]
    for case in cases:
        # refers to what is known to exist, and to no other case
        body = changed(case.body, marker=lambda marker: replace(marker, by=()))
        if joined is not None and case is cases[-2:][0] and isinstance(body, dict):
            body = {**body, **_joining(draft, joined)}
        yield draft.create(f"create as in {case.label}"[:80], body)


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


def _refer_to(draft: ReadingDraft, first: Case) -> None:
    """Let something join what was created, which reads the same afterwards."""
    for name, child in draft.creator.plausible_members.items():
        if "created_by" in child.get("x-reference", {}):
            body = {**first.body, name: replace(referring(child), by=(first.number,))}
            draft.create("create by joining", body, after=(first.number,))


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


def _odd(parameter: QueryParameter) -> str:
    """Return a value of the form of the first documented one, but of nothing that there is.

    Example: ``status==abc`` where ``status==pending`` is documented.
    """
    return re.sub(r"\w*$", ODD_VALUE, parameter.values[0] if parameter.values else "", count=1)


def _read_lists(draft: ReadingDraft, created: Sequence[Case]) -> None:
    draft.read("list", None)
    draft.read("list again", None)
    draft.read_by_query("list", None, created)
    query = draft.contract.operation.query
    names = sorted(query, key=lambda name: -len(query[name].values))
    first = draft.seed * ODD_QUERIES % max(len(names), 1)
    odd = [(name, _odd(query[name])) for name in [*names, *names][first : first + ODD_QUERIES]]
    counts = [name for name in names if all(map(str.isdigit, query[name].values))]
    turn = (draft.seed + 1) % max(len(counts), 1)
    odd += [(name, BELOW_NOTHING) for name in counts[turn : turn + 1]]
    for name, value in odd:
        more: dict[str, Any] = {
            "decides": (),
            "query": {name: value},
            "observes": (f"query.{name}.unknown",),
        }
        draft.read(f"list with {name}={value}", None, Region.OPEN, **more)
    for clause in draft.contract.relations:
        if clause.arguments["op"] == "paged":
            _read_pages(draft, clause.arguments)


def _read_pages(draft: reading_draft.ReadingDraft, row: Mapping[str, Any]) -> None:
    """Read a list page by page, each as short as the page allows."""
    first, take = row.get("first_page"), row["take"]
    size = max(PAGE, draft.contract.operation.query[take].schema.get("minimum", PAGE))
    for page in range(PAGES):
        begin = size * page if first is None else first + page
        asked: dict[str, Any] = {take: str(size), row["skip"]: str(begin)}
        if "following" not in row:
            draft.read(f"page {page + 1}", None, query=asked)
        elif page == 0:
            draft.read("page 1", None, query={take: str(size)})
        else:  # where the answer leads to may be an address, which is no value
            place = row["following"].replace("*", str(size - 1))
            asked[row["skip"]] = HandedOut(place, (draft.cases[-1].number,))
            draft.read(f"page {page + 1}", None, Region.OPEN, decides=(), query=asked)
