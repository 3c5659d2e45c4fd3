"""What the command line names as inputs: files, folders, and ``-`` for standard input."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from contracts.derive import Reading, choose, readings
from contracts.errors import UsageError
from contracts.schema.files import STANDARD_INPUT

STANDARD_INPUT_NAME = "standard-input"
MOST_REASONS = 3
ADDRESS = re.compile(r"https?:/")  # a path has one slash where an address has two
# files of a saved page or of a checkout that hold no documentation
IGNORED_SUFFIXES = frozenset(
    {".css", ".js", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2"}
)


@dataclass(frozen=True, slots=True)
class Input:
    """The content of one input, with the name that a contract knows it by."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One operation with the input that it was read from."""

    source: Input
    reading: Reading


def choose_page(paths: Sequence[Path], operation: str | None = None) -> Page:
    """Return the only operation that inputs hold, or the one that was asked for."""
    return _chosen([page for path in paths for page in _pages(path)], paths, operation)


def pages_of_api(paths: Sequence[Path], operations: Sequence[str] = ()) -> list[Page]:
    """Return the operations of one API: all that the inputs describe, or the chosen ones.

    They are chosen by ``METHOD /path``, in which a * stands for anything.
    """
    several = len(paths) > 1 or paths[0].is_dir()
    pages = [page for path in paths for page in _pages(path)]
    if not operations and (several or any(page.reading.fact("links") for page in pages)):
        return _each_once(pages)
    if not operations:
        return [_chosen(pages, paths, None, ", or all: --operation '*'")]
    titles: set[str] = set()
    for text in operations:
        fitting = {page.reading.title for page in pages if fnmatchcase(page.reading.title, text)}
        is_pattern = "*" in text and bool(fitting)
        titles |= fitting if is_pattern else {_chosen(pages, paths, text).reading.title}
    return _each_once([page for page in pages if page.reading.title in titles])


def _chosen(
    pages: Sequence[Page], paths: Sequence[Path], operation: str | None, otherwise: str = ""
) -> Page:
    """Return the operation that was asked for, or the only one; UsageError when it is not one."""
    holder = str(paths[0]) if len(paths) == 1 else f"what was named ({len(paths)} inputs)"
    by_title = {page.reading.title: page.reading for page in reversed(pages)}
    reading = choose(list(by_title.values())[::-1], operation, holder, otherwise)
    same = [page for page in pages if page.reading.title == reading.title]
    if len(same) > 1:
        names = " and ".join(page.source.name for page in same)
        raise UsageError(f"{reading.title} stands in {names}; name one of them only")
    return same[0]


def _each_once(pages: list[Page]) -> list[Page]:
    titles = [page.reading.title for page in pages]
    for page in pages:
        if titles.count(page.reading.title) > 1:
            raise UsageError(f"{page.reading.title} stands there twice; name one of them only")
    return pages


def _pages(path: Path) -> Iterator[Page]:
    """Yield the operations below a path; what holds none in a folder is passed over."""
    if not path.is_dir():
        source = _read(path, path.name)
        yield from (Page(source, reading) for reading in readings(source.raw, source.name))
        return
    pages, reasons = [], []
    for file in _files(path):
        source = _read(file, file.relative_to(path).as_posix())
        try:
            pages += [Page(source, reading) for reading in readings(source.raw, source.name)]
        except UsageError as error:
            reasons.append(str(error))
    if not pages:
        why = "; ".join(reasons[:MOST_REASONS]) or "it has no files"
        more = f"; and {len(reasons) - MOST_REASONS} more" if len(reasons) > MOST_REASONS else ""
        raise UsageError(f"{path}: no operation was found in this folder: {why}{more}")
    yield from pages


def _files(folder: Path) -> list[Path]:
    """Return the files below a folder that may be documentation, in order."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() not in IGNORED_SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _read(path: Path, name: str) -> Input:
    if path == STANDARD_INPUT:
        return Input(STANDARD_INPUT_NAME, sys.stdin.buffer.read())
    try:
        return Input(name, path.read_bytes())
    except OSError as error:
        hint = ""
        if ADDRESS.match(str(path)):
            hint = "; an address is read from a file: curl -o FILE ADDRESS"
        raise UsageError(f"{path} can't be read: {error.strerror}{hint}") from error
