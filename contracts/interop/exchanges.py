"""Exchanges that others made, as the records that the judge reads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl

from contracts.model import ABSENT, Case, Exchange, Failure, Request, Response
from contracts.schema.jsontext import decode


def request_of(
    method: str,
    path: str,
    headers: Iterable[tuple[str, str]],
    body: bytes | None,
    parameters: Mapping[str, str],
) -> Request:
    """Return a request as it is judged: with the value of its body, ABSENT for what is no JSON."""
    value = decode(body)[0] if body else ABSENT
    query = dict(parse_qsl(path.partition("?")[2], keep_blank_values=True))
    return Request(method, path, tuple(headers), body or None, value, parameters, query=query)


def exchange_of(
    case: Case,
    request: Request,
    answer: Response | Failure,
    seconds: float = 0.0,
    hidden: str = "authorization",
) -> Exchange:
    """Return the record of what was sent and answered; the header `hidden` is a marker in it."""
    headers = ((n, "{token}" if n.lower() == hidden else text) for n, text in request.headers)
    request = replace(request, headers=tuple(headers))
    if isinstance(answer, Failure):
        return Exchange(case, request, answer, seconds, number=case.number)
    fields = tuple((name.lower(), text) for name, text in answer.headers)
    answer = replace(answer, headers=fields)
    value, problems = decode(answer.body)
    return Exchange(case, request, answer, seconds, value, problems, case.number)
