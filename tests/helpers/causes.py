"""Realistic sandboxes with a known number of things to mend: rules around the embedded one."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts import sandbox
from contracts.engine import embedding
from contracts.engine.run import run
from contracts.engine.settings import Settings
from contracts.engine.transports import HttpTransport
from contracts.model import Contract, Run
from contracts.sandbox import WsgiApp
from contracts.verify import targets
from tests.helpers.builders import KOHORT

Body = Mapping[str, Any]
Refuses = Callable[[Body], bool]


@dataclass(frozen=True)
class Behaviour:
    """What a sandbox does beside its page: whom it refuses or fails, how it changes an answer."""

    refuses: tuple[tuple[Refuses, str], ...] = ()
    fails: tuple[Refuses, ...] = ()
    answers: Callable[[dict[str, Any], Body], Any] = lambda answer, _: answer
    gateway: bool = False  # stands before it, and makes every 400 a 502

    def around(self, app: WsgiApp) -> WsgiApp:
        """Return an application with this behaviour around another."""

        def behaving(
            environ: dict[str, Any], start_response: Callable[..., Any]
        ) -> Iterable[bytes]:
            sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(sent)
            begun: list[Any] = []
            words = [words for test, words in self.refuses if test(_read(sent))]
            if words:  # before anything is kept
                status, answer = _error(400, words[0])
                head = [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))]
                start_response(status, head)
                return [answer]
            answer = b"".join(
                app(environ, lambda status, head, _=None: begun.extend([status, head]))
            )
            status, head = begun
            if status.startswith("201"):
                status, answer = self._answered(_read(sent), status, answer)
            elif status.startswith("400") and any(test(_read(sent)) for test in self.fails):
                status, answer = _error(500, "Internal server error")
            elif status.startswith("400") and self.gateway:
                status, answer = "502 Bad Gateway", b"<html>Bad Gateway</html>"
            head = [pair for pair in head if pair[0] != "Content-Length"]
            start_response(status, [*head, ("Content-Length", str(len(answer)))])
            return [answer]

        return behaving

    def _answered(self, body: Body, status: str, answer: bytes) -> tuple[str, bytes]:
        if any(test(body) for test in self.fails):
            return _error(500, "Internal server error")
        return status, json.dumps(self.answers(json.loads(answer), body)).encode()


def _error(status: int, words: str) -> tuple[str, bytes]:
    return f"{status} Answer", json.dumps({"statusCode": status, "message": words}).encode()


def _read(body: bytes) -> Body:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def sent(body: Body, *names: str) -> bool:
    """Whether all of some members were sent, and are not null."""
    return all(body.get(name) is not None for name in names)


def amount(body: Body) -> float:
    """Return the amount that was sent, 0 when there is none."""
    value = body.get("amount")
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


def below(limit: int) -> Refuses:
    """Return what refuses amounts below a limit."""
    return lambda body: amount(body) < limit


def without(*names: str) -> Refuses:
    """Return what refuses bodies that have none of some members."""
    return lambda body: not any(sent(body, name) for name in names)


def snake(name: str) -> str:
    """Return a name in snake_case."""
    return re.sub(r"(?<=[a-z])[A-Z]", lambda match: f"_{match[0].lower()}", name)


def renamed(change: Callable[[str], str]) -> Callable[[dict[str, Any], Body], Any]:
    """Return what gives every member of an answer another name."""
    return lambda answer, _: {change(name): value for name, value in answer.items()}


def nested(answer: dict[str, Any], _: Body) -> Any:
    """Return an answer with the members of the customer one level deeper."""
    names = [name for name in answer if re.match("customer[A-Z]", name)]
    inside = {name[8].lower() + name[9:]: answer.pop(name) for name in names}
    return {**answer, "customer": inside}


def null_unless_sent(answer: dict[str, Any], body: Body) -> Any:
    """Return an answer in which what the customer was not asked for is null."""
    names = ("customerEmail", "customerFirstName", "customerLastName", "customerPhoneNumber")
    return {**answer, **{name: None for name in names if name not in body}}


def transport(behaviour: Behaviour, app: WsgiApp | None = None) -> HttpTransport:
    """Return a transport to a sandbox that behaves so."""
    inner = app or sandbox.create_app("kohort", KOHORT.request)
    return embedding.embedded(
        behaviour.around(inner), targets.choose(["kohort"], [], {})[0].credentials
    )


def verified(behaviour: Behaviour, contract: Contract = KOHORT, seed: int = 0) -> Run:
    """Return a run against a sandbox that behaves so."""
    return run(contract, transport(behaviour), Settings(seed=seed))
