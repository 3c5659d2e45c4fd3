"""A request as a curl command in which credentials are the names of their variables."""

import re
import shlex

from contracts.model import PORT, Contract, Request
from contracts.spoiling import SPOILINGS, UNKNOWN_TOKEN


def curl(contract: Contract, target: str, request: Request) -> str:
    """Write a request as a curl command in which the token is the name of its variable."""
    url = shlex.quote(base_url(target) + request.path)
    parts = ["curl", "--include", "--request", request.method, url]
    for name, value in request.headers:
        if name not in ("Accept-Encoding", "User-Agent", "Connection"):
            header = with_names(value, contract)
            # the latter is curl's way to send an empty header
            text = f"{name}: {header}" if header else f"{name};"
            parts += ["--header", f'"{text}"' if "$" in text else shlex.quote(text)]
    if request.body is not None:
        parts += ["--data-binary", shlex.quote(request.body.decode("utf-8", "replace"))]
    return " ".join(parts)


def with_names(value: str, contract: Contract) -> str:
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
        name, following = names[match[1]], match[2]
        if following and name.startswith("$"):  # or the word would become part of the name
            name = f"${{{name[1:]}}}"
        return name + following

    return re.sub(r"\{(\w+)\}(\w?)", named, value)


def base_url(target: str) -> str:
    """Return what stands before the paths of a target; for the embedded one where it is served."""
    return f"http://127.0.0.1:{PORT}" if target == "embedded" else target.rstrip("/")
