"""What a run created is taken back at its end, where the API documents how."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.settings import Settings
from contracts.errors import ContractError
from contracts.model import Run
from tests.authoring.test_library import EXAMPLE, SERVER

LOANS = "/loans"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the API as `contracts new` starts it from its pages."""
    pages = pages_of_api(sorted((EXAMPLE / "pages").iterdir()))
    return start_api("library", pages, tmp_path_factory.mktemp("apis"))[1]


class Counting:
    """The example's server, which counts what is asked of it.

    `stays` refuses every DELETE, and at the second one `interrupts` ends the run.
    """

    def __init__(self, *, stays: bool = False, interrupts: bool = False) -> None:
        self._app, self._stays, self._interrupts = SERVER.create_app(""), stays, interrupts
        self.deleted = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Answer a request."""
        if environ["REQUEST_METHOD"] == "DELETE":
            self.deleted += 1
            if self._interrupts and self.deleted == 2:
                signal.raise_signal(signal.SIGTERM)
            if self._stays:
                environ["PATH_INFO"] = "/members"  # where there is no DELETE
        return self._app(environ, start)

    def loans(self) -> int:
        """Return how many loans there are."""
        headers = {"Authorization": f"Bearer {SERVER.TOKEN}"}
        answer: Any = self._app.test_client().get(LOANS, headers=headers).get_json()
        return len(answer["data"])


def verified(library: Path, operation: str, app: Counting, **settings: Any) -> Run:
    """Run an operation of the library."""
    contract = loading.load(str(library / operation))
    known = Settings(lag=0, budget=40, **settings)
    return engine_run.run(contract, embedded(app, Credentials(SERVER.TOKEN)), known)


@pytest.mark.parametrize("operation", ["create-loan", "get-loan"])
def test_nothing_is_left_and_no_budget_is_spent_on_it(library: Path, operation: str) -> None:
    """Each thing is deleted once, whichever operation of the API is verified."""
    app = Counting()
    done = verified(library, operation, app)
    assert done.created
    assert (done.left, app.loans(), app.deleted) == ((), 0, len(done.created))
    assert done.requests <= 40


def test_what_nothing_takes_back_is_left(library: Path) -> None:
    """No page says how a member is taken back."""
    done = verified(library, "create-member", Counting())
    assert done.created
    assert set(done.left or ()) == set(done.created)


def test_keep_takes_nothing_back(library: Path) -> None:
    """For whoever wants to look at it."""
    app = Counting()
    done = verified(library, "create-loan", app, keep=True)
    assert (set(done.left or ()), app.deleted) == (set(done.created), 0)


def test_a_server_that_takes_nothing_back_is_not_asked_for_long(library: Path) -> None:
    """Three refusals in a row are enough; what is there is told."""
    app = Counting(stays=True)
    done = verified(library, "create-loan", app)
    assert (set(done.left or ()), app.deleted) == (set(done.created), 3)


@pytest.mark.parametrize(("signals", "left"), [(1, False), (2, True)])
def test_an_interrupted_run_cleans_up_and_a_second_signal_ends_that(
    library: Path, signals: int, *, left: bool
) -> None:
    """What is known is written either way."""
    app = Counting(interrupts=signals == 2)
    settings = Settings(lag=0, budget=40)
    contract = loading.load(str(library / "create-loan"))
    transport = embedded(app, Credentials(SERVER.TOKEN))
    sent: list[Any] = []

    def notify(done: Any) -> None:
        sent.append(done)
        if len(sent) == 20:
            signal.raise_signal(signal.SIGINT)

    with settings.interruption.watched():
        done = engine_run.run(contract, transport, settings, notify=notify)
    assert done.interrupted == signal.SIGINT
    assert bool(done.left) is left
    assert app.loans() == len(done.left or ())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('of = "create-loan.response /id"\nby = "/loans/{loanId}"', "expected of ="),
        ('of = "make-loan.response /id"\nby = "DELETE /loans/{id}"', "no operation 'make-loan'"),
    ],
)
def test_a_slip_in_the_data_is_told(library: Path, tmp_path: Path, row: str, words: str) -> None:
    """Before anything is sent."""
    copy = shutil.copytree(library, tmp_path / "library")
    path = copy / "api.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[[cleanup]]\n{row}\n", "utf-8")
    with pytest.raises(ContractError, match=words):
        loading.load(str(copy))
