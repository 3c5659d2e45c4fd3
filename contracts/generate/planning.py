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
from contracts.generate.templates import HandedOut, as_in, bound, references, sample, shared
from contracts.jsontext import encode, escape
from contracts.model import ABSENT, CREDENTIAL, Case, Contract, Kind, Region, Schema, Skipped

LARGEST = {True: 220, False: 80}  # cases, with and without a documented body
IN_A_ROW = 9  # plain requests one after the other: shows what is wrong with every seventh
AT_ONCE = 4
AT_THE_END = 3
FOR_THE_END = 5  # these, and those that have to be refused in other bodies
ALIKE = 3  # requests that are the same but for what is new in each: one that is answered otherwise is a slip
NOTHING: Schema = {"enum": []}  # P of a member that is never sent
FIRST_LOOK = 12  # cases after which a sandbox that accepted nothing is not asked further
# what is asked for again in other bodies; the last come first where there are few of those
WHATEVER = (
    "authorization.absent",
    "authorization.unknown",
    "authorization.permission",
    "address.unknown",
    "address.foreign",
)
REFUSED_AGAIN = 3  # requests that were refused, the references of which have to be free
FALLBACKS = 4  # cases that may hand out what a row refers to
FOR_OPEN = 14  # cases kept for what is open beside the states of fields, before breaks of one clause are thinned out
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

    @property
    def closing(self) -> tuple[Case, ...]:
        """The plain cases that a plan ends with, which are sent after all else."""
        return tuple(itertools.takewhile(lambda case: case.region is Region.VALID, reversed(self.cases[1:])))[::-1]


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


@dataclass(frozen=True, slots=True)
class _Shut:
    """A request that has to be refused for its header or its address, and the clause that its refusal decides."""

    clause: str
    label: str
    authorization: str | None = CREDENTIAL
    path: Mapping[str, str] = field(default_factory=dict)
    needs: str | None = None


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
    minimal: list[Case] = field(default_factory=list)  # the cases with what is required and no more
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
        shut = [*self._shut_out(), *self._addresses()]
        refused = [self._refused(one) for one in shut]
        if contract.request is not None and contract.plausible is not None:
            refused += self._invalid(contract.request, contract.plausible)
            self._defaults(contract.request, contract.plausible)
            self._references_again(typical_case, refused)
        else:
            self._plain(1, "a plain request after others were refused")
        self._open()
        self._refused_in_other_bodies(shut)
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
        """Send plain bodies again: at once, several in a row, the very same but for what has to be unique."""
        if not any(case.together for case in self.cases):
            self._plain(AT_ONCE, "several at once", together=True)
        if isinstance(self.body, dict) and self.fields:
            first = self.cases[0].number
            again = {name: self._taken_over(name, value, first) for name, value in self.body.items()}
            label = f"the body of case {first} again, what is unique fresh"
            states = self.typical_states
            self.add(Region.VALID, label, again, decides=("request.combined",), states=states)
        else:
            self._plain(IN_A_ROW, "the same request again")

    def _taken_over(self, name: str, value: Any, number: int) -> Any:
        """Give a member as it was in an earlier case; what the page calls unique stays new."""
        if name in self.unique:
            return value
        return as_in(value, number)

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """The members that the page calls unique."""
        members = (self.contract.plausible or {}).get("properties", {})
        return tuple(name for name, child in members.items() if "x-unique" in child)

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
        self.minimal = [self._required_only("the required members only", body)]
        self._required_only("the required members only, again", body)

    def _smallest(self, required: dict[str, Any], plausible: Schema) -> Any:
        options = [set(option.get("required", ())) for option in plausible.get("anyOf", ({},))]
        bodies = [{**required, **{n: v for n, v in self.body.items() if n in option}} for option in options]
        return next((one for one in bodies if dialect.fits(plausible, sample(one))), self.body)

    def _required_only(self, label: str, body: Any) -> Case:
        found = {name: "typical" if name in body else "absent" for name in self.fields}
        return self.add(Region.VALID, label, body, decides=("request.minimal",), states=found)

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
        """Create with a null reference, then join: the first, the second, the first again; create several at once."""
        for name, child in plausible.get("properties", {}).items():
            reference = child.get("x-reference", {})
            if "created_by" not in reference:
                continue
            created = [
                self._state_case(name, State("null", reference["created_by"], Region.VALID), f"{name}: create")
                for _ in range(2)
            ]
            for donor in (created[0], created[1], created[0]):
                marker = HandedOut(reference["response"], (donor.number,))
                label = f"{name}: join what case {donor.number} created"
                self._state_case(name, State("handed out", marker, Region.VALID), label)
            for number in range(AT_ONCE):
                self._at_once(name, State("null", reference["created_by"], Region.VALID), number, plausible)

    def _state_case(self, name: str, state: State, label: str, **more: Any) -> Case:
        found = {**self.typical_states, name: state.name}
        body = self._with(name, state.value)
        return self.add(Region.VALID, label, body, decides=(self._clause(name, state.name),), states=found, **more)

    def _at_once(self, name: str, state: State, number: int, plausible: Schema) -> None:
        """Add one of several to be sent at the same moment: as different as they can be, so that mix-ups show."""
        chosen = {name: state}
        for field_name, options in self.fields.items():
            free = [one for one in options if one.region is Region.VALID and not references(one.value)]
            chosen.setdefault(field_name, free[number % len(free)])
        body = {member: one.value for member, one in chosen.items() if one.value is not ABSENT}
        if not dialect.fits(plausible, sample(body)):
            chosen, body = {name: state}, self._with(name, state.value)
        found = {**self.typical_states, **{member: one.name for member, one in chosen.items()}}
        label, decides = f"{name}: create several at once", (self._clause(name, state.name),)
        self.add(Region.VALID, label, body, decides=decides, states=found, together=True)

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

        free = {name: states for name, states in names.items() if name not in self.owners}
        together = [name for name in together if name in free]
        made = covering.rows(free, self.seed, together, lambda row: fits(*(row[name] for name in together)))
        made = [{name: row.get(name, "absent") for name in names} for row in made]
        made += [row for name in self.owners for row in self._known(name, names)]
        self.pairs = covering.covered(made, covering.pairs(names))
        made.sort(key=lambda row: sum(state == "handed out" for state in row.values()))
        donors = {
            name: self._donors(name, child["x-reference"])
            for name, child in plausible.get("properties", {}).items()
            if "x-reference" in child and name not in self.owners
        }
        for row in made:
            body = {name: valid[name][state].value for name, state in row.items()}
            for name in [name for name, value in body.items() if name in donors and isinstance(value, HandedOut)]:
                body[name] = replace(body[name], by=tuple(donors[name][:FALLBACKS]))
                donors[name].append(donors[name].pop(0))  # another one for the next
            for name in [name for name in self.owners if row[name] == "handed out"]:
                body |= self._owned(name, body, alone=not references({**body, name: None}))
            body = {name: value for name, value in body.items() if value is not ABSENT}
            # a state's own clause is decided by every row that it is in
            decides = dict.fromkeys([*(self._clause(name, state) for name, state in row.items()), "request.combined"])
            self.rows.append(self.add(Region.VALID, _spoken(row), body, decides=tuple(decides), states=row))

    @cached_property
    def owners(self) -> dict[str, list[str]]:
        """The members that refer to something known, such as a customer, with those that belong to it."""
        members = (self.contract.plausible or {}).get("properties", {})
        owned = {name: child.get("x-reference", {}).get("with") for name, child in members.items()}
        return {name: others for name, others in owned.items() if others}

    def _known(self, owner: str, names: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
        """Give rows that refer to something known, with every state of the other members in one of them.

        What belongs to it is left out, or as it was sent for it.
        """
        options = {
            name: [state for state in states if name not in self.owners[owner] or state in ("absent", "typical")]
            for name, states in names.items()
            if name not in self.owners
        }
        others = dict.fromkeys(self.owners, "absent")
        return [
            {
                **others,
                **{name: row[number % len(row)] for number, (name, row) in enumerate(shifted, index)},
                owner: "handed out",
            }
            for index in range(max(map(len, options.values())))
            for shifted in [list(options.items())]
        ]

    def _owned(self, owner: str, body: Mapping[str, Any], *, alone: bool) -> dict[str, Any]:
        """Give a reference to what an earlier case made known, and what belongs to it as it was there.

        Unless it stands `alone`, it is one that took no part in anything yet: who joins a group may be refused there
        a second time.
        """
        among = [
            case
            for case in self.cases
            if case.region is Region.VALID
            and owner not in case.body
            and all(case.body.get(name) == self.body.get(name) for name in self.owners[owner])
        ]
        made = among[len(self.rows) % len(among)] if alone else among[0]
        marker = replace(body[owner], by=(made.number,))
        owned = {name: as_in(body[name], made.number) for name in self.owners[owner] if body[name] is not ABSENT}
        return {**owned, owner: marker}

    def _donors(self, name: str, reference: Mapping[str, Any]) -> list[int]:
        """Give the numbers of earlier cases whose response hands out what a reference may refer to."""
        created_by = reference.get("created_by", ABSENT)
        return [
            case.number
            for case in self.cases
            if (case.body.get(name, ABSENT) is created_by if created_by is not ABSENT else name not in case.body)
        ]

    def _shut_out(self) -> Iterator[_Shut]:
        """Yield every credential that is none, and the one without the permission, also at an address in capitals."""
        for clause in self.contract.clauses:
            if clause.id.startswith("authorization."):
                label = clause.statement.removesuffix(" is refused")
                for special, header in clause.arguments["authorization"].items():
                    yield _Shut(clause.id, f"{label}{special}", header, needs=clause.needs)
                if clause.needs:
                    header = clause.arguments["authorization"][""]
                    for name in self.contract.operation.parameters:
                        path = {name: f"{{{name}:capitals}}"}
                        yield _Shut(clause.id, f"{label}, {name} in capitals", header, path, clause.needs)

    def _addresses(self) -> Iterator[_Shut]:
        """Yield addresses of what does not exist, is none, or is another's."""
        known = {clause.id for clause in self.contract.clauses}
        for name in self.contract.operation.parameters:
            for clause, label, value, needs in self._wrong_values(name):
                if clause in known:
                    yield _Shut(clause, label, path={name: value}, needs=needs)

    def _refused(self, shut: _Shut, other: Case | None = None, body: Any = ...) -> Case:
        """Ask for the plainest order, or for that of another case, where it has to be refused whatever is asked for."""
        return self.add(
            Region.INVALID,
            f"{shut.label}{_rest(other)}",
            body if other is None else _with_one_donor(other.body),
            decides=(shut.clause,),
            authorization=shut.authorization,
            path=shut.path,
            needs=shut.needs,
        )

    def _refused_in_other_bodies(self, shut: Sequence[_Shut]) -> None:
        """Ask again, when many orders were made: for the smallest, for one that refers, or with any body at all."""
        first = {one.clause: one for one in reversed(shut)}
        plainest = [first[clause] for clause in first if clause.startswith(WHATEVER)][::-1]
        others = [*self.minimal, *self.rows[-1:]]
        if others:
            for one, other in zip(plainest, others, strict=False):
                self._refused(one, other)
        else:
            body: Any = next((body for body in self.contract.open_bodies.values() if body), {})
            for one in plainest if self.contract.operation.takes_body else ():
                self._refused(replace(one, label=f"{one.label}, with a body"), body=body)

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
            for label, suffix in (("", ""), (" in capitals", ":capitals")):
                yield f"address.foreign_{thing}", f"another tenant's {name}{label}", f"{{{foreign}{suffix}}}", foreign

    def _invalid(self, documented: Schema, plausible: Schema) -> list[Case]:
        made = list(breaks.breaks(documented, plausible, self.body))
        room = self.largest - len(self.cases) - len(self.open_states) - FOR_OPEN - FOR_THE_END
        # what refers to earlier answers is not sent where they hand out nothing, so here it is left out
        others = itertools.cycle([row for row in (*self.minimal, *self.rows) if not row.after] or [None])
        cases = []
        for broken in _thinned(made, room):  # each clause in the plainest body first, then in bodies of other states
            first = self.broken.setdefault(broken.clause, broken) is broken
            cases.append(self._broken(broken, None if first else next(others)))
        for label, text in breaks.malformed(encode(sample(self.body))):
            cases.append(self.add(Region.INVALID, label, text, decides=("request.json",)))
        return cases

    def _others_of_each(self) -> list[breaks.Break]:
        """Give one more break of each clause about a member, by another value than before where there is one."""
        spoilt: dict[str, list[breaks.Break]] = {}
        for broken in breaks.breaks(self.contract.request or {}, self.contract.plausible or {}, self.body, turn=1):
            if broken.pointer:
                spoilt.setdefault(broken.clause, []).append(broken)
        return [options[number % len(options)] for number, options in enumerate(spoilt.values())]

    def _broken(self, broken: breaks.Break, other: Case | None) -> Case:
        """Break one thing in the plainest body, or in that of another case; what is about no member stays as it is."""
        label, body = broken.label, broken.body
        if other is not None and broken.pointer:
            label += _rest(other)
            body = _moved(broken, self.contract.request or {}, other.body)
        return self.add(Region.INVALID, label, body, decides=(f"request.{broken.clause}",))

    def _references_again(self, typical_case: Case, refused: Sequence[Case]) -> None:
        """Send again what has to be unique: of an order that exists, of requests that were refused."""
        for name in self.unique:
            template = self.body[name]
            again = as_in(template, typical_case.number)
            self.add(
                Region.OPEN,
                f"{name} of an order that exists",
                {**self.body, name: again},
                observes=f"{name}.repeated",
            )
            spent = [case for case in refused if isinstance(case.body, dict) and case.body.get(name) == template]
            for case in _apart(spent, REFUSED_AGAIN):
                again = as_in(template, case.number)
                label = f"{name} of the refused case {case.number}"
                self.add(Region.OPEN, label, {**self.body, name: again}, observes=f"{name}.of_refused")

    @cached_property
    def open_states(self) -> list[tuple[str, State]]:
        """The open states of all fields."""
        return [(name, one) for name, options in self.fields.items() for one in options if one.region is Region.OPEN]

    def _open(self) -> None:
        """Add each open state once; where there is room, breaks in other bodies, then pairs of open states."""
        for name, state in self.open_states:
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
        for name, owned in self.owners.items():
            self._other_details(name, owned)
        if self.contract.operation.takes_body:
            self._open_bodies()
        for name in self.contract.operation.parameters:
            label = f"{name} in capitals"
            self.add(Region.OPEN, label, path={name: f"{{{name}:capitals}}"}, observes=f"{name}.capitals")
        room = self.largest - len(self.cases) - FOR_THE_END
        again = self._others_of_each()[: max(room, 0)] if self.rows else []
        for broken, other in zip(again, itertools.cycle(reversed(self.rows))):  # those that refer to others first
            self._broken(broken, other)
        room -= len(again)
        # what the page calls unique would come again, and be refused for that
        free = [(name, state) for name, state in self.open_states if name not in self.unique]
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

    def _other_details(self, owner: str, owned: Sequence[str]) -> None:
        """Refer to something known with other details than it has: what becomes of them is not stated."""
        known = next(state.value for state in self.fields[owner] if isinstance(state.value, HandedOut))
        body = self._with(owner, replace(known, by=(self.cases[0].number,)))
        details = {
            name: {state.name: state.value for state in self.fields[name] if state.region is Region.VALID}
            for name in owned
        }
        for kind in dict.fromkeys(kind for values in details.values() for kind in values if kind != "absent"):
            changed = {name: values[kind] for name, values in details.items() if kind in values}
            label = f"{owner}: handed out, with other details, {kind}"
            self.add(Region.OPEN, label, {**body, **changed}, observes=f"{owner}.with_other_details")

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
        body = {} if self.body is ABSENT else self.body
        for name, media_type in (
            ("text/plain", "text/plain"),
            ("absent", None),
            ("utf-8", "application/json; charset=utf-8"),
        ):
            self.add(Region.OPEN, f"media type: {name}", body, media_type=media_type, observes=f"media_type.{name}")


def _thinned(made: Sequence[breaks.Break], room: int) -> list[breaks.Break]:
    """Keep as many breaks as there is room for: the first of every clause, then the second of each, and so on."""
    clauses = [broken.clause for broken in made]
    rank = [clauses[:index].count(clause) for index, clause in enumerate(clauses)]
    kept = sorted(range(len(made)), key=lambda index: rank[index])[: max(room, rank.count(0))]
    return [made[index] for index in sorted(kept)]


def _moved(broken: breaks.Break, documented: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a valid body with what is broken in another: a member at the top, whatever in it is wrong."""
    name = next(name for name in (*body, *broken.body) if f"{broken.pointer}/".startswith(f"/{escape(name)}/"))
    ignored = documented.get("properties", {}).get(name, {}).get("x-ignored-with", ())
    moved = _with_one_donor({member: value for member, value in body.items() if member not in (name, *ignored)})
    return {**moved, **({name: broken.body[name]} if name in broken.body else {})}


def _apart(cases: Sequence[Case], most: int) -> list[Case]:
    """Give so many cases, for different reasons where there are as many: the first, the last and some between."""
    reasons = list({case.decides: case for case in cases}.values())
    step = max(1, (len(reasons) - 1) // max(1, most - 1))
    return [*reasons[::step][: most - 1], *reasons[-1:]]


def _with_one_donor(body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of a request that is refused: one donor is enough for it, and a shard has to send it along."""
    return {
        name: replace(value, by=value.by[:1]) if isinstance(value, HandedOut) else value for name, value in body.items()
    }


def _rest(other: Case | None) -> str:
    return "" if other is None else f", the rest as in case {other.number}"


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
