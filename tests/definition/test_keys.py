"""The keys of an API's files: explained to people, and refused where they are misspelt."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.definition import keys, loading
from contracts.errors import ContractError
from contracts.faults.catalogue import Fault

APIS = Path(keys.TABLE).parent
README = (APIS / "README.md").read_text(encoding="utf-8")


def table(file: str) -> str:
    """Return the table of README.md for a file, made from keys.toml."""
    rows = [f"| `{key}` | {text} |" for key, text in keys.explained()[file].items()]
    return "\n".join([f"## {file}", "", "| key | what it says |", "| --- | --- |", *rows])


@pytest.mark.parametrize("file", keys.explained())
def test_the_readme_explains_every_key(file: str) -> None:
    """README.md beside the contracts has the table of each file as the loader knows it."""
    assert table(file) in README, table(file)


def test_every_part_of_a_fault_is_explained() -> None:
    """faults.toml may say whatever a fault is made of, and each of these has its row."""
    rows = {key.split(".")[1] for key in keys.explained()["faults.toml"] if "faults." in key}
    assert rows == set(Fault.__dataclass_fields__) - {"conforming"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("titel = 'x'", "there is no key titel; did you mean title?"),
        ("operation.live_mod = '/x'", "operation.live_mod; did you mean operation.live_mode"),
        ("operation.query.skip.valeus = []", "did you mean operation.query.*.values, "),
    ],
)
def test_a_misspelt_key_is_refused(line: str, words: str, tmp_path: Path) -> None:
    """A key that nothing reads is named, with what was probably meant."""
    path = tmp_path / "contract.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ContractError) as refusal:
        keys.read(path)
    assert words in str(refusal.value)


def test_a_row_with_each_stands_for_one_relation_a_member() -> None:
    """The names of members come into the row's texts, and each member's own keys beside them."""
    contract = loading.load("kohort/create-order")
    clause = contract.clause("relation.customerLastName.echo")
    assert clause.statement == "customerLastName comes back as it was sent"
    assert clause.arguments["response"] == "/customerLastName"
    assert clause.source.lines == (122, 126)
