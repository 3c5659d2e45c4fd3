"""The part of OpenAPI Overlay 1.0 that contracts use: update, or remove, by JSONPath."""

import copy
from collections.abc import Mapping
from typing import Any

import jsonpath

from contracts.errors import ContractError
from contracts.schema import keywords
from contracts.schema.jsontext import escape


def apply(
    overlay: Mapping[str, Any],
    document: Mapping[str, Any],
    name: str,
    cites: str | None = None,
) -> dict[str, Any]:
    """Return a document with an overlay applied; ContractError for an action that can't be.

    `update` is merged into each node that `target` selects (objects by member, arrays by
    appending), `remove` takes the node away. Keywords that an action with `x-basis` sets carry
    it, and the action's description as the reason; their lines are `x-lines`, else those of
    the keyword that they replace, else of the node's type. `cites` names the document that
    `x-lines` are lines of, where it is not the one that the schemas are from.
    """
    result: Any = copy.deepcopy(document)
    for number, action in enumerate(overlay["actions"]):
        place = f"{name}#/actions/{number}"
        matches = _matches(action, result, place)
        if action.get("remove"):
            _remove(matches, place)
            continue
        for match in matches:
            node: Any = match.obj
            if isinstance(node, list):
                node.append(copy.deepcopy(action["update"]))
            elif isinstance(node, dict) and isinstance(action["update"], dict):
                _merge(node, _stamped(action, node, cites))
            else:
                raise ContractError(
                    f"{place}: what is at {action['target']} can't be merged with the update"
                )
    return dict(result)


def _matches(action: Any, document: Any, place: str) -> list[Any]:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise ContractError(f"{place}: an action has a target, which is a JSONPath")
    if "update" not in action and not action.get("remove"):
        raise ContractError(f"{place}: an action has an update, or remove is true")
    try:
        matches = list(jsonpath.finditer(action["target"], document))
    except jsonpath.JSONPathError as error:
        what = f"{action['target']!r} is no JSONPath"
        raise ContractError(f"{place}: {what}: {error}") from error
    if not matches:
        raise ContractError(f"{place}: nothing is at {action['target']}")
    return matches


def _remove(matches: list[Any], place: str) -> None:
    # later items of an array first, so that the others keep their places
    for match in reversed(matches):
        if match.parent is None:
            raise ContractError(f"{place}: the whole document can't be removed")
        parent: Any = match.parent.obj
        del parent[match.parts[-1]]


def _stamped(
    action: Mapping[str, Any], node: Mapping[str, Any], cites: str | None
) -> dict[str, Any]:
    update: dict[str, Any] = copy.deepcopy(action["update"])
    if "x-basis" not in action:
        return update
    known = node.get("x-source", {})

    def source(keyword: str) -> dict[str, Any]:
        if "x-lines" in action:
            cited = {"lines": action["x-lines"], "document": cites}
        else:
            replaced = known.get(keyword, known.get("type", [1, 1]))
            cited = replaced if isinstance(replaced, dict) else {"lines": replaced}
        basis, why = action["x-basis"], action.get("description")
        document = {"document": cited["document"]} if cited.get("document") else {}
        return {"lines": cited["lines"], "basis": basis, "why": why, **document}

    _stamp(update, source)
    return update


def _stamp(schema: dict[str, Any], source: Any) -> None:
    """Give every keyword of a schema, and of the schemas below it, its source."""
    known = {*keywords.ASSERTIONS, "additionalProperties"}
    assertions = [name for name in schema if name in known]
    schema["x-source"] = {name: source(name) for name in assertions if name != "required"}
    for member in schema.get("required", []):
        schema["x-source"][f"required/{escape(member)}"] = source("required")
    below = (schema.get("items"), schema.get("additionalProperties"))
    for child in (*schema.get("properties", {}).values(), *below):
        if isinstance(child, dict):
            _stamp(child, source)


def _merge(target: dict[str, Any], update: Mapping[str, Any]) -> None:
    for name, value in update.items():
        known = target.get(name)
        if isinstance(value, dict) and isinstance(known, dict) and name != "propertyNames":
            _merge(known, value)
        elif isinstance(value, list) and isinstance(known, list) and name != "lines":
            target[name] = [*known, *value]
        else:
            target[name] = value
