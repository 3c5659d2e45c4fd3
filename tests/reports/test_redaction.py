"""No form in which a server may echo a token gets into a report."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from contracts.reports.text.redaction import REDACTED, Redactor

SECRETS = [
    "sk_live_0123456789",
    "pa/ss+wo=rd?>",
    'with "quotes" and \\',
    "tök€n-ünïcode",
    "a b&c%d",
]
each = pytest.mark.parametrize("secret", SECRETS)


@each
def test_a_plain_secret_is_taken_out(secret: str) -> None:
    """Wherever it stands in a text, and however often."""
    assert Redactor([secret]).text(f"a{secret}b{secret}") == f"a{REDACTED}b{REDACTED}"


@each
def test_a_url_encoded_secret_is_taken_out(secret: str) -> None:
    """With slashes encoded or as they are."""
    for form in (quote(secret), quote(secret, safe="")):
        assert form not in Redactor([secret]).text(f"https://x/?t={form}&u=1")


@each
def test_a_json_escaped_secret_is_taken_out(secret: str) -> None:
    """As JSON writes it in ASCII."""
    form = json.dumps(secret)[1:-1]
    assert form not in Redactor([secret]).text(f'{{"token": "{form}"}}')


@each
@pytest.mark.parametrize("before", ["", "u", "us", "usr", "user"])
@pytest.mark.parametrize("after", ["", ":", "::", ":::"])
def test_a_base64_encoded_secret_is_taken_out(secret: str, before: str, after: str) -> None:
    """Inside a longer text as well, at each of the three offsets.

    Only what it shares a character with may stay.
    """
    data = f"{before}{secret}{after}".encode()
    for encoded in (base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()):
        shown = Redactor([secret]).text(f"Basic {encoded}")
        assert REDACTED in shown
        assert len(shown.replace(REDACTED, "").removeprefix("Basic ")) <= 4 * (
            len(before + after) + 2
        )


def test_secrets_are_taken_out_of_names_and_values_of_any_depth() -> None:
    """A JSON value keeps its shape."""
    value = {"a-secret-b": ["my-secret", {"x": ("n" + "my-secret")}], "n": 5, "t": None, "f": True}
    assert Redactor(["my-secret", "a-secret-b"]).value(value) == {
        REDACTED: [REDACTED, {"x": f"n{REDACTED}"}],
        "n": 5,
        "t": None,
        "f": True,
    }


def test_the_longer_of_two_secrets_goes_first() -> None:
    """A secret that begins like another leaves no rest behind."""
    assert (
        Redactor(["token", "token-of-more"]).text("token-of-more token") == f"{REDACTED} {REDACTED}"
    )


def test_a_secret_of_three_characters_is_left() -> None:
    """It would take half of every report away."""
    assert Redactor(["abc"]).text("abcdef") == "abcdef"


def test_other_text_is_left_alone() -> None:
    """Nothing but secrets is replaced."""
    text = "the order was refused: 401 " + quote_plus("no token")
    assert Redactor(SECRETS).text(text) == text
