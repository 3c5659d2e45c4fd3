"""Facts about the operation itself: method, path, server, authorization, media type, permission."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from contracts.derive.language.phrases import cues, permission, sentences
from contracts.derive.language.words import WORDS
from contracts.derive.model import GUESSED, Fact, Json, Node, Note, Span, schema
from contracts.derive.page.commands import Address, Command, Header, read_address
from contracts.derive.page.sample import Line

#: Media types as pages print them.
MEDIA = r"(?:application|multipart|text|image|audio|video)/[\w.+*-]+"
_SCHEME = re.compile(r"\b(bearer|basic|digest)(?:\b|(?=[-_ ]?auth))", re.IGNORECASE)
#: The scheme before a credential, or one of the known schemes alone.
_SENT_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w-]*(?=\s)|Bearer|Basic|Digest)(?:\b.*)?")
#: Names of headers that say who asks; tokens against forgery do not.
_CREDENTIAL = re.compile(
    r"(?!.*(?:csrf|xsrf))(?:.*[-_])?(?:auth\w*|(?:api-?)?key|token|secret|sign(?:ature)?|password)",
    re.IGNORECASE,
)
#: Headers that the client or the connection adds, or that say nothing about the operation.
_USUAL = frozenset(WORDS["usual"])
_USUAL_STARTS = tuple(WORDS["usual-starts"])
#: Headers that servers take and do not ask for.
OPTIONAL = frozenset({"idempotency-key", "x-request-id", "x-correlation-id"})
_MEDIA = re.compile(rf"(?P<media>{MEDIA}?)(?:required)?(?:\s*·\s*.+)?")
#: What a host is called, or what is said of it, when no production is behind it.
NO_PRODUCTION = re.compile(
    r"sandbox|(?<![a-z])(?:test(?:ing|net)?|staging|stage|dev(?:elopment)?|demo|mock|local(?:host)?"
    r"|preview|playground|uat|qa|pre-?prod(?:uction)?|non-?prod(?:uction)?|127\.0\.0\.1)(?![a-z])",
    re.IGNORECASE,
)
#: What sentences say of a list that has its newest items first.
_NEWEST_FIRST = re.compile(
    r"\b(?:latest|(?:newest|most recent(?:ly \w+)?)(?: \w+){0,2}) first\b|\breverse chronological",
    re.IGNORECASE,
)
#: "A booking that is cancelled already is refused with 409."
_REFUSES_AGAIN = re.compile(
    r"\b(?:already|before|twice|again)\b[^.]*\brefused with `?409\b"
    r"|\b409\b[^.]*\b(?:already|before|twice)\b",
    re.IGNORECASE,
)
#: What sentences say of an operation that is so or not.
FLAGS = {"newest_first": _NEWEST_FIRST, "refuses_again": _REFUSES_AGAIN}
#: What sentences say of a header that every success has: "The `Location` header is always set."
_ANSWER_HEADER = re.compile(
    r"(?!.*\b(?:if|when|may|might|unless|optional(?:ly)?|requests?|webhooks?|errors?|[345]\d\d)\b)"
    r"(?:(?=.*\b(?:always|every|each)\b)(?:(?=.*\b(?:response|answer|return))|(?=.*\blocation\b))"
    r"|(?=.*\bwith (?:a|the) `?location\b)"
    r"|(?=(?:.*[.;] )?the `?location`? header (?:has|holds|contains|gives|is|points)\b))"
    r".*?(?<![\w-])`?(?P<name>Location|ETag|Last-Modified|Link|Retry-After|X(?:-\w+)+)`?"
    r" (?:response )?header\b",
    re.IGNORECASE,
)
#: What a sample writes for the value of a credential.
_SECRET = re.compile(r"[<${].*(?:key|token|secret)|YOUR[-_ ].*(?:KEY|TOKEN|SECRET)", re.IGNORECASE)
#: Keywords that an operation only has where its page states them.
_STATED_ONLY = (
    "server", "servers", "permission", "parameters", "authorizations", "answer_media_type",
    "success_statuses", "body_required", "operation_id", "links", "deprecated",
    "newest_first", "refuses_again", "answer_headers",
    GUESSED,
)  # fmt: skip


#: The sentences of an operation, as (line, text): what they say of other operations is read later.
SAID = "sentences"


def is_usual(name: str) -> bool:
    """Whether a header belongs to the client or the connection, and not to the operation."""
    return name.lower() in _USUAL or name.lower().startswith(_USUAL_STARTS)


#: Headers that clients send by themselves, and that mean something where a page lists them.
_LISTED = frozenset({"accept-language", "if-none-match", "if-modified-since", "prefer"})


def is_elsewhere(name: str) -> bool:
    """Whether a header that a page lists says nothing of the operation, or is its credential."""
    name = name.lower()
    return name == "authorization" or (is_usual(name) and name not in _LISTED)


def is_credential(name: str) -> bool:
    """Whether a header says who asks, by its name."""
    return name.lower() not in OPTIONAL and _CREDENTIAL.fullmatch(name) is not None


def credential(name: str, said: str = "", place: str = "header") -> dict[str, Json]:
    """Return a credential by its name; its scheme is the one that is said of it."""
    scheme = _SCHEME.search(said)
    return {"in": place, "name": name, "scheme": scheme[1].capitalize() if scheme else None}


def sent_credential(name: str, value: str) -> Json:
    """Return the credential that a header is; only Authorization has a scheme before its value."""
    worded = _SENT_SCHEME.fullmatch(value) if name.lower() == "authorization" else None
    return {"in": "header", "name": name, "scheme": worded["scheme"] if worded else None}


def plain_media_type(text: str | None) -> str | None:
    """Return a media type without its parameters, or None for what is none."""
    name = (text or "").partition(";")[0].strip().lower()
    return name if "/" in name else None


def is_json(name: str | None) -> bool:
    """Whether a media type is JSON."""
    return name is not None and (name.endswith(("/json", "+json")) or name == "text/json")


def media_type(text: str | None) -> str | None:
    """Return the media type that a text is, perhaps with the type of the whole body behind it."""
    match = _MEDIA.fullmatch((text or "").strip())
    return match["media"] if match else None


def command_facts(command: Command) -> tuple[Fact, ...]:
    """Return what a request on the page states of the operation."""
    span = Span(command.method_line, command.method_line)
    facts = [Fact("method", command.method, span)]
    where = Span(command.url_line, command.url_line)
    address = read_address(command.url) if command.url else None
    if address and address.path:
        facts.append(Fact("path", address.path, where))
        if address.server:
            facts.append(Fact("server", address.server, where))
        if address.server and NO_PRODUCTION.search(command.said):
            rows: list[Json] = [{"url": address.server, "description": command.said}]
            facts.append(Fact("servers", rows, where))
    success = command.success
    if success and success.status and success.status < 400:
        facts.append(Fact("success_status", success.status, Span(success.first, success.first)))
    if success and success.media_type:
        media = Fact("answer_media_type", success.media_type, Span(success.first, success.first))
        facts.append(media)
    return (*facts, *_header_facts(command, address))


def _header_facts(command: Command, address: Address | None) -> list[Fact]:
    """Return the media type, the credentials and the other parameters that a request sends."""
    facts: list[Fact] = []
    credentials = _credentials(command.headers)
    sent: list[tuple[str, str, int]] = []
    for header in command.headers:
        name = header.name.lower()
        if name == "content-type":
            media = plain_media_type(header.value) or header.value
            facts.append(Fact("media_type", media, Span(header.line, header.line)))
        if name == "cookie":
            sent.append(("cookie", header.value.partition("=")[0], header.line))
        elif not is_usual(name) and credentials != [header]:
            sent.append(("header", header.name, header.line))
    query = address.query if address else {}
    keys = (
        [name for name, value in query.items() if _is_key(name, value)] if not credentials else []
    )
    sent += [("query", name, command.url_line) for name in query if name not in keys]
    facts += [
        Fact(
            "authorization",
            credential(name, place="query"),
            Span(command.url_line, command.url_line),
        )
        for name in keys[:1]
    ]
    values = [sent_credential(header.name, header.value) for header in credentials]
    if values:
        span = Span(credentials[0].line, credentials[-1].line)
        facts.append(Fact("authorization", values[0], Span(span.first, span.first)))
        if len(values) > 1:
            facts.append(Fact("authorizations", [values], span))
    if sent:
        span = Span.around(Span(line, line) for _, _, line in sent)
        facts.append(Fact("parameters", [_sent(*each) for each in sent], span))
    return facts


def _is_key(name: str, value: str) -> bool:
    """Whether a parameter of the query is the caller's key: by its name, and what is sent."""
    return is_credential(name) and _SECRET.match(value) is not None


def _credentials(headers: Sequence[Header]) -> list[Header]:
    """Return the headers that say who asks, Authorization first."""
    named = [header for header in headers if is_credential(header.name)]
    if not named:
        named = [header for header in headers if _SECRET.match(header.value)][:1]
    return sorted(named, key=lambda header: header.name.lower() != "authorization")


def _sent(place: str, name: str, line: int) -> Json:
    """Return a parameter that a sample sends: that it is required is a guess from the sample."""
    required = place != "query" and name.lower() not in OPTIONAL
    node = Node() if place == "query" else Node((Fact("type", "string", Span(line, line)),))
    guessed: dict[str, Json] = {"x-guessed": ["required"]} if required else {}
    return {"in": place, "name": name, "required": required, "schema": schema(node) | guessed}


def sentences_of(lines: Sequence[Line]) -> list[Fact]:
    """Return what sentences state, and the fact of the sentences themselves."""
    whole_lines = _unwrapped(lines)
    said: list[Json] = [
        [line.number, " ".join(text.split())]
        for line in whole_lines
        for text in sentences(line.text)
    ]
    whole = [Fact(SAID, said, Span(lines[0].number, lines[-1].number))] if said else []
    return [*whole, *sentence_facts(whole_lines)]


def _unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with those put together that the page wraps within a sentence."""
    out: list[Line] = []
    end = 0
    for line in lines:
        goes_on = out and line.number == end + 1 and line.text[:1].islower()
        if goes_on and re.search(r"[\w,`]$", out[-1].text):
            out[-1] = Line(out[-1].number, f"{out[-1].text} {line.text}")
        else:
            out.append(line)
        end = line.number
    return out


def sentence_facts(lines: Iterable[Line]) -> list[Fact]:
    """Read what sentences about the operation state: permission, order, headers of answers."""
    facts = []
    headers: list[Json] = []
    for line in lines:
        span = Span(line.number, line.number)
        if asked := permission(line.text):
            facts.append(Fact("permission", asked, span))
        names = [name for name, words in FLAGS.items() if words.search(line.text)]
        facts += [Fact(name, value=True, span=span) for name in names]
        if header := _ANSWER_HEADER.match(line.text):
            headers.append({"name": header["name"], "lines": [line.number, line.number]})
            facts.append(Fact("answer_headers", headers, span))
    return facts


def unread(lines: Iterable[Line]) -> tuple[Note, ...]:
    """Return a note for each sentence about the operation that states nothing that is known."""
    return tuple(
        Note(line.number, f"no fact is read from: {line.text}")
        for line in lines
        if (cues(line.text) or line.text.endswith((".", "!"))) and not sentence_facts([line])
    )


def first_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Keep the first fact of each keyword, which is the nearest source; parameters add up."""
    out: dict[str, Fact] = {}
    for fact in facts:
        known = out.setdefault(fact.keyword, fact)
        if fact.keyword == "parameters" and known is not fact:
            out["parameters"] = _all_parameters(known, fact)
    return tuple(out.values())


def _all_parameters(known: Fact, more: Fact) -> Fact:
    listed: Any = known.value
    others: Any = more.value
    rows: dict[tuple[str, str], Json] = {}
    for row in (*listed, *others):
        name = row["name"].lower() if row["in"] == "header" else row["name"]
        rows.setdefault((row["in"], name), row)
    if len(rows) <= len(listed):
        return known
    first = min(known.span.first, more.span.first)
    span = Span(first, max(known.span.last, more.span.last))
    return Fact("parameters", list(rows.values()), span)


def operation_dict(facts: Sequence[Fact]) -> dict[str, Json]:
    """Write the facts of an operation, with their lines under `x-source`."""
    known = {fact.keyword: fact for fact in facts}
    out: dict[str, Json] = {}
    answer = known.pop("answer_media_type", None)
    is_text = answer is not None and str(answer.value).startswith("text/")
    if answer and "media_type" not in known and not is_text:
        known["media_type"] = replace(answer, keyword="media_type")
    elif answer and ("media_type" not in known or answer.value != known["media_type"].value):
        known["answer_media_type"] = answer
    for keyword in ("method", "path", "authorization", "media_type", "success_status"):
        out[keyword] = known[keyword].value if keyword in known else None
    for keyword in _STATED_ONLY:
        if keyword in known:
            out[keyword] = known[keyword].value
    out["x-source"] = {
        fact.keyword: [fact.span.first, fact.span.last]
        for fact in known.values()
        if fact.keyword not in (GUESSED, SAID)
    }
    return out
