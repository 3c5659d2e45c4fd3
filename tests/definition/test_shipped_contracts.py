"""What is shipped.

Every clause has a source that exists, every member of the pages its type clause.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from contracts.definition import catalogue, loading
from contracts.model import Basis, Contract, Kind
from contracts.planning.bodies.fields import plain_body
from contracts.planning.bodies.templates import references, sample
from contracts.schema import checks, keywords

CONTRACTS = [loading.load(api) for api in catalogue.shipped()]
KOHORT, KOHORT_2, KOMERZA, KOMERZA_2 = CONTRACTS
PAGES = Path(__file__).parents[2].parent / "shared" / "documents"
needs_pages = pytest.mark.skipif(
    not PAGES.is_dir(), reason="the folder with the documents is not beside the project"
)
each = pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.api)


def ids(contract: Contract) -> set[str]:
    """Give the ids of all clauses."""
    return {clause.id for clause in contract.clauses}


def page(contract: Contract) -> bytes:
    """Read the page that a contract was derived from, the first of its documents."""
    return (PAGES / next(iter(contract.documents))).read_bytes()


def members(value: Any, path: str = "") -> list[str]:
    """Name every member below a JSON value, items of arrays with ``[]``."""
    if isinstance(value, dict):
        return [
            name
            for key, child in value.items()
            for name in (f"{path}{key}", *members(child, f"{path}{key}."))
        ]
    return (
        [name for child in value[:1] for name in members(child, path[:-1] + "[].")]
        if isinstance(value, list)
        else []
    )


@each
def test_every_clause_has_a_sentence_a_basis_and_a_source(contract: Contract) -> None:
    """A clause of the document has lines of it, one of a standard its section."""
    for clause in contract.clauses:
        assert clause.statement, clause.id
        if clause.basis is Basis.DOCUMENT:
            assert clause.source.sha256 == contract.documents[clause.source.document], clause.id
            assert clause.source.lines is not None, clause.id
        elif clause.basis is Basis.STANDARD:
            assert re.fullmatch(r"RFC \d+", clause.source.document), clause.id
            assert clause.source.section, clause.id
        if clause.source.lines is not None:
            assert 1 <= clause.source.lines[0] <= clause.source.lines[1], clause.id


@each
def test_every_convention_says_why(contract: Contract) -> None:
    """What is no more than expected has the reason why it is."""
    assert [c.id for c in contract.clauses if c.basis is Basis.CONVENTION and not c.why] == []


@needs_pages
@each
def test_the_documents_are_those_that_the_contracts_name(contract: Contract) -> None:
    """The pages beside the project have the digests that the contracts were derived from."""
    digests = {
        name: hashlib.sha256((PAGES / name).read_bytes()).hexdigest() for name in contract.documents
    }
    assert contract.documents == digests
    loading.check_documents(contract, PAGES)


@needs_pages
@each
def test_every_source_line_exists(contract: Contract) -> None:
    """No clause points beyond the end of its document, and none at blank lines only."""
    for clause in contract.clauses:
        if clause.source.lines is not None:
            lines = (PAGES / clause.source.document).read_text(encoding="utf-8").splitlines()
            first, last = clause.source.lines
            assert last <= len(lines), clause.id
            assert "".join(lines[first - 1 : last]).strip(), clause.id


@needs_pages
def test_every_kohort_keyword_points_at_its_member() -> None:
    """The lines of each member's keywords name the member, in the request and in the response."""
    lines = page(KOHORT).decode("utf-8").splitlines()
    for schema in (KOHORT.request, KOHORT.response):
        assert schema is not None
        for name, child in schema["properties"].items():
            first, last = (
                child["x-source"]["type"]
                if isinstance(child["x-source"]["type"], list)
                else (child["x-source"]["type"]["lines"])
            )
            assert any(line.strip() == name for line in lines[first - 1 : last]), name


@needs_pages
def test_the_komerza_clauses_are_those_of_its_example() -> None:
    """Every member of the page's example has a type clause, and no other member has."""
    text = page(KOMERZA).decode("utf-8")
    example, _ = json.JSONDecoder().raw_decode(text[text.index("{\n") :])
    typed = {
        clause.id.removeprefix("response.").removesuffix(".type")
        for clause in KOMERZA.clauses
        if clause.kind is Kind.KEYWORD
        and clause.id.endswith(".type")
        and clause.id != "response.type"
    }
    named = set(members(example))
    assert len(named) == 70
    assert {name for name in typed if not name.endswith("[]")} == named


def test_kohort_has_ten_request_members() -> None:
    """Each member of the body has a type clause about refusal, and amount alone is required."""
    assert KOHORT.request is not None
    names = set(KOHORT.request["properties"])
    assert len(names) == 10
    assert {f"request.{name}.type" for name in names} <= ids(KOHORT)
    assert KOHORT.request["required"] == ["amount"]


def test_kohort_has_24_response_members_each_required_and_typed() -> None:
    """Each member of the response has a type clause and a clause that it is there."""
    names = set(KOHORT.response["properties"])
    assert len(names) == 24
    wanted = {f"response.{name}.{keyword}" for name in names for keyword in ("type", "required")}
    assert wanted <= ids(KOHORT)
    assert len(KOHORT.response["required"]) == 24


@pytest.mark.parametrize(
    ("clause", "lines", "sentence"),
    [
        (
            "response.riskLevel.enum",
            (204, 208),
            'riskLevel is "LOW" or "MEDIUM" or "HIGH" or "HIGHEST"',
        ),
        ("request.amount.required", (46, 48), "a body without amount is refused"),
        (
            "request.customerEmail.type",
            (16, 17),
            "a body in which customerEmail is not string or null is refused",
        ),
        ("protocol.status", (73, 73), "a success has the status 201"),
        ("relation.locale.default", (52, 54), "an order without a locale gets fr_FR"),
        ("authorization.absent", (5, 11), "a request without an Authorization header is refused"),
    ],
)
def test_a_kohort_clause_has_its_lines(clause: str, lines: tuple[int, int], sentence: str) -> None:
    """Clauses that everybody meets first, pinned with their sentence."""
    found = KOHORT.clause(clause)
    assert found.statement == sentence
    assert found.source.lines == lines


@pytest.mark.parametrize(
    ("clause", "value"),
    [
        ("data.deliveredItems[].type.maxLength", 128),
        ("data.deliveredItems[].source.maxLength", 128),
        ("data.deliveredItems[].textContent.maxLength", 10_000),
        ("data.deliveredItems[].file.friendlyName.minLength", 1),
        ("data.deliveredItems[].file.friendlyName.maxLength", 128),
    ],
)
def test_a_squashed_length_limit_belongs_to_the_member_before_it(clause: str, value: int) -> None:
    """The five numbers that stand in front of a description limit the member before."""
    (keyword,) = [known for known in keywords.keywords(KOMERZA.response) if known.clause == clause]
    assert keyword.value == value
    assert f"response.{clause}" in ids(KOMERZA)


def weaker(keyword: keywords.Keyword, narrow: Any) -> bool:
    """Tell whether a keyword of P asks for less than the one of D at its place."""
    value = keyword.value
    if keyword.name in ("type", "enum"):
        return not set(narrow if isinstance(narrow, list) else [narrow]) <= set(
            value if isinstance(value, list) else [value]
        )
    if keyword.name.startswith("min"):
        return bool(narrow < value)
    if keyword.name.startswith("max"):
        return bool(narrow > value)
    return keyword.name not in ("pattern", "propertyNames", "anyOf") and bool(narrow != value)


@each
def test_a_narrower_schema_asks_for_all_that_the_documented_one_does(contract: Contract) -> None:
    """P was made from D by adding.

    Each keyword of D has one in P at its place that asks for as much or more.
    """
    if contract.request is None:
        assert contract.plausible is None
        return
    assert contract.plausible is not None
    narrow = {
        (known.clause, known.pointer): known.value
        for known in keywords.keywords(contract.plausible)
    }
    assert [
        keyword.clause
        for keyword in keywords.keywords(contract.request)
        if (keyword.clause, keyword.pointer) not in narrow
        or weaker(keyword, narrow[keyword.clause, keyword.pointer])
    ] == []


@each
def test_the_plainest_body_is_plausible(contract: Contract) -> None:
    """What is sent first fits D and P.

    And refers to nothing that the server would have to hand out.
    """
    body = plain_body(contract)
    if contract.plausible is not None and contract.request is not None:
        assert references(body) == ()
        assert checks.broken(contract.plausible, sample(body)) == ()
        assert checks.broken(contract.request, sample(body)) == ()


def test_an_unknown_clause_is_a_key_error() -> None:
    """A contract gives its clauses by id."""
    with pytest.raises(KeyError):
        KOHORT.clause("response.nothing")


# line of the later document -> clauses of Kohort that come of it
KOHORT_LATER = {
    14: ["request.amount.minimum"],
    15: ["request.customerEmail.format", "request.customerEmail.maxLength"],
    16: ["request.customerFirstName.maxLength", "request.customerLastName.maxLength"],
    17: [
        f"request.{name}.maxLength"
        for name in ("customerId", "clientReferenceId", "paymentGroupShareId")
    ],
    18: ["request.metadata{}.type"],
    19: ["request.locale.enum", "request.locale.en_GB", "response.locale.enum"],
    22: [
        *(
            f"response.{name}.minimum"
            for name in ("amount", "amountCashback", "applicationFeeAmount")
        ),
        "response.metadata{}.type",
    ],
    23: [
        "response.customerEmail.format",
        "response.createdAt.format",
        "response.createdAt.pattern",
        "response.updatedAt.format",
        "response.updatedAt.pattern",
    ],
}
KOMERZA_LATER = {
    33: ["protocol.status", "refusal.body"],
    34: [
        *(f"refusal.{name}.status" for name in ("unauthorized", "forbidden", "not_found")),
        "refusal.invalidFields",
    ],
    43: [
        "request.items.type",
        "request.items[].productId.format",
        "request.items[].variantId.format",
        "request.items[].quantity.type",
        "request.items[].quantity.minimum",
        "request.items[].quantity.maximum",
        "request.anyOf",
    ],
    44: [
        "request.cost.type",
        "request.cost.minimum",
        "request.cost.maximum",
        "request.cost.null",
        "relation.data.items.none",
    ],
    45: [
        "request.gateway.required",
        "request.gateway.type",
        "request.gateway.minLength",
        "request.gateway.maxLength",
    ],
    46: [
        "request.emailAddress.required",
        "request.emailAddress.format",
        "request.emailAddress.maxLength",
    ],
    47: ["request.sendReceipt.type", "request.sendReceipt.optional"],
    48: ["request.couponCode.maxLength", "request.couponCode.null"],
    49: ["request.affiliateCode.maxLength", "request.affiliateCode.null"],
    50: ["request.returnUrl.format", "request.returnUrl.maxLength", "request.returnUrl.null"],
    51: [
        "request.metadata.maxProperties",
        "request.metadata.propertyNames",
        "request.metadata{}.type",
        "request.metadata{}.maxLength",
        "request.metadata.null",
    ],
    52: ["request.ipAddress.maxLength", "request.ipAddress.null"],
    53: ["request.userAgent.type", "request.userAgent.null"],
    54: ["request.countryCode.pattern", "request.countryCode.null"],
    56: ["response.data.source.enum"],
}


@pytest.mark.parametrize(
    ("contract", "rows"), [(KOHORT_2, KOHORT_LATER), (KOMERZA_2, KOMERZA_LATER)]
)
def test_every_row_of_the_later_pages_is_a_clause(
    contract: Contract, rows: dict[int, list[str]]
) -> None:
    """Each fact of the later document is a clause, with its line."""
    for line, clauses in rows.items():
        for name in clauses:
            source = contract.clause(name).source
            assert source.document == "later-revisions.md", name
            assert source.lines is not None, name
            assert source.lines[0] <= line <= source.lines[1], name


@pytest.mark.parametrize(("first", "second"), [(KOHORT, KOHORT_2), (KOMERZA, KOMERZA_2)])
def test_a_later_revision_keeps_what_did_not_change(first: Contract, second: Contract) -> None:
    """Clauses of the first revision hold on with the page's lines.

    But for what the later document tightens.
    """
    revised = catalogue.shipped_folder(second.name) / "contract.toml"
    dropped = tomllib.loads(revised.read_text(encoding="utf-8")).get("drops", [])
    assert ids(first) - set(dropped) <= ids(second)
    later = {
        clause.id for clause in second.clauses if clause.source.document == "later-revisions.md"
    }
    for clause in first.clauses:
        if clause.id not in {*later, *dropped} and clause.basis is Basis.DOCUMENT:
            assert second.clause(clause.id).source == clause.source
