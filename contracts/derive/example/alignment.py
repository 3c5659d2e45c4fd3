"""Which description, marker and constraint belongs to which member: the best way through the page.

Members without a description print no line, so lines cannot simply be counted off: dynamic
programming finds the assignment, in the order of the page, with the most evidence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from contracts.derive.example.pieces import Event, MemberPath, Step, Token, TokenKind
from contracts.derive.example.scores import NEVER, attach, goes_on, match, rank
from contracts.derive.example.scores import WEIGHTS as W
from contracts.derive.language.descriptions import opens_members

# Ways that fall so far behind the best one are given up.
_BEAM = 30.0
# What was read last at a place: nothing, its description, a constraint; or a constraint of what it
# closes.
_FRESH = 0
_TOLD = 1
_BOUND = 2
_PAST = 3

State = tuple[int, int]
Move = tuple[State, float, str]
#: The best way to each state: its score, the state before it, and what was done.
Layer = dict[State, tuple[float, State | None, str]]


@dataclass(frozen=True)
class Alignment:
    """The tokens of each member by its path, and those that belong to none."""

    texts: dict[MemberPath, list[Token]] = field(default_factory=dict)
    facts: dict[MemberPath, list[Token]] = field(default_factory=dict)
    opened: dict[MemberPath, list[Token]] = field(default_factory=dict)
    before: list[tuple[Token, bool]] = field(default_factory=list)
    extra: list[Token] = field(default_factory=list)


def align(
    events: Sequence[Event], tokens: Sequence[Token], path_words: frozenset[str]
) -> Alignment:
    """Assign tokens to members."""
    lattice = _Lattice(events, tokens, path_words)
    return lattice.read(lattice.run())


@dataclass
class _Lattice:
    """The ways through the page after each token: where we are, and what was read last there."""

    events: Sequence[Event]
    tokens: Sequence[Token]
    path_words: frozenset[str]
    layers: list[Layer] = field(default_factory=list)

    def run(self) -> State:
        layer: Layer = {(0, _FRESH): (0.0, None, "")}
        self.close(layer)
        self.layers = [layer]
        for token, follows in zip(self.tokens, [None, *self.tokens], strict=False):
            following: Layer = {}
            least = max(score for score, _, _ in layer.values()) - _BEAM
            for state, (score, _, _) in layer.items():
                if score < least:
                    continue
                for target, gain, action in self.moves(state, token, follows):
                    _keep(following, target, score + gain, state, action)
            self.close(following)
            layer = following
            self.layers.append(layer)
        last = len(self.events) - 1
        ends = [state for state in layer if state[0] == last]
        return max(ends or layer, key=lambda state: layer[state][0])

    def close(self, layer: Layer) -> None:
        """Walk on without reading: members may have no description, and markers may be missing."""
        for at in range(len(self.events) - 1):
            event = self.events[at + 1]
            cost = W.silent_marker if event.step is Step.MARK else 0.0
            for flag in (_FRESH, _TOLD, _BOUND, _PAST):
                if (at, flag) not in layer:
                    continue
                past = flag in {_BOUND, _PAST} and event.step in {Step.CLOSE, Step.MAYBE, Step.KEY}
                target = (at + 1, _PAST if past else _FRESH)
                _keep(layer, target, layer[at, flag][0] + cost, (at, flag), "skip")

    def moves(self, state: State, token: Token, follows: Token | None) -> Iterator[Move]:
        at = state[0]
        ahead = self.events[at + 1] if at + 1 < len(self.events) else None
        if token.kind is TokenKind.TEXT:
            yield from self.text(state, token, follows, ahead)
        elif token.kind is TokenKind.MARKER:
            if ahead and ahead.step is Step.MARK:
                yield (at + 1, _FRESH), 0.0, "mark"
            elif ahead and ahead.step is Step.MAYBE:
                yield (at + 1, _TOLD), 0.0, "mark"
            yield state, 0.0, "extra"
        elif token.kind is TokenKind.RESPONSE:
            if ahead and ahead.step is Step.GAP:
                yield (at + 1, _FRESH), 0.0, "heading"
            yield state, 0.0, "heading"
        else:
            yield from self.fact(state, token, follows)

    def text(
        self, state: State, token: Token, follows: Token | None, ahead: Event | None
    ) -> Iterator[Move]:
        at, flag = state
        here = self.events[at]
        if ahead and ahead.step is Step.MEMBER and ahead.slot:
            score = match(ahead.slot, token.text) + _neighbour(flag, token, follows)
            yield (at + 1, _TOLD), score, "text"
        elif ahead and ahead.step is Step.KEY and flag == _TOLD and here.step is Step.MAYBE:
            yield (at + 1, _TOLD), 0.0, "key"
        if here.step in {Step.START, Step.GAP}:
            known = opens_members(token.text, self.path_words, answer=here.step is Step.GAP)
            yield state, W.opening if known else 0.0, "known" if known else "before"
        elif flag == _TOLD and follows is not None:
            yield state, goes_on(token.text), "text"
        yield state, W.foreign_text, "extra"

    def fact(self, state: State, token: Token, follows: Token | None) -> Iterator[Move]:
        at, flag = state
        here = self.events[at]
        if token.fact is None:
            return
        if here.step in {Step.MEMBER, Step.CLOSE} and here.slot:
            score = attach(here.slot, token.fact)
            if score > NEVER:
                yield (at, _BOUND), score + _company(flag, token, follows), "fact"
        elif here.step is Step.START:
            yield (at, _BOUND), 0.0, "known"
        yield (at, _BOUND), W.foreign_fact, "extra"

    def read(self, state: State) -> Alignment:
        """Walk back along the best way and collect what was read on it."""
        out = Alignment()
        steps: list[tuple[str, int, Token]] = []
        for number in range(len(self.tokens), 0, -1):
            at: State | None = state
            action = "skip"
            while action == "skip" and at is not None:
                reached = at
                _, at, action = self.layers[number][at]
            steps.append((action, reached[0], self.tokens[number - 1]))
            state = at if at is not None else (0, _FRESH)
        for action, index, token in reversed(steps):
            slot = self.events[index].slot
            if action == "extra":
                out.extra.append(token)
            elif action in {"before", "known"}:
                out.before.append((token, action == "known"))
            elif slot and action in {"text", "fact", "mark"}:
                place = {"text": out.texts, "fact": out.facts, "mark": out.opened}[action]
                place.setdefault(slot.path, []).append(token)
        return out


def _company(flag: int, token: Token, follows: Token | None) -> float:
    """Return how well a constraint follows another: kinds come in one order, each once."""
    if follows is None or follows.fact is None or token.fact is None:
        return W.fact_behind_description if flag == _TOLD else 0.0
    twice = flag == _BOUND and rank(follows.fact) >= rank(token.fact)
    return W.same_kind_twice if twice else 0.0


def _neighbour(flag: int, token: Token, follows: Token | None) -> float:
    """Return how well a description follows a constraint: on one line, they are of neighbours."""
    if follows is None or follows.fact is None or follows.line != token.line:
        return 0.0
    weight = W.description_behind_fact
    return weight if flag in {_BOUND, _PAST} else -weight


def _keep(layer: Layer, target: State, score: float, source: State, action: str) -> None:
    known = layer.get(target)
    if known is None or score > known[0]:
        layer[target] = (score, source, action)
