"""Links that are proposed take what a parameter is called by, not always the id."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.authoring.start import links

_TEXT = {"type": "string"}


def _page(asked: str, *members: str) -> dict[str, Any]:
    """Return what is derived of an operation whose answer has some members."""
    method, path = asked.split()
    response = {"type": "object", "properties": dict.fromkeys(members, _TEXT)}
    operation = {"method": method, "path": path}
    return {"operation": operation, "request": None, "response": response if members else None}


@pytest.mark.parametrize(
    ("members", "parameter", "pointer"),
    [
        (("id", "iid", "title"), "issue_iid", "/iid"),
        (("id", "number"), "issue_number", "/number"),
        (("id", "number"), "issueId", "/id"),
        (("id", "name"), "name", "/name"),
        (("id", "slug"), "reference", "/id"),
    ],
)
def test_a_parameter_takes_the_member_that_it_is_called_by(
    members: tuple[str, ...], parameter: str, pointer: str
) -> None:
    """``issue_iid`` names an issue by its ``iid``: by its ``id`` no issue would be found."""
    pages = {
        "create-issue": _page("POST /projects/{id}/issues", *members),
        "get-issue": _page(f"GET /projects/{{id}}/issues/{{{parameter}}}", *members),
        "delete-issue": _page(f"DELETE /projects/{{id}}/issues/{{{parameter}}}"),
    }
    assert {link.pointer for link in links.propose(pages)} == {pointer}
    taken, address = links.take_backs(pages)["delete-issue"]
    assert (taken.pointer, address) == (pointer, f"DELETE /projects/{{id}}/issues/{{{parameter}}}")
