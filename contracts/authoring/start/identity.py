"""What was created is named by an id: where an answer has it, and what things are called."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Operation = Mapping[str, Any]  # as `contracts derive` prints it
Derived = Mapping[str, Any]  # an operation with its schemas and relations, likewise
Api = Mapping[str, Derived]  # the operations of an API by their names
PARAMETER = re.compile(r"\{([^{}]+)\}")  # in an address
IDS = ("id", "uuid", "sid", "number", "code")
USUAL = 3  # of these, which are ids wherever they stand
WRAPPERS = ("data", "result", "object")


def created(derived: Derived) -> str | None:
    """Return a pointer to the id of what a success made, at the top or in what wraps the answer.

    It has one of the usual names, or that of what the address is of: ``labelId`` of ``/labels``.
    """
    path = re.sub(r"/\{[^/]*\}$", "", derived["operation"]["path"]).rpartition("}")[2]
    nouns = [f"{singular(words(part))}-id" for part in path.split("/") if part]
    usual, numbers = IDS[:USUAL], IDS[USUAL:]
    names = (*usual, *nouns[::-1], *numbers)
    homes = list(members_by_home(derived["response"] or {}, names))
    for name in names:
        for pointer, members in homes:
            if named := next((member for member in members if words(member) == name), None):
                return f"{pointer}/{named}"
    return None


def named_by(derived: Derived, pointer: str, parameter: str) -> str:
    """Return a pointer to what a path parameter names beside the id of what was made.

    ``/iid`` for ``issue_iid`` and ``/number`` for ``issue_number``, where the answer has those.
    """
    home = pointer.rpartition("/")[0]
    called = words(parameter)
    members = dict(members_by_home(derived["response"] or {}, IDS)).get(home, {})
    ends = [name for name in members if f"-{called}".endswith(f"-{words(name)}")]
    return f"{home}/{max(ends, key=len)}" if ends else pointer


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
    if all(child.get("type") in ("object", "array") for child in members.values()):
        named = [name for name, part in parts.items() if {*ids} & {*map(words, part)}]
        yield from ((f"/{name}", parts[name]) for name in named if len(named) == 1)
