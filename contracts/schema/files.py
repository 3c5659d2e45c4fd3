"""Text files as people have them, read in UTF-8, with a byte order mark, or UTF-16, and written."""

import codecs
import json
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.errors import UsageError
from contracts.schema.jsontext import encode

# UTF-32 first: its mark begins with that of UTF-16
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
STANDARD_INPUT = Path("-")
BARE = re.compile(r"[A-Za-z0-9_-]+")  # a name in TOML that needs no quotes


def decode(data: bytes) -> str:
    """Return the text of a file in the encoding that its first bytes tell, else in UTF-8.

    ValueError when it is in none of these.
    """
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and data[:2].count(0) == 1 and len(data) % 2 == 0:
        # ASCII in UTF-16 without a mark has a zero in every character
        encoding = "utf-16-be" if data[0] == 0 else "utf-16-le"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        what = f"not {encoding.upper()} at byte {error.start}"
        raise ValueError(f"{what}; save it as UTF-8") from error


def read_text(path: Path) -> str:
    """Return the text of a file, or of standard input for ``-``; UsageError when it can't be."""
    try:
        is_input = path == STANDARD_INPUT
        return decode(sys.stdin.buffer.read() if is_input else path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; UsageError names the file and the place."""
    try:
        return tomllib.loads(read_text(path).replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:  # tomllib raises the first for long numbers, too
        raise UsageError(f"{path}: no TOML: {error}") from error


def json_text(value: Any) -> str:
    """Return a value as the text of a JSON file, which people may read."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def read_json(path: Path) -> Any:
    """Return the value of a JSON file; UsageError names the file and the place."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON: {error}") from error


def toml_rows(table: Mapping[str, Any]) -> list[str]:
    """Return the rows of a TOML table, a line each; a name is in quotes where it has to be."""
    return [f"{_toml_key(name)} = {toml_value(value)}" for name, value in table.items()]


def dotted_rows(table: Mapping[str, Any]) -> list[str]:
    """Return the rows of a TOML table, to which others may add: ``amount.minimum = 3000``."""
    rows = []
    for name, value in table.items():
        within = dotted_rows(value) if isinstance(value, Mapping) else []
        rows += [f"{_toml_key(name)}.{row}" for row in within] or toml_rows({name: value})
    return rows


def _toml_key(name: str) -> str:
    return name if BARE.fullmatch(name) else toml_value(name)


def toml_value(value: Any) -> str:
    """Return a value as TOML has it in one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(toml_rows(value))} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml_value, value))}]"
    return encode(value).decode("utf-8")
