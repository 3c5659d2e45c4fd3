"""A WSGI application on a port, in a thread of its own, until the block ends."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from contracts.errors import UsageError
from contracts.mocks.site import Site

UNDERSCORED = re.compile(rb"^[\w-]*_[\w-]*(?=:)", re.MULTILINE)
PATIENCE = 5.0  # seconds that requests under way have to end


class _Parser(HTTPRequestParser):
    """Keeps header fields with an underscore in their names, as in api_key.

    waitress drops them, since WSGI does not tell them from those with a hyphen.
    """

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(UNDERSCORED.sub(lambda name: name[0].replace(b"_", b"-"), header_plus))


class _Channel(HTTPChannel):
    parser_class = _Parser


@contextmanager
def listening(site: Site, host: str, port: int) -> Iterator[int]:
    """Serve a site; yield its port. When the block ends, requests under way are still answered."""
    channels: dict[int, Any] = {}
    try:
        server: Any = create_server(site, map=channels, host=host, port=port, threads=16)
    except ValueError as error:  # a host that can't be looked up
        raise UsageError(f"--host {host}: there is no such address on this machine") from error
    except OSError as error:
        raise UsageError(
            f"port {port} can't be used: {error.strerror}; choose another with --port"
        ) from error
    server.channel_class = _Channel
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.trigger.pull_trigger(server.del_channel)  # no further connection is taken
        site.ended.set()
        deadline = time.monotonic() + PATIENCE
        while site.under_way and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.05)  # until the last bytes have left
        # by the thread that waits on the sockets: closed under its feet they would make it fail
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))
        thread.join(PATIENCE)
        server.socket.close()
        server.task_dispatcher.shutdown()
