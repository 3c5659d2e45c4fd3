"""The exchanges of a report as an HTTP Archive (HAR 1.2), which browser tools open."""

import io
import json
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

import harfile

from contracts.reports.record import (
    ExchangeRecord,
    FindingRecord,
    Report,
    RequestRecord,
    ResponseRecord,
    RunRecord,
)

EPOCH = "1970-01-01T00:00:00+00:00"  # of a report that does not say when it was made


def render(report: Report) -> str:
    """Write every exchange of a report; the findings' own where it holds no others."""
    stream = io.StringIO()
    version = report["format"].rpartition("/")[2]
    creator = harfile.Creator(name="order-contracts", version=version)
    with harfile.HarFile.open(stream, creator=creator) as archive:
        for run in report["runs"]:
            for exchange, comment in _exchanges(run):
                milliseconds = 1000 * exchange["response"]["seconds"]
                archive.add_entry(
                    startedDateTime=exchange["started"] or report["started"] or EPOCH,
                    time=milliseconds,
                    request=_request(exchange["request"]),
                    response=_response(exchange["response"]),
                    timings=harfile.Timings(send=0, wait=milliseconds, receive=0),
                    comment=comment,
                )
    return stream.getvalue() + "\n"


def _exchanges(run: RunRecord) -> Iterator[tuple[ExchangeRecord | FindingRecord, str]]:
    """Yield every exchange once with a comment, in the order of sending."""
    comments: dict[str, str] = {}
    entries: dict[str, ExchangeRecord | FindingRecord] = {}
    for exchange in run["exchanges"]:
        entries[_key(exchange)] = exchange
        comments[_key(exchange)] = f"{run['api']}: {exchange['region']}: {exchange['case']}"
    for finding in run["findings"]:
        key = _key(finding)
        entries.setdefault(key, finding)
        violated = f"{run['api']}: {finding['clause']} violated: {finding['case']}"
        comment = comments.get(key, "")
        comments[key] = f"{comment}; {finding['clause']}" if "violated" in comment else violated
    for key in sorted(entries, key=lambda key: entries[key]["started"] or ""):
        yield entries[key], comments[key]


def _key(exchange: ExchangeRecord | FindingRecord) -> str:
    return json.dumps([exchange["case"], exchange["started"], exchange["request"]])


def _records(pairs: Iterable[Iterable[str]]) -> list[harfile.Record]:
    return [harfile.Record(name=name, value=value) for name, value in pairs]


def _request(request: RequestRecord) -> harfile.Request:
    body = request["body"]
    kinds = {name.lower(): value for name, value in request["headers"].items()}
    kind = kinds.get("content-type", "")
    data = None if body is None else harfile.PostData(mimeType=kind, text=body)
    return harfile.Request(
        method=request["method"],
        url=request["url"],
        httpVersion="HTTP/1.1",
        headers=_records(request["headers"].items()),
        queryString=_records(parse_qsl(urlsplit(request["url"]).query)),
        postData=data,
        headersSize=-1,
        bodySize=0 if body is None else len(body.encode("utf-8", "replace")),
    )


def _response(response: ResponseRecord) -> harfile.Response:
    if "failure" in response:
        # how browsers write a request that got no answer
        nothing = harfile.Content(size=0, mimeType="x-unknown")
        return harfile.Response(
            status=0,
            statusText=response["failure"],
            httpVersion="HTTP/1.1",
            content=nothing,
            headersSize=-1,
            bodySize=-1,
            comment=response["detail"],
        )
    headers = _records(response["headers"])
    fields = {record.name.lower(): record.value for record in headers}
    size = len(response["body"].encode("utf-8", "replace"))
    kind = fields.get("content-type", "")
    return harfile.Response(
        status=response["status"],
        statusText="",
        httpVersion="HTTP/1.1",
        headers=headers,
        content=harfile.Content(size=size, mimeType=kind, text=response["body"]),
        redirectURL=fields.get("location", ""),
        headersSize=-1,
        bodySize=size,
    )
