"""Findings that turn out to be the same: made so by being made small, or one inside of another."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from contracts import clause_ids
from contracts.engine.sender import Sender
from contracts.judge.oddities import oddities
from contracts.judge.server_words import words
from contracts.model import ABSENT, CREDENTIAL, Exchange, Finding, Region
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from contracts.schema.jsontext import is_number, same

SERVER_ERROR = clause_ids.NO_SERVER_ERROR


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those that were made the same by being made small."""
    by_request: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        case = finding.exchange.case
        asked = (case.body, case.authorization, case.path, case.media_type, case.headers)
        same = (finding.clause.id, finding.place, without_values(finding.got), repr(asked))
        first = by_request.get(same)
        count = finding.occurrences + (first.occurrences if first else 0)
        by_request[same] = replace(first or finding, occurrences=count)
    return tuple(by_request.values())


def alike(one: Exchange, other: Exchange) -> bool:
    """Whether two answers have the same status and the same words, but for values in them."""
    same_words = without_values(words(one)) == without_values(words(other))
    return one.status == other.status and same_words


def without_values(text: str) -> str:
    """Return a text with its numbers, quoted parts and identifiers taken out."""
    return re.sub(r"\"[^\"]*\"|'[^']*'|\S*\d\S*", "…", text[3:])


def explains(sender: Sender, small: Finding, finding: Finding) -> bool:
    """Whether a failure that was made small is inside of the request of another failure."""
    ours, theirs = small.exchange.case, finding.exchange.case
    if small.clause.id != SERVER_ERROR or finding.clause.id != SERVER_ERROR:
        return False
    if not alike(small.exchange, finding.exchange) or not small.minimised:
        return False
    if not isinstance(ours.body, dict):
        return False
    plain, culprits = plainest(sender), special_members(sender, ours.body)
    if not culprits and nothing_was_taken_since(sender, finding.exchange):
        return True  # what fails is not the request, whatever there is in it
    # what fails with the usual credential does so with another spelling of it that is taken
    usual = ours.authorization == CREDENTIAL and theirs.region is not Region.INVALID
    if not (usual or ours.authorization == theirs.authorization) or ours.path != theirs.path:
        return False
    if not isinstance(theirs.body, dict):
        return False
    references = {
        name
        for name, schema in sender.contract.plausible_members.items()
        if "x-reference" in schema
    }
    return all(
        _holds(theirs.body, name, value, plain.get(name, ABSENT), made_up=name in references)
        for name, value in culprits.items()
    )


def special_members(sender: Sender, body: dict[str, Any]) -> dict[str, Any]:
    """Return the members that a body has beyond the required ones at their plainest."""
    plain = plainest(sender)
    required = sender.contract.required_members
    return {
        name: value
        for name, value in body.items()
        if name not in required or not same(value, plain.get(name, ABSENT))
    }


def nothing_was_taken_since(sender: Sender, failure: Exchange) -> bool:
    """Whether every request since a failure was refused or failed, the plainest among them."""
    return not any(one.accepted and one.number > failure.number for one in sender.history)


def plainest(sender: Sender) -> dict[str, Any]:
    """Return the members of the plainest body; none where the page documents no object."""
    template = plain_body(sender.contract)
    return template if isinstance(template, dict) else {}


def _holds(body: dict[str, Any], name: str, value: Any, plain: Any, *, made_up: bool) -> bool:
    """Whether a body has what makes another one fail: the member as it is there, or its oddities.

    An odd text may be in any member. One that fails with its plainest value fails with any, but
    perhaps with null.
    """
    inside = body.get(name)
    if name in body and (same(inside, value) or (same(value, plain) and inside is not None)):
        return True
    if made_up and isinstance(value, str) and isinstance(inside, str):
        return True
    odd = oddities(value)
    if is_number(value):
        return bool(odd) and is_number(inside) and odd <= oddities(inside)
    return bool(odd) and odd <= oddities(sample(body))
