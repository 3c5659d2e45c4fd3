"""Words of names and sentences, cut to stems so that they can be compared."""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SMALL = frozenset([
    "the", "a", "an", "of", "to", "for", "in", "on", "at", "by", "is", "are", "be", "was", "were",
    "it", "its", "this", "that", "these", "those", "with", "and", "or", "as", "if", "from", "any",
    "your", "you", "can", "will", "which", "when", "where", "whether", "has", "have", "had", "not",
    "no", "used", "use",
])  # fmt: skip
_SAME = {
    "identifier": "id", "identifiers": "id", "identification": "id", "ids": "id",
    "identifies": "id", "link": "url", "uri": "url", "links": "url", "urls": "url",
    "qty": "quantity", "num": "number", "no": "number", "desc": "description", "addr": "address",
    "tel": "phone", "telephone": "phone", "mobile": "phone", "postal": "zip", "postcode": "zip",
    "config": "configuration", "org": "organization", "organisation": "organization",
    "creation": "created", "create": "created", "modified": "updated", "update": "updated",
    "modification": "updated", "expire": "expiry", "expires": "expiry", "expiration": "expiry",
    "expired": "expiry", "time": "at", "timestamp": "at", "datetime": "at", "moment": "at",
    "instant": "at", "max": "maximum", "min": "minimum", "avg": "average", "amt": "amount",
    "curr": "currency", "wether": "whether", "flag": "whether", "mail": "email",
}  # fmt: skip


def words(text: str) -> tuple[str, ...]:
    """Split a name in any case style, or a sentence, into lower-case words."""
    return tuple(found[0].lower() for found in _WORD.finditer(text.replace("e-mail", "email")))


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text; words that say nothing are left out."""
    return frozenset(_stem(word) for word in words(text) if word not in _SMALL)


def _stem(word: str) -> str:
    word = _SAME.get(word, word)
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
