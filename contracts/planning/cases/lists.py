"""Lists that are read: whole, with each query parameter, with all of them, and in pages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.model import Case, Contract, QueryParameter, Region
from contracts.planning.bodies.templates import HandedOut
from contracts.planning.cases.reading_draft import ReadingDraft

ODD_QUERIES = 2  # parameters of a list that have a value like no documented one
ODD_VALUE = "abc"  # neither a number nor a name
BELOW_NOTHING = "-1"  # of a list, what a database fails on
PAGES = 2  # that are read one after the other
PAGE = 2  # items of each


def read_lists(draft: ReadingDraft, created: Sequence[Case]) -> None:
    """Read a list as a whole, with each query parameter, with all of them, and in pages."""
    draft.read("list", None)
    draft.read("list again", None)
    draft.read_by_query("list", None, created)
    query = draft.contract.operation.query
    names = sorted(query, key=lambda name: len(query[name].values), reverse=True)
    first = draft.seed * ODD_QUERIES % max(len(names), 1)
    odd = [(name, _odd(query[name])) for name in [*names, *names][first : first + ODD_QUERIES]]
    counts = [name for name in names if all(map(str.isdigit, query[name].values))]
    odd += [(name, BELOW_NOTHING) for name in counts[(draft.seed + 1) % max(len(counts), 1) :][:1]]
    for name, value in odd:
        more: dict[str, Any] = {
            "decides": (),
            "query": {name: value},
            "observes": (f"query.{name}.unknown",),
        }
        draft.read(f"list with {name}={value}", None, Region.OPEN, **more)
    together = {name: parameter.values[0] for name, parameter in query.items() if parameter.values}
    if len(together) > 1:
        label = "list with all parameters together"
        draft.read(label, None, Region.OPEN, decides=(), query=together)
    for clause in draft.contract.relations:
        if clause.arguments["op"] == "bounded":
            asked = clause.arguments["parameter"]
            label = "list what is beyond all"
            query = {asked: clause.arguments["beyond"]}
            draft.read(label, None, Region.OPEN, decides=(clause.id,), query=query)
        if clause.arguments["op"] == "paged":
            _read_pages(draft, clause.arguments)


def _read_pages(draft: ReadingDraft, row: Mapping[str, Any]) -> None:
    """Read a list page by page, each as short as the page allows."""
    first = row.get("first_page")
    take = row["take"]
    size = max(PAGE, draft.contract.operation.query[take].schema.get("minimum", PAGE))
    for page in range(PAGES):
        begin = size * page if first is None else first + page
        asked: dict[str, Any] = {take: str(size), row["skip"]: str(begin)}
        if "following" not in row:
            order = _ascending(draft.contract) if page else {}  # the first is in no order
            draft.read(f"page {page + 1}", None, query=asked | order)
        elif page == 0:
            draft.read("page 1", None, query={take: str(size)})
        else:  # where the answer leads to may be an address, which is no value
            place = row["following"].replace("*", str(size - 1))
            asked[row["skip"]] = HandedOut(place, (draft.cases[-1].number,))
            draft.read(f"page {page + 1}", None, Region.OPEN, decides=(), query=asked)


def _odd(parameter: QueryParameter) -> str:
    """Return a value of the form of the first documented one, but of nothing that there is.

    Example: ``status==abc`` where ``status==pending`` is documented.
    """
    return re.sub(r"\w*$", ODD_VALUE, parameter.values[0] if parameter.values else "", count=1)


def _ascending(contract: Contract) -> dict[str, str]:
    """Return the parameter that puts a list in ascending order, where the page has one."""
    for clause in contract.relations:
        row = clause.arguments
        if row["op"] == "ordered" and row.get("ascending"):
            return {row["parameter"]: row["ascending"]}
    return {}
