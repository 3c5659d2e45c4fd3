"""Requests that were saved or recorded, with their answers, as the record of one operation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.derive.described import Description, with_description
from contracts.derive.model import GUESSED, Derived, Fact, Json, Node, Note, Notes, Refusal, Span
from contracts.derive.operation import is_credential, is_json, is_usual, sent_credential
from contracts.derive.samples import Sample, guessed_parameter, learned, sample_of

#: The lines of what was not there.
NOWHERE = Span(1, 1)


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the file with its lines."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Pair:
    """A header, or a parameter of the query or the path, with its lines."""

    name: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """A saved answer: its status, its media type, its body where that is JSON, and its lines."""

    status: int
    media_type: str | None
    body: Sample | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """One request with its answers; `values` are what stood in the places of its path."""

    method: Said
    path: Said
    server: Said | None = None
    values: tuple[Pair, ...] = ()
    query: tuple[Pair, ...] = ()
    headers: tuple[Pair, ...] = ()
    credentials: tuple[Json, ...] = ()
    credentials_span: Span = NOWHERE
    media_type: Said | None = None
    body: Sample | None = None
    answers: tuple[Answer, ...] = ()
    notes: tuple[Note, ...] = ()
    description: Description | None = None


def with_header_credentials(call: Call) -> Call:
    """Return a request with the credentials that its headers are, unless it has others."""
    sent = [pair for pair in call.headers if is_credential(pair.name)]
    if call.credentials or not sent:
        return call
    credentials = tuple(sent_credential(pair.name, pair.value) for pair in sent)
    return replace(call, credentials=credentials, credentials_span=sent[0].span)


def operations_of(calls: Iterable[Call]) -> tuple[Derived, ...]:
    """Return the record of each operation: of all calls with one method and one path."""
    groups: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        groups.setdefault((call.method.text, call.path.text), []).append(call)
    return tuple(_operation(group) for group in groups.values())


def _operation(calls: Sequence[Call]) -> Derived:
    first = calls[0]
    facts = [
        Fact("method", first.method.text, first.method.span),
        Fact("path", first.path.text, first.path.span),
    ]
    facts += _first_said(calls, "server")
    facts += _credentials(calls)
    parameters = list(_parameters(calls))
    if parameters:
        spans = [pair.span for call in calls for pair in (*call.values, *call.query, *call.headers)]
        facts.append(Fact("parameters", parameters, Span.around(spans)))
    facts += _first_said(calls, "media_type")
    request = learned(_taken_bodies(calls))
    answers = [answer for call in calls for answer in call.answers]
    more, response = _success(answers)
    facts += more
    guessed = {"parameters", "success_status", "answer_media_type"}
    guesses: list[Json] = [fact.keyword for fact in facts if fact.keyword in guessed]
    if guesses:
        facts.append(Fact(GUESSED, guesses, first.method.span))
    notes = Notes(note for call in calls for note in call.notes)
    if not answers:
        notes.add(first.method.span, "no answer was saved: what a success looks like is not known")
    derived = Derived(
        tuple(facts),
        request,
        response,
        notes=tuple(dict.fromkeys(notes)),
        refusals=tuple(_refusals(answers)),
    )
    told = next((call.description for call in calls if call.description), None)
    return derived if told is None else with_description(derived, told)


def _taken_bodies(calls: Sequence[Call]) -> list[Sample]:
    """Return the bodies that were not refused; all of them where every one was."""
    sent = [(call.body, call.answers) for call in calls if call.body is not None]
    statuses = [min((answer.status for answer in answers), default=0) for _, answers in sent]
    taken = [body for (body, _), least in zip(sent, statuses, strict=True) if least < 400]
    return taken or [body for body, _ in sent]


def _first_said(calls: Sequence[Call], keyword: str) -> list[Fact]:
    said: list[Said] = [words for call in calls if (words := getattr(call, keyword))]
    return [Fact(keyword, words.text, words.span) for words in said[:1]]


def _credentials(calls: Sequence[Call]) -> Iterator[Fact]:
    """Yield the credentials of the first request that has some; several are all needed."""
    call = next((call for call in calls if call.credentials), None)
    if call is None:
        return
    yield Fact("authorization", call.credentials[0], call.credentials_span)
    if len(call.credentials) > 1:
        yield Fact("authorizations", [list(call.credentials)], call.credentials_span)


def _parameters(calls: Sequence[Call]) -> Iterator[Json]:
    """Yield the parameters; a header of every request is required, as it is in a command."""
    for name, values in _grouped(pair for call in calls for pair in call.values).items():
        yield guessed_parameter("path", name, values, required=True)
    for name, values in _grouped(pair for call in calls for pair in call.query).items():
        yield guessed_parameter("query", name, values, required=False)
    sent: list[Any] = [each for call in calls for each in call.credentials]
    own = {"cookie", *(str(credential["name"]).lower() for credential in sent)}
    headers = [
        [pair for pair in call.headers if not is_usual(pair.name) and pair.name.lower() not in own]
        for call in calls
    ]
    for name, values in _grouped(pair for pairs in headers for pair in pairs).items():
        always = all(any(pair.name.lower() == name.lower() for pair in pairs) for pairs in headers)
        yield guessed_parameter("header", name, values, required=always)


def _grouped(pairs: Iterable[Pair]) -> dict[str, list[Sample]]:
    """Return the values of each name; headers are sent in one spelling or another."""
    values: dict[str, list[Sample]] = {}
    names: dict[str, str] = {}
    for pair in pairs:
        name = names.setdefault(pair.name.lower(), pair.name)
        values.setdefault(name, []).append(Sample(pair.value, pair.span))
    return values


def _success(answers: Sequence[Answer]) -> tuple[list[Fact], Node | None]:
    """Return what the success looks like: the lowest 2xx that was saved with JSON, or without."""
    good = sorted(
        (a for a in answers if a.status // 100 == 2),
        key=lambda answer: (answer.body is None, answer.status),
    )
    if not good:
        return [], None
    first = good[0]
    facts = [Fact("success_status", first.status, first.span)]
    if first.media_type is not None and first.body is not None:
        facts.append(Fact("answer_media_type", first.media_type, first.span))
    return facts, learned([a.body for a in good if a.status == first.status and a.body is not None])


def _refusals(answers: Sequence[Answer]) -> Iterator[Refusal]:
    for status in sorted({answer.status for answer in answers if answer.status >= 400}):
        alike = [answer for answer in answers if answer.status == status]
        media = next((answer.media_type for answer in alike if answer.media_type), None)
        body = learned([answer.body for answer in alike if answer.body is not None])
        yield Refusal(status, media, body, alike[0].span)


def with_body(
    call: Call, text: str, span: Span, media: Said | None, language: str | None = None
) -> Call:
    """Return a call with its body where that is JSON; `language` is what else is said of it."""
    sample = sample_of(text, span) if media is not None and is_json(media.text) else None
    if sample is not None:
        return replace(call, body=sample, media_type=media)
    shown = media.text if media is not None else language or "of no stated type"
    note = Note(span.first, f"the body is not read: it is not JSON ({shown})")
    return replace(call, media_type=media, notes=(*call.notes, note))


def is_status(value: Json) -> bool:
    """Whether a value is a status of HTTP; 0 stands for a request that was stopped."""
    return isinstance(value, int) and 100 <= value <= 599
