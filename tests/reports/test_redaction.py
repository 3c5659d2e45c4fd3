"""No form in which a server may echo a token gets into a report."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from contracts.reports import document, reading
from contracts.reports.text.redaction import REDACTED, Redactor

from .made import broken, report, run_of

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


SPELLINGS: dict[str, Callable[[str], str]] = {
    "unicode escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "escapes in capitals": lambda text: "".join(f"\\u{ord(letter):04X}" for letter in text),
    "bytes as Python writes them": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "code points": lambda text: "".join(f"\\u{{{ord(letter):x}}}" for letter in text),
    "percent, letter by letter": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent, twice": lambda text: quote("".join(f"%{byte:02x}" for byte in text.encode())),
    "decimal entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal with colons": lambda text: text.encode().hex(":"),
    "over a line end": lambda text: f"{text[:5]}\r\n  {text[5:]}",
    "over an escaped line end": lambda text: f"{text[:5]}\\n{text[5:]}",
    "quoted-printable": lambda text: f"{text[:5]}=\r\n{text[5:]}",
    "full width": lambda text: "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text
    ),
    "letters of no width": "\u200b".join,
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "in capitals": str.upper,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_in_every_spelling(spelling: str) -> None:
    """And what stands around it stays."""
    written = SPELLINGS[spelling]("sk-live-0123456789")
    assert written != "sk-live-0123456789"
    shown = Redactor(["sk-live-0123456789"]).text(f'{{"message": "token {written}."}}')
    assert REDACTED in shown
    assert shown.startswith('{"message": "token ')
    assert shown.endswith('"}')
    assert written not in shown


@pytest.mark.parametrize("token", ["orders", "amount", "kohort", "response", "protocol"])
def test_a_token_that_is_a_word_of_ours_takes_nothing_else_away(token: str, tmp_path: Path) -> None:
    """What the server says of it is redacted.

    Names, ids and addresses stay, and it is read back.
    """
    echoing = broken(riskLevel=f"no {token}")
    made = report(run_of(echoing), secrets=(token,))
    plain = report(run_of(echoing))
    (run,), (same,) = made["runs"], plain["runs"]
    assert run["clauses"] == same["clauses"]
    assert run["findings"][0]["request"] == same["findings"][0]["request"]
    assert json.loads(run["findings"][0]["response"]["body"])["riskLevel"] == f"no {REDACTED}"
    assert "amount" in json.loads(run["findings"][0]["response"]["body"])
    path = tmp_path / "report.json"
    path.write_text(document.render(made), encoding="utf-8")
    assert reading.read(path) == made


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
