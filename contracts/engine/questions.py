"""Questions that a sandbox is asked about its rules, and refusals that a run brings about itself.

No page says how many orders may refer to the same thing, and a plan refers to the same few
again and again, until it takes no more, as a full group does. So a refusal is not held against the
sandbox when the thing was taken before, is refused once more, and another of its kind is taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.engine.sender import KEPT, Sender
from contracts.engine.trials import alike
from contracts.judge.business_rules import Body
from contracts.model import ABSENT, Case, Exchange, Observation, Region
from contracts.planning.bodies.templates import HandedOut, sample
from contracts.schema import checks
from contracts.schema.jsontext import at, escape

QUESTION = "a question about a refusal"  # the label of a case that asks why one was refused


def refusals(history: Sequence[Exchange]) -> list[Exchange]:
    """Return the exchanges in which a valid request was not accepted, but for failures."""
    return [
        exchange
        for exchange in history
        if exchange.must_accept
        and exchange.status is not None
        and exchange.status >= 300
        and not exchange.failed
    ]


class UsedUp:
    """What was found to be used up in one run, asking once for each thing that is refused."""

    def __init__(self, sender: Sender) -> None:
        self.observations: dict[int, Observation] = {}  # by the number of a refused exchange
        self._sender = sender
        # by the member that refers to a thing and the value that was sent for it
        self._asked: dict[tuple[str, str], Observation | None] = {}

    def look(self, refused: Sequence[Exchange]) -> None:
        """Ask for what refused exchanges refer to, as far as that is not known yet."""
        for exchange in refused:
            for name, marker in _references(exchange.case):
                thing = name, exchange.request.value[name]
                if thing not in self._asked:
                    self._asked[thing] = _ask(self._sender, exchange, name, marker)
                observation = self._asked[thing]
                if observation is not None:
                    self.observations[exchange.number] = observation


def _ask(sender: Sender, refused: Exchange, name: str, marker: HandedOut) -> Observation | None:
    """Ask for the same thing again, then for another; None unless only the other is taken."""
    value = refused.request.value[name]
    accepted = [exchange for exchange in sender.history if exchange.accepted]
    uses = [e for e in accepted if at(e.request.value, f"/{escape(name)}") == value]
    other = _unused_donor(accepted, name, marker)
    if not uses or other is None or sender.left <= KEPT:
        return None
    another = replace(marker, by=(other,))
    if _is_accepted(sender, refused.case, name, value) is not False:
        return None
    if not _is_accepted(sender, refused.case, name, another, other):
        return None
    times = f"{len(uses)} times" if len(uses) > 1 else "once"
    return Observation(f"{name}.often", f"one is taken {times}, then refused")


def _is_accepted(sender: Sender, case: Case, name: str, value: object, *donors: int) -> bool | None:
    """Return whether a case is accepted with another value of a member; None if not answered."""
    question = replace(
        case,
        label=QUESTION,
        body={**case.body, name: value},
        decides=(),
        after=(*case.after, *donors),
    )
    done = sender.send_further(question)
    return done.accepted if isinstance(done, Exchange) and done.status is not None else None


def _unused_donor(accepted: Sequence[Exchange], name: str, marker: HandedOut) -> int | None:
    """Return a case that handed out such a thing to which nothing refers yet, the latest one."""
    made_by = {exchange.number: exchange.case.body for exchange in accepted}
    donors = {
        number
        for exchange in accepted
        for member, other in _references(exchange.case)
        if member == name
        for number in other.by
    }
    kinds = [body.get(name, ABSENT) for body in map(made_by.get, marker.by) if body]
    unused = [
        exchange.number
        for exchange in accepted
        if exchange.must_accept
        and isinstance(exchange.case.body, dict)
        and exchange.case.body.get(name, ABSENT) in kinds
        and exchange.number not in donors
    ]
    return max(unused, default=None)


def _references(case: Case) -> Iterator[tuple[str, HandedOut]]:
    """Yield the members of a body that refer to earlier answers, with what they refer to."""
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            if isinstance(value, HandedOut) and value.by:
                yield name, value


CHANCES = 3  # refusals that are none the next time, after which their like is not asked again


class Questions:
    """Asks each body once, and remembers the answers.

    `taken` are the bodies that are known to be accepted, `by_chance` what was refused and is
    accepted the next time, `as_written` what is refused for its white space, by number.
    """

    def __init__(self, sender: Sender) -> None:
        self.taken: list[Body] = []
        self.by_chance: dict[int, Exchange] = {}
        self.as_written: dict[int, Exchange] = {}
        self._sender = sender
        self._answers: dict[str, bool | None] = {}

    def ask(self, body: Body) -> bool | None:
        """Return whether a body is accepted; None when it need not be, or there is no answer."""
        text = _text(body)
        if text not in self._answers:
            plausible = self._sender.contract.plausible
            if plausible is None or self._sender.left <= KEPT:
                return None
            if not checks.fits(plausible, sample(body)):
                return None
            case = Case(0, Region.VALID, QUESTION, dict(body))
            done = self._sender.send_further(case)
            self._answers[text] = None
            if isinstance(done, Exchange) and done.status is not None and not done.failed:
                self._answers[text] = done.accepted
            if self._answers[text]:
                self.taken.append(body)
        return self._answers[text]

    def confirm(self, exchange: Exchange) -> bool:
        """Send a refused body again; return whether it is refused again.

        One that is accepted now was refused by chance, and is noted as such: what is refused now
        and then seems to follow a rule when it is asked only once.
        """
        self._answers.pop(_text(exchange.case.body), None)
        accepted = self.ask(exchange.case.body)
        written = replace(exchange.case, label=QUESTION, decides=())
        again = self._sender.send_further(written) if accepted and written.spread else None
        if isinstance(again, Exchange) and again.refused:
            self.as_written[exchange.number] = exchange
        elif accepted:
            self.by_chance[exchange.number] = exchange
        return accepted is False

    def is_like_chance(self, exchange: Exchange) -> bool:
        """Whether several refusals in the same words turned out to be chance."""
        chances = [refusal for refusal in self.by_chance.values() if alike(refusal, exchange)]
        return len(chances) >= CHANCES


def _text(body: Body) -> str:
    return repr(sorted(body.items(), key=lambda item: item[0]))
