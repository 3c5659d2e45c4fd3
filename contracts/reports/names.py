"""Requests as they went, but with the names of variables where secrets stood."""

import re

from contracts.model import Contract, Request
from contracts.spoiling import SPOILINGS, UNKNOWN_TOKEN


def headers_with_names(request: Request, contract: Contract) -> dict[str, str]:
    """Return the headers that a request had on its way, with the names of variables for secrets."""
    operation = contract.operation
    added = {
        name: header.value or f"${header.variable}"
        for name, header in operation.further_headers.items()
        if (header.variable or header.value) and name not in request.leaves_out
    }
    return {**added, **{name: _with_names(value, contract) for name, value in request.headers}}


def _with_names(value: str, contract: Contract) -> str:
    """Put the names of variables where the transport puts credentials."""
    operation = contract.operation
    names = {
        "token": f"${operation.token_variable}",
        "unknown": UNKNOWN_TOKEN,
        "user": f"({operation.token_variable} as a user's name, in base64)",
        **{name: f"${variable}" for name, variable in operation.credentials.items()},
    }
    for spoiling in SPOILINGS:
        names[spoiling.marker] = f"({spoiling.words.format(operation.token_variable)})"

    def named(match: re.Match[str]) -> str:
        name = names[match[1]]
        following = match[2]
        if following and name.startswith("$"):  # or the word would become part of the name
            name = f"${{{name[1:]}}}"
        return name + following

    return re.sub(r"\{(\w+)\}(\w?)", named, value)
