"""Which operation of an API takes what another one answers: proposed by names, types and forms."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.authoring.start import identity, queries
from contracts.authoring.start.identity import Api, Derived
from contracts.model import Link
from contracts.reports.text.templates import template
from contracts.schema import keywords
from contracts.schema.files import toml_value

TEMPLATE = Path(__file__).with_name("api.toml.jinja")
VERBS = {"POST": "create", "PUT": "replace", "PATCH": "update", "DELETE": "delete"}
ORDER = ("POST", "GET", "PATCH", "PUT", "DELETE")  # what creates comes before what reads
CANCEL = ("}/cancel", "}/void")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
RESPONSE = "$response.body#"


# operations that make something with an id: each as it was derived, with a pointer to the id
Creators = Mapping[str, tuple[Derived, str]]


@dataclass(frozen=True, slots=True)
class Proposal(Link):
    """A link with the reason for which it was proposed."""

    why: str


def names(operations: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a name for each operation: ``create-loan``, or what a document calls it."""
    stated = [str(operation.get("operation_id")) for operation in operations]
    if len(set(stated)) == len(stated) and all(map(NAME.fullmatch, stated)):
        return stated
    plain = [_name(operation["method"], operation["path"]) for operation in operations]
    return [
        name if plain.count(name) == 1 else f"{name}-{index}" for index, name in enumerate(plain, 1)
    ]


def in_order(operations: Api) -> list[str]:
    """Return the names of operations as they are verified: what creates first, then by address.

    A PUT creates where no POST to the collection does: what its own address names.
    """
    made = (each for each in operations.values() if each["method"] == "POST")
    collections = {identity.address(each) for each in made}

    def place(name: str) -> tuple[int, int, str]:
        method = operations[name]["method"]
        path = identity.address(operations[name])
        creates = method == "PUT" and path.rpartition("/")[0] not in collections
        turn = ORDER.index("POST" if creates else method) if method in ORDER else len(ORDER)
        return turn, path.count("/"), name

    return sorted(operations, key=place)


def propose(derived: Api) -> list[Proposal]:
    """Return the links between operations, those that a document states first."""
    links = [link for source, page in derived.items() for link in _stated(source, page, derived)]
    creators = _creators(derived)
    for target, page in derived.items():
        links += [*_to_path(target, page, creators), *_to_body(target, page, creators)]
        links += _to_query(target, page, creators)
    by_place = {(link.target, link.place, link.name): link for link in reversed(links)}
    return list(by_place.values())[::-1]


def _creators(derived: Api) -> Creators:
    """Return the operations whose answers have an id of what they made, with a pointer to it."""
    pointers = ((name, page, identity.created(page)) for name, page in derived.items())
    return {name: (page, pointer) for name, page, pointer in pointers if pointer is not None}


def _stated(source: str, page: Derived, derived: Api) -> Iterator[Proposal]:
    """Yield the links of OpenAPI from the body of an answer to a parameter or member."""
    titles = {
        f"{page['operation']['method']} {page['operation']['path']}": name
        for name, page in derived.items()
    }
    for link in page["operation"].get("links", ()):
        target = titles.get(link["operation"])
        path = derived[target]["operation"]["path"] if target else ""
        body = link["body"] if isinstance(link["body"], dict) else {}
        places = [
            *(
                ("path" if f"{{{name}}}" in path else "query", name, value)
                for name, value in link["parameters"].items()
            ),
            *(("body", f"/{name}", value) for name, value in body.items()),
        ]
        for place, name, value in places:
            if target is not None and str(value).startswith(f"{RESPONSE}/"):
                pointer = str(value).removeprefix(RESPONSE)
                yield Proposal(source, pointer, target, place, name, "the document links them")


def take_backs(derived: Api) -> dict[str, tuple[Proposal, str]]:
    """Return what takes back what another operation creates: ``POST /loans/{id}/cancel``."""
    taken = {}
    creators = _creators(derived)
    for name, page in derived.items():
        method = page["operation"]["method"]
        path = page["operation"]["path"]
        ends = identity.address(page["operation"]).endswith(CANCEL)
        cancels = method == "POST" and ends and page["request"] is None
        links = list(_to_path(name, page, creators)) if method == "DELETE" or cancels else []
        if links:
            taken[name] = (links[-1], f"{method} {path}")
    return taken


def _name(method: str, path: str) -> str:
    parts = [part for part in path.split("/") if part]
    nouns = [identity.words(part) for part in parts if not identity.PARAMETER.fullmatch(part)]
    noun = nouns[-1] if nouns else "root"
    names_single = bool(parts) and bool(identity.PARAMETER.fullmatch(parts[-1]))
    if method == "GET":
        many = noun != identity.singular(noun) and not names_single
        return f"list-{noun}" if many else f"get-{identity.singular(noun)}"
    return f"{VERBS.get(method, method.lower())}-{identity.singular(noun)}"


def _to_path(target: str, page: Derived, creators: Creators) -> Iterator[Proposal]:
    """Yield a link for each path parameter: ``POST /loans`` creates what ``/loans/{id}`` names."""
    path = page["operation"]["path"]
    made_in = identity.collections({name: other for name, (other, _) in creators.items()})
    for match in identity.PARAMETER.finditer(path):
        collection = identity.PARAMETER.sub("{}", path[: match.start()].rstrip("/"))
        for source, (other, created) in creators.items():
            operation = other["operation"]
            named = None
            if made_in.get(source) == collection:
                named = identity.named_by(other, created, match[1])
            elif made_in.get(source) == collection.rpartition("/")[0]:
                named = identity.called(other, created, match[1])
            if source != target and named:
                why = f"{operation['method']} {operation['path']} creates what {path} names"
                yield Proposal(source, named, target, "path", match[1], why)


def _to_body(target: str, page: Derived, creators: Creators) -> Iterator[Proposal]:
    """Yield a link for each member called by what is created: ``bookId`` of ``create-book``.

    A number or a UUID that is called ``book`` names one as well; a text may be its title.
    """
    members = (page["request"] or {}).get("properties", {})
    for name, schema in members.items():
        called = identity.words(name)
        for source, (other, created) in creators.items():
            thing = source.removeprefix("create-")
            if source in (target, thing) or called not in (thing, f"{thing}-id"):
                continue
            named = keywords.subschema(other["response"], keywords.path_of(created))
            is_id = called != thing or schema.get("type") == "integer" or "format" in schema
            if is_id and all(schema.get(key) == named.get(key) for key in ("type", "format")):
                why = f"{name} names what {source} answers, and both have one type"
                yield Proposal(source, created, target, "body", f"/{name}", why)


def _to_query(target: str, page: Derived, creators: Creators) -> Iterator[Proposal]:
    """Yield a link for each filter of a list, a free text, that what is created has."""
    operation = page["operation"]
    for source, (other, created) in creators.items():
        is_there = identity.address(operation) == identity.address(other["operation"])
        creates = is_there and other["operation"]["method"] == "POST"
        if not creates or operation["method"] != "GET":
            continue
        home = created.rpartition("/")[0]
        shown = keywords.subschema(other["response"] or {}, keywords.path_of(home))
        for parameter, member in queries.filters(operation, shown.get("properties", {})):
            named = queries.rows(operation).get(parameter, {}).get("values")
            kinds = keywords.types(shown["properties"][member])
            if not named and {"string", "integer", "array"} & {*kinds}:
                why = f"{parameter} is called as what {source} answers"
                pointer = f"{home}/{member}{'/0' * ('array' in kinds)}"
                yield Proposal(source, pointer, target, "query", parameter, why)


def api_toml(
    api: str,
    order: Sequence[str],
    proposals: Sequence[Proposal],
    taken_back: Mapping[str, tuple[Proposal, str]],
) -> str:
    """Return api.toml: the operations in their order, links, and what takes back."""
    return template(TEMPLATE).render(
        api=api, order=order, proposals=proposals, taken_back=taken_back, toml_value=toml_value
    )
