"""The plausible region that a contract starts with: a range around the plainest request.

Nobody has read yet what a server behind the page takes, so the range is narrow: numbers from the
page's own up, texts of several words, new addresses for mail, and options of the page. What may be
a code or an id is only sent as the page has it. All of it is a convention.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.interop import strategies
from contracts.model import ABSENT, Schema
from contracts.planning.bodies.everyday import typical
from contracts.planning.bodies.proposals import different
from contracts.planning.bodies.templates import sample
from contracts.schema import checks
from contracts.schema.jsontext import is_number, type_of
from contracts.schema.keywords import types

MOST_OPTIONS = 8  # of an enumeration, that are sent as valid ones
LONGEST_PROSE = 40
REACH = 10  # times the page's own number
_CODE_NAME = re.compile(
    r"(?:^|_|\b)(?:id|code|number|year|version)$|(?:Id|ID|Code|Number|Version)$"
)
_ID_NAME = re.compile(r"(?:^|_|-|\b)(?:id|uuid)$|(?:Id|ID|Uuid|UUID)$")
_OWN_ID = re.compile(r"(?:external|client|own|custom|merchant|reference)", re.IGNORECASE)

# values of texts by the end of what they are called
BY_NAME = {
    **dict.fromkeys(("country", "countrycode"), "FR"),
    **dict.fromkeys(("currency", "currencycode"), "EUR"),
    **dict.fromkeys(("language", "lang", "languagecode"), "en"),
    "locale": "en-US",
    "timezone": "Europe/Paris",
    **dict.fromkeys(("phone", "phonenumber", "mobile"), "+33123456789"),
    **dict.fromkeys(("url", "uri", "website"), "https://example.com/"),
    **dict.fromkeys(("email", "emailaddress"), "camille@example.com"),
}
_MAP_NAME = re.compile(r"meta_?data$|labels$|attributes$|annotations$|custom|rules$", re.IGNORECASE)
FRESH = "contract.{fresh}@example.com"
_MAIL = r"^[A-Za-z0-9._+-]{5,40}@[A-Za-z0-9-]{2,}(\.[a-z]{2,})+$"
_MAIL_LIKE = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
_LETTERS = re.compile("[A-Za-z]*")
_STATED = {"type", "anyOf", "properties", "items", "format", "pattern"}  # of these a value follows
_READABLE = r"^[\w .,;:'!?()/-]+$"  # what people write in such texts

Update = dict[str, Any]


def narrowed(
    schema: Schema, value: Any, name: str = "", *, ranged: bool = True
) -> tuple[Update, list[str]]:
    """Return what narrows a schema to a range around a value, and what is taken out before.

    The latter are ends of JSONPaths: of members that are never sent as valid ones, and of lists
    that the update writes anew. `name` is the member's, which tells ids and codes from amounts;
    where these are not `ranged`, only the page's own is plausible.
    """
    doubtful = schema.get("x-doubtful")
    if doubtful and checks.fits(doubtful, value):
        update, removals = narrowed(_without_doubt(schema), value, name, ranged=ranged)
        return {**doubtful, **update}, [end for end in removals if end[1:] not in doubtful]
    if "anyOf" in schema and isinstance(value, dict):
        ways = [plain(way) for way in _ways(schema)]
        return {"enum": [value, *(way for way in ways if way not in (ABSENT, value))]}, []
    if isinstance(value, dict) and "properties" in schema:
        return _object(schema, value, ranged=ranged)
    if isinstance(value, list) and value and isinstance(schema.get("items"), Mapping):
        update, below = narrowed(schema["items"], value[0], name, ranged=ranged)
        limits = {
            "minItems": max(schema.get("minItems", 0), 1),
            "maxItems": min(schema.get("maxItems", len(value)), max(len(value), 3)),
        }
        shown = {"examples": [value]} if schema.get("uniqueItems") else {}
        return {**limits, **shown, "items": update}, [f".items{end}" for end in below]
    null = [None] if "null" in schema.get("type", ()) and value is not None else []
    if "enum" in schema:
        return {"enum": [*_options(schema["enum"], value), *null]}, [".enum"]
    if isinstance(value, bool):
        return {}, []
    if isinstance(value, str) and (own := _new_texts(schema, value)):
        return own, []
    if is_number(value) and ranged and not _CODE_NAME.search(name):
        return _number(schema, value), []
    is_free = isinstance(value, str) and not {"format", "pattern"} & schema.keys()
    own = {**schema, "type": "string"}  # of a page that shows no value, any text will do
    is_made = is_free and value == typical(own) and not _shows(schema)
    if is_free and (" " in value or (is_made and not _CODE_NAME.search(name))):
        return _prose(schema, value), []
    return {"enum": [value, *null]}, []


def _new_texts(schema: Schema, value: str) -> Update:
    """Return what narrows a text to those that are new in each request; nothing for other texts.

    Those are addresses for mail, which servers want to be new, and what has to be unique.
    """
    keyword = "x-unique" if "x-distinct" in schema else "x-fresh"
    is_mail = schema.get("format") == "email" or _MAIL_LIKE.fullmatch(value)
    if is_mail and "pattern" not in schema:
        return {"pattern": _MAIL, keyword: FRESH} if checks.fits(schema, sample(FRESH)) else {}
    if "x-distinct" not in schema:
        return {}
    stem = _LETTERS.match(value)[0]  # type: ignore[index]  # matches any text
    forms = [f"{stem}{{fresh}}", f"{stem}{{digits}}", "{fresh}", "{digits}"]
    if value.upper() == value:  # as in TEA-100: no small letter
        forms = forms[1::2]
    new = next((form for form in forms if checks.fits(schema, sample(form))), None)
    return {keyword: new, "pattern": f"^{new.partition('{')[0]}[0-9a-z]+$"} if new else {}


def _object(schema: Schema, value: Mapping[str, Any], *, ranged: bool) -> tuple[Update, list[str]]:
    """Return what narrows an object to the members that have a value, and the members taken out."""
    members: Update = {}
    removals: list[str] = []
    for name, child in schema["properties"].items():
        inside = value.get(name, ABSENT)
        if inside is ABSENT and not child.get("readOnly"):
            inside = _value_of(schema, name)
        at = f".properties[{json.dumps(name, ensure_ascii=False)}]"
        if inside is ABSENT or (inside is None and name not in schema.get("required", ())):
            removals.append(at)
            continue
        is_ranged = ranged and "x-linked" not in child  # what is handed out is no amount
        members[name], below = narrowed(child, inside, name, ranged=is_ranged)
        removals += [at + end for end in below]
    sent = [name for name in value if name in members]
    update: Update = {"additionalProperties": False, "x-plain": sent, "properties": members}
    needed = [name for name in sent if "default" not in schema["properties"][name]]
    if needed and not schema.get("required"):
        update["required"] = needed  # a page that marks nothing: its own example goes as a whole
    return update, removals


def _options(options: list[Any], value: Any) -> list[Any]:
    """Return the page's own option and others: all of a few, else some over the whole list."""
    others = [option for option in options if option is not None and option != value]
    room = MOST_OPTIONS - 1
    if len(others) > room:
        others = [others[number * (len(others) - 1) // (room - 1)] for number in range(room)]
    return [value, *others]


def _number(schema: Schema, value: Any) -> Update:
    """Return the range from the page's own number to ten times that, within the page's limits."""
    far = value * REACH if value > 0 else value + REACH
    update: Update = {"examples": [value]}
    if "minimum" not in schema and "exclusiveMinimum" not in schema:
        update["minimum"] = value
    if "maximum" not in schema and "exclusiveMaximum" not in schema:
        update["maximum"] = max(far, schema.get("minimum", far))
    if "multipleOf" not in schema and float(value).is_integer() and type_of(value) == "number":
        update["multipleOf"] = 1
    return update


def _prose(schema: Schema, value: str) -> Update:
    most = max(len(value), LONGEST_PROSE)
    readable = {"pattern": _READABLE} if re.fullmatch(_READABLE, value) else {}
    return {
        **readable,
        "examples": [value],
        "minLength": max(schema.get("minLength", 0), 1),
        "maxLength": min(schema.get("maxLength", most), most),
    }


def plain(schema: Schema, example: Any = ABSENT) -> Any:
    """Return a value that fits a schema and that the page, or `example`, shows; or ABSENT.

    One that fits what the page's own example breaks comes first: it is likely to be taken, whether
    the statement is wrong or the example.
    """
    if "x-doubtful" in schema:
        sure = plain(_without_doubt(schema), example)
        if sure is not ABSENT:
            return sure
    for value in _candidates(schema, example):
        if checks.fits(schema, value):
            return value
    return ABSENT


def _without_doubt(schema: Schema) -> Schema:
    """Return a schema with what the page states of it and its own example breaks."""
    certain = {keyword: value for keyword, value in schema.items() if keyword != "x-doubtful"}
    return {**certain, **schema["x-doubtful"]}


def _candidates(schema: Schema, example: Any) -> Iterator[Any]:
    """Propose values for a schema: what the page shows of it first, then what fits its type."""
    yield from () if example is ABSENT else [example]
    yield from schema.get("x-examples", ())
    if "default" in schema:
        yield schema["default"]
    yield from schema.get("enum", ())
    for way in _ways(schema):
        yield plain(way, example)
    if "properties" in schema:
        yield members(schema, example)
    if isinstance(schema.get("additionalProperties"), dict):
        inner = plain(schema["additionalProperties"])
        yield from () if inner is ABSENT else [{"note": inner}]
    if "items" in schema:
        child: Schema = schema["items"]
        item = plain(child, example[0] if isinstance(example, list) and example else ABSENT)
        least = max(schema.get("minItems", 1), 1)
        yield from ([] if item is ABSENT else [[item] * least, different(child, item, least)])
        yield []
    own = {key: value for key, value in schema.items() if key not in {"properties", "items"}}
    if "format" in schema:
        yield typical(own)
    if "pattern" in schema:
        yield from filter(str.isprintable, strategies.matching(schema["pattern"]))
    yield typical(own)
    yield None
    yield from strategies.some(schema)


def _ways(schema: Schema) -> Iterator[Schema]:
    """Yield the schema of each alternative, with what holds of all of them."""
    common = {key: value for key, value in schema.items() if key != "anyOf"}
    for option in schema.get("anyOf", ()):
        yield {**common, **option}


def plainest(schema: Schema) -> Any:
    """Return the plainest request body that a page shows.

    It is the page's own example, with what is required beside it. Without one it has the required
    members and those that the page shows a value of; all members where none is called required.
    """
    example = next(
        (value for value in schema.get("x-examples", ()) if isinstance(value, dict)), None
    )
    if "properties" not in schema:
        value = plain(schema)
        return {} if value is ABSENT else value
    body = members(schema, example)
    required = schema.get("required", ())
    if example is not None:
        return {name: value for name, value in body.items() if name in {*example, *required}}
    if not required:
        return body
    named = schema["properties"]
    return {name: value for name, value in body.items() if name in required or _shows(named[name])}


def _shows(schema: Schema) -> bool:
    """Whether a page shows a value of a member: an example, a default, options."""
    return bool({"x-examples", "default", "enum", "const"} & schema.keys())


def members(schema: Schema, example: Any = ABSENT) -> dict[str, Any]:
    """Return the plain value of each member that may be sent and that there is a value for."""
    inside = example if isinstance(example, dict) else {}
    values = {
        name: plain(child, inside[name]) if name in inside else _value_of(schema, name)
        for name, child in schema["properties"].items()
        if not child.get("readOnly") or name in schema.get("required", ())
    }
    return {name: value for name, value in values.items() if value is not ABSENT}


def _value_of(schema: Schema, name: str) -> Any:
    """Return the plain value of a member; ABSENT for an optional one that may be of any type."""
    child = schema["properties"][name]
    likely = _by_name(schema["properties"][name], name)
    is_optional = name not in schema.get("required", ())
    is_stated = bool(_STATED & child.keys()) or _shows(child) or not is_optional
    is_unknown = _is_of_anything(child) or _is_id_of_others(child, name)
    is_stated = is_stated and not (is_optional and is_unknown)
    return plain(child, likely) if is_stated or likely is not ABSENT else ABSENT


def _is_id_of_others(schema: Schema, name: str) -> bool:
    """Whether a member is likely to name something that is there, of which no id is shown."""
    is_text = {*types(schema)} <= {"string", "null"} and not _shows(schema)
    return is_text and bool(_ID_NAME.search(name)) and not _OWN_ID.match(name)


def _is_of_anything(schema: Schema) -> bool:
    """Whether a list is shown without its items, of which nothing is said: who knows what is in."""
    items = schema.get("items")
    return items is not None and not (_STATED & items.keys() or _shows(items) or _shows(schema))


def _by_name(schema: Schema, name: str) -> Any:
    """Return what a text or a map is likely to be that is called so; ABSENT where more is said."""
    if _MAP_NAME.search(name) and not {"properties", "anyOf"} & schema.keys():
        return {"note": "text"}
    if _shows(schema) or {"format", "pattern"} & schema.keys():
        return ABSENT
    words = name.replace("_", "").replace("-", "").lower()
    values = (value for ending, value in BY_NAME.items() if words.endswith(ending))
    return next((value for value in values if checks.fits(schema, value)), ABSENT)
