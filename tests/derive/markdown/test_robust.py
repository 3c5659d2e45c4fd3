"""Pages with holes, doubled parts and bytes of chance: read, or refused in words."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from contracts.derive.html.reader import extract
from contracts.derive.html.reader import read as read_html
from contracts.derive.markdown.reader import read as read_markdown
from contracts.errors import UsageError

FOLDER = Path(__file__).parent
PAGES = sorted([*(FOLDER / "pages").iterdir(), *(FOLDER.parent / "html" / "pages").iterdir()])
MARKS = b"`|<>{}[]#*-\n\t \"'()/\\0\xff:.~"


def _spoil(raw: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(raw) + 1)
    end = min(len(raw), start + rng.randrange(60))
    change = rng.randrange(4)
    if change == 0:
        del raw[start:end]
    elif change == 1:
        raw[start:start] = bytes(rng.choice(MARKS) for _ in range(rng.randint(1, 8)))
    elif change == 2:
        raw[start:start] = raw[start:end] * rng.randint(1, 5)
    else:
        raw[start:end] = bytes(rng.randrange(256) for _ in range(end - start))


@pytest.mark.parametrize("seed", range(4))
def test_a_spoiled_page_raises_nothing_but_a_refusal(seed: int) -> None:
    """Whatever is done to a page, the readers return or raise `UsageError`."""
    rng = random.Random(seed)  # noqa: S311  a choice of damage, not a secret
    for _ in range(12):
        page = rng.choice(PAGES)
        raw = bytearray(page.read_bytes()[:5_000])
        for _ in range(rng.randint(1, 12)):
            _spoil(raw, rng)
        with contextlib.suppress(UsageError):
            read_html(bytes(raw), page.name)
        with contextlib.suppress(UsageError):
            read_markdown(bytes(raw), page.name)
        assert isinstance(extract(bytes(raw)), str)


@pytest.mark.parametrize(
    "piece", ["<div>", "> ", "- ", "[", "{", "**", "<A a=", "`", "|a|\n|-|\n", "1…"]
)
def test_a_page_of_one_mark_over_and_over_is_read_in_no_time(piece: str) -> None:
    """Neither depth nor length of a page that nobody wrote breaks a reader."""
    raw = ("POST /crates\n\n" + piece * 1500).encode()
    for read in (read_html, read_markdown):
        with contextlib.suppress(UsageError):
            read(raw, "page")
