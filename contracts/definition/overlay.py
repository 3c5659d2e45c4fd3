"""What contracts lay over schemas: OpenAPI Overlay 1.0, and parts of other operations' answers.

Of the overlay, what contracts use: update, or remove, what a JSONPath selects.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

import jsonpath

from contracts.errors import ContractError
from contracts.model import Schema
from contracts.schema import keywords
from contracts.schema.jsontext import at, escape
from contracts.schema.vocabulary import with_parts


def apply(
    overlay: Mapping[str, Any], document: Mapping[str, Any], name: str, cites: str | None = None
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
    """Return the nodes that an action changes; ContractError when there is none."""
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
    """Return the update of an action, each keyword of it with its lines, basis and reason."""
    update: dict[str, Any] = copy.deepcopy(action["update"])
    if "x-basis" not in action:
        return update
    sources = node.get("x-source", {})

    def source(keyword: str) -> dict[str, Any]:
        if "x-lines" in action:
            cited = {"lines": action["x-lines"], "document": cites}
        else:
            replaced = sources.get(keyword, sources.get("type", [1, 1]))
            cited = replaced if isinstance(replaced, dict) else {"lines": replaced}
        basis = action["x-basis"]
        why = action.get("description")
        document = {"document": cited["document"]} if cited.get("document") else {}
        return {"lines": cited["lines"], "basis": basis, "why": why, **document}

    _stamp(update, source)
    return update


def _stamp(schema: dict[str, Any], source: Any) -> None:
    """Give every keyword of a schema, and of the schemas below it, its source."""
    names = {*keywords.ASSERTIONS, "additionalProperties"}
    assertions = [name for name in schema if name in names]
    schema["x-source"] = {name: source(name) for name in assertions if name != "required"}
    for member in schema.get("required", []):
        schema["x-source"][f"required/{escape(member)}"] = source("required")
    below = (schema.get("items"), schema.get("additionalProperties"))
    for child in (*schema.get("properties", {}).values(), *below):
        if isinstance(child, dict):
            _stamp(child, source)


def _merge(target: dict[str, Any], update: Mapping[str, Any]) -> None:
    """Put an update into a node: objects member by member, items of arrays at the end."""
    for name, value in update.items():
        present = target.get(name)
        if isinstance(value, dict) and isinstance(present, dict) and name != "propertyNames":
            _merge(present, value)
        elif isinstance(value, list) and isinstance(present, list) and name != "lines":
            target[name] = [*present, *value]
        else:
            target[name] = value


def resolve(schema: Any, response: Callable[[str], Schema]) -> Any:
    """Return a schema in which what other operations answer has been put in.

    A schema may have ``"x-same-as": {"operation": "create-order", "pointer": "/properties/data"}``,
    with ``"members": [...]`` where only some of them come. The other operation's schema takes its
    place; what the part says beside it comes on top. Every keyword has the lines of the sentence
    that says "the same", which are those of the part.
    """
    if not isinstance(schema, Mapping):
        return schema
    own = {name: value for name, value in schema.items() if name != "x-same-as"}
    own = with_parts(own, lambda part: resolve(part, response))
    if "x-same-as" not in schema:
        return own
    reference = schema["x-same-as"]
    other = at(response(reference["operation"]), reference.get("pointer", ""))
    members = reference.get("members")
    return _merged(_cited(other, reference["lines"], members), own)


def _cited(schema: Mapping[str, Any], lines: list[int], members: list[str] | None) -> Any:
    """Return a schema whose keywords all come from the given lines."""
    plain = {name: value for name, value in schema.items() if not name.startswith("x-")}
    if members is not None:
        properties = plain["properties"]
        plain["properties"] = {name: properties[name] for name in properties if name in members}
        if "required" in plain:
            plain["required"] = [name for name in plain["required"] if name in members]
    assertions = [name for name in plain if name in keywords.ASSERTIONS]
    source = {name: _entry(schema, name, lines) for name in assertions}
    for member in plain.get("required", ()):
        key = f"required/{escape(member)}"
        source[key] = _entry(schema, key, lines)
    source.pop("required", None)
    plain["x-source"] = source
    return with_parts(plain, lambda part: _cited(part, lines, None))


def _entry(schema: Mapping[str, Any], key: str, lines: list[int]) -> Any:
    """Return the source of a keyword: a reading of the other page stays what it is."""
    source = schema.get("x-source", {}).get(key)
    if isinstance(source, Mapping) and source.get("basis", "document") != "document":
        return {"lines": lines, "basis": source["basis"], "why": source.get("why")}
    return lines


def _merged(below: Any, above: Any) -> Any:
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    merged = dict(below)
    for name, value in above.items():
        merged[name] = _merged(below[name], value) if name in below else value
    return merged
