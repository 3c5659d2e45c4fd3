"""The two documents give the committed schemas."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contracts.derive import derive

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT.parent / "shared" / "documents"
PAGES = {"kohort": "000_30c67c4b37cf9e45.txt", "komerza": "001_aabd691ea672083b.txt"}

pytestmark = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="the folder of the two documents is not here"
)


@cache
def _text(api: str) -> str:
    """Return what is derived of a document, as a file has it."""
    name = PAGES[api]
    return json.dumps(derive((DOCUMENTS / name).read_bytes(), name=name))


def derived(api: str) -> Any:
    """Derive a document, and read the result as a file would give it back."""
    return json.loads(_text(api))


@pytest.mark.parametrize("part", ["operation", "request", "response"])
@pytest.mark.parametrize("api", sorted(PAGES))
def test_document_gives_the_committed_schema(api: str, part: str) -> None:
    """Deriving a document gives each committed schema exactly, and null where none is committed."""
    path = ROOT / "contracts" / "apis" / api / "create-order" / "schemas" / f"{part}.json"
    committed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    assert derived(api)[part] == committed


@pytest.mark.parametrize("api", sorted(PAGES))
def test_windows_line_ends_change_no_fact_of_a_document(api: str) -> None:
    """The same page with Windows line ends gives the same schemas.

    But for the digest of the file.
    """
    name = PAGES[api]
    out: Any = derive((DOCUMENTS / name).read_bytes().replace(b"\n", b"\r\n"), name=name)
    plain = derived(api)
    for part in ("request", "response"):
        for one in (out, plain):
            (one[part] or {}).pop("x-document", None)
        assert out[part] == plain[part]
    assert "Windows" in out["not_understood"][0]["text"]


def test_line_total_is_the_product_of_amount_and_quantity() -> None:
    """The sentence that relates three members of a line item is given as a relation."""
    (relation,) = derived("komerza")["relations"]
    assert relation == {
        "at": "/response/data/items/*/lineTotal",
        "operator": "product",
        "of": ["/response/data/items/*/amount", "/response/data/items/*/quantity"],
        "line": 195,
    }
