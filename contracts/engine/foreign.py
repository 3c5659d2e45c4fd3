"""Answers of something else: another address, maintenance, a login, an echo."""

import socket
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

from contracts.engine.credentials import REFUSING_CREDENTIALS
from contracts.engine.sender import Notify, Sender
from contracts.errors import NotThisApi
from contracts.model import ABSENT, Case, Contract, Exchange, Failure, Response
from contracts.schema import checks

NOT_SERVED = frozenset({404, 405, 501})  # what a server answers at an address that it has not
ELSEWHERE = NOT_SERVED | {410}
LEADS_ELSEWHERE = frozenset({421, 426, 511})  # as a redirect does: another host, TLS, a login
REFUSED_BY_PROXY = 407
INTERNAL = 500
NO_HTTP = frozenset({"closed", "malformed", "timeout", "down"})  # kinds of failures
WHY_NOT_SERVED = "not served here"
WHY_BARRED = "every request is refused, though the token creates: it may need a permission to read"
HTTP = 80  # the port of an address without one
HANDSHAKE = 2.0  # seconds that one may take: a server without TLS may wait for the rest of it


def is_absent(exchanges: Sequence[Exchange]) -> bool:
    """Whether there are answers, and each is as if the operation were not there."""
    return bool(exchanges) and all(exchange.status in NOT_SERVED for exchange in exchanges)


def is_barred(exchanges: Sequence[Exchange]) -> bool:
    """Whether there are answers, and each refuses the credentials, the good ones as well."""
    return bool(exchanges) and all(
        exchange.status in REFUSING_CREDENTIALS for exchange in exchanges
    )


def refuse(sender: Sender, exchanges: Sequence[Exchange]) -> None:
    """Raise NotThisApi where none of the answers is one of this operation."""
    why = reason(sender, exchanges)
    if why is not None:
        raise NotThisApi(why)


def reason(sender: Sender, exchanges: Sequence[Exchange]) -> str | None:
    """Return why none of the answers is one of this operation, with the likely mend.

    None when some answer may be, or when there was no connection. Where another operation
    accepted something the API is there, and what is no JSON is its own answer.
    """
    answered = [exchange for exchange in exchanges if exchange.status is not None]
    first = next(iter(answered or exchanges))
    contract = sender.contract
    tried = _tried(contract.of(first.case.operation), sender.address)
    if isinstance(first.answer, Failure):
        failures = [e.answer.kind for e in exchanges if isinstance(e.answer, Failure)]
        if not NO_HTTP.issuperset(failures):
            return None
        return f"{tried} gets no whole answer in HTTP: {first.answer.detail}; check host and port"
    kinds = [_kind_by_status(exchange) for exchange in answered]
    if not sender.settings.others_accepted:
        kinds = [_kind(contract.of(each.case.operation), each) for each in answered]
    if None in kinds:
        return None
    return f"{tried} is answered {first.status} to everything: {kinds[0]}"


def refuse_encrypted(address: str) -> None:
    """Raise NotThisApi where an address is ``http`` and the port speaks TLS, as for ``https``."""
    url = urlsplit(address)
    if url.scheme != "http" or url.hostname is None:
        return
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    place = (url.hostname, url.port or HTTP)
    try:
        with socket.create_connection(place, HANDSHAKE) as connection:
            context.wrap_socket(connection, server_hostname=url.hostname).close()
    except OSError:  # of which the errors of TLS are some
        return
    raise NotThisApi(f"{address}: TLS is spoken there; give the address with https://")


def refuse_alike(sender: Sender, cases: Sequence[Case], notify: Notify) -> tuple[Case, ...]:
    """Raise NotThisApi where everything is answered alike, as by an echo or a failing proxy.

    That is, with success and with none of the page's own members, or with a web page that says
    that a server failed, whatever is sent: the plainest request, one without credentials, one
    that is no JSON. An API whose answers are merely broken still refuses some of them. Return
    the cases that are left to send.
    """
    contract = sender.contract
    first = sender.everything[0]
    own = contract.of(first.case.operation)
    is_alike = _is_failing_page if _is_failing_page(own, first) else _is_unlike
    if is_foreign(own, first) or not is_alike(own, first):
        return tuple(cases)
    probes: dict[object, Case] = {}
    for case in cases:
        if case.must_refuse and case.operation is None and not case.takes:
            kind = (case.decides[0].partition(".")[0], isinstance(case.body, bytes))
            probes.setdefault(kind, case)
    sender.send_all(list(probes.values()), notify)
    numbers = {case.number for case in probes.values()}
    answers = [exchange for exchange in sender.history if exchange.number in numbers]
    if answers and all(is_alike(contract, exchange) for exchange in answers):
        raise NotThisApi(
            f"{_tried(contract, sender.address)} is answered {first.status} whatever is sent, "
            f"{WHAT_IS_ALIKE[is_alike]}"
        )
    return tuple(case for case in cases if case.number not in numbers)


def _tried(contract: Contract, address: str) -> str:
    """Return what was asked for, as ``POST https://api.example.com/orders``."""
    return f"{contract.operation.method} {address.rstrip('/')}{contract.operation.path}"


def _is_unlike(contract: Contract, exchange: Exchange) -> bool:
    """Whether a success has next to nothing of the page but what was sent."""
    bodies = exchange.value, exchange.request.value
    value, sent = (body if isinstance(body, dict) else {} for body in bodies)
    members = contract.response.get("properties", {})
    required = contract.response.get("required")
    own = [name for name in required or members if name not in sent]
    if not exchange.accepted or not own:
        return False
    present = [name for name in own if name in value]
    fitting = [name for name in present if checks.fits(members.get(name, {}), value[name])]
    return len(fitting) < len(own) / 2 if required else not fitting


def _is_failing_page(_: Contract, exchange: Exchange) -> bool:
    """Whether an answer is a web page that says that some server failed."""
    return exchange.status == INTERNAL and _is_web_page(exchange)


# how answers are alike, and with what: the likely mend at the end
WHAT_IS_ALIKE = {
    _is_unlike: "with none of the page's members: an echo or another API; check the base URL",
    _is_failing_page: "with a web page: the base URL is wrong, or all of the server fails",
}


def is_foreign(contract: Contract, exchange: Exchange) -> bool:
    """Whether an answer does not look like one of the operation."""
    return _kind(contract, exchange) is not None


def _kind(contract: Contract, exchange: Exchange) -> str | None:
    """Return what is wrong with the address, or None when the operation may have answered."""
    answer = exchange.answer
    by_status = _kind_by_status(exchange)
    if by_status is not None or not isinstance(answer, Response):
        return by_status
    if answer.status == INTERNAL or exchange.value is not ABSENT:
        return None
    if exchange.accepted and not contract.operation.answers:
        return None
    if _is_web_page(exchange):
        return "it is a web page, so the base URL is wrong or behind a login"
    if "json" in (answer.header("content-type") or "").lower():
        return None
    return "it is no JSON, so the base URL is wrong or something stands in front of the API"


def _kind_by_status(exchange: Exchange) -> str | None:
    """Return what a status says is wrong with the address, whatever comes with it."""
    answer = exchange.answer
    if not isinstance(answer, Response):
        return None
    if answer.status == REFUSED_BY_PROXY:
        return "the proxy refuses it; name its user and password by proxy in the configuration"
    if answer.status in ELSEWHERE:
        return "the operation is not there; check the base URL and its path"
    if answer.status // 100 == 3 or answer.status in LEADS_ELSEWHERE:
        return "it leads elsewhere, so the base URL is wrong or behind a login"
    if answer.status // 100 == 5 and answer.status != INTERNAL:
        return "it is in maintenance, or down; try again later"
    return None


def _is_web_page(exchange: Exchange) -> bool:
    """Whether an answer is HTML, by its media type or its first letter."""
    answer = exchange.answer
    if not isinstance(answer, Response):
        return False
    is_html = "html" in (answer.header("content-type") or "").lower()
    return is_html or answer.body.lstrip()[:1] == b"<"
