"""A library's small server, which lends books to members; `lacks` names what it does wrong."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request

TOKEN = "library-token"  # noqa: S105 - of a server that is an example

DEFECTS = (
    "days-change",  # a loan reads with other days
    "title-cut",  # a title is cut when it is read
    "wrong-loan",  # every loan reads as the first one
    "unknown-loan",  # a loan that was never made is answered
    "open-reads",  # whoever has no token may read
    "not-listed",  # the newest loan is in no list
    "list-forgets",  # a list shows titles as nobody sent them
    "reads-change",  # reading a loan makes it longer
    "member-lost",  # a member can't be read
    "email-of-another",  # a member reads with the email of another
)


class Library:
    """The state of one server, with one of the defects, or with none."""

    def __init__(self, lacks: str) -> None:
        self._lacks = lacks
        self._loans: dict[str, dict[str, Any]] = {}
        self._members: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)

    def create_loan(self) -> Response:
        """Answer POST /loans."""
        body = _sent({"title": str, "days": int})
        if not _allowed():
            return _refused(401, "no token")
        if body is None or not 1 <= body["days"] <= 60 or not isinstance(body.get("note", ""), str):
            return _refused(422, "a loan has a title and days from 1 to 60")
        loan = {**self._entity("loan"), "note": None, "state": "OUT"}
        loan |= {name: body[name] for name in ("title", "days", "note") if name in body}
        self._loans[loan["id"]] = loan
        return _answered(loan, 201)

    def get_loan(self, name: str) -> Response:
        """Answer GET /loans/{loanId}."""
        if not self._may_read():
            return _refused(401, "no token")
        loan = self._loans.get(name)
        first = next(iter(self._loans.values()), None)
        if (loan and self._lacks == "wrong-loan") or (not loan and self._lacks == "unknown-loan"):
            loan = first
        if loan is None:
            return _refused(404, "no such loan")
        if self._lacks == "reads-change":
            loan["days"] += 1
        shown = dict(loan)
        if self._lacks == "days-change":
            shown["days"] += 1
        if self._lacks == "title-cut":
            shown["title"] = shown["title"][:1]
        return _answered(shown, 200)

    def list_loans(self) -> Response:
        """Answer GET /loans."""
        if not self._may_read():
            return _refused(401, "no token")
        loans = list(self._loans.values())[::-1]
        if self._lacks == "not-listed":
            loans = loans[1:]
        listed = [
            {name: loan[name] for name in ("id", "title", "days", "createdAt")} for loan in loans
        ]
        if self._lacks == "list-forgets":
            listed = [{**loan, "title": "a book"} for loan in listed]
        return _answered({"data": listed, "count": len(listed)}, 200)

    def delete_loan(self, name: str) -> Response:
        """Answer DELETE /loans/{loanId}."""
        if not _allowed():
            return _refused(401, "no token")
        if self._loans.pop(name, None) is None:
            return _refused(404, "no such loan")
        return Response(status=204)

    def create_member(self) -> Response:
        """Answer POST /members."""
        body = _sent({"name": str, "email": str})
        if not _allowed():
            return _refused(401, "no token")
        if body is None:
            return _refused(422, "a member has a name and an email")
        member = {**self._entity("member"), "name": body["name"], "email": body["email"]}
        if self._lacks != "member-lost":
            self._members[member["id"]] = member
        return _answered(member, 201)

    def get_member(self, name: str) -> Response:
        """Answer GET /members/{memberId}."""
        if not self._may_read():
            return _refused(401, "no token")
        if name not in self._members:
            return _refused(404, "no such member")
        member = dict(self._members[name])
        if self._lacks == "email-of-another":
            member["email"] = "another@library.example"
        return _answered(member, 200)

    def _may_read(self) -> bool:
        return self._lacks == "open-reads" or _allowed()

    def _entity(self, prefix: str) -> dict[str, Any]:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"id": f"{prefix}_{next(self._numbers):06d}", "createdAt": moment}


def _allowed() -> bool:
    return request.headers.get("Authorization") == f"Bearer {TOKEN}"


def _sent(types: dict[str, type]) -> dict[str, Any] | None:
    """Return the body, or None when it is no object with members of these types."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # arrays in arrays, thousands deep
        return None
    if not isinstance(body, dict) or isinstance(body.get("days"), bool):
        return None
    return body if all(isinstance(body.get(name), kind) for name, kind in types.items()) else None


def _answered(value: dict[str, Any], status: int) -> Response:
    answer = jsonify(value)
    answer.status_code = status
    return answer


def _refused(status: int, message: str) -> Response:
    return _answered({"message": message}, status)


def create_app(lacks: str = "") -> Flask:
    """Return the server with a state of its own, and with one of the defects."""
    app, library = Flask("library"), Library(lacks)
    app.add_url_rule("/loans", view_func=library.create_loan, methods=["POST"])
    app.add_url_rule("/loans", view_func=library.list_loans, methods=["GET"])
    app.add_url_rule("/loans/<name>", view_func=library.get_loan, methods=["GET"])
    app.add_url_rule("/loans/<name>", view_func=library.delete_loan, methods=["DELETE"])
    app.add_url_rule("/members", view_func=library.create_member, methods=["POST"])
    app.add_url_rule("/members/<name>", view_func=library.get_member, methods=["GET"])
    return app
