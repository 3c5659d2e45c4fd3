"""Runs of operations that read what another operation of their API creates."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask, Response, request

from contracts import sandbox
from contracts.definition import catalogue, loading
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.settings import Settings
from contracts.judge.causes import causes
from contracts.model import Outcome, Region, Run
from contracts.planning.plan import READ_AGAIN, plan
from contracts.reports import outcomes
from contracts.sandbox import WsgiApp
from contracts.sandbox.kohort import Kohort
from contracts.verify import targets

READS = [
    name for name in catalogue.shipped_operations() if loading.load(name).operation.method == "GET"
]
MOST = 40  # requests of an operation that reads


def run_of(
    name: str,
    lacks: Iterable[str] = (),
    *,
    named: bool = True,
    budget: int = 400,
    seed: int = 0,
    around: Callable[[WsgiApp], WsgiApp] = lambda app: app,
) -> Run:
    """Return the run of an operation against its embedded sandbox, which lacks something."""
    (target,) = targets.choose([name], [], {})
    contract = target.contract
    app = sandbox.create_app(contract.api, contract.refuses_by, frozenset(lacks))
    settings = Settings(
        parameters=target.parameters,
        available=target.available,
        named=named,
        lag=0.6,
        budget=budget,
        seed=seed,
        **target.manners,
    )
    return engine_run.run(contract, embedded(around(app), target.credentials), settings)


def violated(run: Run) -> set[str]:
    """Return the ids of the clauses that a run found violated."""
    return {one.clause.id for one in run.results if one.outcome is Outcome.VIOLATED}


def answers_alike(status: int) -> Callable[[WsgiApp], WsgiApp]:
    """Return what puts one answer in place of all that a sandbox reads; it still creates."""

    def around(inner: WsgiApp) -> WsgiApp:
        def app(environ: Any, start_response: Any) -> Any:
            if environ["REQUEST_METHOD"] == "POST":
                return inner(environ, start_response)
            start_response(f"{status} No", [("Content-Type", "application/json")])
            return [b'{"message": "no"}']

        return app

    return around


@pytest.mark.parametrize("status", [403, 418, 500])
@pytest.mark.parametrize("name", ["kohort/list-orders", "komerza/list-orders"])
def test_one_answer_to_everything_that_is_read_is_one_cause(name: str, status: int) -> None:
    """What depends on the plainest read is undecided, whatever else was asked for."""
    run = run_of(name, around=answers_alike(status))
    (cause,) = causes(loading.load(name), run.findings)
    assert cause.findings == tuple(range(len(run.findings)))


@pytest.mark.parametrize("name", READS)
def test_a_conforming_sandbox_is_not_accused(name: str) -> None:
    """Each operation that reads passes, in at most forty requests, and exercises its relations."""
    run = run_of(name)
    assert violated(run) == set()
    assert run.requests <= MOST
    idle = {one.clause.id for one in run.results if one.outcome is not Outcome.HELD}
    assert not {clause for clause in idle if not clause.startswith("response.")}


@pytest.mark.parametrize(
    ("name", "lack", "clause"),
    [
        ("kohort/list-orders", "refused_stays", "relation.refused.absent"),
        ("kohort/list-orders", "at_once", "relation.reference.once"),
        ("kohort/list-orders", "listed", "relation.created.listed"),
        ("kohort/list-orders", "pages", "relation.pages"),
        ("kohort/list-orders", "order", "relation.orders.newest_first"),
        ("kohort/list-orders", "foreign", "relation.others.hidden"),
        ("kohort/list-participants", "thirteenth", "relation.share.joins"),
        ("kohort/get-order", "foreign", "address.foreign_id"),
        ("komerza/list-orders", "sorts", "relation.orders.sorted"),
        ("komerza/get-order", "foreign_order", "address.foreign_order"),
    ],
)
def test_what_one_operation_alone_does_not_show_is_found(name: str, lack: str, clause: str) -> None:
    """A defect that only shows across operations is found, and is all that is found."""
    found = violated(run_of(name, [lack]))
    assert clause in found
    assert found <= {clause, "address.hidden_id"}


def test_a_reference_may_come_again_where_the_sandbox_takes_it() -> None:
    """What a repeated reference does is the sandbox's to say: two orders of one are no defect."""
    assert violated(run_of("kohort/list-orders", ["unique_reference"])) == set()


def answering(change: Callable[[str, Any], Any]) -> Callable[[WsgiApp], WsgiApp]:
    """Return what puts an application around another that changes its successes by method."""

    def around(app: WsgiApp) -> WsgiApp:
        served = Flask("around")

        @served.route("/<path:_>", methods=["GET", "POST"])
        def forward(_: str) -> Any:
            answer = Response.from_app(app, request.environ)
            if answer.status_code < 300:
                value = change(request.method, json.loads(answer.get_data()))
                answer.set_data(json.dumps(value))
            return answer

        return served

    return around


@pytest.mark.parametrize("name", [name for name in READS if name.startswith("kohort")])
def test_what_create_answers_otherwise_than_its_page_says_is_held_against_create(name: str) -> None:
    """An amount as a text breaks the type in create's answer; reading it as a number is right."""

    def amount_as_text(method: str, order: dict[str, Any]) -> dict[str, Any]:
        return order | {"amount": str(order["amount"])} if method == "POST" else order

    assert violated(run_of(name, around=answering(amount_as_text))) == set()


def test_an_order_that_joined_a_group_has_to_be_listed() -> None:
    """A list that leaves out who joined lacks what was created."""
    groups: set[str] = set()
    joined: set[str] = set()

    def without_joined(method: str, value: dict[str, Any]) -> dict[str, Any]:
        if method == "POST":
            if value["paymentGroupId"] in groups:
                joined.add(value["id"])
            groups.add(value["paymentGroupId"])
            return value
        rest = [order for order in value["data"] if order["id"] not in joined]
        return value | {"data": rest, "count": len(rest)} if "data" in value else value

    assert "relation.created.listed" in violated(
        run_of("kohort/list-orders", around=answering(without_joined))
    )


def test_an_order_of_several_items_is_read_where_the_sandbox_takes_one() -> None:
    """A second item that names another order shows only where there is a second one."""

    def of_another(method: str, value: dict[str, Any]) -> dict[str, Any]:
        if method == "GET":
            for item in value["data"]["order"]["items"][1:]:
                item["orderId"] = "0b9f7c1e-6f0a-4d57-9c57-4d4f0a6b9a11"
        return value

    found = violated(run_of("komerza/get-order", around=answering(of_another)))
    assert found == {"relation.items.order"}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", ["kohort/list-orders", "komerza/list-orders"])
def test_a_list_may_lag(name: str, seed: int) -> None:
    """A list that has an order half a second later is no defect; that it lags is observed.

    So may one that is asked for with a value that the page does not have.
    """
    run = run_of(name, ["lag"], seed=seed)
    assert violated(run) == set()
    assert "reads.lag" in {seen.id for seen in run.observations}


def test_waiting_for_a_lagging_read_takes_nothing_from_what_decides() -> None:
    """A group that is there a moment later costs a request of those that are kept for that."""
    planned = plan(loading.load("kohort/get-group"), 0)
    late = iter(["404 not yet"])

    def around(app: WsgiApp) -> WsgiApp:
        def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] != "GET" or (status := next(late, None)) is None:
                return app(environ, start)
            start(status, [])
            return []

        return answer

    run = run_of("kohort/get-group", budget=len(planned.essential) + READ_AGAIN, around=around)
    assert next(late, None) is None
    assert violated(run) == set()
    assert not [one.clause.id for one in run.results if one.left_out]


def _not_yet(app: WsgiApp) -> WsgiApp:
    """Return a sandbox in which nothing is found in the first 0.4 s after the last creation."""
    created = [0.0]

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            created[0] = time.monotonic()
        elif time.monotonic() - created[0] < 0.4 and "HTTP_AUTHORIZATION" in environ:
            start("404 not yet", [])
            return []
        return app(environ, start)

    return answer


@pytest.mark.parametrize(
    "name",
    ["kohort/get-order", "kohort/get-group", "kohort/list-participants", "komerza/get-order"],
)
def test_a_sandbox_may_lag_at_whatever_is_created(name: str) -> None:
    """Where what was created first is found later only, so may be all that is created after it."""
    run = run_of(name, around=_not_yet)
    assert violated(run) == set()
    assert not [one.clause.id for one in run.results if one.left_out]
    assert run.requests <= MOST


@pytest.mark.parametrize("name", ["kohort/list-orders", "kohort/list-participants"])
def test_a_small_budget_keeps_the_last_reads(name: str) -> None:
    """They see all that was created before them, so they are the last to be left out."""
    cases = plan(loading.load(name), 0).cases
    last = cases[-1]
    run = run_of(name, budget=len(cases) + 1)  # two requests fewer than it keeps and sends
    assert last.number in {exchange.number for exchange in run.exchanges}
    assert violated(run) == set()


def test_what_is_read_again_is_kept_where_the_budget_is_at_its_end() -> None:
    """A violation that the last reads show is not forgotten for want of requests."""
    name = "kohort/list-participants"
    budget = len(plan(loading.load(name), 0).cases)
    assert "relation.share.joins" in violated(run_of(name, ["thirteenth"], budget=budget))


def only_create(lacks: Iterable[str] = ()) -> Flask:
    """Return a sandbox that serves nothing but the creation of orders."""
    app = Flask("only-create")
    kohort = Kohort(loading.load("kohort").request, frozenset(lacks), 1)
    create = partial(kohort.respond, 201, kohort.create_order)
    app.add_url_rule("/orders", "create", create, methods=["POST"])
    return app


@pytest.mark.parametrize("name", [name for name in READS if name.startswith("kohort/")])
def test_an_operation_that_came_along_need_not_be_there(name: str) -> None:
    """What is not served costs three requests and says so; nothing is held against the sandbox."""
    app = embedded(only_create(), Credentials(sandbox.TOKEN))
    run = engine_run.run(loading.load(name), app, Settings(named=False, lag=0))
    assert (run.served, run.requests, run.findings) == (False, 3, ())
    assert {(one.outcome, one.why) for one in run.results} == {
        (Outcome.NOT_EXERCISED, "not served here")
    }


@pytest.mark.parametrize("name", [name for name in READS if name.startswith("kohort/")])
@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_may_only_create_leaves_what_reads_undecided(name: str, status: int) -> None:
    """Where everything is refused to a token that creates, few requests are sent, none accused.

    An operation that was named has to be there for the token: that is one cause, as above.
    """
    app = only_create()

    @app.before_request
    def bar() -> Response | None:
        return None if request.method == "POST" else Response("{}", status)

    run = run_of(name, named=False, around=lambda _: app)
    assert run.served
    assert run.findings == ()
    assert run.requests <= 12
    assert {one.outcome for one in run.results} == {Outcome.UNDECIDED}
    assert all("permission" in str(one.why) for one in run.results)


def test_what_came_along_is_not_accused_where_few_orders_lead_to_it() -> None:
    """Where an order has a group only if it asks for one, the first reads have nothing to read."""
    app = only_create()

    @app.after_request
    def without_group(answer: Response) -> Response:
        if answer.status_code == 201 and "paymentGroupShareId" not in request.get_json():
            order: dict[str, Any] = answer.get_json()
            answer.set_data(json.dumps({**order, "paymentGroupId": None}))
        return answer

    settings = Settings(named=False, lag=0)
    transport = embedded(app, Credentials(sandbox.TOKEN))
    run = engine_run.run(loading.load("kohort/get-group"), transport, settings)
    assert (run.served, run.findings) == (False, ())
    assert {one.why for one in run.results} == {"not served here"}


@pytest.mark.parametrize("name", ["kohort/get-group", "kohort/list-participants"])
def test_what_is_read_by_a_by_product_is_created_with_it(name: str) -> None:
    """The page says that null creates a group, and not that an order without it does."""
    plain, *others = [case for case in plan(loading.load(name), 0).cases if case.operation]
    assert "paymentGroupShareId" in plain.body
    assert plain.body["paymentGroupShareId"] is None
    sent = [case.body for case in others if case.operation == "create-order"]
    assert all("paymentGroupShareId" in body for body in sent if "amount" in body)


def test_what_joins_takes_from_whatever_order_handed_something_out() -> None:
    """The plainest order need not have a group."""
    cases = plan(loading.load("kohort/get-order"), 0).cases
    (joins,) = [case for case in cases if case.label == "create by joining"]
    assert len(joins.body["paymentGroupShareId"].by) > 1


def test_an_operation_that_was_named_has_to_be_there() -> None:
    """The same sandbox is accused of refusing what it was asked for by name, once."""
    app = embedded(only_create(), Credentials(sandbox.TOKEN))
    run = engine_run.run(loading.load("kohort/get-order"), app, Settings(lag=0))
    assert run.served
    assert run.requests <= 4
    assert violated(run) == {"request.typical"}


def test_orders_join_by_the_share_id_that_the_group_has() -> None:
    """Where create hands out no share id, the group is asked, and the join clauses are decided."""
    run = run_of("kohort/create-order", ["share_in_answer"])
    held = {one.clause.id for one in run.results if one.outcome is Outcome.HELD}
    assert held >= {"relation.paymentGroupId.joined", "request.paymentGroupShareId.accepted"}
    asked = [one for one in run.exchanges if one.case.operation == "get-group"]
    assert 0 < len(asked) < 10


def test_a_plan_creates_before_it_reads() -> None:
    """The first case creates, the second reads what it created; the seed makes the same plan."""
    contract = loading.load("kohort/get-order")
    first, second = plan(contract, 3).cases[:2]
    assert (first.operation, first.region) == ("create-order", Region.VALID)
    assert second.operation is None
    assert second.after == (first.number,)
    assert plan(contract, 3) == plan(replace(contract), 3)  # which is planned anew


@pytest.mark.parametrize(
    ("status", "body"), [(404, b"{}"), (503, b"{}"), (200, b"<html>log in</html>")]
)
@pytest.mark.parametrize("name", READS)
def test_another_address_is_judged_by_nobody(name: str, status: int, body: bytes) -> None:
    """Where neither what creates nor what reads is there, a named operation is not accused."""

    def elsewhere(_: Any, start_response: Any) -> list[bytes]:
        media_type = "text/html" if body.startswith(b"<") else "application/json"
        start_response(f"{status} Answer", [("Content-Type", media_type)])
        return [body]

    contract = loading.load(name)
    (target,) = targets.choose([name], [], {})
    transport = embedded(elsewhere, target.credentials)
    run = engine_run.run(contract, transport, targets.settings(target, lag=0))
    assert run.aborted_by == "not this API"
    assert run.requests <= 10
    assert violated(run) == set()


def test_a_named_operation_needs_answers_of_its_own_for_a_go() -> None:
    """What was created for it to read does not count as an answer of what reads."""
    run = run_of("kohort/get-order")
    assert outcomes.accepted(run) == len(
        [one for one in run.exchanges if one.accepted and one.case.region is Region.VALID]
    ) - len([one for one in run.exchanges if one.accepted and one.case.operation == "create-order"])


def test_refusals_of_each_kind_must_leave_nothing() -> None:
    """What is missing, of another type or none of the options is refused before a list is read."""
    cases = plan(loading.load("kohort/list-orders"), 0).cases
    created = [case for case in cases if case.operation == "create-order"]
    labels = [case.label for case in created if case.region is Region.INVALID]
    words = ("is missing", "instead of", "none of the options")
    assert all(any(word in label for label in labels) for word in words)
    again = plan(loading.load("kohort/create-order"), 0).cases
    taken = [case.after[0] for case in again if "of the refused case" in case.label]
    clauses = [case.decides[0] for case in again if case.number in taken and case.decides]
    assert {clause.rpartition(".")[2] for clause in clauses} >= {"required", "enum"}


def test_lists_are_asked_with_parameters_beside_each_other() -> None:
    """Pages come in another order than the usual one as well, and all parameters together."""
    for seed in range(3):
        cases = plan(loading.load("kohort/list-orders"), seed).cases
        queries = [set(case.query) for case in cases]
        assert {"take", "skip", "orderBy"} in queries
        assert {"take", "skip", "orderBy", "expand", "search"} in queries


def test_orders_that_are_read_differ_in_all_their_members() -> None:
    """Amounts at both ends and each locale are among the orders that are read one by one."""
    for seed in range(3):
        cases = plan(loading.load("kohort/get-order"), seed).cases
        bodies = [case.body for case in cases if isinstance(case.body, dict)]
        assert {body.get("locale") for body in bodies} == {None, "en_US", "fr_FR"}
        amounts = [body["amount"] for body in bodies if isinstance(body.get("amount"), int)]
        assert max(amounts) > 500_000
        assert min(amounts) < 1_000


def test_what_is_refused_for_who_asks_must_not_be_stored() -> None:
    """A list is compared with refusals for a bad credential and an unknown id as well."""
    cases = plan(loading.load("kohort/list-orders"), 0).cases
    created = [case for case in cases if case.operation == "create-order"]
    headers = {case.authorization for case in created if case.region is Region.INVALID}
    assert {None, "Bearer {unknown}"} <= headers
    assert any("unknown" in case.label for case in created if case.region is Region.OPEN)
