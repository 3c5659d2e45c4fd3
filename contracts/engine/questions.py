"""Questions that a sandbox is asked about its rules: bodies, and whether it takes them."""

from collections.abc import Mapping
from typing import Any

from contracts.engine.sender import KEPT, Sender
from contracts.engine.trials import alike
from contracts.engine.used_up import QUESTION
from contracts.model import Case, Exchange, Region
from contracts.planning.bodies.templates import sample
from contracts.schema import checks

CHANCES = 3  # refusals that are none the next time, after which their like is not asked again

Body = Mapping[str, Any]


class Questions:
    """Asks each body once, and remembers the answers.

    `taken` are the bodies that are known to be accepted, `by_chance` what was refused and is
    accepted the next time, by number.
    """

    def __init__(self, sender: Sender) -> None:
        self.taken: list[Body] = []
        self.by_chance: dict[int, Exchange] = {}
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
        if accepted:
            self.by_chance[exchange.number] = exchange
        return accepted is False

    def is_like_chance(self, exchange: Exchange) -> bool:
        """Whether several refusals in the same words turned out to be chance."""
        chances = [refusal for refusal in self.by_chance.values() if alike(refusal, exchange)]
        return len(chances) >= CHANCES


def _text(body: Body) -> str:
    return repr(sorted(body.items(), key=lambda item: item[0]))
