"""The operations of a described API, and what they created."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from contracts.sandbox.http import Refusal, with_patterns
from contracts.sandbox.invention import Inventor

FORMATS = with_patterns(FormatChecker())  # all that are installed

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class Resource:
    """Something that was created: by what, for whom, and how each operation shows it."""

    operation: str
    tenant: str
    parameters: Mapping[str, str]
    views: dict[str, Any] = field(default_factory=dict)  # operation -> its answer

    @property
    def made_by(self) -> tuple[str, str, Mapping[str, str]]:
        """What says that another request is about the same thing: operation, tenant, address."""
        return self.operation, self.tenant, self.parameters


class Operation:
    """One operation of the description, with what is made of its schemas once."""

    def __init__(self, data: Json) -> None:
        self.data = data
        self.name = data["name"]
        self.method = data["method"]
        self.path, _, query = data["path"].partition("?")
        self._query = dict(re.findall(r"([^&=]+)=\{([^}]*)\}", query))  # name -> parameter
        self._names: list[str] = re.findall(r"\{([^}]*)\}", self.path)
        self.relations: list[Json] = data["relations"]
        self.created: str | None = data["created"]
        self.inventor = Inventor(data["response"])
        self._response = Draft202012Validator(data["response"], format_checker=FORMATS)
        self._request = Draft202012Validator(data["request"] or {}, format_checker=FORMATS)

    @property
    def home(self) -> str:
        """Where the answer has what was created: where its id stands."""
        return (self.created or "").rpartition("/")[0]

    def fits(self, value: Any) -> bool:
        """Whether an answer keeps the schema."""
        return self._response.is_valid(value)

    @property
    def rule(self) -> str:
        """The path as Flask has it: ``/orders/<p0>``, since a parameter may have any name."""
        rule: str = self.path
        for number, name in enumerate(self._names):
            rule = rule.replace(f"{{{name}}}", f"<p{number}>")
        return rule

    def parameters(self, variables: Mapping[str, str], query: Mapping[str, str]) -> dict[str, str]:
        """Return the values of the parameters, some of which may stand in the query."""
        in_path = {name: variables[f"p{number}"] for number, name in enumerate(self._names)}
        return {**in_path, **{name: query.get(key, "") for key, name in self._query.items()}}

    def check_parameters(self, query: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """Refuse a request that lacks a parameter, or has it in another form than it has to."""
        for row in self.data.get("parameters", ()):
            text = (query if row["in"] == "query" else headers).get(row["name"])
            if text is None and row["required"]:
                raise Refusal(400, f"{row['name']} is missing")
            validator = Draft202012Validator(row["schema"], format_checker=FORMATS)
            if text is not None and not any(map(validator.is_valid, _readings(text))):
                raise Refusal(400, f"{row['name']} is not taken")

    def invented(self) -> Any:
        """Return an answer that is made of the schema alone."""
        return self.inventor.value(self.data["response"])

    def check(self, sent: Any) -> None:
        """Refuse a body that breaks the schema: with 422 where the page knows such a refusal."""
        for error in self._request.iter_errors(sent):
            documented = (row.get("status", ()) for row in self.of("refusal_body"))
            status = 422 if any(422 in statuses for statuses in documented) else 400
            raise Refusal(status, f"{error.json_path}: {error.validator} is not kept")

    def refusal_body(self, refusal: Refusal) -> Any:
        """Return the body of a refusal: as documented for its status, else its own words."""
        for row in self.of("refusal_body"):
            if refusal.status in row.get("status", ()):
                return Inventor(row["schema"]).value(row["schema"])
        return {"message": refusal.message}

    def of(self, operator: str) -> list[Json]:
        """Return the relations of an operator."""
        return [row for row in self.relations if row["op"] == operator]


def _readings(text: str) -> Iterator[Any]:
    """Yield what a text of an address may stand for: itself, a number, true or false."""
    yield text
    if re.fullmatch(r"-?\d+", text):
        yield int(text)
    elif re.fullmatch(r"-?\d+\.\d+", text):
        yield float(text)
    if text in ("true", "false"):
        yield text == "true"


@dataclass(frozen=True, slots=True)
class Call:
    """A request for an operation: the values of its parameters, and the tenant that asks."""

    operation: Operation
    parameters: Mapping[str, str]
    tenant: str
