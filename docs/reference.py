"""Lay out the pages of the site: those of this folder, and those that are made from the code.

``python docs/reference.py FOLDER`` writes them into a new folder, from which the site is built. The
home page is the README, so that nothing is written twice.
"""

from __future__ import annotations

import inspect
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

import contracts
from contracts import errors, plugin
from contracts.cli.main import COMMANDS
from contracts.cli.main import contracts as command_line
from contracts.definition import catalogue, loading
from contracts.faults import catalogue as faults
from contracts.judge.operators import OPERATORS
from contracts.verify import configuration, targets_file

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "contracts"
CELL = str.maketrans({"|": "\\|", "\n": " ", "<": "&lt;", "*": "\\*"})


def write(folder: Path) -> None:
    """Write all pages, and what they link to, into a folder; what was there before goes."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("*.pyc", "README.md"))
    (folder / Path(__file__).name).unlink()
    for path, text in PAGES.items():
        page = folder / path
        page.parent.mkdir(exist_ok=True)
        page.write_text(text(), encoding="utf-8")


def _home() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.sub(r"\]\(docs/", "](", text).replace(
        "the reference of the site, `tox run -e docs`", "[the reference](reference/command-line.md)"
    )


def _changes() -> str:
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(heads), *([str(cell).translate(CELL) for cell in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _command_line() -> str:
    """Return the help of every command, as it prints it."""
    parent = click.Context(command_line, info_name="contracts", max_content_width=100)
    text = f"# Command line\n\n```text\n{command_line.get_help(parent)}\n```\n"
    for name in COMMANDS:
        command = command_line.get_command(parent, name)
        assert command is not None, name  # noqa: S101 - COMMANDS has no other names
        context = click.Context(command, parent, info_name=name, max_content_width=100)
        text += f"\n## contracts {name}\n\n```text\n{command.get_help(context)}\n```\n"
    return text


def _exit_statuses() -> str:
    rows = [
        (f"`{each.number}`", f"`{each.outcome}`" if each.outcome else "none", each.meaning)
        for each in errors.EXIT_STATUSES
    ]
    return "# Exit statuses\n\n" + _table(["status", "outcome in the report", "meaning"], rows)


def _members(schema: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield name, type and description of the members of a schema, and of those below them."""
    for name, part in schema.get("properties", {}).items():
        kind = part.get("$ref", "").rpartition("/")[2] or part.get("type") or part.get("enum")
        kind = json.dumps(part["const"]) if "const" in part else kind
        inner = part.get("items", {}).get("$ref", "").rpartition("/")[2]
        words = " or ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "any")
        yield f"{prefix}{name}", words + (f" of {inner}" if inner else ""), _about(part)
        yield from _members(part, f"{prefix}{name}.")
        yield from _members(part.get("items", {}), f"{prefix}{name}[].")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _members(schema["additionalProperties"], f"{prefix}NAME.")


def _about(part: Mapping[str, Any]) -> str:
    bounds = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most"}
    more = [f"{word} {part[key]}" for key, word in bounds.items() if key in part]
    return "; ".join(filter(None, [part.get("description", ""), *more]))


def _described(schema: Mapping[str, Any]) -> str:
    rows = [(f"`{name}`", kind, about) for name, kind, about in _members(schema)]
    return _table(["member", "type", "what it says"], rows)


def _configuration() -> str:
    schema = json.loads(targets_file.SCHEMA.read_text(encoding="utf-8"))
    example = configuration.EXAMPLE.read_text(encoding="utf-8")
    return (
        "# Configuration\n\nThe keys of `order-contracts.toml`, or of `[tool.order-contracts]` in "
        f"pyproject.toml.\n\n{_described(schema)}\n## The file that `contracts init` writes\n\n"
        f"```toml\n{example}```\n"
    )


def _report() -> str:
    path = PACKAGE / "reports" / "report.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    text = f"# Report\n\n{schema['description']} Its JSON Schema is `contracts/reports/{path.name}`"
    text += f" in the package.\n\n{_described(schema)}"
    for name, part in schema["$defs"].items():
        kind = " or ".join(f"`{value}`" for value in part.get("enum", ()))
        text += f"\n## {name}\n\n{kind or part.get('description', '')}\n\n"
        text += _described(part) if part.get("properties") else ""
    return text


def _contract_files() -> str:
    return (PACKAGE / "apis" / "README.md").read_text(encoding="utf-8")


def _shipped(file: str) -> Iterator[tuple[str, str]]:
    """Yield the shipped files of a name, each with the contract that it belongs to."""
    for name in catalogue.shipped_operations():
        path = catalogue.locate(name) / file
        if path.is_file():
            yield name, path.read_text(encoding="utf-8")


def _overlay() -> str:
    name, text = next(_shipped("overlay.json"))
    document = json.loads(text)
    example = {**document, "actions": document["actions"][:4]}
    return (
        "# Overlay\n\n`overlay.json` is an [OpenAPI Overlay 1.0](https://spec.openapis.org/overlay/"
        "v1.0.0.html) document over the schemas that were derived. `target` is a JSONPath from "
        "`$.documented` (D), `$.plausible` (P) or `$.response`; `update` is merged in, "
        "`remove` takes the place out. Two members are added to each action: `x-basis` "
        "(`document`, `standard` or `convention`), with its lines or section, and the reason. "
        f"\n\nThe first actions of {name}:\n\n```json\n{json.dumps(example, indent=2)}\n```\n"
    )


def _operators() -> str:
    """Return every operator of relations with its arguments, its rule and a row that uses it."""
    examples: dict[str, tuple[str, str]] = {}
    for name, text in _shipped("contract.toml"):
        for row in re.split(r"\n(?=\[)", text):
            if row.startswith("[[relations]]") and (
                op := re.search(r'^op = "(\w+)"', row, re.MULTILINE)
            ):
                examples.setdefault(op[1], (name, row.strip()))
    text = (
        "# Operators\n\nA row of `[[relations]]` in `contract.toml` names one of these as `op`.\n"
    )
    for name, operator in OPERATORS.items():
        arguments = ", ".join(f"`{each}`" for each in operator.arguments) or "none"
        options = ", ".join(f"`{each}`" for each in operator.options) or "none"
        text += f"\n## {name}\n\n{inspect.getdoc(operator.rule)}\n\n"
        text += f"Arguments: {arguments}. Options: {options}.\n"
        if name in examples:
            where, row = examples[name]
            text += f"\nIn {where}:\n\n```toml\n{row}\n```\n"
    return text


def _faults() -> str:
    text = (
        "# Faults\n\n`contracts serve API --fault ID` seeds one, `kohort_api.fails(fault=ID)` "
        "shows it to a client, `contracts prove` runs all. A variant differs and conforms.\n\n"
        "## Of every API\n\n"
        + _table(["id", "what happens"], [(f"`{f.id}`", f.about) for f in faults.CONNECTION])
    )
    for name in catalogue.shipped_operations():
        rows = [
            (f"`{f.id}`", f.about, "conforms" if f.conforming else ", ".join(f.breaks))
            for f in faults.load(loading.load(name))
        ]
        text += f"\n## {name}\n\n" + _table(["id", "what is different", "breaks"], rows)
    return text


def _python() -> str:
    homes = contracts._HOMES  # noqa: SLF001 - there is no other place that says it
    names = "\n".join(f"::: contracts.{homes[name]}.{name}\n" for name in contracts.__all__)
    example = (contracts.__doc__ or "").partition("::\n\n")[2].partition("\n\nNames")[0]
    code = inspect.cleandoc(example)
    return (
        "# Python API\n\nWhat `import contracts` has; nothing else is promised to stay.\n\n"
        f"```python\n{code}\n```\n\n{names}"
    )


def _pytest() -> str:
    named = [
        (name, fixture)
        for name, fixture in vars(plugin).items()
        if type(fixture).__name__ == "FixtureFunctionDefinition"
    ]
    fixtures = [(f"`{name}`", inspect.getdoc(fixture) or "") for name, fixture in named]
    markers = [(f"`{marker}`", about) for marker, about in plugin.MARKERS.items()]
    return (
        "# pytest\n\nThe plugin that is installed with the package. Its mocks are "
        "[ContractMock](python.md#contracts.mocks.mock.ContractMock) objects.\n\n## Fixtures\n\n"
        + _table(["fixture", "what it does"], fixtures)
        + "\n## Markers\n\n"
        + _table(["marker", "what it does"], markers)
        + f"\n## Option\n\n`{plugin.COVERAGE}` shows which clauses the tests exercised.\n"
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "index.md": _home,
    "changes.md": _changes,
    "reference/command-line.md": _command_line,
    "reference/exit-statuses.md": _exit_statuses,
    "reference/configuration.md": _configuration,
    "reference/contract-files.md": _contract_files,
    "reference/overlay.md": _overlay,
    "reference/operators.md": _operators,
    "reference/faults.md": _faults,
    "reference/report.md": _report,
    "reference/python.md": _python,
    "reference/pytest.md": _pytest,
}

if __name__ == "__main__":
    write(Path(sys.argv[1]))
