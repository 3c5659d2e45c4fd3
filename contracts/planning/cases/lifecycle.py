"""The life of single things: created, read, acted on, acted on again, acted on in other states."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.model import ABSENT, Case, Contract, Region
from contracts.planning.bodies.fields import field_states, plain_body, plain_members
from contracts.planning.bodies.templates import HandedOut, references
from contracts.planning.cases.reading_draft import ReadingDraft, links_to_path
from contracts.planning.draft import Draft
from contracts.schema import keywords
from contracts.schema.jsontext import is_number

THING = "thing"  # argument of the relations that look at lives
OTHER_ACTS = 3  # that are done to things before
AFTERWARDS = 2  # of them that are done to a thing to which it was done itself
OTHER_STATES = 1  # in which a thing is created: of an option that is on or off
BEYOND = 10**6  # more than any plain thing has


@dataclass(frozen=True, slots=True)
class _Life:
    """Adds the cases of things: each after the one before, since their order counts."""

    draft: Draft | ReadingDraft
    thing: Mapping[str, Any]
    clauses: tuple[str, ...]

    def begin(self, body: Any = None) -> Case:
        """Create a thing, the plainest unless it has another body, and read it if need be."""
        body = body or plain_body(self.draft.contract.of(self.thing["by"]))
        label = "create what something is done to"
        operation = self.thing["by"]
        created = self.draft.add(Region.OPEN, label, body=body, operation=operation)
        if not self._is_shown():
            self.on(created, "read it", ABSENT, self.thing["read_by"])
        return created

    def _is_shown(self) -> bool:
        """Whether the answer to what creates things shows all that the relations speak of."""
        home = keywords.path_of(self.thing["created_id"].rpartition("/")[0])
        answer = self.draft.contract.of(self.thing["by"]).response or {}
        shown = keywords.subschema(answer, home).get("properties", {})
        relations = (each.arguments for each in self.draft.contract.relations)
        members = {row["member"][1:] for row in relations if THING in row and "member" in row}
        return members.issubset(shown)

    def act(self, created: Case, label: str, body: Any, operation: str | None = None) -> None:
        """Do something to the thing and read it, the operation itself unless another is named."""
        self.on(created, label, body, operation)
        self.on(created, "read it afterwards", ABSENT, self.thing["read_by"])

    def on(self, created: Case, label: str, body: Any, operation: str | None = None) -> None:
        """Do something to the thing; what it is like afterwards is not read."""
        takes = taken_from(created, self.draft.contract.of(operation))
        decides = self.clauses if operation is None else ()
        after = (created.number, len(self.draft.cases))
        more: dict[str, Any] = {"takes": takes, "decides": decides, "operation": operation}
        self.draft.add(Region.OPEN, label, body=body, after=after, **more)


def lives(draft: Draft | ReadingDraft) -> None:
    """Add what the relations over the lives of things ask for: nothing where there are none."""
    rows = [clause for clause in draft.contract.relations if THING in clause.arguments]
    thing = rows[0].arguments[THING] if rows else {}
    if not rows or not {thing["by"], thing["read_by"]} <= draft.contract.others.keys():
        return  # nothing to do, or a plan of which only the bodies are asked for
    life = _Life(draft, thing, tuple(row.id for row in rows))
    body: Any = draft.body if isinstance(draft, Draft) else ABSENT
    others = list(itertools.islice(acts_on(draft.contract, thing["by"]), OTHER_ACTS))
    _act_twice(life, body, others)
    creator = draft.contract.of(thing["by"])
    for state in itertools.islice(in_other_states(creator), OTHER_STATES):
        if any(isinstance(value, bool) for value in state.values()):
            life.act(life.begin(state), "do it in another state", body)
    arguments = [row.arguments for row in rows if row.arguments["op"] == "within"]
    beyond = [{**body, **_beyond(draft.contract, row)} for row in arguments]
    # once more, where only what is done before allows it: else that was done to the first thing
    states = {row.arguments.get("value") for row in creator.relations}
    needs_other = any(states.isdisjoint(row.arguments.get("values", states)) for row in rows)
    again = [body] if needs_other else []
    for more in beyond:
        life.act(life.begin(), "ask for more than there is", more)
    for other in others:
        created = life.begin()
        name = other.operation.name
        life.act(created, f"do {name} before", plain_body(other), name)
        for each in (*beyond, body):
            life.act(created, f"do it after {name}", each)
        for each in again:
            life.on(created, f"do it once more after {name}", each)


def _act_twice(life: _Life, body: Any, others: Sequence[Contract]) -> None:
    """Do it to one thing and do it again, also after what may only be done once it was done."""
    created = life.begin()
    life.act(created, "do it", body)
    life.on(created, "do it again", body)
    if life.draft.contract.operation.method == "DELETE":
        return  # nothing is left to which anything could be done
    for other in others[:AFTERWARDS]:
        name = other.operation.name
        life.act(created, f"do {name} afterwards", plain_body(other), name)
        life.on(created, f"do it once more after {name}", body)


def act_on_some(draft: ReadingDraft) -> None:
    """Create a few things more and do something to each, so that a list has several states."""
    origin = draft.creator
    for other in itertools.islice(acts_on(draft.contract, origin.operation.name), OTHER_ACTS):
        name = other.operation.name
        created = draft.create(f"create for {name}", plain_body(origin), Region.OPEN)
        more = {"takes": taken_from(created, other), "body": plain_body(other), "operation": name}
        draft.add(Region.OPEN, f"do {name}", after=(created.number,), **more)


def taken_from(created: Case, contract: Contract) -> dict[str, HandedOut]:
    """Return what the address of an operation takes from a case that created something."""
    links = [link for link in links_to_path(contract) if link.source == created.operation]
    return {link.name: HandedOut(link.pointer, (created.number,)) for link in links}


def acts_on(contract: Contract, creator_name: str) -> Iterator[Contract]:
    """Yield the other operations that do something to what one creates, below its address."""
    for other in contract.others.values():
        operation = other.operation
        is_act = operation.method == "POST" and not operation.path.endswith("}")
        if is_act and any(link.source == creator_name for link in links_to_path(other)):
            yield other


def _beyond(contract: Contract, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the member that asks for more than there is: the most of the page, or the least."""
    name = row["sent"][1:]
    times = row["times"]
    end = contract.documented_members.get(name, {}).get("minimum" if times < 0 else "maximum")
    return {name: end if is_number(end) else times * BEYOND}


def in_other_states(creator: Contract) -> Iterator[dict[str, object]]:
    """Yield bodies that differ from the plainest in one option: what is created may depend on it.

    Example: ``capture: false`` makes a payment that is still to be captured.
    """
    members = field_states(creator).items()
    for name, states in sorted(members, key=lambda each: not isinstance(each[1][0].value, bool)):
        options = creator.documented_members[name].get("enum", (True, False))
        for state in states:
            is_other = state.name != "typical" and state.region is Region.VALID
            if is_other and not references(state.value) and state.value in options:
                yield {**plain_members(creator), name: state.value}
