"""Relations that are proposed for lists: what they have, how much of it and in which order."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from contracts.authoring.start import identity, orders, queries, things
from contracts.authoring.start.echoes import NUMBERS, Rows, row_of, scalars, types_of
from contracts.authoring.start.identity import Api, Derived
from contracts.schema import keywords

CREATED = re.compile(r"creat|inserted|placed|made", re.IGNORECASE)
LATER = re.compile(r"(?:updat|modif|chang|expir)\w*", re.IGNORECASE)
PAGE = 10  # items that a page of a list has where more are there, if nothing is said of it
COUNT = re.compile(r"(total_?)?(count|results|items|elements|records)?", re.IGNORECASE)
MORE = re.compile(r"((has|is)_?)?(more|next)(_?page)?", re.IGNORECASE)
FURTHER = re.compile(r"next(_?(page|cursor|token|url|link))?(_?(token|url))?", re.IGNORECASE)
NULL_AT_LAST = re.compile(
    r"\bnull (?:on|at|for|if|when|where|after)\b.*\b(?:last|no|end)\b", re.IGNORECASE
)
OF_ALL = re.compile(
    r"\A(?!.*\b(?:this|the|current|returned) page\b)"
    r".*\b(?:in all|in total|overall|altogether|on all pages|match(?:es|ing)?)\b",
    re.IGNORECASE,
)
EVERY = ("all", "any")  # what stands for no filter among the options of one


def sent_names(pages: Iterable[Derived]) -> set[str]:
    """Return the names of members that some operation is sent."""
    bodies = (page["request"] or {} for page in pages)
    return {pointer.rpartition("/")[2] for body in bodies for pointer, _ in scalars(body)}


def moving(creator: Derived, page: Derived, home: str) -> dict[str, list[str]]:
    """Return the members that a server goes on writing by itself, such as the state of a job."""
    sent = sent_names([creator])
    shown = keywords.subschema(page["response"] or {}, keywords.path_of(home))
    names = [name for name in shown.get("properties", ()) if name not in sent]
    moving = [f"/{name}" for name in names if things.MOVING.fullmatch(name) or LATER.match(name)]
    return {"except": moving} if moving else {}


def listed(page: Derived, derived: Api) -> Rows:
    """Yield that a list has what was created at its address; an answer may be the list itself."""
    response = page["response"] or {}
    address = identity.PARAMETER.sub("{}", identity.address(page["operation"]))
    made_in = identity.collections(derived).items()
    sources = [name for name, collection in made_in if collection == address]
    for pointer, items in queries.lists(response):
        for source in sources:
            other = derived[source]
            operation = other["operation"]
            created = identity.created(other)
            item = {**page, "response": items}
            named = identity.created(item) or identity.alike(item, created or "")
            if named and created:
                home = created.rpartition("/")[0]
                arguments = {
                    "by": source,
                    "created_id": created,
                    "created": home,
                    "items": pointer,
                    "item_id": named,
                    "instant": _instant(items),
                    "pages": [],
                    "page": queries.page_size(page["operation"]) or PAGE,
                }
                arguments |= moving(other, item, "")
                if filters := queries.sent_filters(page, items, other):
                    arguments["filters"] = {n: f"{home}/{member}" for n, member in filters}
                yield row_of("listed", arguments)
                if operation.get("authorization") and "{" not in operation["path"]:
                    places = ("by", "created_id", "items", "item_id")
                    both = {name: arguments[name] for name in places}
                    yield row_of("hidden", {**both, "needs": "other_token"})
                yield from _counts(response, pointer, page)


def asked(page: Derived) -> Rows:
    """Yield that a list is what its query asks for, where the answer has one list."""
    lists = list(queries.lists(page["response"] or {}))
    for pointer, items in lists if len(lists) == 1 else ():
        operation = page["operation"]
        members = items.get("properties", {})
        size = queries.size(operation)
        if size:
            default = queries.page_size(operation)
            more = {"default": default} if default else {}
            yield row_of("sized", {"items": pointer, "parameter": size, **more}, name=size)
            for name, part in (page["response"] or {}).get("properties", {}).items():
                _, text = identity.said(page, "response").get(f"/{name}", [0, ""])
                leads = FURTHER.fullmatch(name) and NULL_AT_LAST.search(text)
                if (MORE.fullmatch(name) and types_of(part) == {"boolean"}) or leads:
                    row = {"items": pointer, "more": f"/{name}", "take": size, **more}
                    yield row_of("more", row, name=name)
            named = identity.created({**page, "response": items})
            ways: list[tuple[str, Mapping[str, Any]]] = [*queries.paging(operation)]
            ways += queries.following(operation, page["response"], f"{pointer}/*{named}")
            for skip, first in ways if named else ():
                arguments = {"items": pointer, "instant": named, "take": size, "skip": skip}
                yield row_of("paged", {**arguments, **first}, name=size, skip=skip)
        for parameter, member in queries.filters(operation, members):
            is_free = types_of(members[member]) == {"string"} and "enum" not in members[member]
            partly: dict[str, Any] = {"partly": True} if is_free else {}
            options = queries.options(operation).get(parameter, {}).get("enum", ())
            shown = members[member].get("enum", [o for o in options if o not in EVERY])
            if not {*options} <= {*shown}:
                partly["values"] = [option for option in options if option in shown]
            arguments = {"items": pointer, "item": f"/{member}", "parameter": parameter}
            yield row_of("filtered", {**arguments, **partly}, name=parameter, member=member)
        for parameter, member, bound in queries.bounds(operation, members):
            arguments = {"items": pointer, "item": f"/{member}", "parameter": parameter, **bound}
            yield row_of("bounded", arguments, name=parameter, member=member)
        yield from _asked_for(page)
        for order in orders.orders(page, items, _instant(items)):
            name = order["parameter"]
            member = order["by"][1:]
            yield row_of("ordered", {"items": pointer, **order}, name=name, member=member)


def _asked_for(page: Derived) -> Rows:
    """Yield that an answer shows the number and the size of the page that was asked for."""
    parameters = {each["name"]: each["schema"] for each in page["operation"].get("parameters", ())}
    for home, part in queries.parts(page["response"] or {}).items():
        for name, schema in part.get("properties", {}).items():
            is_paging = name in queries.paging_names(page["operation"])
            if is_paging and types_of(schema) <= NUMBERS and types_of(parameters[name]) <= NUMBERS:
                shown = {"item": f"{home}/{name}", "parameter": name}
                default = parameters[name].get("default")
                more = {} if default is None else {"default": str(default)}
                yield row_of("filtered", {**shown, **more}, name=name, member=name)


def _counts(response: Mapping[str, Any], items: str, page: Derived) -> Rows:
    """Yield that a count beside a list is that of its items, where the list is whole."""
    numbers = {
        (home, name)
        for home, part in queries.parts(response).items()
        for name, schema in part.get("properties", {}).items()
        if types_of(schema) == {"integer"}
    }
    for home, name in sorted(numbers):
        if COUNT.fullmatch(name):
            operation = page["operation"]
            arguments = {
                "items": items,
                "count": f"{home}/{name}",
                "pages": queries.names(operation),
                "page": queries.page_size(operation) or PAGE,
            }
            _, said = identity.said(page, "response").get(f"{home}/{name}", [0, ""])
            if OF_ALL.search(said):
                arguments["paging"] = queries.paging_names(operation)
            yield row_of("counts", arguments, name=name)


def _instant(items: Mapping[str, Any]) -> str:
    """Return the pointer to when an item of a list was created."""
    instants = (
        name
        for name, schema in items.get("properties", {}).items()
        if schema.get("format") == "date-time" and CREATED.match(name)
    )
    return f"/{next(instants, 'createdAt')}"
