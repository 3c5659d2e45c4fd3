"""Reports are read back, older ones too, and several become one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.errors import UsageError
from contracts.reports import document, merging, reading
from contracts.reports.formats import files as formats_files
from contracts.reports.text import coverage

from .made import EVERY, KINDS

ALL = pytest.mark.parametrize("name", EVERY)


def written(folder: Path, made: Any) -> Path:
    """Write a JSON value to a file."""
    path = folder / "report.json"
    path.write_text(made if isinstance(made, str) else document.render(made), encoding="utf-8")
    return path


def oldest(made: Any) -> dict[str, Any]:
    """Take everything out of a report that format 1 did not have from the start."""
    schema = reading.schema()

    def only(value: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
        return {name: value[name] for name in part["required"]}

    parts = schema["$defs"]
    runs = []
    for run in made["runs"]:
        lists = {
            name: [only(one, parts[name[:-1]]) for one in run[name]]
            for name in ("clauses", "findings")
        }
        runs.append({**only(run, parts["run"]), **lists})
    return {**only(made, schema), "runs": runs}


def test_the_schema_is_one() -> None:
    """Of JSON Schema 2020-12, and strict.

    An object of ours has no member that the schema does not know.
    """
    schema = reading.schema()
    Draft202012Validator.check_schema(schema)
    made = KINDS["keyword"]()
    validator = Draft202012Validator(schema)
    assert validator.is_valid(made)
    for part in (
        made,
        made["runs"][0],
        made["runs"][0]["findings"][0],
        made["runs"][0]["clauses"][0],
    ):
        part["unheard_of"] = 1
        assert not validator.is_valid(made)
        del part["unheard_of"]


@ALL
def test_a_report_that_was_read_is_the_report_that_was_written(name: str, tmp_path: Path) -> None:
    """Byte by byte, also through merging; each keeps the schema."""
    path = written(tmp_path, EVERY[name]())
    assert document.render(merging.merge([reading.read(path)])) == path.read_text(encoding="utf-8")


@ALL
def test_the_oldest_report_of_the_format_is_written_in_every_format(
    name: str, tmp_path: Path
) -> None:
    """With nothing but the members that format 1 has always had."""
    old = reading.read(written(tmp_path, oldest(EVERY[name]())))
    files = {kind: tmp_path / f"{name}.{kind}" for kind in formats_files.FORMATS}
    formats_files.write(old, files)
    assert all(path.stat().st_size for path in files.values())
    Draft202012Validator(reading.schema()).validate(old)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON"),
        ("[1]", "is no report of format order-contracts/1"),
        ('{"format": "another/1"}', "is no report of format order-contracts/1"),
        ('{"format": "order-contracts/1"}', r"\$: 'outcome' is a required property"),
        ("[" * 100_000, "is no JSON"),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "is no JSON"),
    ],
)
def test_what_is_no_report_is_refused_in_one_line(
    content: str, message: str, tmp_path: Path
) -> None:
    """With the file's name and what is wrong."""
    with pytest.raises(UsageError, match=message):
        reading.read(written(tmp_path, content))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    """With what the system says."""
    with pytest.raises(UsageError, match="can't be read: No such file"):
        reading.read(tmp_path / "none.json")
    path = tmp_path / "report.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="is no JSON"):
        reading.read(path)


def test_a_finding_of_no_clause_is_refused(tmp_path: Path) -> None:
    """A report has to hold together."""
    made = KINDS["keyword"]()
    made["runs"][0]["findings"][0]["clause"] = "none.such"
    with pytest.raises(
        UsageError, match=r"a finding of 'none\.such', which is none of its clauses"
    ):
        reading.read(written(tmp_path, made))


def test_reports_are_merged() -> None:
    """All runs, the worst outcome, all drift, and only the waivers that none of them needed."""
    one: Any = {**KINDS["convention"](), "unused_waivers": ["a", "b"], "drift": [{"api": "kohort"}]}
    two: Any = {**KINDS["keyword"](), "unused_waivers": ["b"], "drift": None}
    merged: Any = merging.merge([one, two])
    assert (merged["outcome"], len(merged["runs"])) == ("fail", 2)
    assert (merged["unused_waivers"], merged["drift"]) == (["b"], [{"api": "kohort"}])


def test_pages_are_those_that_the_report_was_made_from(tmp_path: Path) -> None:
    """Another text or none is an error, not a picture of something else."""
    made = KINDS["keyword"]()
    (name,) = made["runs"][0]["documents"]
    with pytest.raises(UsageError, match="can't be read"):
        coverage.read_pages(made, tmp_path)
    (tmp_path / name).write_text("another page", encoding="utf-8")
    with pytest.raises(UsageError, match="is not the page that the report was made from"):
        coverage.read_pages(made, tmp_path)
    assert json.loads(document.render(made)) == made
