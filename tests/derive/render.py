"""Print an OpenAPI operation as a docs page, in either rendering, in many styles.

This knows what such pages print, and nothing of the deriver.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, fields
from typing import Any

from .openapi import Operation, admits_null, base_type
from .samples import curl, dump


@dataclass(frozen=True)
class Style:
    """Everything in which pages of the same kind differ."""

    windows: bool = False
    final_newline: bool = True
    chrome: bool = True
    silent: float = 0.0
    squashed_flags: bool = True
    flag_word_apart: bool = False
    default_space: bool = True
    required_first: bool = False
    options_on_one_line: bool = False
    label_apart: bool = False
    older_lengths: bool = False
    shows_sample: bool = False
    children: str = "dotted"
    head: str = "dash"
    body_newline: bool = True
    twice: bool = True
    indent: int = 0
    squashed_answer: bool = True
    own_lines: bool = False
    constraints_after_children: bool = False
    seed: int = field(default=0, compare=False)


def random_style(seed: int) -> Style:
    """Choose a style."""
    rng = random.Random(seed)  # noqa: S311  a choice of looks, not a secret
    values: dict[str, Any] = {
        item.name: rng.random() < 0.5 for item in fields(Style) if item.type == "bool"
    }
    values["silent"] = rng.choice([0.0, 0.0, 0.1, 0.3])
    values["children"] = rng.choice(["dotted", "dotted", "brackets", "hidden"])
    values["head"] = rng.choice(["dash", "lines", "none"])
    values["indent"] = rng.choice([0, 2])
    values["shows_sample"] = values["shows_sample"] or values["children"] == "hidden"
    return Style(**values, seed=seed)


def listed(operation: Operation, style: Style) -> str:
    """Print a listed page."""
    return _Listed(operation, style).page()


def with_example(operation: Operation, style: Style) -> str:
    """Print a page of a sample with descriptions."""
    return _Example(operation, style).page()


def ending(text: str, style: Style) -> str:
    """Give a page its line ends."""
    text = text.rstrip("\n") + ("\n" if style.final_newline else "")
    return text.replace("\n", "\r\n") if style.windows else text


def type_line(schema: dict[str, Any]) -> str:
    """Print the type of a member."""
    null = " | null" if admits_null(schema) else ""
    title = f"{schema['title']} · " if "title" in schema else ""
    return f"{title}{_plain_type(schema)}{null}"


def _plain_type(schema: dict[str, Any]) -> str:
    kind = base_type(schema)
    if kind == "array":
        return f"{_plain_type(schema['items'])}[]"
    if kind is None:
        return "any"
    if "enum" in schema:
        return f"enum<{kind}>"
    return f"{kind}<{schema['format']}>" if "format" in schema else kind


def range_text(schema: dict[str, Any]) -> str | None:
    """Print the bounds of a number."""
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    left = f"{low} <= " if low is not None else f"{above} < " if above is not None else ""
    right = f" <= {high}" if high is not None else f" < {below}" if below is not None else ""
    if left and right:
        return f"{left}x{right}"
    if left:
        return f"x >= {low}" if low is not None else f"x > {above}"
    return f"x{right}" if right else None


class _Listed:
    def __init__(self, operation: Operation, style: Style) -> None:
        self.operation = operation
        self.style = style
        self.rng = random.Random(style.seed + 1)  # noqa: S311  a choice of looks, not a secret
        self.out: list[str] = []

    def page(self) -> str:
        operation, style = self.operation, self.style
        if style.chrome:
            self.out.append("Skip to main content")
        self.out.append(operation.method)
        for part in operation.path.strip("/").split("/"):
            self.out += ["/", part]
        if style.chrome:
            self.out.append(operation.summary)
        if style.shows_sample:
            command, answer = curl(operation, newline=style.body_newline, indent=style.indent)
            self.out += [command, answer]
        self.authorization()
        for where, title in (
            ("header", "Headers"),
            ("path", "Path Parameters"),
            ("query", "Query Parameters"),
        ):
            self.parameters(where, title)
        if operation.request is not None:
            self.out += ["", "Body", "", "application/json"]
            if operation.body_description:
                self.out += ["", operation.body_description, ""]
            self.members(operation.request, "")
        self.answer()
        if style.chrome:
            self.out += ["", "Was this page helpful?", "", "Previous", "Next"]
        return ending("\n".join(self.out), style)

    def authorization(self) -> None:
        kind = self.operation.scheme
        name = kind.get("name", "Authorization")
        self.out += [
            "",
            "Authorizations",
            "",
            name,
            "string",
            *self.flags("header", required=True, default=None),
        ]
        if kind["type"] == "http":
            word = kind["scheme"].title()
            secret = "<token>" if word == "Bearer" else "<encoded-value>"
            self.out += ["", f"{word} credentials, sent as {word} {secret}."]
        else:
            self.out += ["", kind.get("description", "A key.")]

    def parameters(self, where: str, title: str) -> None:
        found = [item for item in self.operation.parameters if item["in"] == where]
        if found:
            self.out += ["", title, ""]
        for item in found:
            schema = {**item["schema"], "description": item.get("description", "")}
            self.member(item["name"], schema, required=item["required"], section=where)

    def answer(self) -> None:
        operation = self.operation
        self.out += ["", "Response", ""]
        array = base_type(operation.response) == "array"
        media = "application/json · object[]" if array else "application/json"
        if self.style.head == "dash" or array:
            self.out.append(f"{operation.status} - {media}")
        elif self.style.head == "lines":
            self.out += [operation.status, media]
        if self.style.head != "dash":
            self.out += ["", operation.response_description, ""]
        self.members(operation.response["items"] if array else operation.response, "")

    def flags(self, section: str, *, required: bool, default: Any) -> list[str]:
        parts = [section] if section else []
        if default is not None:
            gap = " " if self.style.default_space else ""
            value = default if isinstance(default, str) else json.dumps(default)
            parts.append(f"default:{gap}{value}")
        if required:
            parts.append("required")
        if self.style.squashed_flags:
            return ["".join(parts)] if parts else []
        return parts

    def members(self, schema: dict[str, Any], prefix: str) -> None:
        required = schema.get("required", [])
        names = list(schema.get("properties", {}))
        if self.style.required_first:
            names.sort(key=lambda name: name not in required)
        for name in names:
            self.member(
                f"{prefix}{name}", schema["properties"][name], required=name in required, section=""
            )

    def member(self, name: str, schema: dict[str, Any], *, required: bool, section: str) -> None:
        self.out += [name, type_line(schema)]
        self.out += self.flags(section, required=required, default=schema.get("default"))
        if schema.get("description") and self.rng.random() >= self.style.silent:
            self.out += ["", schema["description"], ""]
        self.constraints(schema)
        inner, brackets = schema, ""
        while base_type(inner) == "array":
            inner, brackets = inner["items"], f"{brackets}[]"
        if "properties" in inner or isinstance(inner.get("additionalProperties"), dict):
            self.out.append("Show child attributes")
            self.children(name if self.style.children != "brackets" else f"{name}{brackets}", inner)

    def children(self, name: str, inner: dict[str, Any]) -> None:
        if self.style.children == "hidden":
            self.out.append("")
            return
        self.members(inner, f"{name}.")
        if isinstance(inner.get("additionalProperties"), dict):
            self.out += ["", f"{name}.{{key}}", type_line(inner["additionalProperties"])]

    def constraints(self, schema: dict[str, Any]) -> None:
        items = schema["items"] if base_type(schema) == "array" else schema
        if "enum" in items:
            options = [str(item) for item in items["enum"]]
            self.out.append("Available options:")
            self.out += (
                [", ".join(options)]
                if self.style.options_on_one_line
                else ",\n".join(options).split("\n")
            )
        for label, value in _labels(schema, items, older=self.style.older_lengths):
            self.out += [f"{label}:", value] if self.style.label_apart else [f"{label}: {value}"]
        if "example" in schema:
            value = json.dumps(shown(schema["example"]), ensure_ascii=False)
            self.out += ["Example:", "", value, ""]


def shown(value: Any) -> Any:
    """Print an example as a page does: an address is hidden behind a placeholder."""
    return "[email protected]" if "@" in str(value) else value


def _labels(schema: dict[str, Any], items: dict[str, Any], *, older: bool) -> list[tuple[str, str]]:
    out = []
    low, high = schema.get("minLength"), schema.get("maxLength")
    if older and low is None and high is not None:
        out.append(("Maximum length", f"{high}"))
    elif low is not None or high is not None:
        out.append(_size("string", low, high, ""))
    low, high = schema.get("minItems"), schema.get("maxItems")
    if low is not None or high is not None:
        out.append(_size("array", low, high, " elements"))
    bounds = range_text(items)
    if bounds:
        out.append(("Required range", bounds))
    if "pattern" in items:
        out.append(("Pattern", items["pattern"]))
    return out


def _size(what: str, low: int | None, high: int | None, unit: str) -> tuple[str, str]:
    if low is None:
        return f"Maximum {what} length", f"{high}"
    if high is None:
        return f"Minimum {what} length", f"{low}"
    return f"Required {what} length", f"{low}" if low == high else f"{low} - {high}{unit}"


class _Example:
    def __init__(self, operation: Operation, style: Style) -> None:
        self.operation = operation
        self.style = style
        self.rng = random.Random(style.seed + 2)  # noqa: S311  a choice of looks, not a secret
        self.lines: list[str] = []
        self.pending = ""

    def page(self) -> str:
        operation, style = self.operation, self.style
        command, answer = curl(operation, newline=style.body_newline, indent=0)
        block = command + ("" if style.squashed_answer else "\n") + answer
        about = operation.description or operation.summary
        self.lines = [block + about, block] if style.twice else [block]
        start = len(self.lines) - 1
        self.text(self.scheme())
        for item in operation.parameters:
            if item.get("description"):
                self.text(item["description"])
            self.constraints(item["schema"])
        if operation.request is not None:
            if operation.body_description:
                self.text(operation.body_description)
            if operation.request.get("description"):
                self.text(operation.request["description"])
            self.members(operation.request)
        self.text(operation.response_description)
        response = operation.response
        if response.get("description"):
            self.text(response["description"])
        self.members(response["items"] if base_type(response) == "array" else response)
        self.flush()
        # The first description stands squashed behind the end of the sample.
        self.lines[start : start + 2] = [self.lines[start] + self.lines[start + 1]]
        self.lines.append("Was this page helpful?")
        return ending("\n".join(self.lines), style)

    def scheme(self) -> str:
        kind = self.operation.scheme
        if kind["type"] == "apiKey":
            return str(kind.get("description", "The API key."))
        word = kind["scheme"].title()
        return f"{word} credentials, sent as {word} <token>."

    def text(self, text: str) -> None:
        self.lines += (self.pending + text).split("\n")
        self.pending = ""

    def flush(self) -> None:
        if self.pending.strip():
            self.lines.append(self.pending.strip())
        self.pending = ""

    def members(self, schema: dict[str, Any]) -> None:
        for member in schema.get("properties", {}).values():
            self.member(member)

    def member(self, schema: dict[str, Any]) -> None:
        if schema.get("description") and self.rng.random() >= self.style.silent:
            self.text(schema["description"])
        else:
            self.flush()
        inner = schema
        while base_type(inner) == "array":
            inner = inner["items"]
        opens = bool(inner.get("properties"))
        if not (opens and self.style.constraints_after_children):
            self.constraints(schema)
        if opens:
            self.flush()
            self.lines.append("Show child attributes")
            self.members(inner)
            if self.style.constraints_after_children:
                if _labels(schema, inner, older=False):
                    self.flush()
                self.constraints(schema)

    def constraints(self, schema: dict[str, Any]) -> None:
        items = schema["items"] if base_type(schema) == "array" else schema
        if "enum" in items:
            self.pending += ", ".join(str(item) for item in items["enum"]) + " "
        for _, value in _labels(schema, items, older=False):
            self.pending += value
        if "example" in schema:
            value = shown(schema["example"])
            if isinstance(value, dict | list):
                self.pending += dump(value, 0)
            else:
                self.pending += json.dumps(value, ensure_ascii=False)
                self.flush()
        if self.style.own_lines:
            self.flush()
