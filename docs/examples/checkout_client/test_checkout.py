"""The client's own tests.

The fixture kohort_api answers for Kohort and holds the client to its page.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from checkout import Refused


def test_an_order_is_placed(kohort_api, shop):
    """Every request is checked against the contract; this test fails when one breaks it."""
    placed = shop.place("cart-1", Decimal("12.50"), "ada@shop.example")
    assert placed.id


def test_a_friend_joins(kohort_api, shop):
    """The mock remembers groups, as the service does."""
    order = shop.place("cart-1", Decimal("12.50"), "ada@shop.example")
    shop.place(
        "cart-2",
        Decimal("8.00"),
        "bob@shop.example",
        join=order.share_link.rpartition("/")[2].upper(),
    )
    first, second = (exchange.value for exchange in kohort_api.exchanges)
    assert first["paymentGroupId"] == second["paymentGroupId"]


@pytest.mark.contract_responses("all")
def test_any_answer_that_the_page_allows_is_read(kohort_api, shop):
    """Once for each null, each option, long texts and unknown members."""
    assert shop.place("cart-1", Decimal("12.50"), "ada@shop.example").id


def test_a_busy_service_is_asked_again(kohort_api, shop):
    """429 once, then an order."""
    kohort_api.fails(429, retry_after=1)
    assert shop.place("cart-1", Decimal("12.50"), "ada@shop.example").id
    assert [exchange.status for exchange in kohort_api.exchanges] == [429, 201]


def test_an_outage_is_told_to_the_shopper(kohort_api, shop):
    """No traceback, a sentence."""
    kohort_api.fails(503, times=2)
    with pytest.raises(Refused, match="try again later"):
        shop.place("cart-1", Decimal("12.50"), "ada@shop.example")
