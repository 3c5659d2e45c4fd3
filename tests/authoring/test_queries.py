"""What is made of query parameters: rows, links and relations of a started contract."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.authoring.start import links, operation, queries, relations
from contracts.definition.http_clauses import parameter_clauses
from contracts.derive import derive
from contracts.derive.operation import sentence_facts
from contracts.derive.page.sample import Line
from contracts.model import Source

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
ITEM = {
    "type": "object",
    "properties": {
        "id": TEXT,
        "author": TEXT,
        "pages": NUMBER,
        "inStock": {"type": "boolean"},
        "soldAt": {**TEXT, "format": "date-time"},
        "order": NUMBER,
    },
}


def page(method: str, *parameters: dict[str, Any], response: Any = None) -> dict[str, Any]:
    """Return an operation of books as it is derived, with query parameters."""
    lines = [1, 2]
    described = [{"in": "query", "required": False, **parameter} for parameter in parameters]
    return {
        "operation": {
            "method": method,
            "path": "/books",
            "success_status": 201,
            "parameters": described,
            "x-source": {"method": lines, "parameters": lines},
        },
        "request": {"type": "object", "properties": {"author": {**TEXT, "x-source": {}}}},
        "response": response,
    }


def of_books(*parameters: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the relations of a list of books by their ids."""
    listed = {"books": {"type": "array", "items": ITEM}, "next_cursor": TEXT}
    answer = {"type": "object", "properties": listed}
    derived = {"create-book": page("POST", response=ITEM)}
    rows = relations.propose(page("GET", *parameters, response=answer), (), derived)
    return {row["id"]: row for row in rows}


LIMIT = {"name": "limit", "schema": {**NUMBER, "minimum": 1, "maximum": 100, "default": 20}}


def test_a_list_is_no_longer_than_its_limit_says() -> None:
    """Both limits are sent, what is beyond them is refused, and no answer has more items."""
    row = queries.rows(page("GET", LIMIT)["operation"])["limit"]
    assert row["values"] == ["1", "100"]
    assert row["schema"] == {"type": "integer", "minimum": 1, "maximum": 100}
    sized = of_books(LIMIT)["relation.limit.sized"]
    assert (sized["items"], sized["parameter"], sized["default"]) == ("/books", "limit", 20)


def test_a_required_parameter_is_sent_with_a_value_that_is_named() -> None:
    """Its first value stands in every request, whatever the method; without one nothing can."""
    currency = {"name": "currency", "required": True, "schema": {**TEXT, "enum": ["EUR", "GBP"]}}
    row = queries.rows(page("POST", currency)["operation"])["currency"]
    assert (row["values"], row["required"]) == (["EUR", "GBP"], True)
    unnamed = {"name": "store", "required": True, "schema": {**TEXT, "maxLength": 9}}
    assert queries.rows(page("GET", unnamed)["operation"])["store"]["values"] == []
    assert "required" not in queries.rows(page("GET", unnamed)["operation"])["store"]


@pytest.mark.parametrize(
    ("parameter", "member"),
    [
        ({"name": "author", "schema": TEXT}, "/author"),
        ({"name": "in_stock", "schema": {"type": "boolean"}}, "/inStock"),
        ({"name": "title", "schema": TEXT}, None),
        ({"name": "soldAt", "schema": TEXT}, None),
        ({"name": "order", "schema": NUMBER}, None),
    ],
)
def test_a_parameter_that_is_called_as_a_member_filters_by_it(
    parameter: dict[str, Any], member: str | None
) -> None:
    """Each item has to have what the parameter asks for; of others nothing is known."""
    row = of_books(parameter).get(f"relation.{parameter['name']}.filtered")
    assert (row and row["item"]) == member


def test_a_list_is_asked_for_what_was_created_has() -> None:
    """What a caller sent, and sees back, is a filter of which the list has to have its own."""
    author = {"name": "author", "schema": TEXT}
    answer = {"type": "array", "items": ITEM}
    derived = {
        "create-book": page("POST", response=ITEM),
        "list-books": page("GET", author, response=answer),
    }
    (link,) = links.propose(derived)
    assert (link.place, link.name, link.pointer) == ("query", "author", "/author")
    assert of_books(author)["relation.created.listed"]["filters"] == {"author": "/author"}


@pytest.mark.parametrize(
    ("values", "ways"),
    [
        (["pages", "-pages"], ("pages", "-pages")),
        (["pages:asc", "pages:desc"], ("pages:asc", "pages:desc")),
        (["pages_desc"], ("", "pages_desc")),
        (["pages"], None),  # which way is not said
        (["newest"], None),
    ],
)
def test_a_list_is_in_the_order_that_a_value_names(
    values: list[str], ways: tuple[str, str] | None
) -> None:
    """A value that is called as a member, with a direction, is of the items' order."""
    sort = {"name": "sort", "schema": {**TEXT, "enum": values}}
    row = of_books(sort).get("relation.sort.pages.ordered")
    assert (row and (row["ascending"], row["descending"])) == ways


@pytest.mark.parametrize(
    ("skip", "more"),
    [
        ({"name": "offset", "schema": NUMBER}, {}),
        ({"name": "page", "schema": {**NUMBER, "default": 1}}, {"first_page": 1}),
        ({"name": "page", "schema": NUMBER}, None),  # from which number on is not said
        ({"name": "start", "schema": TEXT}, None),
        ({"name": "cursor", "schema": TEXT}, {"following": "/next_cursor"}),
        ({"name": "starting_after", "schema": TEXT}, {"following": "/next_cursor"}),
    ],
)
def test_pages_are_read_where_it_is_known_how(
    skip: dict[str, Any], more: dict[str, int] | None
) -> None:
    """A page has a size, and begins at an item, has a number, or follows what an answer names."""
    row = of_books(LIMIT, skip).get(f"relation.{skip['name']}.paged")
    assert (row and {key: row[key] for key in row.keys() & {"first_page", "following"}}) == more


def test_the_last_item_leads_to_the_next_page_where_nothing_else_does() -> None:
    """``after`` takes the id of the last item; ``cursor`` takes nothing that is not handed out."""
    operation = page("GET", {"name": "after", "schema": TEXT}, {"name": "cursor", "schema": TEXT})
    ways = list(queries.following(operation["operation"], {}, "/books/*/id"))
    assert ways == [("after", {"following": "/books/*/id"})]


def test_a_list_may_stand_in_an_object_of_the_answer() -> None:
    """So does a count; where the answer has a list itself, those within are of its parts."""
    inner: dict[str, Any] = {
        "type": "object",
        "properties": {"books": {"type": "array", "items": ITEM}},
    }
    meta = {"type": "object", "properties": {"totalElements": NUMBER, "size": NUMBER}}
    answer: dict[str, Any] = {"type": "object", "properties": {"_embedded": inner, "page": meta}}
    assert [pointer for pointer, _ in queries.lists(answer)] == ["/_embedded/books"]
    derived = {"create-book": page("POST", response=ITEM)}
    rows = relations.propose(page("GET", response=answer), (), derived)
    assert [row["count"] for row in rows if row["op"] == "counts"] == ["/page/totalElements"]
    both = {**answer, "properties": {**answer["properties"], "all": {"items": ITEM}}}
    assert [pointer for pointer, _ in queries.lists(both)] == ["/all"]


@pytest.mark.parametrize(
    ("sentence", "order"),
    [
        ("Lists loans, ordered by `due_at`, earliest first.", ("/due_at", True)),
        ("The order is that of `due_at`, descending.", ("/due_at", False)),
        ("Sorted by creation date, the latest first.", ("/created_at", False)),
        ("Lists loans, oldest first.", ("/created_at", True)),
        ("All loans in the order in which they were added.", ("/created_at", True)),
        ("Loans are sorted by `kind`, ascending.", None),
        ("Use `desc` for descending order.", None),
        ("If asked so, they are sorted by `due_at`, earliest first.", None),
        ("Sorted by `due_at`.", None),
    ],
)
def test_a_sentence_says_in_which_order_a_list_is(
    sentence: str, order: tuple[str, bool] | None
) -> None:
    """Of what is one of several options nobody knows the order; nor of what a caller chooses."""
    when = {"type": "string", "format": "date-time"}
    item = {"id": TEXT, "created_at": when, "due_at": when, "kind": {**TEXT, "enum": ["a", "b"]}}
    answer = {"type": "array", "items": {**ITEM, "properties": item}}
    listed = {**page("GET", response=answer), "said": {"operation": [[2, sentence]]}}
    rows = [row for row in relations.propose(listed) if row["op"] == "ordered"]
    assert [(row["by"], row["ascends"]) for row in rows] == [order] * bool(order)


def test_a_list_says_which_page_of_it_was_asked_for() -> None:
    """A member beside the list that is called as a number of paging has what was asked for."""
    size = {"name": "limit", "schema": {"type": "integer", "default": 20}}
    members = {"limit": NUMBER, "loans": {"type": "array", "items": ITEM}}
    answer = {"type": "object", "properties": members}
    rows = relations.propose(page("GET", size, response=answer))
    (row,) = [row for row in rows if row["op"] == "filtered"]
    assert (row["item"], row["parameter"], row["default"]) == ("/limit", "limit", "20")


def test_of_many_options_some_over_the_whole_list_are_sent() -> None:
    """The first, the last and those between."""
    texts = queries.values("code", {"type": "string", "enum": [f"c{n}" for n in range(400)]})
    assert (len(texts), texts[0], texts[-1]) == (queries.MOST_VALUES, "c0", "c399")


def test_an_answer_shows_what_it_was_asked_for() -> None:
    """A member that is called as a parameter with options has its value, or its default."""
    units = {"name": "units", "schema": {**TEXT, "enum": ["metric", "us"], "default": "metric"}}
    answer = {"type": "object", "properties": {"units": TEXT, "degrees": NUMBER}}
    rows = relations.propose(page("GET", units, response=answer))
    (row,) = [row for row in rows if row["op"] == "filtered"]
    assert (row["item"], row["parameter"], row["default"]) == ("/units", "units", "metric")


def test_what_creates_is_verified_before_what_reads() -> None:
    """A PUT creates where no POST does."""
    put, get = {"method": "PUT", "path": "/a/{k}"}, {"method": "GET", "path": "/a/{k}"}
    assert links.in_order({"get": get, "put": put}) == ["put", "get"]
    post = {"method": "POST", "path": "/a"}
    assert links.in_order({"put": put, "get": get, "post": post}) == ["post", "get", "put"]


@pytest.mark.parametrize(
    ("sentence", "is_order"),
    [
        ("Loans come newest first.", True),
        ("Returns the most recently created loans first.", True),
        ("The latest news first appeared here in 2020.", False),
        ("Lists loans.", False),
    ],
)
def test_a_list_that_is_called_newest_first_is_in_that_order(
    sentence: str, *, is_order: bool
) -> None:
    """The order that a page states holds where nothing else is asked for."""
    facts = sentence_facts([Line(1, sentence)])
    assert [fact.keyword for fact in facts] == ["newest_first"] * is_order
    when = {"type": "string", "format": "date-time"}
    answer = {"type": "array", "items": {**ITEM, "properties": {"id": TEXT, "created_at": when}}}
    listed = page("GET", response=answer)
    listed["operation"]["newest_first"] = is_order
    rows = {row["id"]: row for row in relations.propose(listed)}
    row = rows.get("relation.sort.created_at.ordered")
    assert (row and row["default"]) == (True if is_order else None)


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        ("1 to 50, default 20", {"minimum": 1, "maximum": 50}),
        ("1 to 50", {"minimum": 1, "maximum": 50}),
        ("1 to 5 days", {}),
    ],
)
def test_a_range_at_the_beginning_of_a_description_is_that_of_the_number(
    said: str, limits: dict[str, int]
) -> None:
    """A range of something else, such as of days, says nothing of the number."""
    head = "| Name | Type | Description |\n|---|---|---|\n"
    text = f"# List\n\n`GET /loans`\n\n## Query parameters\n\n{head}| limit | integer | {said} |\n"
    derived: dict[str, Any] = derive(text, name="list.md")
    (parameter,) = derived["operation"]["parameters"]
    assert {key: parameter["schema"][key] for key in limits} == limits
    assert ("minimum" in parameter["schema"]) == bool(limits)


@pytest.mark.parametrize("guessed", [True, False])
def test_a_header_that_only_a_sample_sends_may_be_left_out(*, guessed: bool) -> None:
    """That a request without it is refused is said where the page says so, and nowhere else."""
    schema = {**TEXT, "x-examples": ["AC1"], **({"x-guessed": ["required"]} if guessed else {})}
    account = {"in": "header", "name": "X-Account", "required": True, "schema": schema}
    fields = {"authorization": None, "parameters": [account], "x-source": {"parameters": [1, 1]}}
    rows = operation.headers("sms", fields)
    assert rows["X-Account"]["value"] == "AC1"
    clauses = parameter_clauses({"headers": rows}, [Source("sms.txt", (1, 9))])
    assert [clause.id for clause in clauses] == ["parameter.X-Account.required"] * (not guessed)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The `Location` header is where it can be polled. It is always present.", "Location"),
        ("The response always has an `ETag` header.", "ETag"),
        ("Every response includes the X-Trace-Id header.", "X-Trace-Id"),
        ("Returns 202 with a `Location` header.", "Location"),
        ("With 429 every response has a `Retry-After` header.", None),
        ("The response has a `Location` header if it was created.", None),
        ("Every request needs an `X-Tenant` header.", None),
        ("Each webhook returns the `X-Signature` header.", None),
        ("An `ETag` header may be in the response.", None),
    ],
)
def test_a_header_that_every_success_has_is_read(sentence: str, name: str | None) -> None:
    """One that comes only then, or with requests, refusals or deliveries, is none."""
    facts = [fact for fact in sentence_facts([Line(7, sentence)]) if fact.keyword != "permission"]
    rows: list[Any] = [row for fact in facts if isinstance(fact.value, list) for row in fact.value]
    assert rows == ([{"name": name, "lines": [7, 7]}] if name else [])


@pytest.mark.parametrize(
    ("sentence", "is_once"),
    [
        ("A booking that is cancelled already is refused with 409.", True),
        ("A charge that was captured before is refused with `409`.", True),
        ("Answers 409 if the shipment has a label already.", True),
        ("A name that is taken is refused with 409.", False),
    ],
)
def test_what_a_page_refuses_the_second_time_is_done_once(sentence: str, *, is_once: bool) -> None:
    """The sentence is read, and gives a relation where an address ends with what is done."""
    facts = sentence_facts([Line(1, sentence)])
    assert [fact.keyword for fact in facts] == ["refuses_again"] * is_once
    acts = {**page("POST", response=ITEM), "relations": []}
    acts["operation"] |= {"path": "/books/{id}/lend", "refuses_again": is_once}
    rows = {row["id"] for row in relations.propose(acts)}
    assert ("relation.done.once" in rows) == is_once
    acts["request"]["required"] = ["author"]  # who lends it: each may once
    assert "relation.done.once" not in {row["id"] for row in relations.propose(acts)}


WHEN = {"type": "string", "format": "date-time"}


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("created_after", WHEN, ("/created_at", "2999-12-31T00:00:00Z", True)),
        ("createdBefore", WHEN, ("/created_at", "1970-01-02T00:00:00Z", False)),
        ("min_price", NUMBER, ("/price", "1000000000", True)),
        ("price_lte", {**NUMBER, "minimum": 3}, ("/price", "3", False)),
        ("min_weight", NUMBER, None),
        ("price_min", TEXT, None),
        ("page_after", TEXT, None),
    ],
)
def test_an_end_of_a_member_is_asked_for_beyond_all_that_there_is(
    name: str, schema: dict[str, Any], expected: tuple[str, str, bool] | None
) -> None:
    """``created_after`` is an end of created_at, ``min_price`` one of price: by name and type."""
    items = {"id": TEXT, "created_at": WHEN, "price": NUMBER}
    answer = {"type": "array", "items": {"type": "object", "properties": items}}
    listed = page("GET", {"name": name, "schema": schema}, response=answer)
    rows = {row["id"]: row for row in relations.propose(listed)}
    row = rows.get(f"relation.{name}.bounded")
    assert (row and (row["item"], row["beyond"], row["least"])) == expected


def test_a_list_of_texts_is_filtered_by_one_of_them() -> None:
    """``tag`` asks for what has it among its ``tags``, and takes one that was answered."""
    tagged = {
        "type": "object",
        "properties": {"id": TEXT, "tags": {"type": "array", "items": TEXT}},
    }
    listed = {"type": "array", "items": tagged}
    asked = page("GET", {"name": "tag", "schema": TEXT}, response=listed)
    derived = {"create-book": page("POST", response=tagged), "list-books": asked}
    assert "relation.tag.filtered" in {row["id"] for row in relations.propose(asked, (), derived)}
    assert [link.pointer for link in links.propose(derived)] == ["/tags/0"]


def test_options_that_no_item_has_are_no_filter() -> None:
    """``all`` asks for loans of any state."""
    state = {"type": "string", "enum": ["lent", "back"]}
    items = {"type": "object", "properties": {"id": TEXT, "state": state}}
    every = {"name": "state", "schema": {"type": "string", "enum": ["lent", "back", "all"]}}
    listed = page("GET", every, response={"type": "array", "items": items})
    rows = {row["id"]: row for row in relations.propose(listed)}
    assert rows["relation.state.filtered"]["values"] == ["lent", "back"]


def test_a_member_that_says_whether_there_is_more_is_held_to_the_size_of_a_page() -> None:
    """Where the page says how many items a list has at most."""
    members = {"books": {"type": "array", "items": ITEM}, "has_more": {"type": "boolean"}}
    answer = {"type": "object", "properties": members}
    size = {"name": "limit", "schema": {**NUMBER, "default": 20}}
    rows = {row["id"]: row for row in relations.propose(page("GET", size, response=answer))}
    assert (
        rows["relation.has_more.short"]["take"],
        rows["relation.has_more.short"]["default"],
    ) == ("limit", 20)


def test_what_creates_is_held_to_its_addresses_and_keys() -> None:
    """An address leads to where it is read; a unique member and a key create one thing."""
    answer = {"type": "object", "properties": {"id": TEXT, "self": {**TEXT, "x-source": {}}}}
    creates = {**page("POST", response=answer), "relations": []}
    creates["request"]["properties"]["author"]["x-distinct"] = True
    key = {"in": "header", "name": "Idempotency-Key", "required": False, "schema": TEXT}
    creates["operation"] |= {"parameters": [key], "answer_headers": [{"name": "Location"}]}
    reads = page("GET", response=answer)
    reads["operation"]["path"] = "/books/{bookId}"
    derived = {"create-book": creates, "get-book": reads}
    rows = {row["id"]: row for row in relations.propose(creates, (), derived)}
    assert rows["relation.self.leads"]["path"] == "/books/{bookId}"
    assert rows["relation.Location.leads"]["header"] == "Location"
    assert rows["relation.author.once"]["request"] == "/author"
    assert rows["relation.Idempotency-Key.once"]["header"] == "Idempotency-Key"
