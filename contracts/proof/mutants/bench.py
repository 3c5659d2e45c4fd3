"""What is mutated, and among which exchanges a mutant is judged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from contracts import clause_ids
from contracts.engine.run import run
from contracts.engine.sender import Sender
from contracts.judge.history import Answer, History
from contracts.judge.operators import is_of_history, relation_looks
from contracts.judge.outcomes import checks
from contracts.model import ABSENT, Basis, Case, Contract, Exchange, Link, Region, Skipped
from contracts.planning.bodies.templates import HandedOut
from contracts.planning.cases.reading_draft import links_to_path
from contracts.proof.mutants.applying import Mutant
from contracts.proof.mutants.operators import MESSAGES
from contracts.schema import checks as schema_checks
from contracts.schema.jsontext import at
from contracts.schema.keywords import with_any_item
from contracts.verify import targets

STOPPED = "the run stops"  # the killer of a mutant that claims to be live


@dataclass(frozen=True, slots=True)
class Result:
    """What the judge made of a mutant."""

    mutant: Mutant
    breaks_schema: bool
    killers: tuple[str, ...]
    convention_only: bool = False

    @property
    def of_message(self) -> bool:
        """Whether status, headers or text were changed, and no value in particular."""
        return self.mutant.operator in MESSAGES

    @property
    def pattern(self) -> str:
        """The place with ``*`` for array indexes."""
        return with_any_item(self.mutant.place)


@dataclass(frozen=True, slots=True)
class Read:
    """What another operation of the API, by its contract, showed of what an exchange created."""

    reader: Contract
    exchange: Exchange


def record(api: str) -> tuple[list[Exchange], list[Read]]:
    """Run the plan of an API against its clean embedded sandbox, and read what is to be mutated.

    Return the exchanges in the order of their cases, and what was read.
    """
    target = targets.choose([api], [], {})[0]
    transport = targets.embedded(api)
    settings = targets.settings(target)
    outcomes: list[Exchange | Skipped] = []
    run(target.contract, transport, settings, notify=outcomes.append)
    exchanges = [done for done in outcomes if isinstance(done, Exchange)]
    history = sorted(exchanges, key=lambda exchange: exchange.number)
    originals = chosen(target.contract, history)
    readers = [contract for contract in target.contract.family if contract.reads]
    return history, [
        read
        for reader in readers
        for read in _reads(Sender(reader, transport, settings, "reads"), originals)
    ]


def _reads(sender: Sender, originals: Sequence[Exchange]) -> Iterator[Read]:
    """Read by an operation what each of the originals created, as far as it hands out by what."""
    sender.reserve(max(original.number for original in originals))
    for original in originals:
        sender.exchanges[original.number] = [original]
        takes = {
            link.name: HandedOut(link.pointer, (original.number,))
            for link in links_to_path(sender.contract)
        }
        case = Case(0, Region.VALID, "read", takes=takes, after=(original.number,))
        done = sender.send_further(case)
        if takes and isinstance(done, Exchange) and done.accepted:
            yield Read(sender.contract, done)


def chosen(contract: Contract, history: Sequence[Exchange]) -> list[Exchange]:
    """Choose the accepted valid exchanges to mutate, all of them sent alone.

    A plain one; one that refers to an earlier answer; for each documented default one that
    leaves it out and is typical in the most other members; one of the required members only.
    Where no body is documented, two plain ones in a row.
    """
    alone = [each for each in history if each.accepted and not each.case.together]
    valid = [exchange for exchange in alone if exchange.must_accept]
    plain = [exchange for exchange in valid if clause_ids.TYPICAL in exchange.case.decides][1:]
    if contract.request is None:
        return plain[:2]
    exchanges = [*plain[:1], *[exchange for exchange in valid if exchange.case.after][:1]]
    for name, member in contract.request["properties"].items():
        lacking = [each for each in valid if at(each.request.value, f"/{name}") is ABSENT]
        if "default" in member and lacking:
            exchanges.append(
                max(lacking, key=lambda exchange: [*exchange.case.states.values()].count("typical"))
            )
    exchanges += [each for each in valid if clause_ids.MINIMAL in each.case.decides][:1]
    return list({exchange.number: exchange for exchange in exchanges}.values())


@dataclass(frozen=True)
class Bench:
    """An accepted exchange, all of its run in order, and what others read of what it created."""

    contract: Contract
    original: Exchange
    history: tuple[Exchange, ...]
    reads: tuple[Read, ...] = ()

    @cached_property
    def basis(self) -> Mapping[str, Basis]:
        """The basis of each clause; those of operations that read have these before their ids."""
        own = {clause.id: clause.basis for clause in self.contract.clauses}
        readers = {read.reader.operation.name: read.reader for read in self.reads}
        return own | {
            f"{name}/{clause.id}": clause.basis
            for name, reader in readers.items()
            for clause in reader.clauses
        }

    @cached_property
    def previous(self) -> Exchange | None:
        """The accepted exchange before the original."""
        earlier = [number for number in self._answers if number < self.original.number]
        return self._answers[earlier[-1]].exchange if earlier else None

    @cached_property
    def _answers(self) -> Mapping[int, Answer]:
        judged = [
            exchange
            for exchange in self.history
            # as the judge has it
            if exchange.is_success and not exchange.request.is_unreadable
        ]
        return {exchange.number: Answer(exchange) for exchange in judged}

    def judge(self, mutant: Mutant) -> Result:
        """Judge one mutant; its relations only where it breaks no failing clause by itself."""
        exchange = mutant.exchange
        looks = list(checks(self.contract, [exchange], {}))
        broken = {check.clause for check in looks if not check.ok}
        if exchange.accepted and not self._fails(broken):
            wrong = [look for look in looks if not look.ok]
            of_schema = (w for w in wrong if clause_ids.is_about(w.clause, clause_ids.RESPONSE))
            unsound = frozenset(look.place for look in of_schema)
            broken |= set(self.related(Answer(exchange, unsound)))
            broken |= set(self.read_back(exchange))
        live = self.contract.operation.live_mode
        if live and exchange.accepted and at(exchange.value, live) is True:
            broken.add(STOPPED)
        killers = tuple(sorted(broken & (self.basis.keys() | {STOPPED})))
        only = bool(killers) and not self._fails(killers)
        return Result(mutant, self._breaks(exchange), killers, only)

    def related(self, answer: Answer) -> Iterator[str]:
        """Yield the relations that are violated when an answer takes the original's place."""
        mutated = answer.exchange
        alone = History([answer], [mutated])
        number = mutated.number
        exchanges = [mutated if each.number == number else each for each in self.history]
        whole = History(list({**self._answers, number: answer}.values()), exchanges)
        for clause in self.contract.relations:
            looks = relation_looks(whole if is_of_history(clause) else alone, clause)
            if any(not look.ok for look in looks):
                yield clause.id

    def read_back(self, mutated: Exchange) -> Iterator[str]:
        """Yield the clauses of operations that read which are violated after such an answer.

        What it says it created is asked for by the id that it hands out: nothing has another
        one.
        """
        operation = self.contract.operation.name
        created = replace(mutated, case=replace(mutated.case, operation=operation))
        for read in self.reads:
            if self.original.number not in read.exchange.case.after:
                continue
            name = read.reader.operation.name
            for link in links_to_path(read.reader):
                value = at(mutated.value, link.pointer)
                if isinstance(value, str) and value and not self._hands_out(link, value):
                    yield f"{name}/request.combined"
            history = History([Answer(read.exchange)], [read.exchange], [created])
            for clause in read.reader.relations:
                if any(not look.ok for look in relation_looks(history, clause)):
                    yield f"{name}/{clause.id}"

    def _hands_out(self, link: Link, value: str) -> bool:
        """Whether some answer of the run handed out a value by which something can be read."""
        return any(
            at(exchange.value, link.pointer) == value
            for exchange in self.history
            if exchange.accepted
        )

    def _breaks(self, exchange: Exchange) -> bool:
        """Whether an answer is no JSON text or breaks the page's schema, conventions left out."""
        if exchange.value is ABSENT or exchange.problems:
            return True
        broken = (
            clause_ids.response(look.keyword.clause)
            for look in schema_checks.broken(self.contract.response, exchange.value)
        )
        return self._fails(set(broken))

    def _fails(self, clauses: Sequence[str] | set[str]) -> bool:
        return any(
            c == STOPPED or self.basis.get(c, Basis.CONVENTION) is not Basis.CONVENTION
            for c in clauses
        )
