"""The plan of a run: all cases in the order they are sent, from a contract and a seed alone."""

from __future__ import annotations

import itertools
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from contracts import dialect
from contracts.generate import breaks, covering
from contracts.generate.states import State, referring, refers, states, typical, with_member
from contracts.generate.templates import HandedOut, bound, references, sample, shared
from contracts.jsontext import encode, escape
from contracts.model import ABSENT, Case, Contract, Kind, Region, Schema, Skipped

LARGEST = {True: 220, False: 80}  # cases, with and without a documented body
IN_A_ROW = 9  # plain requests one after the other: shows what is wrong with every seventh
AT_ONCE = 4
AT_THE_END = 3
ALIKE = 3  # requests that are the same but for what is new in each: one that is answered otherwise is a slip
NOTHING: Schema = {"enum": []}  # P of a member that is never sent
FIRST_LOOK = 12  # cases after which a sandbox that accepted nothing is not asked further
FOR_OPEN = 45  # cases kept for open states, before breaks of one clause are thinned out
RESERVE = 80  # requests of a budget that are kept for fuzzing and for making findings small


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases in order, and the pairs of field states that the valid ones have to cover.

    `first_look` are those that are sent before all others when the plainest request is refused; `elsewhere` are
    cases that another shard of the run sends.
    """

    cases: tuple[Case, ...]
    pairs: frozenset[covering.Pair] = frozenset()
    first_look: tuple[Case, ...] = ()
    elsewhere: tuple[Skipped, ...] = ()


def plan(contract: Contract, seed: int, budget: int = 0) -> Plan:
    """Make the plan of a contract; the same seed and budget give the same plan.

    A budget beyond what the plan and its follow-ups take is spent on pairs of open states.
    """
    largest = max(LARGEST[contract.request is not None], budget - RESERVE)
    draft = _Draft(contract, seed, largest, plain_body(contract), field_states(contract))
    draft.plan()
    return Plan(tuple(draft.cases), frozenset(draft.pairs), tuple(draft.cases[1 : 1 + FIRST_LOOK]))


def plain_body(contract: Contract) -> Any:
    """Give the template of the plainest body: every member typical; where none is documented, what is set."""
    return contract.plain if contract.plausible is None else typical(contract.plausible)


def field_states(contract: Contract) -> dict[str, tuple[State, ...]]:
    """Give all states of each top-level member of the body; none where no body is documented."""
    plausible, documented = contract.plausible, contract.request
    if plausible is None or documented is None:
        return {}
    narrow = plausible.get("properties", {})
    return {
        name: states(
            child,
            narrow.get(name, child if plausible.get("additionalProperties", True) else NOTHING),
            required=name in documented.get("required", ()),
            sent=name in plausible.get("required", ()),
        )
        for name, child in documented.get("properties", {}).items()
    }


def acceptances(contract: Contract) -> set[str]:
    """Give the ids of the clauses that an acceptance decides."""
    return {clause.id for clause in contract.clauses if clause.kind is Kind.ACCEPTANCE}


def acceptance(known: AbstractSet[str], name: str, state: str) -> str:
    """Give the clause that a state of a member belongs to: its own when there is one, else the member's.

    Where there is none, as for a member that is the same in every plausible request, or one that only the server
    can hand out and that was left out, that of any combination stands in.
    """
    wanted = ("optional",) if state == "absent" else (state, "accepted")
    fitting = (f"request.{name}.{word}" for word in wanted)
    return next((clause for clause in fitting if clause in known), "request.combined")


@dataclass
class _Draft:
    """A plan in the making: cases are added in the order in which they will be sent."""

    contract: Contract
    seed: int
    largest: int
    body: Any  # the plainest
    fields: Mapping[str, tuple[State, ...]]  # all states of each top-level member of the body
    cases: list[Case] = field(default_factory=list)
    pairs: set[covering.Pair] = field(default_factory=set)
    rows: list[Case] = field(default_factory=list)  # the cases of the covering array
    broken: dict[str, breaks.Break] = field(default_factory=dict)  # clause -> its break in the plainest body
    introduced: dict[str, tuple[int, ...]] = field(default_factory=dict)  # pointer -> cases that may hand it out

    def plan(self) -> None:
        contract = self.contract
        typical_case = self.add(
            Region.VALID, "a plain request", decides=("request.typical",), states=self.typical_states
        )
        if contract.request is not None and contract.plausible is not None:
            self._introduce(contract.plausible)
            self._minimal(contract.request, contract.plausible)
            self._sequences(contract.plausible)
            self._rows(contract.plausible)
        self._repeated()
        refused = [*self._authorization(), *self._addresses()]
        if contract.request is not None and contract.plausible is not None:
            refused += self._invalid(contract.request, contract.plausible)
            self._references_again(typical_case, refused)
            self._defaults(contract.request, contract.plausible)
        self._open()
        self._plain(AT_THE_END, "a plain request at the end")

    def add(self, region: Region, label: str, body: Any = ..., **more: Any) -> Case:
        """Append a case; the plain body unless another is given."""
        body = bound(self.body if body is ... else body, lambda marker: self.introduced.get(marker.pointer, ()))
        donors = {number for marker in references(body) for number in marker.by}
        after = tuple(sorted(donors | set(shared(body))))
        if more.get("together"):
            # a server that handles one connection after the other must not wait for one that is merely kept
            more["closing"] = True
            self.cases[-1] = replace(self.cases[-1], closing=True)
        self.cases.append(Case(len(self.cases) + 1, region, label, body, after=after, **more))
        return self.cases[-1]

    @cached_property
    def typical_states(self) -> dict[str, str]:
        """The state of each field in the plainest body."""
        found = {}
        for name, options in self.fields.items():
            value = self.body.get(name, ABSENT)
            found[name] = next((state.name for state in options if state.value == value), "absent")
        return found

    @cached_property
    def acceptances(self) -> set[str]:
        """The ids of the clauses that an acceptance decides."""
        return acceptances(self.contract)

    def _plain(self, count: int, label: str, **more: Any) -> list[Case]:
        decides = ("request.typical", "request.combined")
        return [
            self.add(Region.VALID, label, decides=decides, states=self.typical_states, **more) for _ in range(count)
        ]

    def _repeated(self) -> None:
        """Send plain bodies again: several in a row, the very same but for what has to be unique, at once."""
        if isinstance(self.body, dict) and self.fields:
            first = self._plain(1, "a plain request, to be sent again")[0]
            again = {name: self._taken_over(name, value, first.number) for name, value in self.body.items()}
            label = f"the body of case {first.number} again, what is unique fresh"
            states = self.typical_states
            self.add(Region.VALID, label, again, decides=("request.combined",), states=states)
        else:
            self._plain(IN_A_ROW, "the same request again")
        if not any(case.together for case in self.cases):
            self._plain(AT_ONCE, "several at once", together=True)

    def _taken_over(self, name: str, value: Any, number: int) -> Any:
        """Give a member as it was in an earlier case; what the page calls unique stays new."""
        if name in self.unique:
            return value
        return _with_fresh_of(value, number)

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """The members that the page calls unique: texts of their own, where an email is new only out of care."""
        members = (self.contract.plausible or {}).get("properties", {})
        return tuple(
            name for name, child in members.items() if isinstance(child.get("x-unique"), str) and "format" not in child
        )

    def _with(self, name: str, value: Any) -> Any:
        """Give the plain body with a member as it shall be, and without those that would have it ignored."""
        properties = (self.contract.request or {}).get("properties", {})
        ignored = {name, *properties.get(name, {}).get("x-ignored-with", ())}
        return with_member({key: member for key, member in self.body.items() if key not in ignored}, name, value)

    def _introduce(self, plausible: Schema) -> None:
        """Send made-up ids where a member holds some: a server that takes them hands them out by its answer."""
        for name, child in plausible.get("properties", {}).items():
            if not refers(child) or "x-reference" in child:
                continue
            made_up = self._with(name, sample(referring(child)))
            case = self.add(Region.OPEN, f"{name}: unknown id", made_up, observes=f"{name}.unknown id")
            for marker in references(referring(child)):
                self.introduced[marker.pointer] = (case.number,)

    def _minimal(self, documented: Schema, plausible: Schema) -> None:
        """Send what is required, twice, and no more than makes it plausible; what is required alone, when open."""
        if "request.minimal" not in self.acceptances:
            return
        required = {name: self.body[name] for name in documented.get("required", ())}
        body = self._smallest(required, plausible)
        if body != required and dialect.fits(documented, sample(required)):
            self.add(Region.OPEN, "what is required and no more", required, observes="body.required_only")
        for label in ("the required members only", "the required members only, again"):
            self._required_only(label, body)

    def _smallest(self, required: dict[str, Any], plausible: Schema) -> Any:
        options = [set(option.get("required", ())) for option in plausible.get("anyOf", ({},))]
        bodies = [{**required, **{n: v for n, v in self.body.items() if n in option}} for option in options]
        return next((one for one in bodies if dialect.fits(plausible, sample(one))), self.body)

    def _required_only(self, label: str, body: Any) -> None:
        found = {name: "typical" if name in body else "absent" for name in self.fields}
        self.add(Region.VALID, label, body, decides=("request.minimal",), states=found)

    def _defaults(self, documented: Schema, plausible: Schema) -> None:
        """Leave out what has a default, and all that is optional, as often as shows whether answers are alike."""
        for name, child in documented.get("properties", {}).items():
            options = [state for state in self.fields[name] if state.value is ABSENT and state.region is Region.VALID]
            for state in options if "default" in child else ():
                for _ in range(ALIKE):
                    self._state_case(name, state, f"{name}: left out, the rest plain")
        if "request.minimal" in self.acceptances:
            required = {name: self.body[name] for name in documented.get("required", ())}
            self._required_only("the required members only, at the end", self._smallest(required, plausible))

    def _sequences(self, plausible: Schema) -> None:
        """Create with a null reference, then join: twice the first, once the second."""
        for name, child in plausible.get("properties", {}).items():
            reference = child.get("x-reference", {})
            if "created_by" not in reference:
                continue
            created = [
                self._state_case(name, State("null", reference["created_by"], Region.VALID), f"{name}: create")
                for _ in range(2)
            ]
            for donor in (created[0], created[0], created[1], created[0]):
                marker = HandedOut(reference["response"], (donor.number,))
                label = f"{name}: join what case {donor.number} created"
                self._state_case(name, State("handed out", marker, Region.VALID), label)
            state = State("null", reference["created_by"], Region.VALID)
            for _ in range(AT_ONCE):
                self._state_case(name, state, f"{name}: create several at once", together=True)

    def _state_case(self, name: str, state: State, label: str, **more: Any) -> Case:
        found = {**self.typical_states, name: state.name}
        body = self._with(name, state.value)
        return self.add(Region.VALID, label, body, decides=(self._clause(name, state.name),), states=found, **more)

    def _clause(self, name: str, state: str) -> str:
        return acceptance(self.acceptances, name, state)

    def _rows(self, plausible: Schema) -> None:
        """Add the covering array over the valid states; rows that refer to earlier ones come last."""
        valid = {
            name: {state.name: state for state in options if state.region is Region.VALID}
            for name, options in self.fields.items()
        }
        names = {name: list(options) for name, options in valid.items()}
        options = plausible.get("anyOf", ())
        together = [name for option in options for name in option.get("required", ()) if name in names]

        @cache
        def fits(*chosen: str) -> bool:
            values = {name: valid[name][state].value for name, state in zip(together, chosen, strict=True)}
            body = sample({name: value for name, value in values.items() if value is not ABSENT})
            return not options or any(dialect.fits(option, body) for option in options)

        made = covering.rows(names, self.seed, together, lambda row: fits(*(row[name] for name in together)))
        self.pairs = covering.covered(made, covering.pairs(names))
        made.sort(key=lambda row: sum(state == "handed out" for state in row.values()))
        donors = {
            name: itertools.cycle(self._donors(name, child["x-reference"]))
            for name, child in plausible.get("properties", {}).items()
            if "x-reference" in child
        }
        for row in made:
            body = {}
            for name, state in row.items():
                value = valid[name][state].value
                if isinstance(value, HandedOut):
                    value = replace(value, by=tuple(dict.fromkeys(next(donors[name]) for _ in range(4))))
                if value is not ABSENT:
                    body[name] = value
            # a state's own clause is decided by every row that it is in
            decides = dict.fromkeys([*(self._clause(name, state) for name, state in row.items()), "request.combined"])
            self.rows.append(self.add(Region.VALID, _spoken(row), body, decides=tuple(decides), states=row))

    def _donors(self, name: str, reference: Mapping[str, Any]) -> list[int]:
        """Give the numbers of earlier cases whose response hands out what a reference may refer to."""
        created_by = reference.get("created_by", ABSENT)
        return [
            case.number
            for case in self.cases
            if (case.body.get(name, ABSENT) is created_by if created_by is not ABSENT else name not in case.body)
        ]

    def _authorization(self) -> list[Case]:
        return [
            self.add(
                Region.INVALID,
                clause.statement.removesuffix(" is refused"),
                decides=(clause.id,),
                authorization=clause.arguments["authorization"],
                needs=clause.needs,
            )
            for clause in self.contract.clauses
            if clause.id.startswith("authorization.")
        ]

    def _addresses(self) -> list[Case]:
        known = {clause.id for clause in self.contract.clauses}
        return [
            self.add(Region.INVALID, label, decides=(clause,), path={name: value}, needs=needs)
            for name in self.contract.operation.parameters
            for clause, label, value, needs in self._wrong_values(name)
            if clause in known
        ]

    def _wrong_values(self, name: str) -> Iterator[tuple[str, str, str, str | None]]:
        """Yield (clause, label, value, needed credential) for path parameters that must be refused."""
        thing = name.removesuffix("Id")
        digits = random.Random(self.seed)  # noqa: S311 - a plan has to be the same for the same seed
        unknown = str(uuid.UUID(int=digits.getrandbits(128), version=4))
        for value in (unknown, str(uuid.UUID(int=0)), f"{{{name}:altered}}"):
            yield f"address.unknown_{thing}", f"an unknown {name}", value, None
        for value in ("nothing-of-the-kind", "42", f"{{{name}:cut}}", f"{{{name}:extended}}"):
            yield f"address.malformed_{thing}", f"a malformed {name}", value, None
        foreign = f"foreign_{name}"
        if foreign in self.contract.operation.credentials:
            yield f"address.foreign_{thing}", f"another tenant's {name}", f"{{{foreign}}}", foreign

    def _invalid(self, documented: Schema, plausible: Schema) -> list[Case]:
        made = list(breaks.breaks(documented, plausible, self.body))
        room = self.largest - len(self.cases) - FOR_OPEN - AT_THE_END
        # what refers to earlier answers is not sent where they hand out nothing, so here it is left out
        others = itertools.cycle([row for row in self.rows if not row.after] or [None])
        cases = []
        for broken in _thinned(made, room):  # each clause in the plainest body first, then in bodies of other states
            first = self.broken.setdefault(broken.clause, broken) is broken
            cases.append(self._broken(broken, None if first else next(others)))
        for label, text in breaks.malformed(encode(sample(self.body))):
            cases.append(self.add(Region.INVALID, label, text, decides=("request.json",)))
        return cases

    def _broken(self, broken: breaks.Break, other: Case | None) -> Case:
        """Break one thing in the plainest body, or in that of another case; what is about no member stays as it is."""
        label, body = broken.label, broken.body
        if other is not None and broken.pointer:
            label = f"{label}, the rest as in case {other.number}"
            body = _moved(broken, self.contract.request or {}, other.body)
        return self.add(Region.INVALID, label, body, decides=(f"request.{broken.clause}",))

    def _references_again(self, typical_case: Case, refused: Sequence[Case]) -> None:
        """Send again what has to be unique: of an order that exists, of requests that were refused."""
        for name in self.unique:
            template = self.body[name]
            again = _with_fresh_of(template, typical_case.number)
            self.add(
                Region.OPEN,
                f"{name} of an order that exists",
                {**self.body, name: again},
                observes=f"{name}.repeated",
            )
            spent = [case for case in refused if isinstance(case.body, dict) and case.body.get(name) == template]
            for case in (spent[0], spent[-1]) if spent else ():
                again = _with_fresh_of(template, case.number)
                label = f"{name} of the refused case {case.number}"
                self.add(Region.OPEN, label, {**self.body, name: again}, observes=f"{name}.of_refused")

    def _open(self) -> None:
        """Add each open state once; where there is room, breaks in other bodies, then pairs of open states."""
        found = [
            (name, state) for name, options in self.fields.items() for state in options if state.region is Region.OPEN
        ]
        for name, state in found:
            body = self._with(name, state.value)
            if not dialect.fits(self.contract.request or {}, sample(body)):  # it does not stand alone
                body = with_member(self.body, name, state.value)
            self.add(
                Region.OPEN,
                f"{name}: {state.name}",
                body,
                observes=f"{name}.{state.name}",
                states={name: state.name},
            )
        if self.contract.operation.takes_body:
            self._open_bodies()
        for name in self.contract.operation.parameters:
            label = f"{name} in capitals"
            self.add(Region.OPEN, label, path={name: f"{{{name}:capitals}}"}, observes=f"{name}.capitals")
        room = self.largest - len(self.cases) - AT_THE_END
        again = [broken for broken in self.broken.values() if broken.pointer][: max(room, 0)] if self.rows else []
        for broken, other in zip(again, itertools.cycle(reversed(self.rows))):  # those that refer to others first
            self._broken(broken, other)
        room -= len(again)
        # what the page calls unique would come again, and be refused for that
        free = [(name, state) for name, state in found if name not in self.unique]
        for (left, one), (right, two) in itertools.islice(_pairs_by_suspicion(free), max(room, 0)):
            body = with_member(with_member(self.body, left, one.value), right, two.value)
            both = {left: one.name, right: two.name}
            self.add(
                Region.OPEN,
                _spoken(both),
                body,
                observes=f"{left}.{one.name} with {right}.{two.name}",
                states=both,
            )

    def _open_bodies(self) -> None:
        """Add what the page says nothing about: whole bodies, an unknown member, media types."""
        for name, value in self.contract.open_bodies.items():
            self.add(
                Region.OPEN,
                f"a body that the page says nothing about: {name}",
                value,
                observes=f"body.{name}",
            )
        if isinstance(self.body, dict):
            self.add(
                Region.OPEN,
                "an unknown member",
                {**self.body, "unknownMember": "x"},
                observes="body.unknown_member",
            )
        if self.contract.request is None:
            for label, text in breaks.malformed(encode({"unknownMember": "x"})):
                self.add(Region.OPEN, label, text, observes=f"body.{label.removeprefix('the body is ')}")
        for name, media_type in (
            ("text/plain", "text/plain"),
            ("absent", None),
            ("utf-8", "application/json; charset=utf-8"),
        ):
            self.add(Region.OPEN, f"media type: {name}", media_type=media_type, observes=f"media_type.{name}")


def _thinned(made: Sequence[breaks.Break], room: int) -> list[breaks.Break]:
    """Keep as many breaks of each clause, the first ones, as there is room for; two at least."""
    clauses = [broken.clause for broken in made]
    rank = [clauses[:index].count(clause) for index, clause in enumerate(clauses)]
    most = next((most for most in range(len(made), 2, -1) if sum(one < most for one in rank) <= room), 2)
    return [broken for broken, one in zip(made, rank, strict=True) if one < most]


def _moved(broken: breaks.Break, documented: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a valid body with what is broken in another: a member at the top, whatever in it is wrong."""
    name = next(name for name in (*body, *broken.body) if f"{broken.pointer}/".startswith(f"/{escape(name)}/"))
    ignored = documented.get("properties", {}).get(name, {}).get("x-ignored-with", ())
    moved = {
        # one donor is enough for a request that is refused, and a shard has to send it along
        member: replace(value, by=value.by[:1]) if isinstance(value, HandedOut) else value
        for member, value in body.items()
        if member not in (name, *ignored)
    }
    return {**moved, **({name: broken.body[name]} if name in broken.body else {})}


def _with_fresh_of(template: Any, number: int) -> Any:
    """Give a template that takes over the fresh texts of an earlier case."""
    if isinstance(template, str):
        return template.replace("{fresh}", f"{{fresh:{number}}}")
    if isinstance(template, dict):
        return {name: _with_fresh_of(member, number) for name, member in template.items()}
    return template


def _pairs_by_suspicion(
    found: Sequence[tuple[str, State]],
) -> Iterator[tuple[tuple[str, State], tuple[str, State]]]:
    pairs = [(one, two) for one, two in itertools.combinations(found, 2) if one[0] != two[0]]
    yield from sorted(pairs, key=lambda pair: -pair[0][1].suspicion * pair[1][1].suspicion)


def _spoken(row: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {state}" for name, state in row.items() if state != "typical") or "all typical"


def renumbered(case: Case, number: int) -> Case:
    """Give a case as a further one of a run: with a number of its own, sent by itself."""
    return replace(case, number=number, together=False, closing=False)
