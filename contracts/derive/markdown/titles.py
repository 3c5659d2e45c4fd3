"""What the title of a section speaks of."""

import re

_FIELD = (
    "(?:parameters?|params?|schema|fields?|attributes?|arguments?|properties|object|data|body|payload"
    "|content|members|elements)"
)
_FIELDS = f"(?: {_FIELD})*"
_SHOWN = "(?:example|sample)"
_A = "(?:of (?:a |the )?)?"
_PARAMETERS = "(?:parameters?|params?|variables?|arguments?)"
_TITLES: dict[str, tuple[str, ...]] = {
    "sample-request": (
        f"{_SHOWN} {_A}(?:requests?|calls?|body|payload)(?: body)?",
        f"requests? (?:body )?{_SHOWN}s?(?: body)?",
        "code (?:samples?|examples?)",
        "request syntax",
        "curl",
        "example usage",
    ),
    "sample-error": (
        f"{_SHOWN} error(?: responses?)?",
        f"error (?:response )?{_SHOWN}s?",
    ),
    "sample-response": (
        f"{_SHOWN} {_A}(?:responses?|answers?|results?)(?: body)?",
        f"(?:response|result|answer)s? (?:body )?{_SHOWN}s?(?: body)?",
        "response syntax",
    ),
    "error": (
        (
            "(?:possible |common )?errors?"
            "(?: (?:responses?|codes?|handling|objects?|schema|body|format|answers?|cases?"
            "|[45]xx))*"
        ),
        "failures?",
        "error status codes",
        "refusals?",
    ),
    "skipped": (
        "response headers?(?: parameters?)?",
        "callbacks?",
        "webhooks?",
        "changelog",
        "see also",
        r"related(?: \w+)*",
        "servers?",
        "links?",
    ),
    "header": ("(?:request )?headers?(?: (?:parameters?|params?|fields?))?",),
    "path": (f"(?:path|uri|url|route)[ -]?{_PARAMETERS}",),
    "query": (
        f"query(?:[ -]?string)?(?:[ -]?{_PARAMETERS})?",
        "(?:request )?filters",
    ),
    "cookie": ("cookies?(?: parameters?)?",),
    "auth": (
        "authori[sz]ations?",
        "authentication",
        "auth",
        "security",
        "credentials",
        "permissions?",
    ),
    "request": (
        f"(?:the )?(?:json |request )?(?:body|payload){_FIELDS}",
        f"(?:the )?request{_FIELDS}",
        "(?:body )?(?:arguments|inputs?|fields|attributes)",
        f"input{_FIELDS}",
    ),
    "parameters": ("(?:(?:uri )?request |api )?(?:parameters?|params)",),
    "response": (
        f"(?:the )?(?:success(?:ful)? )?(?:responses?|answers?|reply|results?|output){_FIELDS}",
        "returns?",
        "return values?",
        f"returned(?: (?:{_FIELD}|values?))+",
        "success(?:ful)?(?: responses?)?",
    ),
    "sample": ("examples?", "samples?", "usage", "code"),
}
#: A place, and the titles under which pages speak of it; the first that fits counts.
TITLES = tuple(
    (place, re.compile("|".join(patterns), re.IGNORECASE)) for place, patterns in _TITLES.items()
)
