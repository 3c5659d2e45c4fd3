"""Faults of relations between request, answer and history: a rule an operator."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from contracts import clause_ids
from contracts.faults import edits
from contracts.model import ABSENT, Contract, Schema
from contracts.planning.bodies import proposals
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from contracts.schema import checks
from contracts.schema.jsontext import at
from contracts.schema.keywords import subschema_at, types

Row = dict[str, Any]
Arguments = Mapping[str, Any]
Relation = Callable[[Contract, Arguments], Row | str]
# values to put in the place of another one
OTHERS: tuple[Any, ...] = (
    *("another", 4711, "2001-02-03T04:05:06Z", "2001-02-03"),
    *("00000000-0000-4000-8000-000000000000", "nobody@example.org"),
    *("https://example.org/another", False, True, [], {}, "x", 1, "XX", "XXX"),
)
NO_SUCH_REFUSAL = "the sandbox has no refusal with such a status"
NO_OTHER_VALUE = "no other value fits the schema of what it is about"


def comes_back_otherwise(contract: Contract, arguments: Arguments, how: str) -> bool:
    """Whether an object that a request may have comes back otherwise when it is re-coded so.

    What it becomes has to fit the schema of answers: else that is what is broken.
    """
    sent = subschema_at(contract.request or {}, arguments["request"])
    answered = subschema_at(contract.response, arguments["response"])
    for name, value in proposals.odd_members():
        member = {name: value}
        other = edits.recoded(member, how)
        if other != member and checks.fits(sent, member) and checks.fits(answered, other):
            return True
    return False


def is_free_text(schema: Schema) -> bool:
    """Whether a member is a text that people write as they like: a name, a reference."""
    free = "name" in str(schema.get("x-kind", "")) or "x-unique" in schema
    is_text = "string" in types(schema)
    return is_text and free and not {"enum", "format", "x-reference"} & schema.keys()


def one_of_different(schema: Schema, place: str) -> str:
    """Return a place for a fault to change: of items that have to differ, the first alone.

    Example: ``/tags/0`` for ``/tags/*``.
    """
    names = place.split("/")
    for depth, name in enumerate(names):
        above = subschema_at(schema, "/".join(names[:depth])) if name == "*" else {}
        names[depth] = "0" if above.get("uniqueItems") else name
    return "/".join(names)


def _changed(argument: str, **when: int) -> Relation:
    """Return the rule of a fault that puts another value in the place that an argument names."""

    def rule(contract: Contract, arguments: Arguments) -> Row | str:
        place = arguments[argument]
        schema = subschema_at(contract.response, place)
        value = _other(schema, arguments.get("value", _plain(contract, arguments)))
        if value is ABSENT:
            return NO_OTHER_VALUE
        edit = {"op": "set", "at": one_of_different(contract.response, place), "value": value}
        return {"when": when, "response": [edit]}

    return rule


def _member_changed(**when: int) -> Relation:
    """Return the rule of a fault that changes one member of what is read, but not its id."""

    def rule(contract: Contract, arguments: Arguments) -> Row | str:
        place = arguments["response"]
        spared = {name.rpartition("/")[2] for name in arguments.get("except", ())} | {"id"}
        names = _compared(contract, arguments)
        schemas = {name: subschema_at(contract.response, f"{place}/{name}") for name in names}
        # of a few options it may have the other one already
        for name in sorted(schemas, key=lambda name: "enum" in schemas[name]):
            value = _other(schemas[name], ABSENT)
            if name not in spared and value is not ABSENT:
                edit = {"op": "set", "at": f"{place}/{name}", "value": value}
                return {"when": when, "response": [edit]}
        return NO_OTHER_VALUE

    return rule


def _kept(contract: Contract, arguments: Arguments) -> Row | str:
    """Return the fault of an answer in which a member now and then is not what it was."""
    places = [f"{arguments['response']}/{name}" for name in arguments["members"]]
    faults = [_changed("place", every=2)(contract, {"place": place}) for place in places]
    return next((fault for fault in faults if isinstance(fault, dict)), NO_OTHER_VALUE)


def _refusal_body(contract: Contract, arguments: Arguments) -> Row | str:
    """Return the fault of a refusal whose body is a text, for a status that the sandbox answers."""
    refused = {
        400: (clause_ids.REQUEST_JSON, clause_ids.PARAMETER),
        401: (clause_ids.AUTHORIZATION,),
        404: (clause_ids.ADDRESS,),
        422: (clause_ids.REQUEST,),
    }
    for status in arguments.get("status", ()):
        groups = refused.get(status, ("none",))
        is_sent = any(clause_ids.is_about(clause, *groups) for clause in contract.clause_ids)
        if is_sent and not checks.fits(arguments["schema"], "refused"):
            return {"when": {"status": status}, "body": '"refused"'}
    return NO_SUCH_REFUSAL


def _compared(contract: Contract, arguments: Arguments) -> list[str]:
    """Return the members that two answers are compared by."""
    names = list(subschema_at(contract.response, arguments["response"]).get("properties", ()))
    if "members" in arguments:
        return [name[1:] for name in arguments["members"]]
    if "by" in arguments:
        created = contract.of(arguments["by"]).response
        there = subschema_at(created, arguments["created"]).get("properties", ())
        names = [name for name in names if name in there]
    return names


def _plain(contract: Contract, arguments: Arguments) -> Any:
    """Return what a plain request has where a relation looks into it."""
    return at(_plain_request(contract), arguments.get("request", "/"))


@lru_cache(maxsize=64)  # as many operations as an API has
def _plain_request(contract: Contract) -> Any:
    return sample(plain_body(contract))


def _other(schema: Schema, plain: Any) -> Any:
    """Return a value that fits a schema and is not the plain one; ABSENT when none is known."""
    options = [*OTHERS, *schema.get("enum", ())[::-1]]
    fitting = (option for option in options if checks.fits(schema, option) and option != plain)
    return next(fitting, ABSENT)


RELATIONS: Mapping[str, Relation] = {
    **dict.fromkeys(("echo", "comes_back", "default", "is", "parameter"), _changed("response")),
    "product": _changed("equals"),
    "equal": _changed("left"),
    "constant": _changed("response", every=2),
    "not_before": lambda _, arguments: {
        "response": [{"op": "set", "at": arguments["later"], "value": "2001-02-03T04:05:06Z"}]
    },
    "unique": lambda contract, arguments: (
        _changed("response")(contract, arguments)
        if "*" in arguments["response"]
        else {"lacks": ["new_id"]}
    ),
    "listed": lambda _, __: {"lacks": ["listed"]},
    "filtered": lambda contract, arguments: (
        {"lacks": ["filtered"]}
        if "items" in arguments
        else _changed("item", every=2)(contract, arguments)
    ),
    "ordered": lambda _, __: {"lacks": ["ordered"]},
    "sized": lambda _, __: {"lacks": ["sized"]},
    "paged": lambda _, __: {"lacks": ["sized"]},
    "hidden": lambda _, __: {"lacks": ["foreign"]},
    "gone": lambda _, __: {"lacks": ["deleted_stays"]},
    "stays": lambda _, __: {"lacks": ["changed"]},
    "refused_absent": lambda _, __: {"lacks": ["refused_stays"]},
    "reads_back": _member_changed(),
    "unchanged": _member_changed(every=2),
    "kept": _kept,
    "refusal_body": _refusal_body,
    "header": lambda _, arguments: {"headers": {arguments["name"]: ""}},
    "counts": lambda _, arguments: {"response": [{"op": "add", "at": arguments["count"], "by": 1}]},
}
