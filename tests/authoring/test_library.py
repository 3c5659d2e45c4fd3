"""An API of five operations is started from its pages, and verified against its own server."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.settings import Settings
from contracts.model import Outcome

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "library"


def example_server() -> ModuleType:
    """Return the example's server, which is no part of the package."""
    spec = importlib.util.spec_from_file_location("library_server", EXAMPLE / "server.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SERVER = example_server()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the API as `contracts new` starts it from its five pages."""
    pages = pages_of_api(sorted((EXAMPLE / "pages").iterdir()))
    return start_api("library", pages, tmp_path_factory.mktemp("apis"))[1]


def violated(library: Path, defect: str, *, reading: bool) -> set[str]:
    """Return what the operations that read, or those that create, find of a defect."""
    found: set[str] = set()
    app = SERVER.create_app(defect)
    for contract in loading.load_all(str(library)):
        if contract.reads is not reading:
            continue
        transport = embedded(app, Credentials(SERVER.TOKEN))
        run = engine_run.run(contract, transport, Settings(lag=0))
        found |= {
            f"{contract.operation.name}: {one.clause.id}"
            for one in run.results
            if one.outcome is Outcome.VIOLATED
        }
    return found


def test_the_links_between_its_operations_are_proposed(library: Path) -> None:
    """What an address names comes from what creates it."""
    links = loading.load_all(str(library))[0].links
    assert {(link.source, link.target, link.name) for link in links} == {
        ("create-loan", "get-loan", "loanId"),
        ("create-loan", "delete-loan", "loanId"),
        ("create-member", "get-member", "memberId"),
    }


@pytest.mark.parametrize("reading", [True, False])
def test_the_conforming_server_is_not_accused(library: Path, *, reading: bool) -> None:
    """Nothing is found at a server that does what the pages say."""
    assert violated(library, "", reading=reading) == set()


@pytest.mark.parametrize("defect", SERVER.DEFECTS)
def test_what_shows_across_operations_only_is_found(library: Path, defect: str) -> None:
    """Each of ten defects is found by reading what was created."""
    assert violated(library, defect, reading=True)
