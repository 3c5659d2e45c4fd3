"""What is installed without extras is small, enough for most, and says what it lacks."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import distribution, packages_distributions

import pytest
from packaging.requirements import Requirement

from contracts.errors import EXTRAS, missing_extra

MOST_PACKAGES = 24
MOST_MEGABYTES = 40
# every library of an extra is made impossible to import, as where it is not installed
WITHOUT_EXTRAS = """
import sys
from contracts.errors import EXTRAS
sys.modules.update(dict.fromkeys(EXTRAS))
from contracts.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def canonical(name: str) -> str:
    """Return the name of a distribution as package indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(name: str, extra: str = "") -> set[str]:
    """Return the names of a distribution and of all that it needs."""
    names = {canonical(name)}
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if wanted and canonical(requirement.name) not in names:
            names |= required(requirement.name)
    return names


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command where no library of an extra is installed."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", WITHOUT_EXTRAS, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_few_packages_come_without_extras() -> None:
    """Fewer than 25 packages and 40 MB are installed."""
    names = required("order-contracts")
    files = [path for name in names for path in distribution(name).files or ()]
    sizes = [path.locate().stat().st_size for path in files if path.locate().is_file()]  # type: ignore[attr-defined]
    assert len(names) <= MOST_PACKAGES
    assert sum(sizes) < MOST_MEGABYTES * 1e6


@pytest.mark.parametrize("module", EXTRAS)
def test_the_extra_that_is_named_installs_the_module(module: str) -> None:
    """What the message tells to install has what is missing, and nothing else brings it."""
    (name,) = packages_distributions()[module]
    assert canonical(name) in required("order-contracts", EXTRAS[module])
    assert canonical(name) not in required("order-contracts")


def test_a_module_of_no_extra_is_a_defect() -> None:
    """Only what an extra installs is told so."""
    assert missing_extra(ModuleNotFoundError(name="contracts.nothing")) is None


@pytest.mark.slow
def test_a_sandbox_is_verified_without_extras() -> None:
    """The verdict is there; that nothing was generated is said once."""
    done = run("verify", "kohort/create-order")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("no generated requests") == 1
    assert "pass: go" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("diff", "kohort@1", "kohort@2"), "diff"),
        (("explore", "kohort"), "generate"),
        (("verify", "--har", "traffic.har"), "har"),
    ],
)
def test_a_command_that_needs_an_extra_says_so(arguments: tuple[str, ...], extra: str) -> None:
    """One line says what to install; nothing was sent."""
    done = run(*arguments)
    assert done.returncode == 2
    assert f"no more than [{extra}]" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not done.stdout
