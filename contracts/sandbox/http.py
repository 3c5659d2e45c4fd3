"""What both servers do alike: read a body strictly, check the token, answer in JSON, by samples."""

import json
import math
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Request, Response
from jsonschema import Draft202012Validator, FormatChecker

# what HTML takes as an email address, the characters of RFC 3986 behind a scheme, base64 of either
# alphabet, names of RFC 1123, and times and durations of RFC 3339
PATTERNS = {
    "email": r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*",
    "uri": r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*",
    "byte": r"[A-Za-z0-9+/_-]*={0,2}",
    "hostname": r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.|$))+",
    "time": r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    "duration": r"P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?",
}


def with_patterns(formats: FormatChecker) -> FormatChecker:
    """Return a checker of formats that knows those of the patterns as well."""
    for name, pattern in PATTERNS.items():
        formats.checks(name)(
            lambda value, p=pattern: not isinstance(value, str) or bool(re.fullmatch(p, value))
        )
    return formats


FORMATS = with_patterns(FormatChecker(formats=("uuid",)))


class Refusal(Exception):  # noqa: N818 - what a server says, not an error of the program
    """A request is refused: the status, the server's words, and what else its answer has."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.more = more


def answer(status: int, value: Any) -> Response:
    """Make a JSON response."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Response(text, status=status, content_type="application/json")


def bearer(request: Request) -> str:
    """Return the token of the Authorization header; Refusal 401 without a bearer token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(401, "No bearer token")
    return token.strip()


def body(request: Request) -> Any:
    """Read the body as JSON; Refusal 400 when it is none."""
    try:
        text = request.get_data().decode("utf-8")
        return json.loads(text, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "The body is not valid JSON") from error


def _finite(digits: str) -> float:
    """Return a number; ValueError for one that would come back as Infinity."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


def check(schema: Mapping[str, Any], value: Any) -> None:
    """Refuse (400) a value that does not fit a schema."""
    for error in Draft202012Validator(schema, format_checker=FORMATS).iter_errors(value):
        raise Refusal(
            400,
            f"{error.json_path}: {error.validator} is not kept",
            invalidFields=[error.json_path],
        )


def now() -> str:
    """Return the time as an RFC 3339 instant with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


FOLDER = Path(__file__).parent / "samples"


def sample(api: str, thing: str, **own: Any) -> dict[str, Any]:
    """Return a thing as the sample has it, with members of its `own`.

    Each ``{uuid}`` of the sample becomes a new id, ``{now}`` the time.
    """
    filled: dict[str, Any] = _filled(_samples(api)[thing], now())
    return {**filled, **own}


@cache
def _samples(api: str) -> Any:
    return json.loads((FOLDER / f"{api}.json").read_text(encoding="utf-8"))


def _filled(value: Any, moment: str) -> Any:
    if isinstance(value, dict):
        return {name: _filled(part, moment) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, moment) for part in value]
    if value == "{uuid}":
        return str(uuid.uuid4())
    return moment if value == "{now}" else value
