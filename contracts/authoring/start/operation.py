"""What surrounds the bodies: which operations can be verified, and contract.toml."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contracts.authoring.start import identity, queries
from contracts.authoring.start.identity import Derived, Operation
from contracts.authoring.start.readings import unsendable
from contracts.derive.operation import NO_PRODUCTION, is_json
from contracts.reports.text.templates import template
from contracts.schema.files import toml_rows, toml_value

TEMPLATE = Path(__file__).with_name("contract.toml.jinja")
NOT_FOUND = 404  # what a page documents that refuses ids of nothing
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

# a version, a date that is one, or a parameter
NO_ID = re.compile(r"^v?\d{1,2}(\.\d+)*$|^\d{4}-\d\d(-\d\d)?$|\{|\.json$", re.IGNORECASE)
FRESH = re.compile(r"idempoten|nonce|(?:request|correlation|trace)-?id$", re.IGNORECASE)


def unsupported(derived: Derived, *, linked: bool = False) -> str | None:
    """Return why an operation can't be verified, or None; `linked` if another one creates it."""
    operation = derived["operation"]
    method = operation["method"]
    path = operation["path"]
    if method is None or path is None:
        return "no operation was found: neither a method with its path nor a curl command"
    if method == "DELETE" and not linked:
        return (
            "what is gone can't be deleted again; give the page of the operation that creates it "
            "as well, so that a run deletes what is its own"
        )
    if method not in METHODS:
        return f"{method} is not supported; supported are {', '.join(METHODS)}"
    media = operation["media_type"]
    if media is not None and not media.endswith(("/json", "+json")):
        return f"its bodies are {media}; supported are application/json and types that end on +json"
    asked = operation["authorization"]
    if asked and asked["in"] not in ("header", "query"):
        return f"its credential goes into the {asked['in']}; supported are header and query"
    request = derived["request"]
    if request is not None and (reason := unsendable(request)):
        return reason
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "cookie" and parameter["required"]:
            return f"it needs the cookie {parameter['name']}; cookies are not supported"
    line = derived.get("unread", {}).get("request")
    if line is not None:
        return (
            f"line {line} begins the request body, and no member of it was read; write one a line, "
            "as a table: | Field | Type | Required | Description |"
        )
    return None


def unread_response(derived: Derived) -> str | None:
    """Return what has to be said where an answer is described and nothing of it was read."""
    line = derived.get("unread", {}).get("response")
    if line is None:
        return None
    name = derived["operation"]["x-document"]["name"]
    return (
        f"nothing was read of the response that begins on line {line} of {name}: "
        "no member of an answer is verified"
    )


def contract_toml(
    api: str,
    derived: Derived,
    lines: int,
    *,
    unread: str | None = None,
    linked: Collection[str] = (),
    relations: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the text of contract.toml; `unread` is what of the page was seen and not read.

    `linked` are path parameters whose values other operations of the API hand out, `relations` the
    rows that were proposed.
    """
    operation = derived["operation"]
    document = operation["x-document"]
    return template(TEMPLATE).render(
        title=f"{api}: {operation['method']} {operation['path']}",
        unread=unread,
        document={"name": document["name"], "sha256": document["sha256"], "lines": lines},
        operation=_operation_rows(api, derived, linked, relations),
        surroundings={
            "parameters": parameters(api, derived, linked),
            "query": queries.rows(operation),
            "headers": headers(api, operation),
        },
        relations=relations,
        toml_rows=toml_rows,
        toml_value=toml_value,
    )


def _operation_rows(
    api: str, derived: Derived, linked: Collection[str], relations: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the rows of contract.toml about the operation itself."""
    operation = derived["operation"]
    response = read_response(derived)
    table: dict[str, Any] = {"production_hosts": production_hosts(operation)}
    if operation["authorization"]:
        table["token_variable"] = variable(api, "token")
    is_own = bool(linked) or any(row.get("op") == "hidden" for row in relations)
    if is_own and operation["authorization"]:
        table["foreign_token_variable"] = variable(api, "other_token")
    if "permission" in operation:
        table["permission_variable"] = variable(api, "token_without_permission")
    if response is None:
        table["answers"] = False
    if live := _live_mode(response or {}):
        table["live_mode"] = live
    is_own = not linked or own_key(derived, linked) is not None
    makes = operation["method"] == "POST" or (operation["method"] == "PUT" and is_own)
    if makes and (pointer := identity.created(derived)):
        table["created"] = pointer
    if not success_known(derived):
        table["success_lines"] = operation["x-source"]["method"]
    return table


def read_response(derived: Derived) -> Any:
    """Return the schema of an answer; None for one that is no JSON, of which nothing is judged."""
    media = derived["operation"].get("answer_media_type")
    return derived["response"] if media is None or is_json(media) else None


def own_key(derived: Derived, linked: Collection[str]) -> str | None:
    """Return the path parameter for which a caller makes up a value; None for no such one."""
    key = identity.key_of(derived)
    return key[0] if key and key[0] not in linked else None


def ids_in_path(operation: Operation) -> list[str]:
    """Return the parts of an address that look like ids of somebody's own, as in a recording."""
    parts = operation["path"].split("/")
    return [part for part in parts if re.search(r"\d", part) and not NO_ID.search(part)]


def servers(operation: Operation) -> list[tuple[str, str]]:
    """Return the addresses that a document names, each with what it says of it."""
    listed = operation.get("servers") or [{"url": operation.get("server", "")}]
    return [(row["url"], row.get("description") or "") for row in listed if row["url"]]


def production_hosts(operation: Operation) -> list[str]:
    """Return the hosts that a document names, without those that it calls a sandbox or a test."""
    hosts = [
        urlsplit(url).hostname
        for url, about in servers(operation)
        if not NO_PRODUCTION.search(f"{urlsplit(url).netloc} {about}")
    ]
    return list(dict.fromkeys(host for host in hosts if host))


def success_known(derived: Derived) -> bool:
    """Whether the page gives the status of a success by its number."""
    status = derived["operation"]["success_status"]
    several = len(derived["operation"].get("success_statuses", ())) > 1
    return status is not None and status // 100 == 2 and not several


def parameters(
    api: str, derived: Derived, linked: Collection[str] = ()
) -> dict[str, dict[str, Any]]:
    """Return the rows of the parameters that have to be sent, in the path or in the query.

    Those that are `linked` have no variable, nor has a key that is made up for each request.
    """
    operation = derived["operation"]
    listed = {(p["in"], p["name"]): p for p in operation.get("parameters", ())}
    rows = {}
    says_absent = any(row["status"] == NOT_FOUND for row in derived.get("refusals", ()))
    for name in identity.PARAMETER.findall(operation["path"]):
        schema = listed.get(("path", name), {}).get("schema", {})
        rows[name] = _row(api, name, operation["x-source"]["path"], schema)
        if schema.get("format") == "uuid" or not says_absent:
            rows[name] |= {
                "basis": "convention",
                "why": "what the page does not say of an id that is not there",
            }
    for (place, name), parameter in listed.items():
        has_value = bool(queries.values(name, parameter["schema"]))
        if place == "query" and parameter["required"] and name not in rows and not has_value:
            lines = operation["x-source"]["parameters"]
            rows[name] = {"in": "query", **_row(api, name, lines, parameter["schema"])}
    if key := own_key(derived, linked):
        rows[key]["fresh"] = True
    for name in {*rows} & {*linked, key}:
        del rows[name]["variable"]
    return rows


def headers(api: str, operation: Operation) -> dict[str, dict[str, Any]]:
    """Return the rows of the headers that every request needs, beside the credential."""
    rows: dict[str, dict[str, Any]] = {}
    credential = operation["authorization"]
    known = {credential["name"].lower() if credential else "", "content-type", "accept"}
    for other in _further_credentials(operation):
        lines = operation["x-source"]["authorizations"]
        name = other["name"]
        if other["in"] == "header" and name.lower() not in known:
            rows[name] = {"variable": variable(api, name), "lines": lines, "secret": True}
            known.add(name.lower())
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "header" and parameter["required"] and name.lower() not in known:
            lines = operation["x-source"]["parameters"]
            stated = queries.values(name, parameter["schema"])
            if FRESH.search(name):
                rows[name] = {"fresh": True}
            else:
                rows[name] = {"value": stated[0]} if stated else {"variable": variable(api, name)}
            rows[name]["lines"] = lines
            if "required" in parameter["schema"].get("x-guessed", ()):
                rows[name]["required"] = False
    return rows


def _further_credentials(operation: Operation) -> list[Mapping[str, Any]]:
    """Return the credentials that are sent beside the first one: of its own alternative."""
    first = operation["authorization"]
    for alternative in operation.get("authorizations", ()):
        if first in alternative:
            return [other for other in alternative if other != first]
    return []


def variable(api: str, name: str) -> str:
    """Return the variable of a credential or parameter: ``SHELVES_BOOK_ID`` for bookId."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", f"{api}_{name}")
    return re.sub(r"\W+|-", "_", parted, flags=re.ASCII).upper()


def _row(api: str, name: str, lines: list[int], schema: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"variable": variable(api, name), "lines": lines}
    return row | ({"format": "uuid"} if schema.get("format") == "uuid" else {})


def _live_mode(response: Mapping[str, Any]) -> str | None:
    for pointer, members in identity.members_by_home(response, identity.IDS):
        for name in ("livemode", "live_mode", "liveMode"):
            if members.get(name, {}).get("type") == "boolean":
                return f"{pointer}/{name}"
    return None
