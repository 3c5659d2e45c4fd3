"""A spoiled token is none any more, whatever kind of token it was made from."""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from contracts import sandbox
from contracts.engine.credentials import Credentials
from contracts.engine.embedding import embedded
from contracts.engine.run import run
from contracts.engine.settings import Settings
from contracts.spoiling import SPOILINGS, spoiled, surely_differs
from tests.helpers.builders import KOHORT

SEEDS = range(50)
SPOILED = {spoiling.marker for spoiling in SPOILINGS}
RSA = rsa.generate_private_key(65537, 2048)
KEYS: dict[str, tuple[Any, Any]] = {
    "HS256": ("a-secret-of-the-sandbox-of-32-bytes", "a-secret-of-the-sandbox-of-32-bytes"),
    "RS256": (RSA, RSA.public_key()),
    "PS256": (RSA, RSA.public_key()),
}
CURVE, EDWARDS = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
KEYS |= {"ES256": (CURVE, CURVE.public_key()), "EdDSA": (EDWARDS, EDWARDS.public_key())}

Server = Callable[[str], bool]


def of_jwt(algorithm: str) -> Callable[[random.Random], tuple[str, Server]]:
    """Return what makes a JWT, and a server that verifies it with PyJWT."""
    private, public = KEYS[algorithm]

    def make(digits: random.Random) -> tuple[str, Server]:
        token = jwt.encode({"sub": f"user-{digits.random()}"}, private, algorithm)

        def takes(given: str) -> bool:
            try:
                jwt.decode(given, public, algorithms=[algorithm])
            except jwt.InvalidTokenError:
                return False
            return True

        return token, takes

    return make


def same_bytes(digits: random.Random, size: int, *, padded: bool) -> tuple[str, Server]:
    """Return base64, and a server that compares the bytes as a lenient decoder reads them."""
    data = digits.randbytes(size)
    token = base64.urlsafe_b64encode(data).decode()

    def takes(given: str) -> bool:
        core = given.partition("=")[0]
        core = core[:-1] if len(core) % 4 == 1 else core
        try:
            return base64.urlsafe_b64decode(core + "=" * (-len(core) % 4)) == data
        except ValueError:
            return False

    return token if padded else token.rstrip("="), takes


def opaque(digits: random.Random) -> tuple[str, Server]:
    """Return an opaque text, compared as it is."""
    token = "sk_live_" + "".join(digits.choices("abcdefghjkmnpqrstuvwxyzABCDEFG23456789", k=24))
    return token, token.__eq__


def of_uuid(digits: random.Random) -> tuple[str, Server]:
    """Return a UUID, compared by its value."""
    value = uuid.UUID(int=digits.getrandbits(128), version=4)

    def takes(given: str) -> bool:
        try:
            return uuid.UUID(given) == value
        except ValueError:
            return False

    return str(value), takes


def of_hexadecimal(digits: random.Random) -> tuple[str, Server]:
    """Return hexadecimal digits, read as Node does: up to the first that is none."""
    data = digits.randbytes(20)

    def takes(given: str) -> bool:
        lower = given.lower()
        end = next((i for i, c in enumerate(lower) if c not in "0123456789abcdef"), len(lower))
        return bytes.fromhex(lower[: end // 2 * 2]) == data

    return data.hex(), takes


def dotted(digits: random.Random) -> tuple[str, Server]:
    """Return a text with dots whose last part is encoded."""
    encoded, takes_last = same_bytes(digits, 17, padded=False)
    return (
        f"v2.local.{encoded}",
        lambda given: given.startswith("v2.local.") and takes_last(given.removeprefix("v2.local.")),
    )


KINDS: dict[str, Callable[[random.Random], tuple[str, Server]]] = {
    **{algorithm: of_jwt(algorithm) for algorithm in KEYS},
    "opaque": opaque,
    "UUID": of_uuid,
    "hexadecimal": of_hexadecimal,
    "with padding": lambda digits: same_bytes(digits, 16, padded=True),
    "without padding": lambda digits: same_bytes(digits, 16, padded=False),
    "with dots": dotted,
    "of 4,000 characters": lambda digits: same_bytes(digits, 3_000, padded=False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_spoiled_token_is_taken(kind: str) -> None:
    """Of none of fifty tokens, by a server that reads them as usual libraries do."""
    for seed in SEEDS:
        token, takes = KINDS[kind](random.Random(seed))  # noqa: S311 - the same in every run
        assert takes(token)
        forms = spoiled(token)
        assert {"altered", "cut", "prefix", "extended"} <= forms.keys()
        assert [marker for marker, form in forms.items() if takes(form)] == []


@pytest.mark.parametrize(
    ("token", "other"),
    [
        ("c2VjcmV0LXZhbHVl" + "QQ", "c2VjcmV0LXZhbHVl" + "QR"),
        ("c2VjcmV0LXZhbHVlQQ==", "c2VjcmV0LXZhbHVlQQ==4e4e"),
        ("c2VjcmV0LXZhbHVlQUJD", "c2VjcmV0LXZhbHVlQUJDx"),
        ("deadbeefdeadbeef", "DEADBEEFDEADBEEF"),
        ("deadbeefdeadbeef", "deadbeefdeadbeefx"),
        ("token", "token "),
        ("to-ken", "to%2Dken"),
        ("6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01", "6f1c2a528f0e4c5e9a560f5a3f1d7b01"),
    ],
)
def test_what_some_decoder_takes_for_the_same_is_not_sure(token: str, other: str) -> None:
    """Spare bits, what follows the padding, letter case of digits, blanks, percent signs."""
    assert not surely_differs(token, other)


def test_every_form_can_stand_in_a_header() -> None:
    """A header can't end with a blank, so a token of two words is not cut behind a blank."""
    values = Credentials("a b").values()
    assert all(value == value.strip() for value in values.values())


def test_a_form_that_is_not_sure_is_not_sent() -> None:
    """The letter case of a UUID says nothing, nor what follows its digits for some readers."""
    credentials = Credentials("6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01")
    assert credentials.unsure == {"other_case", "followed"}
    assert SPOILED - credentials.values().keys() == {"other_case", "followed"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sandbox_with_such_tokens_is_not_accused(kind: str) -> None:
    """A whole run against a sandbox that reads its tokens that way finds nothing."""
    token, takes = KINDS[kind](random.Random(7))  # noqa: S311 - the same in every run
    inner = sandbox.create_app("kohort", KOHORT.request)

    def app(environ: dict[str, Any], start: Any) -> Any:
        """Hand on as the good token whatever the reader of this kind takes for it."""
        scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        good = scheme.lower() == "bearer" and takes(given.strip())
        environ["HTTP_AUTHORIZATION"] = f"Bearer {sandbox.TOKEN if good else 'another'}"
        return inner(environ, start)

    transport = embedded(app, Credentials(token))
    done = run(KOHORT, transport, Settings(only=("authorization.*", "request.typical")))
    assert done.findings == ()
    held = {result.clause.id for result in done.results if result.outcome.value == "held"}
    assert {"authorization.altered_token", "authorization.token_prefix"} <= held
