"""Conditions: which defects would show that need two or three things at once.

A run against a conforming sandbox is recorded. A defect that needs several conditions shows when
some body that was accepted fulfils all of them. Conditions are what bodies of Kohort's
`create-order` can be like: common things, which many plain requests have, and rare ones.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from contracts.definition import loading
from contracts.engine.embedding import embedded
from contracts.engine.run import run
from contracts.interop import fuzzing
from contracts.model import Run
from contracts.planning.plan import plan
from contracts.verify import targets
from tests.helpers.serving import conforming

from .measuring import Row, at_least

API = "kohort/create-order"
TWO, THREE = 0.85, 0.6  # parts of all combinations that are to be found


@dataclass(frozen=True)
class Condition:
    """Something that holds of a body, such as ``no email``; `member` is what it is about."""

    member: str
    name: str
    holds: Callable[[dict[str, Any]], bool]
    is_rare: bool = True


def _text(member: str, name: str, fits: Callable[[str], bool]) -> Condition:
    return Condition(member, name, lambda body: fits(str(body.get(member) or "")))


def _given(member: str) -> Condition:
    return Condition(member, f"{member}", lambda body: body.get(member) is not None, is_rare=False)


def _absent(member: str) -> Condition:
    return Condition(member, f"no {member}", lambda body: member not in body, is_rare=False)


def _null(member: str) -> Condition:
    return Condition(member, f"{member} null", lambda body: body.get(member, "") is None)


def _locale(value: str) -> Condition:
    return Condition("locale", value, lambda body: body.get("locale") == value, is_rare=False)


def _amount(name: str, fits: Callable[[int], bool]) -> Condition:
    def holds(body: dict[str, Any]) -> bool:
        amount = body.get("amount")
        return isinstance(amount, int) and not isinstance(amount, bool) and fits(amount)

    return Condition("amount", f"amount {name}", holds)


def _is_nested(body: dict[str, Any]) -> bool:
    """Whether an object is in the metadata of a body."""
    metadata = body.get("metadata")
    return isinstance(metadata, dict) and any(isinstance(v, dict) for v in metadata.values())


CONDITIONS: Sequence[Condition] = (
    _given("paymentGroupShareId"),
    _absent("paymentGroupShareId"),
    _locale("en_US"),
    _locale("fr_FR"),
    _absent("locale"),
    _given("customerEmail"),
    _absent("customerEmail"),
    _given("customerPhoneNumber"),
    _absent("customerLastName"),
    _absent("clientReferenceId"),
    _given("metadata"),
    _absent("customerId"),
    _null("customerEmail"),
    _null("customerPhoneNumber"),
    _null("metadata"),
    _null("locale"),
    _null("clientReferenceId"),
    _amount("of hundreds", lambda amount: amount % 10_000 == 0),
    _amount("beyond 500,000", lambda amount: amount > 500_000),
    _amount("odd", lambda amount: amount % 2 == 1),
    _text("customerEmail", "email with a plus", lambda text: "+" in text),
    _text("customerEmail", "email in capitals", lambda text: text != text.lower()),
    _text("customerEmail", "long email", lambda text: len(text) > 45),
    _text("customerLastName", "last name with an apostrophe", lambda text: "'" in text),
    _text("customerLastName", "last name of other letters", lambda text: not text.isascii()),
    _text("customerLastName", "long last name", lambda text: len(text) > 45),
    _text("customerFirstName", "first name of two words", lambda text: " " in text),
    _text("customerFirstName", "long first name", lambda text: len(text) > 45),
    _text("customerFirstName", "short first name", lambda text: len(text) == 1),
    _text("clientReferenceId", "reference of digits", lambda text: text.isdigit()),
    _text("clientReferenceId", "long reference", lambda text: len(text) > 40),
    Condition("metadata", "empty metadata", lambda body: body.get("metadata") == {}),
    Condition("metadata", "metadata in metadata", _is_nested),
    Condition("", "a member that is not documented", lambda body: "unknownMember" in body),
    Condition("", "amount is last", lambda body: len(body) > 1 and list(body)[-1] == "amount"),
)


@dataclass
class Recording:
    """An application that keeps the bodies of the requests that the one in it accepts."""

    app: Callable[..., Iterable[bytes]]
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer as the application does, and keep the body where that is a success."""
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(sent)

        def remember(status: str, *more: Any) -> Any:
            if status.startswith("2"):
                with suppress(ValueError, RecursionError):
                    body = json.loads(sent)
                    self.bodies += [body] if isinstance(body, dict) else []
            return start_response(status, *more)

        return self.app(environ, remember)


def rows(seed: int = 0) -> Iterator[Row]:
    """Measure one run with generated requests, over all combinations of conditions."""
    recording = Recording(conforming("kohort"))
    verified(recording, seed)
    fulfilled = [
        frozenset(number for number, each in enumerate(CONDITIONS) if each.holds(body))
        for body in recording.bodies
    ]
    for size, bar in ((2, TWO), (3, THREE)):
        total, together = 0, 0
        for rare in range(size + 1):
            groups = combined(size, rare)
            count = shown(groups, fulfilled)
            total, together = total + len(groups), together + count
            question = f"defects under {size} conditions, {rare} of them rare"
            yield Row(question, count / len(groups), detail=f"{count:,} of {len(groups):,}")
        detail = f"{together:,} of {total:,} combinations"
        yield at_least(f"defects under {size} conditions", together / total, bar, detail)


def combined(size: int, rare: int) -> list[frozenset[int]]:
    """Return all combinations of the numbers of conditions on different members, so many rare."""
    return [
        frozenset(numbers)
        for numbers in combinations(range(len(CONDITIONS)), size)
        if sum(CONDITIONS[number].is_rare for number in numbers) == rare
        and len({CONDITIONS[number].member for number in numbers}) == size
    ]


def shown(groups: Sequence[frozenset[int]], bodies: Sequence[frozenset[int]]) -> int:
    """Return how many of the combinations some body fulfils."""
    return sum(any(group <= body for body in bodies) for group in groups)


def verified(app: Callable[..., Iterable[bytes]], seed: int) -> Run:
    """Run Kohort's contract against an application in this process."""
    contract = loading.load(API)
    target = targets.built_in(contract)
    with closing(embedded(app, target.credentials)) as transport:
        settings = targets.settings(target, seed=seed, fuzz=fuzzing.COUNT, generate=fuzzing.fuzz)
        return run(contract, transport, settings, planned=plan(contract, seed))
