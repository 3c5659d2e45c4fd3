"""Overlays.

By the kinds of examples that the OpenAPI Overlay 1.0 specification gives (section 4.5).
"""

from __future__ import annotations

from typing import Any

import pytest

from contracts.definition import overlay
from contracts.errors import ContractError

DOCUMENT: dict[str, Any] = {
    "info": {"title": "Orders", "description": "All of them"},
    "paths": {
        "/orders": {
            "get": {
                "x-safe": False,
                "parameters": [{"name": "page", "in": "query"}, {"name": "dummy", "in": "query"}],
            },
            "post": {"tags": ["orders"]},
        },
        "/stores": {"get": {"x-safe": True, "parameters": [{"name": "dummy", "in": "query"}]}},
    },
}


def applied(*actions: dict[str, Any]) -> Any:
    """Apply actions to the document above."""
    return overlay.apply(
        {"overlay": "1.0.0", "actions": list(actions)}, DOCUMENT, "api/overlay.json"
    )


def test_a_structured_overlay_merges_into_the_root() -> None:
    """An update of ``$`` is merged member by member, and what it does not name stays."""
    made = applied(
        {"target": "$", "update": {"info": {"title": "Sales"}, "servers": [{"url": "https://x"}]}}
    )
    assert made["info"] == {"title": "Sales", "description": "All of them"}
    assert made["servers"] == [{"url": "https://x"}]
    assert made["paths"] == DOCUMENT["paths"]


def test_a_targeted_overlay_updates_one_node() -> None:
    """An update of one node leaves the others alone."""
    made = applied({"target": "$.paths['/stores'].get", "update": {"summary": "Stores"}})
    assert made["paths"]["/stores"]["get"]["summary"] == "Stores"
    assert made["paths"]["/orders"] == DOCUMENT["paths"]["/orders"]


def test_a_wildcard_updates_every_node() -> None:
    """One action reaches each node that its expression selects."""
    made = applied({"target": "$.paths.*.get", "update": {"x-slow": True}})
    assert [path["get"]["x-slow"] for path in made["paths"].values()] == [True, True]


def test_a_filter_updates_the_nodes_that_pass_it() -> None:
    """A filter selects by what is in a node."""
    made = applied(
        {"target": "$.paths.*.get.parameters[?@.name == 'page'].in", "remove": True},
        {"target": "$.paths.*[?@['x-safe'] == true]", "update": {"x-cached": True}},
    )
    assert "x-cached" in made["paths"]["/stores"]["get"]
    assert "x-cached" not in made["paths"]["/orders"]["get"]


def test_an_array_in_an_update_is_appended() -> None:
    """Arrays that meet in a merge are put one after the other."""
    made = applied({"target": "$.paths['/orders'].post", "update": {"tags": ["beta"]}})
    assert made["paths"]["/orders"]["post"]["tags"] == ["orders", "beta"]


def test_a_removed_member_is_gone() -> None:
    """``remove`` takes a node out of its object."""
    made = applied({"target": "$.info.description", "remove": True})
    assert made["info"] == {"title": "Orders"}


def test_a_removed_item_is_gone() -> None:
    """``remove`` takes a node out of its array."""
    made = applied(
        {"target": "$.paths['/orders'].get.parameters[?@.name == 'dummy']", "remove": True}
    )
    assert made["paths"]["/orders"]["get"]["parameters"] == [{"name": "page", "in": "query"}]


def test_remove_makes_update_count_for_nothing() -> None:
    """An action with both removes."""
    made = applied({"target": "$.info", "remove": True, "update": {"title": "Sales"}})
    assert "info" not in made


def test_actions_are_applied_in_order() -> None:
    """A later action sees what an earlier one made."""
    made = applied(
        {"target": "$.info", "update": {"x-new": {"a": 1}}},
        {"target": "$.info['x-new']", "update": {"b": 2}},
    )
    assert made["info"]["x-new"] == {"a": 1, "b": 2}


def test_the_document_itself_is_left_alone() -> None:
    """An overlay gives a new document, and no part of it is shared between two updated nodes."""
    made = applied({"target": "$.paths.*.get", "update": {"x-new": {"a": 1}}})
    assert "x-new" not in DOCUMENT["paths"]["/orders"]["get"]
    first, second = (path["get"]["x-new"] for path in made["paths"].values())
    assert first is not second


def test_a_target_that_hits_nothing_is_an_error() -> None:
    """Stricter than the specification.

    An action without effect is a mistake, and is named by its number.
    """
    with pytest.raises(ContractError) as caught:
        applied({"target": "$.info", "update": {}}, {"target": "$.paths['/oders']", "update": {}})
    assert str(caught.value) == "api/overlay.json#/actions/1: nothing is at $.paths['/oders']"


def test_keywords_that_an_action_sets_carry_its_basis_and_reason() -> None:
    """Each assertion of an update is given the lines of the node's type.

    The basis and the description.
    """
    document = {"request": {"properties": {"a": {"type": "string", "x-source": {"type": [3, 4]}}}}}
    action = {
        "target": "$.request.properties.a",
        "description": "Short is enough.",
        "x-basis": "convention",
        "update": {"maxLength": 5},
    }
    made = overlay.apply({"actions": [action]}, document, "api/overlay.json")
    assert made["request"]["properties"]["a"]["x-source"] == {
        "type": [3, 4],
        "maxLength": {"lines": [3, 4], "basis": "convention", "why": "Short is enough."},
    }
