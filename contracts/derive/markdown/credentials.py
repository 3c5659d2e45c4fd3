"""Who may call an operation, as the sections of a page say it."""

import re
from collections.abc import Sequence

from contracts.derive.markdown.blocks import Block, TextBlock
from contracts.derive.markdown.columns import told
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.parts import Parts
from contracts.derive.model import Fact, Json, Span
from contracts.derive.operation import OPTIONAL, credential, is_credential, sent_credential


def stated_credentials(parts: Parts) -> list[Fact]:
    """Return the credentials that a section or a header lists, or else the scheme in a sentence."""
    entries = [entry for entry in parts.authorization if entry.name.lower() not in _BASIC_PARTS]
    for place, entry in parts.parameters:
        if (place == "header" and entry.name.lower() == "authorization") or (
            not parts.authorization and is_key(place, entry)
        ):
            entries.append(entry)
    values: list[Json] = [_credential(entry) for entry in entries]
    if values:
        last = max(entry.last for entry in entries)
        span = Span(parts.authorization_line or entries[0].line, last)
        facts = [Fact("authorization", values[0], span)]
        if len(values) > 1:
            return [*facts, Fact("authorizations", [values], span)]
        return facts
    if key := _API_KEY.search(parts.authorization_said):
        span = Span(parts.authorization_line, parts.authorization_line)
        value = credential(key["name"], place=key["place"].lower())
        return [Fact("authorization", value, span)]
    for text in parts.authorization_texts:
        value = credential("Authorization", text.plain)
        if value["scheme"]:
            return [Fact("authorization", value, Span(text.line, text.line))]
    return []


def is_key(place: str, entry: Entry) -> bool:
    """Whether a parameter of the query is the caller's key, as its description says."""
    said = " ".join(text.text for text in entry.texts)
    return place == "query" and bool(entry.required) and bool(_OWN_KEY.search(said))


_OWN_KEY = re.compile(r"\b(?:api|access|auth\w*|secret|your) (?:key|token)\b", re.IGNORECASE)
#: What a page asks for to fill in the header of Basic: no headers by themselves.
_BASIC_PARTS = frozenset({"username", "password"})
#: The fields of a security scheme, a line each.
_API_KEY = re.compile(
    r"name: *(?P<name>[\w-]+?)\s*type: *apiKey\s*in: *(?P<place>header|query|cookie)", re.IGNORECASE
)
#: A name that is set apart, also with a value, or that a dash tells from words.
_NAME = re.compile(
    r"\x1f[?&]?(?P<code>[A-Za-z][\w-]*)(?:[:=][^\x1f]+)?\x1f|\b(?P<word>[A-Za-z]\w*(?:-\w+)+)"
)
#: What stands beside a name that is sent there.
_PLACES = {
    "header": r"(?:http |request )*headers?",
    "query": r"(?:query|url)(?: string)?(?: param(?:eter)?s?)?",
    "cookie": r"(?:session )?cookies?",
}
_KEY = re.compile(r"\b(?:keys?|tokens?|secrets?|credentials?|auth\w*)\b", re.IGNORECASE)
_QUERY_KEY = re.compile(r"(?:api|access|auth)[-_]?(?:key|token)|key", re.IGNORECASE)
#: Sentences about what answers and the calls of the API itself carry.
_OF_ANSWERS = re.compile(
    r"\b(?:responses?|answers?) (?:headers?|ha[sv]e?|includes?|contains?|carr\w+|with)\b"
    r"|\breturn(?:s|ed in)?\b(?! \x1f?4)|\b(?:webhook|callback|event)s?\b",
    re.IGNORECASE,
)
#: The header itself, as code or as a line of its own, or the scheme in words.
_SENT = re.compile(
    r"(?:\x1f|^(?=Authorization: ?\w+ [^\s\x1f]+$))"
    r"(?:(?P<name>Authorization)|(?P<key>[\w-]+)(?=:[^\x1f]*(?:key|token|secret)))"
    r": ?(?P<value>[^\x1f]+)(?:\x1f|$)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"^auth\w* ?: ?(?:basic|bearer)$|\bHTTP (?:basic|bearer)\b"
    r"|\b(?:basic|bearer) (?:auth\w*|tokens?)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:no|not|never|unlike|instead|deprecated|optional\w*)\b", re.IGNORECASE)


def credential_in_words(parts: Parts, blocks: Sequence[Block]) -> list[Fact]:
    """Return the credential of which a sentence says where it is sent, or how."""
    for block in told(blocks):
        if value := _named(block, parts) or _sent(block):
            return [Fact("authorization", value, Span(block.line, block.line))]
    return []


def _named(block: TextBlock, parts: Parts) -> Json:
    """Return the credential that a sentence names: "Requests need an `X-Api-Key` header."."""
    for sentence in re.split(r"(?<=[.!?]) ", block.text):
        for name in _NAME.finditer(sentence):
            called = name["code"] or name["word"]
            place = _place_beside(sentence, name)
            if place is None or called.lower() in OPTIONAL:
                continue
            words = f"{sentence[: name.start()]} {sentence[name.end() :]}"
            is_word = not name["code"] and called.islower()
            titled = block in parts.authorization_texts and not is_word
            if _is_asked_for(called, place, words, titled=titled):
                scheme = words if called.lower() == "authorization" else ""
                return credential(called, scheme, place)
    return None


def _place_beside(sentence: str, name: re.Match[str]) -> str | None:
    """Return what a sentence calls a name right before or behind it: a header, say."""
    before = sentence[: name.start()]
    behind = sentence[name.end() :]
    if name[0].startswith(("\x1f?", "\x1f&")):
        return "query"
    for place, words in _PLACES.items():
        ahead = re.search(rf"\b{words}:? ?(?:(?:named|called) )?$", before, re.IGNORECASE)
        if ahead or re.match(rf" ?\(?{words}\b", behind, re.IGNORECASE):
            return place
    return None


def _is_asked_for(name: str, place: str, words: str, *, titled: bool) -> bool:
    """Whether requests carry a name, as the other words of its sentence have it.

    `titled` says that the sentence stands below a title that speaks of authorization.
    """
    keys = _KEY.search(words)
    if _OF_ANSWERS.search(words) or (not keys and _NOT.search(words)):
        return False
    if name.lower() == "authorization":
        return bool(credential(name, words)["scheme"])
    if place == "query":
        return _QUERY_KEY.fullmatch(name) is not None
    return is_credential(name) or bool(titled and keys)


def _sent(block: TextBlock) -> Json:
    """Return the credential that stands in a text as it is sent, or whose scheme is named."""
    sent = _SENT.search(block.text)
    if sent and sent["key"] and (_NOT.search(block.plain) or not is_credential(sent["key"])):
        sent = None  # a header that is no credential, or one that is not sent any more
    if sent:
        return sent_credential(sent["key"] or "Authorization", sent["value"])
    scheme = None if _NOT.search(block.plain) else _SAID.search(block.plain)
    return credential("Authorization", scheme[0]) if scheme else None


def _credential(entry: Entry) -> Json:
    said = " ".join(text.text for text in entry.texts)
    place = "query" if is_key("query", entry) and not entry.place else entry.place
    return credential(entry.name, said, place or "header")
