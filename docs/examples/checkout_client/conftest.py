"""Which client is tested: the good one, or one with a bug (``pytest --client InEuros``)."""

from __future__ import annotations

import checkout
import pytest


def pytest_addoption(parser):
    """Add the choice."""
    parser.addoption("--client", default="Checkout", help="Checkout, InEuros or ChokesOnNull")


@pytest.fixture
def shop(request):
    """Give the client; its token is any, its address the vendor's: nothing leaves this process."""
    return getattr(checkout, request.config.getoption("--client"))(token="of-the-shop")
