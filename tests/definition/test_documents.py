"""Contract data that does not hold together is an error that names file and place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import catalogue, layers, loading
from contracts.errors import ContractError, UsageError
from tests.helpers.builders import parts

PAGES = Path(__file__).parents[1] / "helpers" / "pages"

CopyOf = Callable[[str], Path]
Edit = Callable[[Any], None]


def spoil_json(path: Path, edit: Edit) -> None:
    """Change a JSON file in place."""
    value = json.loads(path.read_text(encoding="utf-8"))
    edit(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def spoil_text(path: Path, before: str, after: str) -> None:
    """Replace one text in a file; it has to be there."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def complaint(folder: Path) -> str:
    """Load a spoiled folder; give the error's text."""
    with pytest.raises(ContractError) as caught:
        loading.load_folder(folder)
    return str(caught.value)


def test_a_copy_of_a_shipped_contract_loads_alike(copy_of: CopyOf) -> None:
    """The folder alone makes the contract: nothing depends on where it lies."""
    for api in catalogue.available():
        folder = copy_of(api)
        assert parts(loading.load_folder(folder)) == parts(loading.load(api))
        assert parts(loading.load_folder(folder / "2")) == parts(loading.load(f"{api}@2"))


def test_a_shipped_name_is_that_of_the_shipped_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a project has a folder of that name: no API is there twice."""
    for name in ("kohort", "shop"):
        (tmp_path / "contracts" / "apis" / name).mkdir(parents=True)
        (tmp_path / "contracts" / "apis" / name / "api.toml").touch()
    monkeypatch.chdir(tmp_path)
    assert catalogue.own() == ("shop",)


def test_the_shipped_contracts_are_named() -> None:
    """Two contracts are shipped; an unknown one is wrong use, and the text names them."""
    assert catalogue.available() == ("kohort", "komerza")
    with pytest.raises(UsageError) as caught:
        loading.load("cohort")
    assert str(caught.value) == (
        "there is no contract named 'cohort'; there are: kohort, kohort@2, komerza, komerza@2; "
        "or give the path of a folder"
    )


def _lines_beyond(schema: Any) -> None:
    schema["properties"]["amount"]["x-source"]["type"] = [46, 900]


def _lines_turned(schema: Any) -> None:
    schema["properties"]["amount"]["x-source"]["type"] = [47, 46]


def _lines_from_zero(schema: Any) -> None:
    schema["properties"]["amount"]["x-source"]["type"] = [0, 46]


def _no_source(schema: Any) -> None:
    del schema["properties"]["amount"]["x-source"]["type"]


def _misspelt(schema: Any) -> None:
    schema["properties"]["amount"]["minimun"] = 1


def _unknown_basis(schema: Any) -> None:
    schema["properties"]["amount"]["x-source"]["type"] = {"lines": [46, 47], "basis": "guess"}


def _another_document(schema: Any) -> None:
    schema["x-document"]["sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (
            _lines_beyond,
            (
                "kohort/create-order/request#/properties/amount/type: lines (46, 900) are not a "
                "first and a last "
                "line of"
            ),
        ),
        (
            _lines_turned,
            (
                "kohort/create-order/request#/properties/amount/type: lines (47, 46) are not a "
                "first and a last "
                "line of"
            ),
        ),
        (
            _lines_from_zero,
            (
                "kohort/create-order/request#/properties/amount/type: lines (0, 46) are not a "
                "first and a last "
                "line of"
            ),
        ),
        (
            _no_source,
            (
                "kohort/create-order/request#/properties/amount/type: no source; x-source has to "
                "give its first "
                "and last line"
            ),
        ),
        (
            _unknown_basis,
            "kohort/create-order/request#/properties/amount/type: no source; x-source has to give",
        ),
        (
            _misspelt,
            (
                "kohort/create-order/request#/properties/amount: the keyword 'minimun' is not "
                "checked; did you "
                "mean minimum?"
            ),
        ),
        (_another_document, "request.json#/x-document: "),
    ],
)
def test_a_spoiled_schema_is_refused(copy_of: CopyOf, edit: Edit, text: str) -> None:
    """Lines that do not exist, a missing source, an unknown basis or keyword.

    The text names the place.
    """
    folder = copy_of("kohort")
    spoil_json(folder / "schemas" / "request.json", edit)
    assert text in complaint(folder)


@pytest.mark.parametrize("name", ["operation.json", "request.json", "response.json"])
def test_a_schema_of_another_document_is_refused(copy_of: CopyOf, name: str) -> None:
    """Every layer was derived from the document that contract.toml names."""
    folder = copy_of("kohort")
    spoil_json(folder / "schemas" / name, _another_document)
    assert f"{name}#/x-document: " in complaint(folder)
    assert "is not the document of contract.toml" in complaint(folder)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (
            'op = "default"',
            'op = "defualt"',
            "relation.locale.default: no operator 'defualt'; did you mean default",
        ),
        (
            'id = "relation.id.unique"',
            'id = "relation.amount.echo"',
            "two clauses have the id relation.amount.echo",
        ),
        (
            'id = "relation.id.unique"',
            'id = "response.id.type"',
            "two clauses have the id response.id.type",
        ),
        (
            'basis = "document"\nlines = [92, 96]',
            'basis = "document"\nlines = [92, 226]',
            "relation.amount.echo: lines",
        ),
        (
            'basis = "document"\nlines = [92, 96]',
            "lines = [92, 96]",
            "relation.amount.echo: basis is missing",
        ),
        (
            'value = "fr_FR"',
            'valeu = "fr_FR"',
            "relation.locale.default: the operator default takes no 'valeu'",
        ),
        ('op = "echo"', "op = echo", "contract.toml: no TOML: Invalid value"),
    ],
)
def test_a_spoiled_relation_is_refused(copy_of: CopyOf, before: str, after: str, text: str) -> None:
    """An unknown operator or argument, a second clause of one id, lines out of bounds.

    Each names the relation.
    """
    folder = copy_of("kohort")
    spoil_text(folder / "contract.toml", before, after)
    assert text in complaint(folder)


@pytest.mark.parametrize(
    "layer", ["contract.toml", "overlay.json", "schemas/operation.json", "schemas/response.json"]
)
def test_a_missing_file_is_named(copy_of: CopyOf, layer: str) -> None:
    """A folder that lacks a file is an error with the file's name."""
    folder = copy_of("kohort")
    (folder / layer).unlink()
    assert layer.rpartition("/")[2] in complaint(folder)


@pytest.mark.parametrize("text", ["[]", "{", "7"])
def test_a_layer_that_is_no_json_object_is_refused(copy_of: CopyOf, text: str) -> None:
    """What is not a JSON object is no schema, and the file is named."""
    folder = copy_of("komerza")
    (folder / "schemas" / "response.json").write_text(text, encoding="utf-8")
    assert "response.json" in complaint(folder)


def test_operation_lines_are_checked(copy_of: CopyOf) -> None:
    """The operation's own facts have lines too, and those have to exist."""
    folder = copy_of("kohort")
    spoil_json(
        folder / "schemas" / "operation.json",
        lambda layer: layer["x-source"].update(authorization=[5, 226]),
    )
    assert complaint(folder).startswith(
        f"{folder}: operation#/x-source/authorization: lines [5, 226]"
    )


def test_a_changed_document_is_refused(tmp_path: Path) -> None:
    """A contract is held against the very document that it was derived from."""
    contract = loading.load("kohort")
    name, digest = next(iter(contract.documents.items()))
    with pytest.raises(ContractError, match="is not in"):
        loading.check_documents(contract, tmp_path)
    (tmp_path / name).write_text("POST\n", encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        loading.check_documents(contract, tmp_path)
    assert str(tmp_path / name) in str(caught.value)
    assert f"the contract was derived from {digest}; derive the contract again" in str(caught.value)


def test_a_contract_alone_is_read_from_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link beside it that leads nowhere is nobody's business; a file of its own is read anew."""
    monkeypatch.chdir(tmp_path)
    assert main.run(["new", "tickets", str(PAGES / "tickets.txt")]) == 0
    folder = (tmp_path / "contracts" / "apis" / "tickets").rename(tmp_path / "tickets")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere.json")
    before = loading.load(str(folder))
    spoil_text(folder / "contract.toml", 'title = "', 'title = "The ')
    assert loading.load(str(folder)).title == f"The {before.title}"


def test_each_operation_of_an_api_is_read_once(
    copy_of: CopyOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many know it, and take parts of its answers; so that large APIs load quickly."""
    folder = copy_of("kohort").parent
    read: list[Path] = []

    def noticing(place: Path) -> layers.Layers:
        read.append(place)
        return layers.read(place)

    monkeypatch.setattr(loading, "read", noticing)
    contracts = loading.load_all(str(folder))
    assert sorted(read) == sorted({*read})
    assert len(read) == len(contracts) > 1
    names = {contract.operation.name for contract in contracts}
    for contract in contracts:
        assert {*contract.others, contract.operation.name} == names
        assert contract.operation.name not in contract.others
