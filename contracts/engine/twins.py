"""Findings that turn out to be the same: made so by being made small, or one inside of another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from contracts import clause_ids
from contracts.engine.sender import Sender
from contracts.judge.oddities import oddities
from contracts.judge.server_words import words
from contracts.model import ABSENT, CREDENTIAL, Exchange, Finding, Region
from contracts.planning.bodies.everyday import with_everyday_values
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import sample
from contracts.schema.jsontext import is_number, same

SERVER_ERROR = clause_ids.NO_SERVER_ERROR


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those that were made the same by being made small."""
    found: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        case = finding.exchange.case
        asked = (case.body, case.authorization, case.path, case.media_type, case.headers)
        same = (finding.clause.id, finding.place, _without_values(finding.got), repr(asked))
        first = found.get(same)
        count = finding.occurrences + (first.occurrences if first else 0)
        found[same] = replace(first or finding, occurrences=count)
    return tuple(found.values())


def alike(one: Exchange, other: Exchange) -> bool:
    """Whether two answers have the same status and the same words, but for values in them."""
    same_words = _without_values(words(one)) == _without_values(words(other))
    return one.status == other.status and same_words


def _without_values(text: str) -> str:
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
    if not culprits and _nothing_was_taken_since(sender, finding.exchange):
        return True  # what fails is not the request, whatever there is in it
    body = theirs.body if isinstance(theirs.body, dict) else finding.exchange.request.value
    if not isinstance(body, dict):
        return False
    # what fails with the usual credential does so with another spelling of it that is taken
    usual = ours.authorization == CREDENTIAL and theirs.region is not Region.INVALID
    if not (usual or ours.authorization == theirs.authorization) or ours.path != theirs.path:
        return False
    members = (sender.contract.plausible or {}).get("properties", {})
    made_up = {n for n in ours.body if "x-reference" in members.get(n, {}) or n not in members}

    def held(body: dict[str, Any]) -> bool:
        return all(
            _holds(body, name, value, plain.get(name, ABSENT), made_up=name in made_up)
            for name, value in culprits.items()
        )

    if not held(body):
        return False
    odd = any(not same(value, plain.get(name, ABSENT)) for name, value in culprits.items())
    return odd or not culprits or _lacks(sender, held, ours.body, body)


def unexplained(sender: Sender, small: Finding, finding: Finding) -> dict[str, Any] | None:
    """Return what may make a sandbox fail by itself in a body whose failure another explains.

    That is what is required, with all members whose values were in no request that was answered
    properly, but for those that are to blame already; None where there are none.
    """
    body, plain = finding.exchange.case.body, plainest(sender)
    if not isinstance(body, dict):
        return None
    blamed = special_members(sender, small.exchange.case.body)
    odd = frozenset[str]().union(*(oddities(value) for value in blamed.values()))
    suspects = {
        name: body[name]
        for name in values_never_taken(sender, body)
        if name not in blamed and not odd & oddities(sample(body[name]))
    }
    required = (sender.contract.request or {}).get("required", ())
    rest = {name: plain[name] for name in required if name in plain} | suspects
    return rest if suspects else None


def values_never_taken(sender: Sender, body: dict[str, Any]) -> list[str]:
    """Return the members of a body whose values were in no accepted one."""
    bodies = [e.case.body for e in sender.history if e.accepted and isinstance(e.case.body, dict)]
    taken = {(name, repr(value)) for other in bodies for name, value in other.items()}
    return [name for name, value in body.items() if (name, repr(value)) not in taken]


def _lacks(
    sender: Sender,
    held: Callable[[dict[str, Any]], bool],
    ours: dict[str, Any],
    theirs: dict[str, Any],
) -> bool:
    """Whether a body lacks what keeps the sandbox from failing at everyday members.

    That is a member of all accepted bodies that hold them, and not of the smallest that fails.
    Example: an email fails without names, so each body with an email that lacks one of them does.
    """
    bodies = [e.case.body for e in sender.history if e.accepted and isinstance(e.case.body, dict)]
    accepted = [set(body) for body in bodies if held(body)]
    return not accepted or bool(set.intersection(*accepted) - set(ours) - set(theirs))


def special_members(sender: Sender, body: dict[str, Any]) -> dict[str, Any]:
    """Return the members that a body has beyond the required ones at their plainest."""
    plain = plainest(sender)
    required = (sender.contract.request or {}).get("required", ())
    return {
        name: value
        for name, value in body.items()
        if name not in required or not same(value, plain.get(name, ABSENT))
    }


def _nothing_was_taken_since(sender: Sender, failure: Exchange) -> bool:
    """Whether every request since a failure was refused or failed, the plainest among them."""
    return not any(one.accepted and one.number > failure.number for one in sender.history)


def plainest(sender: Sender) -> dict[str, Any]:
    """Return the members of the plainest body of a run; none where no object is documented."""
    template = plain_body(with_everyday_values(sender.contract, sender.settings.seed))
    return template if isinstance(template, dict) else {}


def _holds(body: dict[str, Any], name: str, value: Any, plain: Any, *, made_up: bool) -> bool:
    """Whether a body has what makes another one fail.

    The member as it is there, or with what is odd about it; an odd text may be in any member. One
    that fails with its plainest value fails with any, but perhaps with null.
    """
    inside = body.get(name)
    if name in body and (same(inside, value) or (same(value, plain) and inside is not None)):
        return True
    if made_up and inside is not None:
        return True
    odd = oddities(value)
    if is_number(value):
        return bool(odd) and is_number(inside) and odd <= oddities(inside)
    return bool(odd) and odd <= oddities(sample(body))
