"""A respx router that says where a request may go when it went elsewhere."""

import difflib
from collections.abc import Callable, Sequence

import httpx
import respx
from respx.models import AllMockedAssertionError, PassThrough

from contracts.errors import ContractsError
from contracts.mocks import retries


class UndeclaredAddress(ContractsError, AllMockedAssertionError):  # noqa: N818 - what happened
    """A request went where nothing is declared, and was not sent; the nearest address is named.

    respx asks the other routers that are active before it raises this.
    """


NOTHING_SENT = (
    "\n  perhaps   the client's base URL is another: contract_mock(..., base_url=...); what "
    "another service answers is a route to add to the mock's .router; nothing was sent"
)

SERVED: set[str] = set()  # the base URLs of servers that are started beside mocks
Notify = Callable[[httpx.Request, str], None]


class Router(respx.MockRouter):
    """The router of one API's `addresses`; `notify` is told of each request that fits none."""

    def __init__(self, addresses: Sequence[str], notify: Notify) -> None:
        super().__init__(assert_all_called=False)
        self.addresses = addresses
        self._notify = notify

    def start(self) -> None:
        """Begin to answer."""
        super().start()
        retries.begin()

    def stop(self, *arguments: bool, **options: bool) -> None:
        """Let requests through again, unless another mock is started."""
        super().stop(*arguments, **options)
        if not any(isinstance(router, Router) for router in self._active()):
            retries.end()

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a sync client."""
        try:
            return super().handler(request)
        except AllMockedAssertionError:
            raise self._unanswered(request) from None

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an async client."""
        try:
            return await super().async_handler(request)
        except AllMockedAssertionError:
            raise self._unanswered(request) from None

    def answered_elsewhere(self, request: httpx.Request) -> bool:
        """Whether another router that is active now, a mock's or the test's own, took a request."""
        others = (router for router in self._active() if router is not self)
        return any(
            call.request is request and call.has_response
            for router in others
            for call in router.calls
        )

    def _unanswered(self, request: httpx.Request) -> Exception:
        """Return what lets a request to a started server through, and stops any other one."""
        if f"{request.url.scheme}://{request.url.netloc.decode()}" in SERVED:
            words = "a server of this process answers"
            return PassThrough(words, request=request, origin=self)  # type: ignore[arg-type]
        asked = f"{request.method} {request.url}"
        active = [router for router in self._active() if isinstance(router, Router)]
        declared = [address for router in active or [self] for address in router.addresses]
        text = undeclared(asked, declared) + NOTHING_SENT
        self._notify(request, text)
        return UndeclaredAddress(text)

    def _active(self) -> list[respx.Router]:
        return list(self.Mocker.routers) if self.Mocker is not None else []


def nearest(address: str, declared: Sequence[str]) -> str:
    """Return the declared address that is most like another one."""
    return max(declared, key=lambda text: difflib.SequenceMatcher(None, text, address).ratio())


def undeclared(address: str, declared: Sequence[str]) -> str:
    """Return what is said of a request to an address that is none of those that are declared."""
    return (
        f"{address} is no address that a contract declares\n"
        f"  nearest   {nearest(address, declared)}"
    )
