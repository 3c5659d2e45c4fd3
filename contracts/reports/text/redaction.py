"""Secrets out of everything that is shown: by value, and in the forms a server may echo them in."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from contracts.reports.record import RunRecord

REDACTED = "[redacted]"
CUT = "…"  # what a text that was too long to be shown ends in
SHORTEST = 4  # characters; a shorter secret would take half of every report away


class Redactor:
    """Replaces secrets in text and in JSON values."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {
            form.lower() for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)
        }
        longest_first = sorted(forms, key=len, reverse=True)
        self._forms = [(form, re.compile(re.escape(form), re.IGNORECASE)) for form in longest_first]

    def text(self, text: str) -> str:
        """Give a text without the secrets, in whatever letter case.

        And without one that was cut.
        """
        lower = text.lower()
        for form, pattern in self._forms:
            if form in lower:
                text = pattern.sub(REDACTED, text)
        if CUT not in text:
            return text
        *cut, rest = text.split(CUT)
        return "".join(f"{self._without_beginning(part)}{CUT}" for part in cut) + rest

    def _without_beginning(self, text: str) -> str:
        """Give a text that was cut without the beginning of a secret at its end."""
        for form, _ in self._forms:
            end = text[-len(form) :].lower()
            for length in range(len(form) - 1, SHORTEST - 1, -1):
                if end.endswith(form[:length]):
                    return text[:-length] + REDACTED
        return text

    def run(self, run: RunRecord) -> RunRecord:
        """Return the record of a run without the secrets."""
        redacted: RunRecord = self.value(run)
        return redacted

    def value(self, value: Any) -> Any:
        """Give a JSON value without the secrets, in names as well."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {self.text(name): self.value(member) for name, member in value.items()}
        return value


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", "\\/")
    yield json.dumps(secret).translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&"})[1:-1]
    yield quote_plus(secret)
    yield quote(secret, safe="")
    yield quote(secret)
    # within a longer text the base64 of a secret depends on where it begins, modulo three bytes
    data = secret.encode()
    for offset in range(3):
        padded = b"\0" * offset + data
        whole = base64.b64encode(padded).decode()
        begin = -(-offset * 8 // 6)
        text = whole[begin : (len(padded) * 8) // 6]
        if len(text) >= SHORTEST:
            yield text
            yield text.replace("+", "-").replace("/", "_")
