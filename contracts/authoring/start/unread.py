"""Bodies that a page has and of which nothing was read."""

from collections.abc import Mapping
from typing import Any


def request(derived: Mapping[str, Any]) -> str | None:
    """Return what is wrong where a request body is described and no member of it was read."""
    line = derived.get("unread", {}).get("request")
    if line is None:
        return None
    return (
        f"line {line} begins the request body, and no member of it was read; write one a line, "
        "as a table: | Field | Type | Required | Description |"
    )


def response(derived: Mapping[str, Any]) -> str | None:
    """Return what has to be said where an answer is described and nothing of it was read."""
    line = derived.get("unread", {}).get("response")
    if line is None:
        return None
    name = derived["operation"]["x-document"]["name"]
    return (
        f"nothing was read of the response that begins on line {line} of {name}: "
        "no member of an answer is verified"
    )
