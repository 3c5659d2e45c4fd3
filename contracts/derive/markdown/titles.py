"""What the titles of a page speak of: a part of an operation, a status."""

import re
from http import HTTPStatus

from contracts.derive.language.words import WORDS

#: What titles have in common, by the names that their patterns give it.
_PARTS = WORDS["parts"]
FIELD: str = _PARTS["field"]
#: A place, and the titles under which pages speak of it; the first that fits counts.
TITLES = tuple(
    (place, re.compile("|".join(titles).format(**_PARTS), re.IGNORECASE))
    for place, titles in WORDS["titles"].items()
)

_REASONS = "|".join(re.escape(status.phrase) for status in HTTPStatus)
_STATUS = re.compile(
    rf"(?:(?:http )?(?:status|responses?|answer|success|error)(?: code)?s?\s*[:,]?\s*"
    rf"|http\s*(?:/1\.1)?\s*|[✅❌🟢🔴●]\s*)?(?P<status>[1-5]\d\d)(?P<more>(?:\s*/?\s*[1-5]\d\d)*)"
    rf"(?:\s*[:\u2013\u2014·-]?\s*\(?(?:{_REASONS}|response|success|error"
    rf"|ok)\)?)?(?:\s*response)?\s*[:.]?",
    re.IGNORECASE,
)
_STATUS_TITLE = re.compile(
    r"(?:(?:http )?(?:status|response|responses)(?: "
    r"code)?\s*:?\s*)?(?P<status>[1-5]\d\d)\b(?![.,]\d)",
    re.IGNORECASE,
)
_STATUS_BEHIND = re.compile(
    r"(?P<title>[A-Za-z ]{3,40})[ (\u2013\u2014:-]+(?P<status>[1-5]\d\d)"
    r"(?:\s*[-\u2013\u2014:]?\s*[A-Za-z ]{0,40})?\)?"
)
_REASON_BEHIND = re.compile(rf"\d (?:{_REASONS})\Z", re.IGNORECASE)
#: A status with the page's own words for it, as `422 Not valid`.
_WORDED_STATUS = re.compile(
    r"(?P<status>[1-5]\d\d)(?: [A-Z]|(?::| [\u2013\u2014-]) [A-Za-z])[^.:]{1,60}"
)


def named(
    text: str, part: str, status: int | None, *, heading: bool
) -> tuple[str, int | None] | None:
    """Return what a title speaks of, and the status that it names.

    It stands in a `part` of the page that is about a `status`. Example: of "Response body",
    "response" and the status of the answer that it is below.
    """
    said = _STATUS.fullmatch(text) or (_STATUS_TITLE.match(text) if heading else None)
    if said:
        place = "sample-response" if part.startswith("sample") else "response"
        return place, int(said["status"])
    if part in {"response", "error"} and (worded := _WORDED_STATUS.fullmatch(text)):
        return "response", int(worded["status"])
    for place, pattern in TITLES:
        if pattern.fullmatch(text):
            # below the title of an answer a title speaks of the same answer
            return place, status if place in {"sample", "response"} else None
    if behind := _STATUS_BEHIND.fullmatch(text):
        title = named(behind["title"].strip(), part, status, heading=heading)
        if heading or (title and (text.endswith(")") or _REASON_BEHIND.search(text))):
            place = title[0] if title and title[0] != "sample" else "response"
            return place, int(behind["status"])
    return None
