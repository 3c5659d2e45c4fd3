"""What an answer must not show of unrelated requests, and what a document says of refusals.

Of refusals only what was sent to be refused is looked at: that a request in the open region was
refused says nothing of why.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from contracts.judge.history import NOTHING, History, Look, key
from contracts.judge.relations.forms import PREFIXED, every_text, form
from contracts.model import ABSENT, Exchange, Response
from contracts.schema import checks
from contracts.schema.jsontext import at, escape, show

# a part of a text that two requests do not share by chance
SHORTEST = 8  # characters
TOKEN = re.compile(rf"[0-9A-Za-z]{{{SHORTEST},}}")
ID = re.compile(rf"[0-9A-Za-z_-]{{{SHORTEST},}}")  # as a whole: ids of one minute begin alike


def check_unrelated(
    history: History, created: str, *, by: str | None = None, except_: Sequence[str] = ()
) -> Iterator[Look]:
    """Check that an answer, or a header of it, shows nothing that only unrelated requests sent.

    Looked for is what is new in a request, and the ids of what was created (``created``).
    Requests are related when one refers to another, or to the same one as another does, and
    when both are about the same one at ``by``. The places ``except`` of accepted answers have
    clauses of their own.
    """
    senders: dict[str, set[int]] = defaultdict(set)
    owners: dict[int, set[str]] = {}  # the ids at ``by`` that a request or its answer names
    related: dict[int, set[int]] = {}
    for exchange in history.exchanges:
        number = exchange.number
        related[number] = {number, *exchange.case.after}
        ids = [at(value, by) for value in (exchange.request.value, exchange.value) if by]
        owners[number] = {key(value) for value in ids if value not in (*NOTHING, "")}
        for token in _new_tokens(exchange.case.body, exchange.request.value):
            senders[token].add(number)
        name = at(exchange.value, created) if exchange.accepted else None
        if isinstance(name, str) and ID.fullmatch(name) and not name.isdigit():
            senders[name].add(number)

    @cache  # most texts come in many answers
    def sent_tokens(text: str) -> list[str]:
        tokens = {*TOKEN.findall(text), *ID.findall(text)} if len(text) >= SHORTEST else ()
        return [token for token in tokens if token in senders]

    def is_related(number: int, others: set[int]) -> bool:
        return any(related[number] & related[n] or owners[number] & owners[n] for n in others)

    expected = "nothing of an unrelated request"
    for exchange in history.exchanges:
        leaks = (
            (place, f"{show(text, 80)}, which is of request {min(senders[token])}")
            for place, text, token in _tokens_shown(exchange, except_, sent_tokens)
            if not is_related(exchange.number, senders[token])
        )
        place, got = next(leaks, ("", ""))
        if isinstance(exchange.answer, Response):
            yield Look(exchange, ok=not got, place=place, expected=expected, got=got)


def _new_tokens(template: Any, sent: Any) -> Iterator[str]:
    """Yield the parts of texts that differ from their template, since they are new each time."""
    if isinstance(template, dict) and isinstance(sent, dict):
        for name, member in template.items():
            yield from _new_tokens(member, sent.get(name))
    elif isinstance(template, str) and isinstance(sent, str) and template != sent:
        template_tokens = set(TOKEN.findall(template))
        yield from (token for token in TOKEN.findall(sent) if token not in template_tokens)


def _tokens_shown(
    exchange: Exchange, exempt: Sequence[str], sent_tokens: Callable[[str], list[str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield (place, text, token) of what an answer shows and was sent, but not in its request."""
    shown = [
        (place, text, token)
        for place, text in _shown(exchange, exempt if exchange.accepted else ())
        for token in sent_tokens(text)
    ]
    if shown:
        own = set(TOKEN.findall((exchange.request.body or b"").decode("utf-8", "replace")))
        yield from (leak for leak in shown if leak[-1] not in own)


def _shown(exchange: Exchange, exempt: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of all that an answer shows: its headers, and its body by members."""
    if not isinstance(exchange.answer, Response):
        return
    for name, value in exchange.answer.headers:
        yield f"header {name}", value
    if isinstance(exchange.value, dict | list):
        yield from _texts(exchange.value, "", exempt)
    else:
        yield "", exchange.answer.body.decode("utf-8", "replace")


def _texts(value: Any, place: str, exempt: Sequence[str]) -> Iterator[tuple[str, str]]:
    if place in exempt:
        return
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, f"{place}/{escape(name)}", exempt)
            yield place, name
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{place}/{index}", exempt)
    elif isinstance(value, str):
        yield place, value


def check_no_order(history: History, created: str, members: Sequence[str]) -> Iterator[Look]:
    """Check that a refusal does not show what would have been created.

    That is an object at the place of the id ``created`` that has an id, and all of ``members`` or
    the letters before the id that every id of what was created has, and nothing else has.
    """
    parent = created.rpartition("/")[0]
    prefix = _own_prefix(history, created)
    for exchange in history.invalid:
        order = at(exchange.value, parent)
        name = at(exchange.value, created)
        has_all = all(at(order, member) not in NOTHING for member in members)
        is_named = prefix is not None and form(str(name)) == prefix
        is_shown = isinstance(order, dict) and name not in NOTHING and (has_all or is_named)
        got = show(name) if is_shown else ""
        yield Look(exchange, not is_shown, parent, "a refusal without an order in it", got)


def _own_prefix(history: History, created: str) -> str | None:
    """Return the form of the ids of what was created where it is theirs alone: ``ord_…``."""
    forms: set[str] = set()
    others: set[str] = set()
    for answer in history.accepted:
        name = answer.got(created)
        forms.add(form(name) if isinstance(name, str) else "")
        texts = every_text(answer.exchange.value)
        others.update(form(text) for text in texts if text != name)
    (own, *more) = forms or {""}
    return own if own.startswith(PREFIXED) and not more and own not in others else None


def status(history: History, cases: Sequence[str], status: Sequence[int]) -> Iterator[Look]:
    """Check the status of refusals that decide one of the clauses ``cases``."""
    expected = " or ".join(map(str, status))
    for exchange in history.invalid:
        if set(exchange.case.decides) & set(cases):
            ok = exchange.status in status
            yield Look(exchange, ok, "", expected, str(exchange.status))


def body(
    history: History,
    schema: Mapping[str, Any],
    *,
    status: Sequence[int] | None = None,
    unless: Sequence[str] = (),
    when: Mapping[str, Any] | None = None,
) -> Iterator[Look]:
    """Look whether the bodies of refusals with one of the statuses fit the schema.

    Without ``status`` all refusals are meant. Those that decide a clause of ``unless`` are
    left out, and with ``when`` those whose body does not fit that schema.
    """
    for exchange in history.invalid:
        if status is not None and exchange.status not in status:
            continue
        if set(unless) & set(exchange.case.decides):
            continue
        if when is not None and not checks.fits(when, exchange.value):
            continue
        if exchange.value is ABSENT:
            expected = "a JSON object"
            got = "no JSON text"
            yield Look(exchange, ok=False, place="", expected=expected, got=got)
            continue
        broken = checks.broken(schema, exchange.value)
        for check in broken[:1]:
            place = check.place
            expected = check.expected
            got = check.got
            yield Look(exchange, ok=False, place=place, expected=expected, got=got)
        if not broken:
            yield Look(exchange, ok=True, place="", expected="", got="")
