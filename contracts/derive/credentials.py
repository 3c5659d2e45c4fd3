"""Credentials: what a request sends to say who asks."""

import re

from contracts.derive.model import Json

_SCHEME = re.compile(r"\b(bearer|basic|digest)\b", re.IGNORECASE)


def credential(name: str, said: str = "", place: str = "header") -> Json:
    """Return a credential by its name; its scheme is the one that is said of it."""
    scheme = _SCHEME.search(said)
    return {"in": place, "name": name, "scheme": scheme[1].capitalize() if scheme else None}


def sent_credential(name: str, value: str) -> Json:
    """Return the credential that a header is; only Authorization has a scheme before its value."""
    return credential(name, value.partition(" ")[0] if name.lower() == "authorization" else "")
