"""Rows of a contract's files that name what is not there: they would never have an effect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.errors import ContractError
from tests.authoring.test_library import EXAMPLE

LINK = '\n[[links]]\nfrom = "create-loan.response {}"\nto = "get-loan.path {}"\nwhy = "a test"\n'


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Give the folder of an API of one's own."""
    start_api("library", pages_of_api(sorted((EXAMPLE / "pages").iterdir())), tmp_path)
    return tmp_path / "library"


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("api.toml", "", LINK.format("/nope", "loanId"), "create-loan: the answer has no /nope"),
        ("api.toml", "", LINK.format("/id", "nope"), "/loans/{loanId} of get-loan has no {nope}"),
        (
            "create-loan/contract.toml",
            'created = "/id"',
            'created = "/loan/id"',
            "operation.created: the answer has no /loan/id",
        ),
        (
            "create-loan/contract.toml",
            "[operation]",
            '[operation]\nlive_mode = "/live"',
            "operation.live_mode: the answer has no /live",
        ),
    ],
)
def test_a_name_of_nothing_is_refused_with_its_place(
    library: Path, file: str, old: str, new: str, words: str
) -> None:
    """Before anything is sent, and not by a clause that no run ever exercises."""
    path = library / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
    with pytest.raises(ContractError, match=re.escape(words)) as error:
        loading.load_all(str(library))
    assert file.partition("/")[0] in str(error.value)
