"""Secrets out of everything that is shown: by value, and in the forms a server may echo them in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

REDACTED = "[redacted]"
SHORTEST = 4  # characters; a shorter secret would take half of every report away


class Redactor:
    """Replaces secrets in text and in JSON values."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        self._forms = sorted(forms, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Give a text without the secrets."""
        for form in self._forms:
            text = text.replace(form, REDACTED)
        return text

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
