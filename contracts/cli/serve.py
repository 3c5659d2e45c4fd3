"""``contracts serve``."""

import ipaddress
import re
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import partial

import click

from contracts import sandbox
from contracts.cli import completion
from contracts.definition import loading
from contracts.errors import UsageError
from contracts.faults import catalogue, embedded
from contracts.faults import server as faults_server
from contracts.mocks.site import ANY, Served, Site, listening
from contracts.mocks.strict import Strict
from contracts.model import PORT, Contract

Faults = list[tuple[Contract, catalogue.Fault]]


@click.command("serve")
@click.argument("apis", nargs=-1, required=True, metavar="API...", shell_complete=completion.apis)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="[API:]ID",
    shell_complete=completion.faults,
    help="Serve it with a seeded fault, or as a conforming variant; several times for several. "
    "hang and cut-off are known to every API.",
)
@click.option(
    "--vary", is_flag=True, help="Go through other answers that conform, one after the other."
)
@click.option("--latency", default="0", metavar="TIME", help="Wait before each answer: 0.2, 200ms.")
@click.option(
    "--strict", is_flag=True, help="Refuse also what the page neither forbids nor promises."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="The port to listen at; 0 takes a free one.",
)
@click.option(
    "--cors",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Let pages of this origin call it, * for any; any may while it listens on loopback.",
)
def command(
    apis: tuple[str, ...],
    port: int,
    host: str,
    faults: tuple[str, ...],
    origins: tuple[str, ...],
    *,
    vary: bool,
    latency: str,
    strict: bool,
) -> None:
    """Serve the embedded sandboxes of APIs over HTTP: shipped ones, or contracts of your own.

    One API has its documented paths; of several each is below its name: /kohort/orders. / says
    what is served, /openapi.json describes it, /docs is Swagger UI. Prints the credentials as
    export lines, ready to paste, before it begins, and a line for each request to stderr. A
    refusal says which clause of the contract the request breaks, in a member "contract" of its
    body.
    """
    contracts = [loading.load(api) for api in apis]
    seeded = _seeded(contracts, faults)
    served = []
    for contract in contracts:
        app = faults_server.seeded(contract, seeded[contract.api])
        checked = Strict(app, contract, strict=strict, vary=vary, latency=_seconds(latency))
        served.append(Served(contract, checked, f"/{contract.api}" if len(contracts) > 1 else ""))
    if len(seeded) < len(contracts):
        raise UsageError(f"one API is named twice: {', '.join(apis)}")
    site = Site(
        served, origins or (ANY if _is_loopback(host) else ()), partial(click.echo, err=True)
    )
    ended = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: ended.set())
    with listening(site, host, port) as number:
        for name, api in zip(apis, served, strict=True):
            _announce(name, api, f"http://{_spoken(host)}:{number}{api.prefix}")
        sys.stdout.flush()
        ended.wait()


def _announce(name: str, api: Served, url: str) -> None:
    """Print the variables for a sandbox, and the command that verifies it."""
    known = () if api.contract.operation.known else sandbox.KNOWN.values()
    for variable, value in embedded.environment(api.contract).items():
        if value not in known:
            click.echo(f"export {variable}={value}")
    click.echo(f"# contracts verify {name} --target {name}={url}")


def _seeded(contracts: Sequence[Contract], names: Sequence[str]) -> Mapping[str, Faults]:
    """Return the faults that were asked for, by API; UsageError for one that none has."""
    seeded: dict[str, Faults] = {contract.api: [] for contract in contracts}
    for text in names:
        api, _, name = text.rpartition(":")
        chosen = [contract for contract in contracts if api in ("", contract.api)]
        if not chosen:
            raise UsageError(f"--fault {text}: {api} is not served")
        operations = [each for contract in chosen for each in contract.family]
        if not _has(catalogue.CONNECTION, name):
            having = (contract for contract in operations if _has(catalogue.load(contract), name))
            operations = [next(having, chosen[0])]
        for contract in operations:
            seeded[contract.api].append((contract, catalogue.find(contract, name)))
    return seeded


def _has(faults: Sequence[catalogue.Fault], name: str) -> bool:
    return any(fault.id == name for fault in faults)


def _seconds(text: str) -> float:
    """Read a time: seconds, or with the unit s or ms."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s)?", text)
    if match is None:
        raise UsageError(f"--latency {text}: expected seconds such as 0.2, or 200ms")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _spoken(host: str) -> str:
    """Return a host as a URL has it: where all addresses are listened at, the loopback one."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - what somebody asked for
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
