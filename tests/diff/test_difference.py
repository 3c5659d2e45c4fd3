"""The differences of two revisions.

What each kind of change does to callers, and the reports of it.
"""

# ruff: noqa: ARG005 - every edit is given the schema and its members

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from contracts import diff
from contracts.diff import Effect, operations
from contracts.diff import report as diff_report
from contracts.diff.model import Change, Revision
from contracts.diff.sides import Side
from contracts.errors import UsageError
from contracts.model import ABSENT
from contracts.schema import checks

OPERATION: dict[str, Any] = {
    "method": "POST",
    "path": "/parcels",
    "authorization": {"in": "header", "name": "Authorization"},
    "media_type": "application/json",
    "success_status": 201,
    "server": "https://a.example",
    "permission": None,
    "parameters": [
        {"in": "query", "name": "trace", "required": False, "schema": {"type": "string"}}
    ],
    "x-source": {"method": [1, 1], "path": [2, 3], "success_status": [9, 9], "parameters": [4, 6]},
}
PARCEL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {
            "type": "string",
            "maxLength": 9,
            "x-source": {"type": [11, 12], "maxLength": [13, 13]},
        },
        "size": {
            "type": "string",
            "enum": ["S", "M"],
            "default": "S",
            "x-source": {"type": [14, 15]},
        },
        "grams": {"type": "integer", "minimum": 1},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "notes": {"type": "object", "x-source": {"type": [20, 21]}},
    },
    "required": ["name"],
    "x-source": {"type": [10, 10], "required/name": [11, 13]},
}


def side(name: str, request: Any, response: Any = None, **operation: Any) -> Side:
    """Make a side of a page."""
    return Side(
        Revision(name, f"{name}.txt"),
        {**OPERATION, **operation},
        request,
        response,
        (request, response),
        True,  # noqa: FBT003
    )


def changed(part: str, edit: Any) -> Change:
    """Give the only change that an edit of the schema makes in a part."""
    new = copy.deepcopy(PARCEL)
    edit(new, new["properties"])
    old = side("old", PARCEL) if part == "request" else side("old", None, PARCEL)
    later = side("new", new) if part == "request" else side("new", None, new)
    (change,) = diff.difference(old, later).changes
    return change


# an edit, what it does in a request, what it does in a response, the words
EDITS: list[tuple[Any, Effect, Effect, str]] = [
    (
        lambda s, p: p["name"].update(maxLength=5),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "name was at most 9 characters, is at most 5 characters",
    ),
    (
        lambda s, p: p["name"].pop("maxLength"),
        Effect.COMPATIBLE,
        Effect.BREAKING,
        "name was at most 9 characters, is not limited in this way",
    ),
    (
        lambda s, p: p["name"].update(type=["string", "null"]),
        Effect.COMPATIBLE,
        Effect.BREAKING,
        "name was string, is string or null",
    ),
    (
        lambda s, p: p["name"].update(format="email"),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "name was not limited in this way, is a string of format email",
    ),
    (
        lambda s, p: p["name"].update(pattern="^[A-Z]{3}-[0-9]{4}$"),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "name was not limited in this way, is a string that matches ^[A-Z]{3}-[0-9]{4}$",
    ),
    (
        lambda s, p: p["size"].update(enum=["S"]),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        'size was "S" or "M", is "S"',
    ),
    (
        lambda s, p: p["size"].update(enum=["M", "S"]),
        Effect.COMPATIBLE,
        Effect.COMPATIBLE,
        'size was "S" or "M", is "M" or "S"',
    ),
    (
        lambda s, p: p["size"].update(default="M"),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        'size had the default "S", has the default "M"',
    ),
    (
        lambda s, p: p["size"].pop("default"),
        Effect.UNDECIDED,
        Effect.COMPATIBLE,
        'size had the default "S", has no default',
    ),
    (
        lambda s, p: p["grams"].update(type="number"),
        Effect.COMPATIBLE,
        Effect.BREAKING,
        "grams was integer, is number",
    ),
    (
        lambda s, p: p["grams"].update(minimum=0),
        Effect.COMPATIBLE,
        Effect.BREAKING,
        "grams was at least 1, is at least 0",
    ),
    (
        lambda s, p: p["tags"].update(maxItems=2),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "tags was at most 3 items, is at most 2 items",
    ),
    (
        lambda s, p: p["tags"]["items"].update(minLength=1),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "tags[] was not limited in this way, is at least 1 characters",
    ),
    (
        lambda s, p: p["notes"].update(additionalProperties={"type": "string"}),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "notes{} was not limited in this way, is string",
    ),
    (
        lambda s, p: p["notes"].update(maxProperties=20),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "notes was not limited in this way, is at most 20 members",
    ),
    (
        lambda s, p: s.update(required=["name", "grams"]),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "grams was not required, is required",
    ),
    (
        lambda s, p: s.pop("required"),
        Effect.COMPATIBLE,
        Effect.BREAKING,
        "name was required, is not required",
    ),
    (
        lambda s, p: p.update(extra={"type": "string"}),
        Effect.COMPATIBLE,
        Effect.COMPATIBLE,
        "extra is new",
    ),
    (
        lambda s, p: p.pop("grams"),
        Effect.UNDECIDED,
        Effect.UNDECIDED,
        "grams is not named any more",
    ),
    (
        lambda s, p: (p.update(extra={"type": "string"}), s["required"].append("extra")),
        Effect.BREAKING,
        Effect.COMPATIBLE,
        "extra ",
    ),
    (
        lambda s, p: p["name"].update(format="ulid"),
        Effect.UNDECIDED,
        Effect.UNDECIDED,
        "name was not limited in this way, is a string of format ulid",
    ),
    (
        lambda s, p: p["name"].update(pattern="\\p{L}"),
        Effect.UNDECIDED,
        Effect.UNDECIDED,
        "name was not limited in this way, is a string that matches \\p{L}",
    ),
]


@pytest.mark.parametrize(("edit", "request_", "response", "words"), EDITS, ids=range(len(EDITS)))
def test_a_change_breaks_in_its_direction(
    edit: Any, request_: Effect, response: Effect, words: str
) -> None:
    """Narrowing breaks who sends requests, widening breaks who reads responses.

    Each is told once and in words.
    """
    for part, effect in (("request", request_), ("response", response)):
        change = changed(part, edit)
        assert (change.effect, change.part) == (effect, part)
        assert change.statement.startswith(words)
        needs_witness = change.effect is Effect.BREAKING and change.keyword != "default"
        assert (change.witness is not None) == needs_witness
        assert (change.why is not None) or change.effect is not Effect.UNDECIDED


def test_the_lines_are_those_of_the_keyword_or_of_the_nearest_type() -> None:
    """A keyword that only one side states has the lines of the member's type on the other."""
    change = changed(
        "request", lambda _, p: (p["name"].pop("maxLength"), p["name"]["x-source"].pop("maxLength"))
    )
    assert (change.old.lines, change.new.lines) == ((13, 13), (11, 12))
    change = changed("request", lambda _, properties: properties["grams"].update(minimum=2))
    assert (change.old.lines, change.new.lines) == ((10, 10), (10, 10))


def test_two_changes_that_only_break_together_are_found() -> None:
    """Where each of two limits says what the other does.

    That both are gone is a change of the whole.
    """
    old = {
        "type": "object",
        "properties": {"a": {"type": "string", "maxLength": 2, "enum": ["a", "bb"]}},
    }
    new = {"type": "object", "properties": {"a": {"type": "string"}}}
    found = diff.difference(side("old", None, old), side("new", None, new))
    assert found.breaks
    assert all(change.witness for change in found.of(Effect.BREAKING))


# an edit of the operation, the effect, the keyword
OPERATIONS: list[tuple[dict[str, Any], Effect, str]] = [
    ({"method": "PUT"}, Effect.BREAKING, "method"),
    ({"path": "/v2/parcels"}, Effect.BREAKING, "path"),
    ({"server": "https://b.example"}, Effect.BREAKING, "server"),
    ({"authorization": {"in": "header", "name": "X-Key"}}, Effect.BREAKING, "authorization"),
    ({"authorization": None}, Effect.UNDECIDED, "authorization"),
    ({"permission": "parcels.write"}, Effect.BREAKING, "permission"),
    ({"media_type": "application/xml"}, Effect.BREAKING, "media_type"),
    ({"success_status": 200}, Effect.BREAKING, "success_status"),
    ({"success_status": None}, Effect.UNDECIDED, "success_status"),
    ({"parameters": []}, Effect.UNDECIDED, "parameter"),
    (
        {"parameters": [{**OPERATION["parameters"][0], "required": True}]},
        Effect.BREAKING,
        "parameter",
    ),
    (
        {
            "parameters": [
                {**OPERATION["parameters"][0], "schema": {"type": "string", "maxLength": 3}}
            ]
        },
        Effect.BREAKING,
        "parameter",
    ),
    (
        {"parameters": [{**OPERATION["parameters"][0], "schema": {"type": ["string", "null"]}}]},
        Effect.COMPATIBLE,
        "parameter",
    ),
    (
        {
            "parameters": [
                *OPERATION["parameters"],
                {"in": "header", "name": "If-Match", "required": True, "schema": {}},
            ]
        },
        Effect.BREAKING,
        "parameter",
    ),
    (
        {
            "parameters": [
                *OPERATION["parameters"],
                {"in": "query", "name": "page", "required": False, "schema": {}},
            ]
        },
        Effect.COMPATIBLE,
        "parameter",
    ),
]


@pytest.mark.parametrize(("edit", "effect", "keyword"), OPERATIONS, ids=str)
def test_changes_around_the_bodies(edit: dict[str, Any], effect: Effect, keyword: str) -> None:
    """Address, authorization, media type, status and parameters are compared as well."""
    (change,) = diff.difference(side("old", None), side("new", None, **edit)).changes
    assert (change.part, change.effect, change.keyword) == ("operation", effect, keyword)


def test_the_revisions_of_komerza_differ_by_the_body_that_is_needed_now() -> None:
    """Revision 2 requires a body: no body at all is what callers sent before.

    Every witness is checked.
    """
    found = diff.difference(diff.read("komerza@1"), diff.read("komerza@2"))
    (change,) = found.of(Effect.BREAKING)
    assert (change.part, change.keyword) == ("request", "body")
    assert change.witness is not None
    assert change.witness.body is ABSENT
    assert "gateway" in change.statement


@pytest.mark.parametrize(
    "names", [("kohort@1", "kohort@2"), ("kohort@2", "kohort@1"), ("komerza@2", "komerza@1")]
)
def test_witnesses_of_the_shipped_revisions_distinguish(names: tuple[str, str]) -> None:
    """Each body that is shown of two shipped revisions is admitted by one of them only."""
    sides = dict(zip(("old", "new"), map(diff.read, names), strict=True))
    found = diff.difference(sides["old"], sides["new"])
    for change in found.of(Effect.BREAKING):
        if change.witness is not None and change.witness.body is not ABSENT:
            admits = sides.pop(change.witness.admitted)
            (refuses,) = sides.values()
            sides[change.witness.admitted] = admits
            schemas = [
                (one.request if change.part == "request" else one.response) or {}
                for one in (admits, refuses)
            ]
            assert [checks.fits(schema, change.witness.body) for schema in schemas] == [True, False]


def test_a_contract_and_its_own_page_say_the_same(tmp_path: Any) -> None:
    """Against schemas as they were derived a contract is compared without its readings."""
    source = diff.read("kohort")
    for part, schema in zip(("request", "response"), source.literal, strict=True):
        (tmp_path / f"{part}.json").write_text(json.dumps(schema))
    (tmp_path / "operation.json").write_text(json.dumps(dict(source.operation)))
    assert diff.difference(source, diff.read(str(tmp_path))).changes == ()


def test_a_page_is_read_on_the_fly(tmp_path: Any) -> None:
    """A document is derived when it is compared; its name is that of the lines."""
    page = tmp_path / "page.txt"
    page.write_text(
        "POST\n/\nparcels\n\nBody\n\napplication/json\nname\nstring\nrequired\n\nThe name of the "
        "parcel.\n"
    )
    found = diff.read(str(page))
    assert (found.revision.document, found.operation["method"]) == ("page.txt", "POST")
    assert diff.difference(found, found).changes == ()


def test_an_empty_folder_is_no_side(tmp_path: Any) -> None:
    """A folder without a contract and without schemas is an error that names it."""
    with pytest.raises(UsageError, match=r"neither a contract\.toml nor an operation\.json"):
        diff.read(str(tmp_path))
    (tmp_path / "operation.json").write_text("[")
    with pytest.raises(UsageError, match=r"operation\.json"):
        diff.read(str(tmp_path))


def test_the_json_report_has_every_change() -> None:
    """Format 1 of the report: counts, and for each change its place, effect, lines and witness."""
    new = copy.deepcopy(PARCEL)
    new["properties"]["grams"]["minimum"] = 5
    found = diff.difference(side("old", None), side("new", PARCEL))
    assert json.loads(diff_report.text(found))["changes"][0]["witness"] == {
        "admitted": "old",
        "none": True,
    }
    report = json.loads(diff_report.text(diff.difference(side("old", PARCEL), side("new", new))))
    assert report["format"] == "order-contracts-diff/1"
    assert (report["breaks"], report["counts"]) == (
        True,
        {"breaking": 1, "undecided": 0, "compatible": 0},
    )
    (change,) = report["changes"]
    assert change["place"] == "grams"
    assert change["old"] == {"value": 1, "lines": [10, 10]}
    assert not checks.fits(new, change["witness"]["body"])


def test_what_a_page_prints_is_neither_markup_nor_control() -> None:
    """Names of members reach Markdown and a terminal escaped."""
    name = "<b>*\x1b[31m"
    new = copy.deepcopy(PARCEL)
    new["properties"][name] = {"type": "string"}
    found = diff.difference(side("old", PARCEL), side("new", new))
    text = diff_report.markdown(found)
    assert "\\<b\\>\\*\\\\u001b\\[31m" in text
    assert "\x1b" not in text


def test_nothing_is_the_shortest_report() -> None:
    """Two sides that say the same are told so in a line."""
    same = side("old", PARCEL)
    found = diff.difference(same, replace(same, revision=Revision("new", "")))
    assert diff_report.summary(found) == "old and new say the same"
    assert not found.breaks


def test_a_path_parameter_of_another_name_is_the_same_address() -> None:
    """No request shows the name of a path parameter: that it changed breaks nobody."""
    (change,) = changes(
        {**OPERATION, "path": "/parcels/{parcelId}"}, {**OPERATION, "path": "/parcels/{parcel_id}"}
    )
    assert (change.effect, change.place) == (Effect.COMPATIBLE, "parcel_id")
    assert change.statement == (
        "the path parameter parcelId is called parcel_id; requests look the same"
    )


@pytest.mark.parametrize("old", [{}, {"answer_media_type": "application/hal+json"}])
def test_an_answer_of_another_media_type_breaks_callers(old: dict[str, Any]) -> None:
    """What callers read was JSON and is CSV: that breaks them, whatever requests are."""
    (change,) = changes({**OPERATION, **old}, {**OPERATION, "answer_media_type": "text/csv"})
    assert (change.effect, change.keyword) == (Effect.BREAKING, "answer_media_type")


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return the changes around the bodies."""
    return list(operations.compare(old, new))
