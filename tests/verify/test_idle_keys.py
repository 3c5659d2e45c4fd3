"""Keys of a configuration that would have no effect, and tables of single operations."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.authoring.inputs import choose_page, pages_of_api
from contracts.authoring.start import start, start_api
from contracts.definition import catalogue, loading
from contracts.errors import UsageError
from contracts.verify import surroundings, targets_file
from contracts.verify.options import Options
from contracts.verify.targets import Target
from contracts.verify.verification import choose
from tests.authoring.test_library import EXAMPLE
from tests.helpers.serving import ENVIRONMENT
from tests.verify.test_configuration import TARGETS, resolved, write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


OAUTH = '{ url = "https://x/token", client_id = "ID", client_secret = "SECRET" }'


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("api", "row", "words"),
    [
        ("kohort", 'known = { customerld = ["c"] }', "known: nothing of kohort needs 'customerld'"),
        ("komerza", 'known = { productId = ["p"] }', "known: nothing of komerza needs 'productId'"),
        ("kohort", 'token_without_permission = "T"', "permission: no page of the API names a"),
        ("kohort", 'token = "T"\ntoken_command = "echo t"', "token_command and token both give"),
        ("kohort", f'token = "T"\noauth = {OAUTH}', "oauth and token both give the token"),
        ("kohort", 'key = "a.pem"', "kohort.key: a key goes with its certificate"),
        ("kohort", 'ca = "a.pem"', "kohort.ca: it is for https, and http://127.0.0.1:9 is not"),
        ("notes", 'token = "T"', "notes.token: no page of the API asks for a token; send it with"),
        ("notes", 'token_command = "echo t"', "notes.token_command: no page of the API asks for"),
        ("notes", f"oauth = {OAUTH}", "notes.oauth: no page of the API asks for a token"),
        ("notes", "body = { a = 1 }", "notes.body: no request of the API has a body"),
        ("notes", "preconditions = { a = {} }", "notes.preconditions: no request of the API has"),
    ],
)
def test_a_key_without_an_effect_is_refused(api: str, row: str, words: str) -> None:
    """Whoever wrote it relies on something that no run would do."""
    if api == "notes":
        Path("notes.json").write_text(json.dumps(NOTES), encoding="utf-8")
        start("notes", choose_page([Path("notes.json")]), Path("contracts/apis"))
    write(f'[env.a.{api}]\nurl = "http://127.0.0.1:9"\n{row}\n')
    given = {**ENVIRONMENT, "ID": "i", "SECRET": "s", "T": "t"}
    with pytest.raises(UsageError, match=re.escape(words)) as error:
        choose(resolved(environment="a"), given)
    assert str(error.value).startswith(f"order-contracts.toml: a.{api}")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('contracts = "contracts/api"', "contracts: there is no folder contracts/api; `contracts"),
        ("contracts = 3", "contracts: expected the path of a folder, got 3"),
        (f'embedded = true\nenvironment = "staging"\n{TARGETS}', "embedded and environment excl"),
        ("require_complete = true\nallow_incomplete = true", "exclude each other; take one out"),
    ],
)
def test_an_option_of_the_file_without_an_effect_is_refused(text: str, words: str) -> None:
    """The file is named, and the keys as they stand in it."""
    write(f"{text}\n")
    with pytest.raises(UsageError, match=re.escape(words)) as error:
        resolved()
    assert str(error.value).startswith("order-contracts.toml: ")


NOTES: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Notes", "version": "1"},
    "paths": {"/notes": {"get": {"responses": {"200": {"description": "The number of notes"}}}}},
}


@pytest.fixture
def library(project: Path) -> tuple[str, ...]:
    """Give the operations of an API of one's own in which two create something."""
    pages = pages_of_api(sorted((EXAMPLE / "pages").iterdir()))
    start_api("library", pages, project / "contracts" / "apis")
    return catalogue.operations("library")


def asked_of(row: str, *tables: str) -> dict[str, Target]:
    """Return the targets of the library by operation."""
    write("\n".join(['[env.a.library]\nurl = "http://127.0.0.1:9"', row, *tables]))
    targets = choose(resolved(environment="a"), {"LIBRARY_TOKEN": "t"})
    return {target.contract.operation.name: target for target in targets}


def test_preconditions_are_asked_of_the_operations_that_have_the_member(
    library: tuple[str, ...],
) -> None:
    """Of a loan, and of what creates one to be read; a member is created as before."""
    for row in ("{ days = { maximum = 15 } }", '{ required = ["note"] }'):
        targets = asked_of(f"preconditions = {row}")
        assert len(targets) == len(library)
        plain, narrowed = (
            loading.load("library/create-member"),
            targets["create-loan"].contract.plausible,
        )
        assert targets["create-member"].contract.plausible == plain.plausible
        assert narrowed != loading.load("library/create-loan").plausible
        assert targets["get-loan"].contract.others["create-loan"].plausible == narrowed
    with pytest.raises(UsageError, match=r"preconditions\.dates: the request of library has no"):
        asked_of("preconditions = { dates = {} }")


@pytest.mark.usefixtures("library")
def test_a_table_of_an_operation_goes_before_that_of_its_api() -> None:
    """With an address of its own; the operation is verified once."""
    own = '[env.a."library/create-loan"]\nurl = "http://127.0.0.1:10"\nbudget = 7'
    targets = asked_of("", own)
    urls = {name: target.url for name, target in targets.items()}
    assert urls.pop("create-loan") == "http://127.0.0.1:10"
    assert set(urls.values()) == {"http://127.0.0.1:9"}
    assert targets["create-loan"].manners["budget"] == 7
    assert len(choose(resolved(environment="a"), {"LIBRARY_TOKEN": "t"})) == len(targets)


@pytest.mark.usefixtures("project")
def test_a_regression_that_is_no_json_is_refused_before_anything_is_sent() -> None:
    """A line of a merge that went wrong, say; an empty one is none."""
    path = Path("contracts/regressions/kohort-create-order.jsonl")
    path.parent.mkdir(parents=True)
    path.write_text('\n{"amount": 1}\n<<<<<<< HEAD\n', encoding="utf-8")
    words = 'jsonl: expected a body as JSON in each line, got "<<<<<<< HEAD"'
    with pytest.raises(UsageError, match=re.escape(words)):
        choose(Options(apis=("kohort",)), {})


def test_a_target_that_configures_nothing_has_the_contract_as_it_was_loaded() -> None:
    """So its plan, which is kept by contract, is made once however often it is verified."""
    contract = loading.load("kohort/create-order")
    entry = targets_file.Entry("", "kohort", "http://127.0.0.1:1")
    assert surroundings.as_configured(contract, entry) is contract
    assert surroundings.as_configured(contract, replace(entry, token="TOKEN")) is not contract
