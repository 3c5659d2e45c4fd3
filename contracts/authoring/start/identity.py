"""What was created is named by an id: where an answer has it, and what things are called."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.planning.bodies.templates import CHOSEN, sample
from contracts.schema import checks

Operation = Mapping[str, Any]  # as `contracts derive` prints it
Derived = Mapping[str, Any]  # an operation with its schemas and relations, likewise
Api = Mapping[str, Derived]  # the operations of an API by their names
PARAMETER = re.compile(r"\{([^{}]+)\}")  # in an address
IDS = ("id", "uuid", "sid", "number", "code", "key", "slug")
USUAL = 3  # of these, which are ids wherever they stand
ENVELOPE = re.compile(r"ok|success|status|code|error|warning|request_?id", re.IGNORECASE)
WRAPPERS = ("data", "result", "object")
SAMPLE_KEY = sample(CHOSEN)


def address(operation: Operation) -> str:
    """Return the path of an operation without a slash at its end, which some frameworks write."""
    return str(operation["path"]).rstrip("/") or "/"


def created(derived: Derived) -> str | None:
    """Return a pointer to the id of what a success made, at the top or in what wraps the answer.

    It has one of the usual names, or that of what the address is of: ``labelId`` of ``/labels``.
    """
    if key := key_of(derived):
        return key[1]
    path = re.sub(r"/\{[^/]*\}$", "", address(derived["operation"])).rpartition("}")[2]
    nouns = [f"{singular(words(part))}-id" for part in path.split("/") if part]
    usual = IDS[:USUAL]
    numbers = IDS[USUAL:]
    names = (*usual, *nouns[::-1], *numbers)
    homes = list(members_by_home(derived["response"] or {}, names))
    for name in names:
        for pointer, members in homes:
            if named := next((member for member in members if words(member) == name), None):
                return f"{pointer}/{named}"
    return None


def makes_new(derived: Derived) -> bool:
    """Whether an operation surely makes something new each time.

    ``POST /customers/{id}`` changes a customer, and ``POST /payments/{id}/capture`` acts on a
    payment; ``POST /stores/{id}/orders`` makes an order.
    """
    operation = derived["operation"]
    last = address(operation).rpartition("/")[2]
    is_new = operation["success_status"] == 201 or not acts(derived)
    return operation["method"] == "POST" and "{" not in last and is_new


def acts(derived: Derived) -> bool:
    """Whether a POST does something to the thing that its address names before its last word."""
    *before, last = [part for part in derived["operation"]["path"].split("/") if part] or [""]
    is_post = derived["operation"]["method"] == "POST"
    return is_post and "{" not in last and "{" in "".join(before) and not last.endswith("s")


def collections(derived: Api) -> dict[str, str]:
    """Return the address below which each operation makes something, by the operation's name.

    A PUT makes what has a key of the caller's own, where no POST makes it; addresses have ``{}``
    for their parameters.
    """
    posts = {n: address(p["operation"]) for n, p in derived.items() if _method(p) == "POST"}
    made_in = {name: PARAMETER.sub("{}", path) for name, path in posts.items()}
    for name, page in derived.items():
        if key := key_of(page):
            path = address(page["operation"]).partition(f"/{{{key[0]}}}")[0]
            if PARAMETER.sub("{}", path) not in made_in.values():
                made_in[name] = PARAMETER.sub("{}", path)
    return made_in


def _method(derived: Derived) -> str:
    return str(derived["operation"]["method"])


def key_of(derived: Derived) -> tuple[str, str] | None:
    """Return what names a thing that a PUT makes: the parameter, and where its answer has that.

    The caller chooses it: the page says that something is created, and any text will do.
    """
    operation = derived["operation"]
    names = PARAMETER.findall(operation["path"])
    if operation["method"] != "PUT" or not names or not _creates(operation):
        return None
    stated = (p["schema"] for p in operation.get("parameters", ()) if p["name"] == names[-1])
    fits = all(checks.fits(schema, SAMPLE_KEY) for schema in stated)
    pointer = named_by(derived, "", names[-1])
    return (names[-1], pointer) if fits and pointer else None


def _creates(operation: Operation) -> bool:
    """Whether the page of a PUT says that it makes what is not there yet."""
    return 201 in operation.get("success_statuses", [operation["success_status"]])


def alike(derived: Derived, pointer: str) -> str | None:
    """Return where an answer has the member that another answer has at a pointer: ``/data/key``."""
    name = pointer.rpartition("/")[2]
    homes = members_by_home(derived["response"] or {}, IDS)
    return next((f"{home}/{name}" for home, members in homes if name in members), None)


def named_by(derived: Derived, pointer: str, parameter: str) -> str:
    """Return a pointer to what a path parameter names beside the id of what was made.

    ``/iid`` for ``issue_iid`` and ``/number`` for ``issue_number``, where the answer has those.
    """
    home = pointer.rpartition("/")[0]
    called = words(parameter)
    members = dict(members_by_home(derived["response"] or {}, IDS)).get(home, {})
    ends = [name for name in members if f"-{called}".endswith(f"-{words(name)}")]
    return f"{home}/{max(ends, key=len)}" if ends else pointer


def called(derived: Derived, pointer: str, parameter: str) -> str | None:
    """Return a pointer to another name of what was made: ``/tag_name`` for ``/by-tag/{tag}``."""
    home = pointer.rpartition("/")[0]
    members = dict(members_by_home(derived["response"] or {}, IDS)).get(home, {})
    names = {words(parameter), f"{words(parameter)}-name"}
    named = (name for name, child in members.items() if child.get("type") == "string")
    return next((f"{home}/{name}" for name in named if words(name) in names), None)


def words(name: str) -> str:
    """Return a name in small letters and hyphens: ``payment-intents`` for ``paymentIntents``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return "-".join(re.findall(r"[a-z0-9]+", parted.lower()))


def singular(noun: str) -> str:
    """Return the name of one thing of many: ``entry`` for ``entries``."""
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun if noun.endswith(("ss", "us", "is")) else noun.removesuffix("s")


def members_by_home(
    response: Mapping[str, Any], ids: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (pointer, members) of the whole answer, and of what it wraps: ``/data``."""
    members = response.get("properties", {})
    yield "", members
    for name in (name for name in WRAPPERS if name in members):
        yield f"/{name}", members[name].get("properties", {})
    # ``{"droplet": {...}, "links": {...}}`` says nothing itself, so what has an id is what was made
    parts = {name: child.get("properties", {}) for name, child in members.items()}
    whole = (child for name, child in members.items() if not ENVELOPE.fullmatch(name))
    if all(child.get("type") in ("object", "array") for child in whole):
        named = [name for name, part in parts.items() if {*ids} & {*map(words, part)}]
        yield from ((f"/{name}", parts[name]) for name in named if len(named) == 1)


def said(derived: Derived, part: str) -> Any:
    """Return (line, text) of what a page says: of its operation a list, of members by place."""
    return derived.get("said", {}).get(part, [] if part == "operation" else {})
