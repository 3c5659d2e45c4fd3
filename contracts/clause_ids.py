"""Clause ids: made and matched here and nowhere else.

An id says what a clause is about, from the general to the particular:
``response.riskLevel.enum``, ``request.amount.required``, ``authorization.absent``. Those of
relations stand in the contracts.
"""

from fnmatch import fnmatchcase

RESPONSE = "response."
REQUEST = "request."
AUTHORIZATION = "authorization."
ADDRESS = "address."
PROTOCOL = "protocol."
ROBUSTNESS = "robustness."
RELATION = "relation."
QUERY = "request.query."
PARAMETER = "parameter."  # in the query or a header
HIDDEN = ("address.hidden_", "relation.others.hidden")  # from another tenant's token
OF_TENANTS = (*HIDDEN, "address.foreign_")  # what one tenant may not do to another's

# what valid requests show together
MINIMAL = "request.minimal"
TYPICAL = "request.typical"
COMBINED = "request.combined"
REQUEST_JSON = "request.json"

ABSENT = "authorization.absent"
EMPTY = "authorization.empty"
SCHEME_ONLY = "authorization.scheme_only"
OTHER_SCHEME = "authorization.other_scheme"
UNKNOWN_TOKEN = "authorization.unknown_token"  # noqa: S105 - no token, an id
ALTERED_TOKEN = "authorization.altered_token"  # noqa: S105
TOKEN_PREFIX = "authorization.token_prefix"  # noqa: S105
EXTENDED_TOKEN = "authorization.extended_token"  # noqa: S105
PERMISSION = "authorization.permission"

STATUS = "protocol.status"
MEDIA_TYPE = "protocol.media_type"
CHARSET = "protocol.charset"
SINGLE_HEADERS = "protocol.single_headers"
JSON = "protocol.json"
UNIQUE_NAMES = "protocol.unique_names"
UNICODE = "protocol.unicode"
COMPLETE = "protocol.complete"
HTTP = "protocol.http"
UNREAD = "unread"  # no clause: a body that is larger than what the suite reads

NO_SERVER_ERROR = "robustness.no_server_error"
ANSWERS = "robustness.answers"

# observations, which are no clauses
ABSENT_MEMBERS = "response.absent_members"
UNDOCUMENTED_MEMBERS = "response.undocumented_members"
KEY_AGAIN = "key.again"  # of a request with a key that was sent before


def response(keyword: str) -> str:
    """Return the id of a keyword of the response schema: ``riskLevel.enum``."""
    return f"{RESPONSE}{keyword}"


def request(keyword: str) -> str:
    """Return the id of a keyword of the request schema, or of a value that must be accepted."""
    return f"{REQUEST}{keyword}"


# what the names of states end with that lie on a limit of the page
LIMIT = "documented"


def nested(member: str, state: str) -> str:
    """Return what ids call a state below a member: ``lines[].kind.gift`` of "item kind gift"."""
    return f"{member} {state}".replace(" item ", "[] ").strip().replace(" ", ".")


def query(parameter: str, value: object) -> str:
    """Return the id of a value of a query parameter that must be accepted."""
    return f"{QUERY}{parameter}.{value}"


def query_parts(clause_id: str) -> tuple[str, str]:
    """Return the parameter and the value that a clause of the query is about."""
    name, _, value = clause_id.removeprefix(QUERY).partition(".")
    return name, value


def parameter(name: str, keyword: str) -> str:
    """Return the id of a keyword of a parameter that is broken or left out: refused."""
    return f"{PARAMETER}{name}.{keyword}"


def member_parts(clause_id: str) -> tuple[str, str]:
    """Return the member and the state that must be accepted: ``locale`` and ``en_US``."""
    name, _, state = clause_id.removeprefix(REQUEST).rpartition(".")
    return name, state


def keyword(clause_id: str) -> str:
    """Return the keyword of a schema that a clause is about: ``type``."""
    return clause_id.rpartition(".")[2]


def thing(parameter: str) -> str:
    """Return what a path parameter names: a store for ``storeId``."""
    return parameter.removesuffix("Id")


def address_parts(clause_id: str) -> tuple[str, str]:
    """Return what is wrong with an address and what it names: ``unknown`` and ``store``."""
    wrong, _, named = clause_id.removeprefix(ADDRESS).partition("_")
    return wrong, named


def unknown(parameter: str) -> str:
    """Return the id of the clause that an address of nothing is refused."""
    return f"{ADDRESS}unknown_{thing(parameter)}"


def malformed(parameter: str) -> str:
    """Return the id of the clause that an address of another form is refused."""
    return f"{ADDRESS}malformed_{thing(parameter)}"


def foreign(parameter: str) -> str:
    """Return the id of the clause that an address of another tenant is refused."""
    return f"{ADDRESS}foreign_{thing(parameter)}"


def hidden(parameter: str) -> str:
    """Return the id of the clause that another tenant's token does not see what is there."""
    return f"{ADDRESS}hidden_{thing(parameter)}"


def group(clause_id: str) -> str:
    """Return the group that a clause belongs to: ``protocol.`` for ``protocol.status``."""
    return f"{clause_id.partition('.')[0]}."


def fits(clause_id: str, pattern: str) -> bool:
    """Whether an id fits a pattern such as ``response.*``, whose ``[]`` is that of items."""
    return fnmatchcase(clause_id, pattern.replace("[]", "[[]]"))


def is_about(clause_id: str, *groups: str) -> bool:
    """Whether a clause belongs to one of some groups, such as `AUTHORIZATION`."""
    return clause_id.startswith(groups)
