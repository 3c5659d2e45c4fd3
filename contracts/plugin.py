"""The pytest plugin that is installed with the package, and loaded in every pytest run.

It has the fixtures for whoever calls the APIs; what they do is imported when a test asks for
one. The options and tests of the contract suite itself are in `contracts.suite`, which only
the project's own conftest.py loads: a plugin that claims names like ``--json`` in other
people's runs would be in their way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contracts.mocks.mock import ContractMock
    from contracts.mocks.variants import Variant

FIXTURES = "contracts.mocks.fixtures"
COVERAGE = "--contract-coverage"
MARKERS = {
    "contract": "a test of the contract suite, one a clause",
    "contract_responses(choice, api=None)": (
        "run the test over conforming responses, 'all' or a 'few'"
    ),
    "contract_allows(what, ...)": (
        "do not complain of 'open' requests, of a clause's id, or of a place such as '/amount'"
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option."""
    about = "show which clauses the tests with contract mocks exercised"
    parser.getgroup("contract mocks").addoption(COVERAGE, action="store_true", help=about)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    for marker, about in MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {about}")


@pytest.fixture
def contract_response(request: pytest.FixtureRequest) -> Variant | None:
    """Return the variant of responses of this run of the test; None without its marker."""
    variant: Variant | None = getattr(request, "param", None)
    return variant


@pytest.fixture
def contract_mock(
    request: pytest.FixtureRequest, contract_response: Variant | None
) -> Iterator[Callable[..., ContractMock]]:
    """Return what makes mocks, started until the test ends: ``contract_mock("kohort@2")``."""
    from contracts.mocks.fixtures import factory  # noqa: PLC0415 - only now is it needed

    yield from factory(request, contract_response)


@pytest.fixture
def contract_server(
    request: pytest.FixtureRequest, contract_response: Variant | None
) -> Iterator[Callable[..., ContractMock]]:
    """Return what makes mocks with a port, for clients in any library."""
    from contracts.mocks.fixtures import factory  # noqa: PLC0415 - as above
    from contracts.mocks.served import ContractServer  # noqa: PLC0415 - as above

    yield from factory(request, contract_response, ContractServer)


def _fixtures(api: str) -> Iterator[tuple[str, Callable[..., ContractMock]]]:
    """Yield the fixtures of a shipped API by their names: ``<api>_api`` and ``<api>_server``."""

    @pytest.fixture(name=f"{api}_api")
    def answering(contract_mock: Callable[..., ContractMock]) -> ContractMock:
        return contract_mock(api)

    @pytest.fixture(name=f"{api}_server")
    def serving(contract_server: Callable[..., ContractMock]) -> ContractMock:
        return contract_server(api)

    words = "and hold the client to its contract."
    answering.__doc__ = f"Answer for {api} at its documented address, {words}"
    serving.__doc__ = f"Answer for {api} at a port of this machine, `base_url`, {words}"
    yield f"{api}_api", answering
    yield f"{api}_server", serving


for _path in (Path(__file__).parent / "apis").glob("*/api.toml"):
    globals().update(_fixtures(_path.parent.name))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests with the marker contract_responses over variants of the responses."""
    if metafunc.definition.get_closest_marker("contract_responses"):
        from contracts.mocks.fixtures import parametrize  # noqa: PLC0415

        parametrize(metafunc, contract_response.__name__)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test whose client broke the contract, also when the client took no notice."""
    try:
        result = yield
    except BaseException:
        if text := _new_complaints(item):
            item.add_report_section("call", "contract", text)
        raise
    if text := _new_complaints(item) or _idle(item):
        pytest.fail(text, pytrace=False)
    return result


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show which clauses the tests exercised, also those of pytest-xdist's workers."""
    if not config.getoption(COVERAGE):
        return
    from contracts.mocks import fixtures  # noqa: PLC0415

    reports = [report for group in terminalreporter.stats.values() for report in group]
    tests = [report for report in reports if isinstance(report, pytest.TestReport)]
    properties = [pair for test in tests if test.when == "call" for pair in test.user_properties]
    noted = [note for name, note in properties if name == fixtures.PROPERTY]
    terminalreporter.section("contract coverage")
    for line in fixtures.summary(noted) if noted else ["no test used a contract mock"]:
        terminalreporter.write_line(line)


def _idle(item: pytest.Item) -> str:
    """Return what is said of mocks that nothing was sent through."""
    fixtures = sys.modules.get(FIXTURES)
    text: str = fixtures.idle(item) if fixtures is not None else ""
    return text


def _new_complaints(item: pytest.Item) -> str:
    """Return new complaints; nothing is imported for a test without a mock."""
    fixtures = sys.modules.get(FIXTURES)
    if fixtures is None:
        return ""
    if item.config.getoption(COVERAGE):
        fixtures.note(item)
    text: str = fixtures.new_complaints(item)
    return text
