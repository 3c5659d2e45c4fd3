"""What the titles of a page speak of: a part of an operation, a status."""

import re
from http import HTTPStatus

FIELD = (
    "(?:json|parameters?|params?|schema|fields?|attributes?|arguments?|properties|object|data|body|payload"
    "|content|members|elements|format|structure)"
)
_FIELDS = f"(?: {FIELD})*"
_SHOWN = "(?:example|sample)"
_A = "(?:of (?:a |the )?)?"
_PARAMETERS = "(?:parameters?|params?|variables?|arguments?)"
_TITLES = {
    "sample-request": (
        rf"{_SHOWN} {_A}(?:requests?|calls?|body|payload)(?: body)?"
        rf"|requests? (?:body )?{_SHOWN}s?(?: body)?"
        "|code (?:samples?|examples?)|request syntax|curl|example usage"
    ),
    "sample-error": (
        f"{_SHOWN} (?:error(?: responses?)?|failures?)|(?:error (?:response )?|failure ){_SHOWN}s?"
        "|error-response"
    ),
    "sample-response": (
        f"success-response|{_SHOWN} {_A}(?:responses?|answers?|results?)(?: body)?"
        f"|(?:response|result|answer)s? (?:body )?{_SHOWN}s?(?: body)?|response syntax"
        rf"|{_SHOWN} success(?:ful)?(?: responses?)?|success(?:ful)? (?:response )?{_SHOWN}s?"
    ),
    "error": (
        "(?:possible |common )?errors?"
        "(?: (?:responses?|codes?|handling|objects?|schema|body|format|answers?|cases?|[45]xx))*"
        "|failures?|error status codes|refusals?"
    ),
    "skipped": (
        r"response headers?(?: parameters?)?|callbacks?|webhooks?|changelog|see also"
        r"|related(?: \w+)*|servers?|links?"
    ),
    "header": "(?:request )?headers?(?: (?:parameters?|params?|fields?))?",
    "path": f"(?:path|uri|url|route)[ -]?{_PARAMETERS}",
    "query": f"query(?:[ -]?string)?(?:[ -]?{_PARAMETERS})?|(?:request )?filters",
    "cookie": "cookies?(?: parameters?)?",
    "auth": r"authori[sz]ations?(?:: [\w-]+)?|auth(entication)?|security|credentials|permissions?",
    "request": (
        f"(?:the )?(?:json |request )?(?:body|payload){_FIELDS}|(?:the )?request{_FIELDS}"
        f"|json(?:/form)? {_PARAMETERS}"
        f"|body (?:arguments|inputs?)|(?:body )?(?:inputs?|fields|attributes)|input{_FIELDS}"
    ),
    "parameters": (
        "(?:(?:uri )?request |api |method |required |optional )?(?:parameters?|params|arguments)"
    ),
    "response": (
        f"(?:the )?(?:success(?:ful)? )?(?:responses?|answers?|reply|results?|output){_FIELDS}"
        f"|returns?|return values?|returned(?: (?:{FIELD}|values?))+"
        "|success(?:ful)?(?: responses?)?"
    ),
    "sample": "examples?|samples?|usage|code",
}
#: A place, and the titles under which pages speak of it; the first that fits counts.
TITLES = tuple((place, re.compile(pattern, re.IGNORECASE)) for place, pattern in _TITLES.items())

_REASONS = "|".join(re.escape(status.phrase) for status in HTTPStatus)
_STATUS = re.compile(
    rf"(?:(?:http )?(?:status|responses?|answer|success|error)(?: code)?s?\s*:?\s*"
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
