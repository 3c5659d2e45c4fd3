"""A sandbox that remembers what it was asked and what it answered, to be judged afterwards."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import httpx

from contracts.engine.replay import is_violated
from contracts.engine.steps import Step, cases
from contracts.faults.server import HANG
from contracts.model import ABSENT, Contract, Exchange, Failure, Response
from contracts.sandbox import WsgiApp
from contracts.verify.checking import Recorded, judged_exchange

NO_ANSWER = Response(0, (), b"")  # of what is still waited for
CUT = Response(1, (), b"")  # of an answer that broke off
UNREADABLE = Response(2, (), b"")  # of one that is in no coding that its header names
KINDS = ("timeout", "incomplete", "undecodable")  # of failures, by the status that stands for each


class Recorder:
    """A WSGI application that keeps the exchanges with the one in it."""

    def __init__(self, app: WsgiApp) -> None:
        self.exchanges: list[Recorded] = []
        self.ended = threading.Event()  # what hangs waits for it
        self._app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer as the application does."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ |= {"wsgi.input": io.BytesIO(body), HANG: self.ended.wait}
        query = environ.get("QUERY_STRING", "")
        headers = {
            name[5:].replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        recorded = Recorded(
            environ["REQUEST_METHOD"],
            f"http://sandbox{environ['PATH_INFO']}" + (f"?{query}" if query else ""),
            tuple(headers.items()),
            body,
            NO_ANSWER,
        )
        number = len(self.exchanges)
        self.exchanges.append(recorded)
        answered: list[Any] = []

        def begin(status: str, fields: list[tuple[str, str]], _: Any = None) -> Any:
            answered.extend([status, fields])
            return start_response(status, fields)

        answer = b"".join(self._app(environ, begin))
        # a server adds the moment, which createdAt is compared with
        date = ("date", formatdate(usegmt=True))
        fields = (*((name.lower(), value) for name, value in answered[1]), date)
        response = Response(int(answered[0].split()[0]), fields, answer)
        if len(answer) != int(response.header("content-length") or 0):
            response = CUT
        elif not _is_readable(response):
            response = UNREADABLE
        self.exchanges[number] = replace(recorded, answer=response)
        return [answer]

    def shows(self, contract: Contract, clause: str, steps: Sequence[Step]) -> bool:
        """Whether the steps, which were sent once or several times, break a clause."""
        exchanges = [
            self._exchange(contract, number, steps) for number in range(len(self.exchanges))
        ]
        own = [exchange for exchange in exchanges if exchange.case.operation is None]
        others = [exchange for exchange in exchanges if exchange.case.operation is not None]
        return is_violated(contract, own, others, clause)

    def _exchange(self, contract: Contract, number: int, steps: Sequence[Step]) -> Exchange:
        turn, step = divmod(number, len(steps))
        case = cases(steps, turn * len(steps))[step]
        recorded = self.exchanges[number]
        done = judged_exchange(contract.of(case.operation), recorded, case.number)
        done = replace(done, case=case)
        status = recorded.answer.status
        if status >= len(KINDS):
            return done
        return replace(done, answer=Failure(KINDS[status], ""), value=ABSENT, problems=())


def _is_readable(response: Response) -> bool:
    try:
        httpx.Response(response.status, headers=response.headers, content=response.body)
    except httpx.DecodingError:
        return False
    return True
