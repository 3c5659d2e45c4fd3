"""Print an operation in the forms of Markdown that people have.

Tables, lists, components, scraped pages.

Each form knows what such pages look like, and nothing of the readers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.derive.openapi import Operation, admits_null, base_type
from tests.derive.samples import dump

Schema = dict[str, Any]


def members(
    schema: Schema | None, prefix: str = ""
) -> Iterator[tuple[str, str, Schema, bool, int]]:
    """Yield each member.

    Its dotted name, its own name, its schema, whether it is required, how deep it stands.
    """
    schema = schema or {}
    depth = prefix.count(".")
    for name, member in schema.get("properties", {}).items():
        yield f"{prefix}{name}", name, member, name in schema.get("required", []), depth
        yield from members(member, f"{prefix}{name}.")
        if isinstance(member.get("items"), dict):
            yield from members(member["items"], f"{prefix}{name}[].")


def _values(schema: Schema) -> list[Any]:
    inner = schema.get("items", schema) if base_type(schema) == "array" else schema
    return [value for value in inner.get("enum", []) if value is not None]


def type_words(schema: Schema) -> str:
    """Write a type as people do: `array of strings`, `string (uuid)`, `number or null`."""
    base = base_type(schema) or "any"
    text = base
    if base == "array":
        inner = schema.get("items", {})
        text = f"array of {base_type(inner) or 'object'}s"
    elif "format" in schema:
        text = f"{base} ({schema['format']})"
    return f"{text} or null" if admits_null(schema) else text


def limits(schema: Schema) -> list[str]:
    """Write lengths and ranges in words."""
    out = []
    for (low, high), unit in (
        (("minLength", "maxLength"), " characters"),
        (("minItems", "maxItems"), " items"),
        (("minimum", "maximum"), ""),
    ):
        least, most = schema.get(low), schema.get(high)
        if least is not None and most is not None:
            out.append(f"Between {least} and {most}{unit}")
        elif least is not None:
            out.append(f"At least {least}{unit}")
        elif most is not None:
            out.append(f"At most {most}{unit}")
    if "exclusiveMinimum" in schema:
        out.append(f"Must be greater than {schema['exclusiveMinimum']}")
    if "pattern" in schema:
        out.append(f"Pattern: `{schema['pattern']}`")
    return out


def _own_and_items(schema: Schema) -> list[str]:
    return limits(schema) + (
        limits(schema["items"]) if isinstance(schema.get("items"), dict) else []
    )


def sentences(schema: Schema) -> str:
    """Write the description of a member with all that restricts it."""
    out = [schema.get("description", "").strip().rstrip(".")]
    values = _values(schema)
    if values:
        out.append("One of " + ", ".join(f"`{value}`" for value in values))
    if "default" in schema:
        out.append(f"Default: `{_scalar(schema['default'])}`")
    out += _own_and_items(schema)
    return ". ".join(part for part in out if part) + "."


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _page(
    operation: Operation, request: str, response: str, *, level: int = 2, head: str = "code"
) -> str:
    title = "#" * level
    named = (
        f"`{operation.method} {operation.path}`"
        if head == "code"
        else f"{operation.method} {operation.path}"
    )
    asked = f"{title} Request body\n\n{request}\n\n" if operation.request else ""
    return (
        f"# {operation.summary}\n\n{operation.description}\n\n{named}\n\n{asked}{title} "
        f"Response\n\n"
        f"`{operation.status}`\n\n{response}\n\n{title} Errors\n\n"
        "| Status | Meaning |\n|---|---|\n| 422 | The body is not valid. |\n| 401 | Who are "
        "you? |\n"
    )


def _body(schema: Schema | None) -> Schema | None:
    return schema["items"] if schema and base_type(schema) == "array" else schema


def table(operation: Operation) -> str:
    """Print members with dotted names in tables."""

    def rows(schema: Schema | None) -> str:
        lines = ["| Field | Type | Required | Description |", "|---|---|---|---|"]
        for dotted, _, member, required, _ in members(_body(schema)):
            text = sentences(member).replace("|", "\\|")
            lines.append(
                f"| `{dotted}` | {type_words(member)} | {'Yes' if required else 'No'} | {text} |"
            )
        return "\n".join(lines)

    return _page(operation, rows(operation.request), rows(operation.response))


def table_of_columns(operation: Operation) -> str:
    """Print members in tables of other columns, in another order."""

    def rows(schema: Schema | None) -> str:
        lines = [
            "Parameter | Notes | Data type | Mandatory | Default | Allowed values | Constraints",
            "--- | --- | --- | :---: | --- | --- | ---",
        ]
        for dotted, _, member, required, _ in members(_body(schema)):
            cells = [
                f"**{dotted}**",
                member.get("description", "-"),
                f"`{type_words(member)}`",
                "✓" if required else "",
                f"`{_scalar(member['default'])}`" if "default" in member else "-",
                ", ".join(f"`{value}`" for value in _values(member)),
                "; ".join(_own_and_items(member)),
            ]
            lines.append(" | ".join(cell.replace("|", "\\|") for cell in cells))
        return "\n".join(lines)

    return _page(
        operation, rows(operation.request), rows(operation.response), level=3, head="plain"
    )


def nested_list(operation: Operation) -> str:
    """Print members as lists in lists: name, type and flag in brackets."""

    def items(schema: Schema | None) -> str:
        return "\n".join(
            f"{'  ' * depth}- `{name}` ({type_words(member)}, "
            f"{'required' if required else 'optional'}): {sentences(member)}"
            for _, name, member, required, depth in members(_body(schema))
        )

    return _page(operation, items(operation.request), items(operation.response))


def bold_list(operation: Operation) -> str:
    """Print members as lists with name, type and flag set apart."""

    def items(schema: Schema | None) -> str:
        return "\n".join(
            f"{'    ' * depth}* **{name}** "
            f"*{type_words(member)}*{' **required**' if required else ''} — {sentences(member)}"
            for _, name, member, required, depth in members(_body(schema))
        )

    return _page(operation, items(operation.request), items(operation.response))


def components(operation: Operation) -> str:
    """Print a page of components: ParamField, ResponseField and Expandable."""

    def fields(schema: Schema | None, tag: str, name: str, indent: str = "") -> str:
        schema = _body(schema) or {}
        out = []
        for key, member in schema.get("properties", {}).items():
            flag = " required" if key in schema.get("required", []) else ""
            default = f' default="{_scalar(member["default"])}"' if "default" in member else ""
            kind = type_words(member).replace(" or ", " | ")
            out.append(
                f'{indent}<{tag} {name}="{key}" type="{kind}"{flag}{default}>\n{indent}  {sentences(member)}'  # noqa: E501
            )
            inner = member.get("items", member) if base_type(member) == "array" else member
            if inner.get("properties"):
                below = fields(inner, tag, name, f"{indent}    ")
                out.append(
                    f'{indent}  <Expandable title="properties">\n{below}\n{indent}  </Expandable>'
                )
            out.append(f"{indent}</{tag}>\n")
        return "\n".join(out)

    example = dump({"error": {"code": "BAD_BODY"}}, 2)
    return (
        f'---\ntitle: "{operation.summary}"\napi: "{operation.method} {operation.server}{operation.path}"\n---\n\n'  # noqa: E501
        f"{operation.description}\n\n{fields(operation.request, 'ParamField', 'body')}\n### "
        f"Response\n\n"
        f"{fields(operation.response, 'ResponseField', 'name')}\n"
        f"<ResponseExample>\n\n```json 422\n{example}\n```\n\n</ResponseExample>\n"
    )


def scraped(operation: Operation) -> str:
    """Print what a scraper writes of a page.

    A title for each name, blank lines between all, escapes.
    """

    def blocks(schema: Schema | None) -> str:
        out = []
        for dotted, _, member, required, _ in members(_body(schema)):
            name = dotted.replace("_", "\\_").replace("[", "\\[").replace("]", "\\]")
            kind = (base_type(member) or "any").replace(
                "array", f"{base_type(member.get('items', {})) or 'object'}\\[\\]"
            )
            kind += f"<{member['format']}>" if "format" in member else ""
            out += [f"#### {name}", f"{kind} | null" if admits_null(member) else kind]
            out += ["required"] if required else []
            out += [member["description"]] if "description" in member else []
            if _values(member):
                out.append(
                    "Available options: " + ", ".join(f"`{value}`" for value in _values(member))
                )
            if "default" in member:
                out.append(f"Default: {_scalar(member['default'])}")
            out += _own_and_items(member)
        return "\n\n".join(out)

    text = _page(
        operation, blocks(operation.request), blocks(operation.response), level=3, head="plain"
    )
    return text.replace(
        f"{operation.method} {operation.path}", f"{operation.method}\n\n{operation.path}"
    )


FORMS: dict[str, Callable[[Operation], str]] = {
    "table": table,
    "table of columns": table_of_columns,
    "nested list": nested_list,
    "bold list": bold_list,
    "components": components,
    "scraped": scraped,
}
