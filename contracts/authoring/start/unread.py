"""Sections of a page that were seen and from which nothing was read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from contracts.model import Schema

_MARKS = r"[#*=|\s]*"
_REQUEST = re.compile(
    rf"{_MARKS}(?:request\s+)?(?:body|payload)(?:\s+(?:parameters?|params|schema))?[:*#\s]*",
    re.IGNORECASE,
)
_RESPONSE = re.compile(
    rf"{_MARKS}(?:(?:example\s+|success(?:ful)?\s+)?responses?|returns)(?:\s+(?:body|schema))?[:*#\s]*",
    re.IGNORECASE,
)
_WITHOUT_BODY = (204, 205, 304)
_WITH_BODY = ("POST", "PUT", "PATCH")


def request(derived: Mapping[str, Any], text: str) -> str | None:
    """Return what is wrong where a request body is described and no member of it was read."""
    operation = derived["operation"]
    if operation["method"] not in _WITH_BODY or not _is_empty(derived["request"]):
        return None
    line = _section(_REQUEST, text)
    if line is None:
        return None
    return (
        f"line {line} begins the request body, and no member of it was read; write one a line, "
        "as a table: | Field | Type | Required | Description |"
    )


def response(derived: Mapping[str, Any], text: str) -> str | None:
    """Return what has to be said where an answer is described and nothing of it was read."""
    if operation_without_body(derived["operation"]) or not _is_empty(derived["response"]):
        return None
    line = _section(_RESPONSE, text)
    if line is None:
        return None
    name = derived["operation"]["x-document"]["name"]
    return (
        f"nothing was read of the response that begins on line {line} of {name}: "
        "no member of an answer is verified"
    )


def operation_without_body(operation: Mapping[str, Any]) -> bool:
    """Whether the success has a status that comes without a body."""
    return operation["success_status"] in _WITHOUT_BODY


def _is_empty(schema: Schema | None) -> bool:
    """Whether a schema says no more than a type."""
    stated = {"properties", "items", "additionalProperties", "anyOf", "x-examples", "enum"}
    return schema is None or not stated & schema.keys()


def _section(heading: re.Pattern[str], text: str) -> int | None:
    """Return the line of the first such heading; samples in code are no headings."""
    for number, line in enumerate(text.splitlines(), 1):
        if heading.fullmatch(line):
            return number
    return None
