"""Relations that are proposed for an operation: conventions, until a person confirms them."""

import itertools
import re
from collections.abc import Collection, Sequence
from types import MappingProxyType
from typing import Any

from contracts.authoring.start import identity, listed, quantities, queries, stated, things, totals
from contracts.authoring.start.echoes import Rows, dotted, echoes, leads, row_of, scalars
from contracts.authoring.start.identity import Api, Derived
from contracts.authoring.start.links import Proposal
from contracts.schema import keywords

KEY = re.compile(r"idempoten", re.IGNORECASE)
ID_OF = re.compile(r"(?:the )?id(?:entifier)? of\b", re.IGNORECASE)

SLACK = 1  # seconds: two times of one answer may be rounded, or come from two clocks


def propose(
    page: Derived,
    own: Sequence[Proposal] = (),
    derived: Api = MappingProxyType({}),
    sent: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of contract.toml for an operation, to which the links `own` lead.

    `sent` are the `sent_names` of the API, for whoever asks about many of its operations.
    """
    if sent is None:
        sent = listed.sent_names([page, *derived.values()])
    lines = page["operation"]["x-source"]["method"]
    method = page["operation"]["method"]
    rows = [*(_reads(page, own, derived) if method == "GET" else _writes(page))]
    rows += [*_read_afterwards(page, own, derived), *leads(page, derived)]
    rows += [*_lives(page, own, derived), *stated.rows(page, derived)]
    rows += [*_times(page, sent), *_products(page), *_of_address(page)]
    by_id = {row["id"]: {"basis": "convention", "lines": lines, **row} for row in rows}
    return list(by_id.values())


def _lives(page: Derived, own: Sequence[Proposal], derived: Api) -> Rows:
    """Yield what holds over the life of the things that an operation acts on."""
    acted_on = things.things(page, own, derived)
    thing = {"thing": dict(acted_on.arguments)} if acted_on else {}
    # somebody else may be invited to the same thing: what is needed says whom it is about
    is_same = not (page["request"] or {}).get("required") and identity.acts(page)
    if page["operation"].get("refuses_again") and is_same:
        parameters = identity.PARAMETER.findall(page["operation"]["path"])
        yield row_of("but_once", {"parameter": parameters[-1], **thing})
    for operator, arguments, more in (
        (*things.rows(acted_on), *quantities.rows(acted_on)) if acted_on else ()
    ):
        said = {name: value for name, value in more.items() if name in ("lines", "basis")}
        names = {name: value for name, value in more.items() if name not in said}
        yield {**row_of(operator, {**thing, **arguments}, **names), **said}


def _writes(page: Derived) -> Rows:
    """Yield what holds of an operation that writes: what was sent comes back, ids differ."""
    yield from echoes(page)
    parameters = identity.PARAMETER.findall(page["operation"]["path"])
    if page["operation"]["method"] == "PATCH" and parameters:
        yield from _kept(page, parameters[-1])
    created = identity.created(page)
    items = (page["response"] or {}).get("items")
    if items:  # one request makes several
        inner = identity.created({**page, "response": items})
        created = inner and f"/*{inner}"
    if created and identity.makes_new(page) and created not in dict(scalars(page["request"] or {})):
        yield row_of("unique", {"response": created})
        members = () if items else (page["request"] or {}).get("properties", {}).items()
        for name in (name for name, child in members if child.get("x-distinct")):
            yield row_of("once_by", {"request": f"/{name}", "created": created}, name=name)
        for parameter in page["operation"].get("parameters", ()):
            if parameter["in"] == "header" and KEY.search(parameter["name"]):
                name = parameter["name"]
                yield row_of("once_by", {"header": name, "created": created}, name=name)


def _kept(page: Derived, parameter: str) -> Rows:
    """Yield that a change leaves the members as they were that it may set and is not sent."""
    home = (identity.created(page) or "").rpartition("/")[0]
    shown = keywords.subschema(page["response"] or {}, keywords.path_of(home))
    echoed = {row["response"].removeprefix(home).split("/")[1] for row in echoes(page)}
    members = [name for name in shown.get("properties", ()) if name in echoed]
    if members:
        yield row_of("kept", {"parameter": parameter, "response": home, "members": members})


def _times(page: Derived, sent: Collection[str]) -> Rows:
    """Yield that nothing is changed or over before it was created, by times of the server."""
    instants: dict[str, list[str]] = {}
    for pointer, schema in scalars(page["response"] or {}):
        name = pointer.rpartition("/")[2]
        if schema.get("format") == "date-time" and "*" not in pointer and name not in sent:
            instants.setdefault(pointer.rpartition("/")[0], []).append(pointer)
    for home, pointers in instants.items():
        names = {pointer: pointer.removeprefix(f"{home}/") for pointer in pointers}
        earlier = [pointer for pointer, name in names.items() if listed.CREATED.match(name)]
        later = [pointer for pointer, name in names.items() if listed.LATER.match(name)]
        for first, second in itertools.product(earlier, later):
            arguments = {"earlier": first, "later": second, "slack": SLACK}
            names = {"name": dotted(second), "earlier": first[1:], "later": second[1:]}
            yield row_of("not_before", arguments, **names)


def _products(page: Derived) -> Rows:
    """Yield that an amount is the product or the sum of others."""
    for total, factors, said in totals.of(page):
        words = " times ".join(factor[1:] for factor in factors)
        summed = "*" in factors[0] and "*" not in total
        names = {"total": total[1:], "factors": f"the sum of {words}" if summed else words}
        arguments = {"of": factors, "equals": total}
        yield {**row_of("product", arguments, name=dotted(total), **names), **said}


def _reads(page: Derived, own: Sequence[Proposal], derived: Api) -> Rows:
    """Yield what holds of an operation that reads: what was created is shown, nothing changes."""
    for link in own[-1:]:
        named = identity.created(page) or identity.alike(page, link.pointer)
        if link.place == "path" and named is not None:
            place = named.rpartition("/")[0]
            arguments = {
                "by": link.source,
                "created_id": link.pointer,
                "parameter": link.name,
                "created": link.pointer.rpartition("/")[0],
                "response": place,
            }
            moving = listed.moving(derived[link.source], page, place)
            yield row_of("reads_back", {**arguments, **moving})
            yield row_of("unchanged", {"response": place, **moving})
    yield from listed.listed(page, derived)
    yield from listed.asked(page)


def _read_afterwards(page: Derived, own: Sequence[Proposal], derived: Api) -> Rows:
    """Yield that what was changed stays and what was deleted is gone, where that can be read."""
    method = page["operation"]["method"]
    path = identity.address(page["operation"])
    for name, other in derived.items():
        operation = other["operation"]
        links = [link for link in own if link.place == "path"]
        acts = identity.acts(page)
        address = path.rpartition("/")[0] if acts else path
        is_read = operation["method"] == "GET" and identity.address(operation) == address
        if not is_read or not links:
            continue
        home = (identity.created(other) or "").rpartition("/")[0]
        if method == "DELETE":
            created = links[-1].pointer.rpartition("/")[0]
            yield row_of("gone", {"by": links[-1].source, "created": created, "read_by": name})
        elif acts and identity.created(page) == identity.created(other):
            moving = listed.moving(derived[links[-1].source], page, home)
            yield row_of("stays", {"read_by": name, "response": home, **moving})
        elif method in ("PUT", "PATCH") and (identity.created(page) or "").startswith(home):
            yield row_of("stays", {"read_by": name, "response": home})


def _of_address(page: Derived) -> Rows:
    """Yield that an answer names what its address names: ``project_id`` of its own tasks."""
    home = (identity.created(page) or "none").rpartition("/")[0]
    answered = dict(scalars(page["response"] or {}))
    sent = {identity.words(pointer) for pointer, _ in scalars(page["request"] or {})}
    for parameter in identity.PARAMETER.findall(page["operation"]["path"]):
        for pointer in answered:
            above = page["operation"]["path"].partition(f"/{{{parameter}}}")[0].rpartition("/")[2]
            thing = identity.singular(identity.words(above))
            named = identity.words(pointer.removeprefix(home))
            alike = named in (identity.words(parameter), f"{thing}-id")
            alike = alike or (parameter, pointer) == identity.key_of(page)
            _, said = identity.said(page, "response").get(pointer, [0, ""])
            alike = alike or (named == thing and ID_OF.match(said) is not None)
            if alike and named != "id" and named not in sent:
                arguments = {"response": pointer, "parameter": parameter}
                yield row_of("parameter", arguments, name=dotted(pointer))
    whole = keywords.subschema(page["response"] or {}, keywords.path_of(home))
    options = queries.options(page["operation"])
    for name, member in queries.filters(page["operation"], whole.get("properties", {})):
        asked = options.get(name, {"enum": ()})
        shown = whole["properties"][member]
        if asked["enum"] and {*asked["enum"]} <= {*shown.get("enum", asked["enum"])}:
            default = {"default": asked["default"]} if "default" in asked else {}
            arguments = {"item": f"{home}/{member}", "parameter": name, **default}
            yield row_of("filtered", arguments, name=name, member=member)
