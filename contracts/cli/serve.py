"""``contracts serve``."""

from __future__ import annotations

import re
import sys

import click
from waitress.server import create_server

from contracts import sandbox
from contracts.definition import loading
from contracts.errors import UsageError
from contracts.faults import catalogue
from contracts.faults import server as faults_server
from contracts.mocks.strict import Strict
from contracts.model import PORT, Contract
from contracts.sandbox import WsgiApp


@click.command("serve")
@click.argument("api")
@click.option(
    "--fault", metavar="ID", help="Serve it with a seeded fault, or as a conforming variant."
)
@click.option(
    "--vary", is_flag=True, help="Go through other answers that conform, one after the other."
)
@click.option("--latency", default="0", metavar="TIME", help="Wait before each answer: 0.2, 200ms.")
@click.option(
    "--strict", is_flag=True, help="Refuse also what the page neither forbids nor promises."
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
def command(
    api: str, port: int, fault: str | None, *, vary: bool, latency: str, strict: bool
) -> None:
    """Serve the embedded sandbox of an API over HTTP, on the loopback interface.

    Prints the credentials as export lines, ready to paste, before it begins. A refusal says which
    clause of the contract the request breaks, in a member "contract" of its body.
    """
    contract = loading.load(api)
    faults_server.need_sandbox(contract)
    app = Strict(
        _app(contract, fault), contract, strict=strict, vary=vary, latency=_seconds(latency)
    )
    try:
        server = create_server(app, host="127.0.0.1", port=port, threads=8)
    except OSError as error:
        raise UsageError(
            f"port {port} can't be used: {error.strerror}; choose another with --port"
        ) from error
    operation = contract.operation
    given = sandbox.environment(contract.api)
    known = () if operation.known else sandbox.KNOWN.values()
    for variable, value in given.items():
        if value not in known:
            click.echo(f"export {variable}={value}")
    port = server.effective_port  # type: ignore[union-attr]  # where 0 was asked for, any free one
    click.echo(f"# contracts verify {contract.api} --target {contract.api}=http://127.0.0.1:{port}")
    sys.stdout.flush()
    try:
        server.run()
    finally:
        server.close()


def _seconds(text: str) -> float:
    """Read a time: seconds, or with the unit s or ms."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s)?", text)
    if found is None:
        raise UsageError(f"--latency {text}: expected seconds such as 0.2, or 200ms")
    return float(found[1]) / (1000 if found[2] == "ms" else 1)


def _app(contract: Contract, fault: str | None) -> WsgiApp:
    if fault is None:
        return sandbox.create_app(contract.api, contract.refuses_by)
    found = catalogue.find(contract, fault)
    if found.fails:
        raise UsageError(
            f"the fault {fault} ends connections as only the embedded transport can show"
        )
    return faults_server.create_app(contract, found)
