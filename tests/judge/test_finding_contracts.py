"""Contracts are found by name, by name and revision, and by folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts import sandbox
from contracts.definition import catalogue, loading
from contracts.errors import ContractError, UsageError
from contracts.verify import targets
from tests.helpers.builders import parts

CopyOf = Callable[[str], Path]
URL = "http://127.0.0.1:9"
TOKENS = {"KOHORT_TOKEN": "t", "KOMERZA_TOKEN": "t", "KOMERZA_STORE": sandbox.STORE}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a contract of an operation of one's own in ``contracts/apis`` of the working directory."""  # noqa: E501
    folder = tmp_path / "contracts" / "apis" / "shop"
    shutil.copytree(catalogue.APIS / "kohort", folder, ignore=shutil.ignore_patterns("2"))
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_name_alone_stands_for_the_first_revision() -> None:
    """``komerza`` and ``komerza@1`` are one contract, ``komerza@2`` is another and says so."""
    assert loading.load("komerza") == loading.load("komerza@1")
    assert (loading.load("komerza").api, loading.load("komerza").revision) == ("komerza", 1)
    assert (loading.load("komerza@2").api, loading.load("komerza@2").revision) == ("komerza@2", 2)


def test_the_shipped_revisions_are_listed() -> None:
    """Every revision has a name."""
    assert catalogue.shipped() == ("kohort", "kohort@2", "komerza", "komerza@2")


def test_an_unknown_revision_is_wrong_use() -> None:
    """The text lists the revisions that there are."""
    with pytest.raises(UsageError) as caught:
        loading.load("komerza@3")
    assert str(caught.value) == "komerza has no revision 3; there are: komerza, komerza@2"


def test_a_contract_is_found_in_the_working_directory(shop: Path) -> None:
    """A folder in ``contracts/apis`` is found by its name, and listed where a name is unknown."""
    assert parts(loading.load("shop")) == parts(loading.load_folder(shop))
    assert loading.load("shop").api == "shop"
    with pytest.raises(
        UsageError, match=r"there are: kohort, kohort@2, komerza, komerza@2, shop; or give"
    ):
        loading.load("shoe")


def test_a_shipped_name_is_never_another_folder(shop: Path) -> None:
    """A folder of the working directory does not take the place of a shipped contract.

    Its path names it.
    """
    other = shop.rename(shop.with_name("kohort")) / "create-order"
    (other / "contract.toml").write_text(
        (other / "contract.toml").read_text(encoding="utf-8").replace("create an order", "mine"),
        encoding="utf-8",
    )
    assert loading.load("kohort").title == "Kohort: create an order"
    assert loading.load("./contracts/apis/kohort").title == "Kohort: mine"
    with pytest.raises(UsageError, match="two of the contracts to verify are named kohort"):
        targets.choose(["kohort", "./contracts/apis/kohort"], [], {})


def test_a_path_names_a_contract(copy_of: CopyOf) -> None:
    """The folder of a contract, or of a revision, loads by its path."""
    folder = copy_of("komerza")
    assert parts(loading.load(str(folder))) == parts(loading.load("komerza"))
    later = parts(loading.load("komerza@2"))
    assert parts(loading.load(str(folder / "2"))) == parts(loading.load(f"{folder}@2")) == later


def test_a_folder_without_a_safe_name_is_refused(copy_of: CopyOf) -> None:
    """The name stands in reports, file names and test ids."""
    folder = copy_of("kohort")
    strange = folder.rename(folder.with_name("Kohort (new)"))
    with pytest.raises(
        ContractError, match=r"'Kohort \(new\)' can't name an API: lower-case letters"
    ):
        loading.load(str(strange))


def test_a_revision_in_the_folder_of_another_is_refused(copy_of: CopyOf) -> None:
    """The number in contract.toml and the folder's name are the same."""
    folder = copy_of("kohort")
    (folder / "2").rename(folder / "3")
    shutil.copytree(folder / "3", folder / "2")
    with pytest.raises(ContractError, match=r"contract\.toml: revision is 2 in the folder of 3"):
        loading.load(f"{folder}@3")


def test_a_target_of_one_revision_is_not_used_for_another() -> None:
    """``--target komerza=URL`` speaks of revision 1; for another one its name has to be there."""
    with pytest.raises(UsageError) as caught:
        targets.choose(["komerza@2"], [f"komerza={URL}"], TOKENS)
    assert (
        str(caught.value)
        == "--target names komerza, which is not among the APIs to verify: komerza@2"
    )
    target, *_ = targets.choose([], [f"komerza@2={URL}"], TOKENS)
    assert (target.contract.api, target.url) == ("komerza@2", URL)
    target, *_ = targets.choose(["komerza@1"], [f"komerza={URL}"], TOKENS)
    assert (target.contract.api, target.url) == ("komerza", URL)


@pytest.mark.usefixtures("shop")
def test_a_contract_without_embedded_sandbox_needs_a_target() -> None:
    """Verifying it without an address is wrong use; with one it is verified like any other."""
    with pytest.raises(
        UsageError, match="shop has no embedded sandbox; give its address: --target shop=URL"
    ):
        targets.choose(["shop"], [], {})
    target, *_ = targets.choose([], [f"shop={URL}"], TOKENS)
    assert (target.contract.api, target.url) == ("shop", URL)
    assert {target.contract.api for target in targets.choose([], [], {})} == {"kohort", "komerza"}
