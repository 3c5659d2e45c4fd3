"""Secrets out of everything that is shown: by value, in whatever spelling a server echoes them."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote_plus

from contracts.reports.reading import schema
from contracts.reports.record import Report, ResponseRecord, RunRecord
from contracts.reports.text.spellings import plain

REDACTED = "[redacted]"
CUT = "…"  # what a text that was too long to be shown ends in
SHORTEST = 4  # characters; a shorter secret would take half of every report away
SHORTEST_ENCODED = 6  # of the forms in base64: a shorter one is found by chance
REPEATED = 100  # characters up to which a text is likely to come again
LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')  # a JSON string
COLON = re.compile(r"\s*:")  # what follows a name

Replace = Callable[[str], str]


class Redactor:
    """Replaces secrets in the records of a run and in texts.

    A secret that is also a word of the report itself, such as ``orders``, is replaced only
    where the server speaks: in the values of its headers and bodies, never in names.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [text for text in dict.fromkeys(secrets) if len(text) >= SHORTEST]
        forms = {form.lower() for secret in self._secrets for form in _encoded(secret)}
        self._forms = sorted(forms, key=len, reverse=True)
        self._first_letters = {form[:SHORTEST] for form in forms}
        self._short: dict[str, str] = {}  # texts that were redacted before, such as header names

    def knowing(self, own: str) -> Redactor:
        """Return a redactor of those secrets that are no words of a text of our own."""
        lower = own.lower()
        certain = [secret for secret in self._secrets if secret.lower() not in lower]
        return self if certain == self._secrets else Redactor(certain)

    def text(self, text: str) -> str:
        """Return a text without the secrets, in whatever spelling, and without a cut one."""
        if len(text) > REPEATED:
            return self._without_secrets(text)
        if text not in self._short:
            self._short[text] = self._without_secrets(text)
        return self._short[text]

    def _without_secrets(self, text: str) -> str:
        """Return a text with `REDACTED` in place of each secret, also of one that was cut off."""
        parts, position = [], 0
        for begin, end in _merged(self._spans(text)):
            parts += [text[position:begin], REDACTED]
            position = end
        text = "".join([*parts, text[position:]])
        if CUT not in text or not self._forms:
            return text
        *cut, rest = text.split(CUT)
        return "".join(f"{self._without_beginning(part)}{CUT}" for part in cut) + rest

    def run(self, run: RunRecord) -> RunRecord:
        """Return the record of a run without the secrets."""
        if not self._secrets:
            return run
        certain = self.knowing(_own_words(run)).text
        spoken = self._spoken

        def quoting(text: str) -> str:  # in words of our own
            return certain(LITERAL.sub(lambda match: _literal(match[0], self.text), text))

        request = {"url": certain, "body": certain}
        exchange = {"request": request, "response": self._response}
        own = dict.fromkeys(("place", "expected", "hint", "curl"), certain)
        rules = {
            "target": certain,
            "aborted": certain,
            "created": spoken,
            "left": spoken,
            "clauses": {"why": certain},
            "findings": {**exchange, **own, "got": spoken},
            "causes": {"summary": quoting},
            "observations": {"behaviour": certain},
            "exchanges": exchange,
        }
        redacted: RunRecord = _redacted(run, rules)
        return redacted

    def _spoken(self, text: str) -> str:
        """Return what the server said without the secrets.

        In JSON the name of a member stays although it is the text of a secret: ``orders``.
        """
        redacted = self.text(text)
        if redacted == text or text.lstrip()[:1] not in ("{", "["):
            return redacted
        ends_of_names = {
            match.end() for match in LITERAL.finditer(text) if COLON.match(text, match.end())
        }
        own = self.knowing(" ".join(match[0] for match in LITERAL.finditer(text)))

        def value(match: re.Match[str]) -> str:
            redact = own.text if match.end() in ends_of_names else self.text
            return _literal(match[0], redact)

        # a secret may also be a number, or stand in several texts together
        return own.text(LITERAL.sub(value, text))

    def _response(self, response: ResponseRecord) -> ResponseRecord:
        if "failure" in response:
            detail = self.knowing(response["failure"]).text(response["detail"])
            return {**response, "detail": detail}
        fields = response["headers"]
        certain = self.knowing(" ".join(name for name, _ in fields))
        headers = [[certain.text(name), self._spoken(value)] for name, value in fields]
        return {**response, "headers": headers, "body": self._spoken(response["body"])}

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where secrets stand in a text."""
        if not self._forms:
            return
        for layer in plain(text):
            if not any(first in layer.text for first in self._first_letters):
                continue  # as in most texts
            for form in self._forms:
                for begin in _places(layer.text, form):
                    yield layer.span(begin, begin + len(form))

    def _without_beginning(self, text: str) -> str:
        """Return a text that was cut without the beginning of a secret at its end."""
        for layer in plain(text):
            begins = [
                begin
                for form in self._forms
                for begin in _places(layer.text, form[:SHORTEST])
                if form.startswith(layer.text[begin:])
            ]
            if begins:
                begin = min(begins)
                return text[: layer.span(begin, begin + 1)[0]] + REDACTED
        return text


def _places(text: str, part: str) -> Iterator[int]:
    """Yield where a part begins in a text."""
    begin = text.find(part)
    while begin >= 0:
        yield begin
        begin = text.find(part, begin + 1)


def _redacted(value: Any, rule: Any) -> Any:
    """Return a part of a record with its texts redacted: by one function, or a rule a member."""
    if value is None:
        return None
    if isinstance(value, list):
        return [_redacted(item, rule) for item in value]
    if callable(rule):
        return rule(value)
    return {**value, **{name: _redacted(value[name], inner) for name, inner in rule.items()}}


def _literal(written: str, redact: Replace) -> str:
    """Return a JSON string redacted by its value, as it was written when there was nothing."""
    try:
        value = json.loads(written, strict=False)
    except ValueError:
        return redact(written)
    redacted = redact(value)
    return written if redacted == value else json.dumps(redacted, ensure_ascii=False)


def own_words(report: Report) -> str:
    """Return all that a report says in words of our own, the names of its members with them."""
    return " ".join([json.dumps(schema()), *(_own_words(run) for run in report["runs"])])


def _own_words(run: RunRecord) -> str:
    """Return all that a record says in words of our own."""
    members = [*(run["members"]["request"] or ()), *(run["members"]["response"] or ())]
    texts = [run["api"], run["title"], run["operation"], *run["documents"]]
    texts += [member["at"] for member in members]
    texts += [text for clause in run["clauses"] for text in (clause["id"], clause["statement"])]
    texts += [seen["id"] for seen in run["observations"]]
    texts += [exchange["case"] for exchange in (*run["exchanges"], *run["findings"])]
    urls = [exchange["request"]["url"] for exchange in run["exchanges"][:1]]
    texts += [url.removeprefix(run["target"]) for url in urls]
    texts.append("accepted refused answered failed valid open invalid embedded application json")
    return " ".join(texts)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            first, last = merged.pop()
            merged.append((first, max(last, end)))
        else:
            merged.append((begin, end))
    return merged


def _encoded(secret: str) -> Iterator[str]:
    """Yield a secret, and how it is written in hexadecimal and in base64."""
    yield secret
    yield quote_plus(secret)  # in which a blank is a plus, as in a form
    yield secret.replace(" ", "+")
    yield unicodedata.normalize("NFKC", secret)
    data = secret.encode()
    for separator in ("", " ", ":", "-"):
        yield data.hex(separator) if separator else data.hex()
    yield base64.b32encode(data).decode().rstrip("=")
    # within a longer text the base64 of a secret depends on where it begins, modulo three bytes
    for offset in range(3):
        padded = b"\0" * offset + data
        whole = base64.b64encode(padded).decode()
        text = whole[-(-offset * 8 // 6) : (len(padded) * 8) // 6]
        if len(text) >= SHORTEST_ENCODED:
            yield text
            yield text.replace("+", "-").replace("/", "_")
