"""A respx router that answers like a sandbox and holds the client to the contract.

Requests of httpx clients, sync and async, are caught in this process. What the client does
wrong is kept until `verify` raises it, so that it also shows when the client swallows the
answer.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self
from urllib.parse import unquote

import httpx

from contracts.definition import loading
from contracts.engine.credentials import check_base_url
from contracts.errors import ContractsError, UsageError
from contracts.interop.exchanges import exchange_of, request_of
from contracts.mocks import complaints as mocks_complaints
from contracts.mocks import troubles as mocks_troubles
from contracts.mocks import variants
from contracts.mocks.backend import Backend, address_pattern
from contracts.mocks.complaints import Notice, as_case, warn_of_answer
from contracts.mocks.guard import guard, of_stranger, unguard
from contracts.mocks.read_back import as_read
from contracts.mocks.router import Router
from contracts.model import ABSENT, Contract, Exchange, Failure, Region, Request, Response
from contracts.schema.jsontext import encode

Answerer = Callable[..., httpx.Response]
NO_ANSWER = Failure("closed", "the test asked for no answer")


# what happened, and what a test says
class ContractBroken(ContractsError, AssertionError):  # noqa: N818
    """A client broke the contract: the text is every complaint with its request."""


class ContractMock:
    """One API, answered in this process while the mock is started (or entered with ``with``).

    `api` is a contract's name, with ``@REVISION`` if need be; `base_url` defaults to the
    vendor's; `token` is what clients have to send, None takes any; `allow` names what clients
    may do though nothing promises that it works: ``"open"`` for all of it, a clause's id or a
    place such as ``"/metadata"`` for a part, ``"nothing"`` that no request comes. Routes for
    other services may be added to `router`.
    """

    def __init__(
        self,
        api: str,
        base_url: str | None = None,
        *,
        token: str | None = None,
        allow: Iterable[str] = (),
    ) -> None:
        contract = self.contract = loading.load(api)
        host, *_ = (*contract.operation.production_hosts, f"{contract.api}.invalid")
        self.base_url = (base_url or f"https://{host}{contract.operation.base_path}").rstrip("/")
        check_base_url(self.base_url)
        self.operations = self.contract.family
        declared: list[tuple[str, str, Answerer]] = [
            (each.operation.method, each.operation.path, partial(self._answer, each))
            for each in self.operations
        ]
        declared += [(row.method, row.path, self._take_back) for row in self.contract.take_backs]
        self.addresses = [f"{method} {self.base_url}{path}" for method, path, _ in declared]
        self.routes = [
            (method, address_pattern(self.base_url, path), answer)
            for method, path, answer in declared
        ]
        self.router = Router(self.addresses, self._note_undeclared)
        for method, pattern, answer in self.routes:
            self.router.route(method=method, url__regex=pattern).mock(side_effect=answer)
        self._token, self._allowed = token, set(allow)
        self._variant: variants.Variant | None = None
        self._fixed: Response | None = None
        self._backend = Backend(self.contract, token)
        self._exchanges: list[Exchange] = []
        self._notices: list[Notice] = []
        self._references: dict[str, int] = {}
        self._troubles: list[mocks_troubles.Trouble] = []
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        where = f"{self.contract.api} at {self.base_url}"
        return f"<mock of {where}: {len(self.exchanges)} requests>"

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What was sent and answered so far, in order."""
        return tuple(self._exchanges)

    def fails(
        self,
        what: int | str | None = None,
        *,
        retry_after: float | None = None,
        fault: str | None = None,
        times: int | None = None,
    ) -> Self:
        """Misbehave from the next request on: once, or as many `times`; a fault until the end.

        `what` is a status or one of the words in `troubles.KINDS` (``"timeout"``, ``"reset"``,
        ``"malformed"``, ``"lost"``, …); `fault` is the id of a seeded fault (in
        ``apis/<api>/faults.toml``, or a response clause's id); one that is about what the
        sandbox remembers or checks begins with a sandbox that remembers nothing. UsageError
        for what is unknown.
        """
        if (what is None) == (fault is None) or (times is not None and times < 1):
            takes = "a status, a kind of trouble, or fault=ID; and times, which is 1 or more"
            raise UsageError(f"fails() takes {takes}")
        if fault is not None:
            self._backend.seed(fault, times)
            return self
        act = (
            mocks_troubles.of_status(what, retry_after, self._backend.refusal())
            if isinstance(what, int)
            else mocks_troubles.of_kind(str(what))
        )
        self._troubles.append(mocks_troubles.Trouble(act, times or 1))
        return self

    def answers(self, body: Any, status: int | None = None) -> Self:
        """Answer with a body of the test's own from now on; requests are still checked."""
        code = status or self.contract.operation.success or 200
        if code // 100 == 2:
            warn_of_answer(self.contract, body)
        self._fixed = Response(code, (("Content-Type", "application/json"),), encode(body))
        return self

    def allow(self, *what: str) -> Self:
        """Do not complain of a clause by its id, of a place, or of all that is ``"open"``."""
        self._allowed.update(what)
        return self

    def vary(self, variant: variants.Variant) -> Self:
        """Make a variant's edits on every success from now on, where they keep the contract.

        Operations that read what was created show it with the same edits.
        """
        self._variant = variant
        return self

    def start(self) -> Self:
        """Begin to catch requests."""
        self.router.start()
        guard(httpx.URL(self.base_url).host, self._meet_stranger)
        return self

    def stop(self) -> None:
        """Let requests go where they go; what was complained of is still there for `verify`."""
        unguard(httpx.URL(self.base_url).host, self._meet_stranger)
        self.router.stop(clear=False, reset=False)

    def verify(self) -> None:
        """Raise ContractBroken for all that the client did wrong since the last call."""
        text = self.new_complaints()
        if text:
            raise ContractBroken(text)

    def idle(self) -> str:
        """Return what is said of a mock that nothing was sent through, an empty text otherwise.

        A test that proves that nothing is sent allows "nothing".
        """
        if self._exchanges or self._notices or self.router.calls:
            return ""
        if "nothing" in self._allowed:
            return ""
        where = f"{self.contract.api} at {self.base_url}"
        return (
            f"the test asked for {where} and sent nothing through it\n"
            "  perhaps   its client has another base URL, or is replaced in the test\n"
            '  but       if nothing is to be sent: @pytest.mark.contract_allows("nothing")'
        )

    def new_complaints(self) -> str:
        """Return all new complaints as text, an empty one when there is nothing to complain of."""
        parts = []
        for notice in self._notices:
            if notice.is_said:
                continue
            notice.is_said = True
            if not notice.undeclared and notice.request is not None:
                where = f"{notice.number}: {notice.request.method} {notice.request.url}"
                parts += [complaint.text(where) for complaint in notice.complaints]
            elif notice.request is None or not self.router.answered_elsewhere(notice.request):
                parts.append(notice.undeclared)
        return "\n".join(parts)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        text = self.new_complaints()
        self.stop()
        if text and error is None:
            raise ContractBroken(text)
        if text and error is not None:
            error.add_note(text)

    def _meet_stranger(self) -> str:
        """Note that another library than httpx wants to connect; return what is said of it."""
        text = of_stranger(httpx.URL(self.base_url).host, self.contract.api)
        self._note_undeclared(None, text)
        return text

    def _note_undeclared(self, request: httpx.Request | None, text: str) -> None:
        with self._lock:
            self._notices.append(Notice(request, 0, undeclared=text))

    def _answer(
        self, contract: Contract, request: httpx.Request, **parameters: str
    ) -> httpx.Response:
        """Be the route: check, misbehave or ask the sandbox, vary, remember."""
        with self._lock:
            started, number = time.monotonic(), len(self._exchanges) + 1
            sent = self._read(request, parameters)
            wrong = mocks_complaints.complaints(contract, sent, self._token)
            wrong = wrong or mocks_complaints.repeated(contract, sent, self._references)
            own = contract is self.contract
            operation = None if own else contract.operation.name
            try:
                ask = partial(self._backend.ask, sent, self._backend.next())
                answer = self._act(request, ask)
            except httpx.TransportError:
                took = time.monotonic() - started
                done = exchange_of(as_case(number, wrong, operation), sent, NO_ANSWER, took)
                self._remember(request, number, wrong, done)
                raise
            if answer.status == 404 and not wrong:
                wrong = mocks_complaints.address(contract, sent)
            took = time.monotonic() - started
            done = exchange_of(as_case(number, wrong, operation), sent, answer, took)
            if self._variant is not None and done.accepted and done.value is not ABSENT:
                variant = self._variant if own else as_read(self._variant, self.contract, contract)
                before = [
                    exchange for exchange in self.exchanges if exchange.case.operation == operation
                ]
                done = variants.varied(contract, variant, before, done)
                status = done.status or answer.status
                answer = Response(status, answer.headers, encode(done.value))
            self._remember(request, number, wrong, done)
        return _response(answer)

    def _take_back(self, request: httpx.Request, **_: str) -> httpx.Response:
        """Be the route of what takes back what was created, which no clause is about."""
        with self._lock:
            ask = partial(self._backend.ask, self._read(request, {}), self._backend.next())
            return _response(self._act(request, ask))

    def _read(self, request: httpx.Request, parameters: dict[str, str]) -> Request:
        """Read a request; the token does not get into what is remembered."""
        headers = ((name.lower(), value) for name, value in request.headers.items())
        path = request.url.path.removeprefix(httpx.URL(self.base_url).path.rstrip("/"))
        unquoted = {name: unquote(text) for name, text in parameters.items()}
        return request_of(request.method, path, headers, request.content, unquoted)

    def _act(self, request: httpx.Request, send: mocks_troubles.Send) -> Response:
        """Return the answer of the trouble whose turn it is, the test's own, or the sandbox's."""
        for trouble in self._troubles:
            if trouble.left > 0:
                trouble.left -= 1
                return trouble.act(request, send)
        return self._fixed or send()

    def _remember(
        self,
        request: httpx.Request,
        number: int,
        wrong: Sequence[mocks_complaints.Complaint],
        done: Exchange,
    ) -> None:
        """Keep an exchange, the complaints about it, and references that may not come again."""
        complaints = tuple(complaint for complaint in wrong if not self._allows(complaint))
        self._exchanges.append(done)
        if complaints:
            self._notices.append(Notice(request, number, complaints))
        if done.accepted and done.case.operation is None:
            for _, text in mocks_complaints.references(self.contract, done.request):
                self._references.setdefault(text, number)

    def _allows(self, complaint: mocks_complaints.Complaint) -> bool:
        tokens = complaint.place.split("/")  # of /a/b, what is said of /a holds as well
        places = ("/".join(tokens[:end]) for end in range(2, len(tokens) + 1))
        return (
            complaint.clause.id in self._allowed
            or not self._allowed.isdisjoint(places)
            or (complaint.region is Region.OPEN and "open" in self._allowed)
        )


def _response(answer: Response) -> httpx.Response:
    headers = [field for field in answer.headers if field[0].lower() != "content-length"]
    return httpx.Response(answer.status, headers=headers, content=answer.body)
