"""Headers of requests and answers: which say who asks, which the client adds, what a body is."""

import re

from contracts.derive.model import Json

#: Media types as pages print them.
MEDIA = r"(?:application|multipart|text|image|audio|video)/[\w.+*-]+"
_SCHEME = re.compile(r"\b(bearer|basic|digest)\b", re.IGNORECASE)
#: The scheme before a credential, or one of the known schemes alone.
_SENT_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][\w-]*(?=\s)|Bearer|Basic|Digest)(?:\b.*)?")
#: Names of headers that say who asks; tokens against forgery do not.
_CREDENTIAL = re.compile(
    r"(?!.*(?:csrf|xsrf))(?:.*[-_])?(?:auth\w*|(?:api-?)?key|token|secret|sign(?:ature)?|password)",
    re.IGNORECASE,
)
#: Headers that the client or the connection adds, or that say nothing about the operation.
_USUAL = frozenset([
    "accept", "cache-control", "connection", "content-length", "content-type", "dnt",
    "expires", "host", "if-modified-since", "if-none-match", "keep-alive", "newrelic", "origin",
    "pragma", "priority", "referer", "te", "traceparent", "tracestate", "transfer-encoding",
    "upgrade-insecure-requests", "user-agent",
])  # fmt: skip
_USUAL_STARTS = (
    ":", "sec-", "accept-", "access-control-", "proxy-", "postman-", "x-forwarded-", "x-requested-",
)  # fmt: skip
#: Headers that servers take and do not ask for.
OPTIONAL = frozenset({"idempotency-key", "x-request-id", "x-correlation-id"})


def is_usual(name: str) -> bool:
    """Whether a header belongs to the client or the connection, and not to the operation."""
    return name.lower() in _USUAL or name.lower().startswith(_USUAL_STARTS)


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
