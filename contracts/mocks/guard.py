"""Keeps what other libraries than httpx send to the host of a mock from reaching the network.

A name that is guarded is not looked up while a mock of it is started, and whoever tries is told
why.
"""

import re
import socket
import threading
from collections.abc import Callable
from typing import Any

from contracts.definition import catalogue

Stranger = Callable[[], str]  # notes that another library came; returns what is said to it

ADDRESS = re.compile(r"localhost|[\d.]+|.*:.*")  # of this machine, IPv4, IPv6
_LOCK = threading.Lock()
_GUARDED: dict[str, list[Stranger]] = {}
_LOOK_UP = socket.getaddrinfo


def guard(host: str, notify: Stranger) -> None:
    """Stop look-ups of a host from now on, and tell of each; addresses are let through."""
    if ADDRESS.fullmatch(host):
        return
    with _LOCK:
        _GUARDED.setdefault(host, []).append(notify)
        socket.getaddrinfo = _look_up


def unguard(host: str, notify: Stranger) -> None:
    """Let look-ups of a host through again."""
    with _LOCK:
        if notify in _GUARDED.get(host, []):
            _GUARDED[host].remove(notify)
        if not any(_GUARDED.values()):
            socket.getaddrinfo = _LOOK_UP


def of_stranger(host: str, api: str) -> str:
    """Return what is said where another library than httpx wants to connect to a mocked host."""
    fixture = f"{api}_server" if api in catalogue.available() else f'contract_server("{api}")'
    return (
        f"{host} is mocked, and something else than httpx wants to connect to it; "
        "nothing was sent\n"
        f"  perhaps   the client uses another library: its requests go through {fixture}, "
        "which has a base URL with a port of this machine"
    )


def _look_up(host: Any, *arguments: Any, **options: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else host
    for notify in _GUARDED.get(str(name).rstrip("."), [])[-1:]:
        raise OSError(notify())
    return _LOOK_UP(host, *arguments, **options)
