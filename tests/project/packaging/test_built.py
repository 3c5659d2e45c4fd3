"""What is built is whole, and works where the source is not."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_sdist, build_wheel

ROOT = Path(__file__).parents[3]
ASIDE = {"__pycache__"}


def built(build: object, folder: Path, source: Path) -> Path:
    """Call a build hook of PEP 517, which works in the current folder."""
    before = Path.cwd()
    os.chdir(source)
    try:
        return folder / build(str(folder))  # type: ignore[operator, no-any-return]
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution and unpack it."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(built(build_sdist, folder, ROOT)) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    return unpacked


@pytest.fixture(scope="module")
def installed(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the unpacked sdist, and lay it out as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(built(build_wheel, folder, sdist)) as archive:
        archive.extractall(folder / "site")  # noqa: S202 - built here, just now
    return folder / "site"


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the installed package, in a folder where no source is."""
    # coverage counts the package where the tests import it, and not a second time here
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment = {**kept, "PYTHONPATH": str(installed), "PYTEST_ADDOPTS": ""}
    return subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def files(folder: Path) -> set[str]:
    """Give the paths of all files of the package in a folder."""
    found = (
        path.relative_to(folder) for path in (folder / "contracts").rglob("*") if path.is_file()
    )
    return {str(path) for path in found if not ASIDE & set(path.parts)}


def test_the_wheel_has_every_file_of_the_package(installed: Path) -> None:
    """Contract data of every revision, schemas, templates and the marker of types.

    Not only modules.
    """
    assert files(installed) == files(ROOT)
    assert {
        "contracts/py.typed",
        "contracts/apis/kohort/create-order/schemas/request.json",
        "contracts/apis/komerza/create-order/faults.toml",
        "contracts/verify/order-contracts.example.toml",
        "contracts/verify/order-contracts.schema.json",
    } <= files(installed)


def test_the_sdist_has_the_tests_and_the_docs(sdist: Path) -> None:
    """Whoever packs it again can test it; nothing that git ignores is in it."""
    names = {path.name for path in sdist.iterdir()}
    assert {
        "contracts",
        "tests",
        "docs",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "pyproject.toml",
    } <= names
    assert not list(sdist.rglob("*.pyc"))
    assert (sdist / "docs/examples/checkout_client/checkout.py").is_file()


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    """``python -m contracts`` verifies from the wheel's own data."""
    where = run(installed, tmp_path, "-c", "import contracts; print(contracts.__file__)")
    assert where.stdout.strip() == str(installed / "contracts" / "__init__.py")
    done = run(installed, tmp_path, "-m", "contracts", "verify", "komerza", "--fuzz", "0")
    assert done.returncode == 0, done.stderr
    assert "pass: go" in done.stdout


def test_the_installed_plugin_has_the_fixtures(installed: Path, tmp_path: Path) -> None:
    """A project's tests use them without a line of configuration."""
    (tmp_path / "test_client.py").write_text(
        "import httpx\n\ndef test_it(kohort_api):\n"
        "    httpx.post('https://api.kohortpay.com/orders', json={'amount': 'ten'})\n",
        encoding="utf-8",
    )
    done = run(installed, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "the token is missing" in done.stdout
    assert "1 failed" in done.stdout


@pytest.mark.parametrize(("words", "completed"), [
    ("contracts ser", "serve"),
    ("contracts serve --lat", "--latency"),
    ("contracts openapi --o", "--out"),
])  # fmt: skip
def test_the_shell_completes(words: str, completed: str) -> None:
    """Click's completion knows commands and options.

    Bash's script is printed by the same variable.
    """
    environment = {**os.environ, "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    script = Path(sys.executable).with_name("contracts")
    done = subprocess.run(  # noqa: S603
        [script],
        env={**environment, "_CONTRACTS_COMPLETE": "bash_complete"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert f"plain,{completed}" in done.stdout.splitlines()
