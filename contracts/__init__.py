"""Contract tests for operations that are described on a docs page and nowhere else.

The main path in ten lines::

    import contracts

    contract = contracts.load("kohort")         # one operation as data
    plan = contracts.plan(contract, seed=0)     # every request, before the first is sent
    transport = contracts.embedded("kohort")    # or live(url, Credentials(token))
    run = contracts.run(contract, transport, contracts.Settings())
    for result in run.results:                  # one a clause
        print(result.clause.id, result.outcome)
    for finding in run.findings:                # one a violation
        print(finding.clause.statement, finding.expected, finding.got)

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from importlib import import_module

TYPE_CHECKING = False  # as `typing` has it, which takes a moment to load
if TYPE_CHECKING:
    from contracts.definition.catalogue import available
    from contracts.definition.loading import load
    from contracts.engine.credentials import Credentials
    from contracts.engine.run import run
    from contracts.engine.settings import Settings
    from contracts.engine.transports import live
    from contracts.errors import ContractError, ContractsError, RunAborted, UsageError
    from contracts.interop.strategies import requests, responses
    from contracts.judge.history import Answer, History, Look
    from contracts.mocks.mock import ContractMock
    from contracts.model import Basis, Contract, Outcome, Region
    from contracts.planning.plan import plan
    from contracts.verify.checking import check
    from contracts.verify.targets import embedded

_MODULES = {
    "definition.catalogue": ("available",),
    "definition.loading": ("load",),
    "engine.credentials": ("Credentials",),
    "engine.run": ("run",),
    "engine.settings": ("Settings",),
    "engine.transports": ("live",),
    "errors": ("ContractError", "ContractsError", "RunAborted", "UsageError"),
    "interop.strategies": ("requests", "responses"),
    "judge.history": ("Answer", "History", "Look"),
    "mocks.mock": ("ContractMock",),
    "model": ("Basis", "Contract", "Outcome", "Region"),
    "planning.plan": ("plan",),
    "verify.checking": ("check",),
    "verify.targets": ("embedded",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}
__all__ = ["Answer", "Basis", "Contract", "ContractError", "ContractMock", "ContractsError"]
__all__ += ["Credentials", "History", "Look", "Outcome", "Region", "RunAborted", "Settings"]
__all__ += ["UsageError", "available", "check", "embedded", "live", "load", "plan", "requests"]
__all__ += ["responses", "run"]


def __getattr__(name: str) -> object:
    """Load a public name from its module (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'contracts' has no attribute {name!r}")
    try:
        module = import_module(f"contracts.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        from contracts.errors import missing_extra  # noqa: PLC0415 - only now is it needed

        raise missing_extra(error) or error from error
    return getattr(module, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
