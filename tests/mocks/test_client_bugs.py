"""Ten bugs that clients have: a test of three lines catches each, and the message names it."""

from __future__ import annotations

import pytest

from tests.helpers.nightly import nightly_after

CLIENT = '''
import httpx

KOHORT = "https://api.kohortpay.com/orders"
KOMERZA = "https://api.komerza.com/stores/7c0b0d6e-3d5b-4a49-9f1c-0a1f5f0f8b11/orders"
TOKEN = {"Authorization": "Bearer secret-of-the-shop"}
CLIENT = httpx.Client()


def order(headers=TOKEN, **body):
    return CLIENT.post(KOHORT, json=body, headers=headers).json()


def store_order():
    return CLIENT.post(KOMERZA, headers=TOKEN).json()["data"]


class Strict:
    """A client's model that has exactly the members it knows."""

    MEMBERS = set("""id livemode organizationId amount amountCashback applicationFeeAmount customerEmail
        customerFirstName customerLastName customerPhoneNumber paymentGroupShareId customerId currency locale status
        metadata paymentGroupId ambassadorId clientReferenceId riskLevel createdAt createdBy updatedAt
        updatedBy""".split())

    def __init__(self, **members):
        if unknown := members.keys() - self.MEMBERS:
            raise TypeError(f"unexpected members: {sorted(unknown)}")
'''  # noqa: E501

ALL = "@pytest.mark.contract_responses('all')\n"

# the bug, the body of the test, what the message has to say
BUGS = {
    "wrong unit": (
        "def test_it(kohort_api):\n    total_in_euros = 12.50\n    order(amount=total_in_euros)",
        [
            "amount seems to be in the wrong unit: 12.5",
            "*request.amount.accepted at /amount*",
            "*12.5 would be 1250*",
        ],
    ),
    "missing required member": (
        "def test_it(kohort_api):\n    order(customerEmail='ada@shop.example')",
        [
            "the required member amount is missing",
            "*request.amount.required at /amount*",
            "*lines 46-48*",
        ],
    ),
    "wrong enumeration case": (
        "def test_it(kohort_api):\n    order(amount=1999, locale='FR_FR')",
        [
            'locale is in the wrong case: "FR_FR"',
            "*request.locale.enum at /locale*",
            '*perhaps   "fr_FR"',
        ],
    ),
    "number as string": (
        "def test_it(kohort_api):\n    order(amount='1999')",
        [
            "amount is a string instead of a number",
            "*expected  number",
            '*got       "1999"',
            "*send 1999 without*",
        ],
    ),
    "token in the wrong header": (
        (
            "def test_it(kohort_api):\n    order(headers={'X-Api-Key': 'secret-of-the-shop'}, "
            "amount=1999)"
        ),
        [
            "the token is in the wrong header, x-api-key",
            "*expected  Authorization: Bearer <token>",
            "*lines 5-11*",
        ],
    ),
    "missing token": (
        "def test_it(kohort_api):\n    order(headers={}, amount=1999)",
        ["the token is missing", "*authorization.absent*"],
    ),
    "assumes that the group's id is a string": (
        ALL + "def test_it(kohort_api):\n    order(amount=1999)['paymentGroupId'].lower()",
        [
            "*test_it?kohort:paymentGroupId=null?*",
            "*AttributeError: 'NoneType' object has no attribute*",
        ],
    ),
    "assumes that the coupon is there": (
        ALL + "def test_it(komerza_api):\n    store_order()['coupon']['netDecrease']",
        [
            "*test_it?komerza:data.coupon=null?*",
            "*test_it?komerza:data.coupon=absent?*",
            "*KeyError: 'coupon'*",
        ],
    ),
    "fails on unknown members": (
        ALL + "def test_it(kohort_api):\n    Strict(**order(amount=1999))",
        ["*test_it?kohort:unknown-members?*", "*TypeError: unexpected members: ?'unheardOf'?*"],
    ),
    "reuses a reference": (
        (
            "def test_it(kohort_api):\n    for total in (1999, 500):\n        order(amount=total, "
            "clientReferenceId='c')"
        ),
        ['the reference "c" is reused', '*"c", as in request 1', "*lines 61-62"],
    ),
}


@pytest.mark.parametrize("bug", nightly_after(4, BUGS))
def test_the_bug_is_caught_and_named(pytester: pytest.Pytester, bug: str) -> None:
    """The test fails, as a failure and no error, and its message says what is wrong."""
    test, words = BUGS[bug]
    pytester.makepyfile(f"import pytest\n{CLIENT}\n\n{test}\n")
    done = pytester.runpytest("-rf")
    outcomes = done.parseoutcomes()
    assert outcomes.get("failed", 0) >= 1
    assert "errors" not in outcomes
    done.stdout.fnmatch_lines(words)
    done.stdout.no_fnmatch_line("*Bearer secret-of-the-shop*")


@pytest.mark.nightly
def test_the_client_without_bugs_passes(pytester: pytest.Pytester) -> None:
    """One that keeps to the pages is not accused, whatever conforming answer it gets."""
    pytester.makepyfile(
        f"import pytest\n{CLIENT}\n\n"
        "@pytest.mark.contract_responses('all')\n"
        "def test_it(kohort_api, komerza_api):\n"
        "    order(amount=1999, customerEmail='ada@shop.example', customerPhoneNumber='+1 555 "
        "555 5555',\n"
        "          locale='en_US', clientReferenceId='cart-7', metadata={'campaign': 'spring'})\n"
        "    order(amount=100000, paymentGroupShareId=None)\n"
        "    store_order()\n"
    )
    done = pytester.runpytest("-W", "error")
    assert done.ret == 0
    assert done.parseoutcomes()["passed"] > 100
