"""``contracts serve`` as a process: several APIs, pages, CORS, faults, a graceful end."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from contracts.cli import main

TOKEN = {"Authorization": "Bearer sandbox-token"}
PAGE = {"Origin": "https://shop.example"}


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the command on a free port; give the process and the base URL."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "contracts", "serve", *arguments, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = next(text for text in process.stdout if text.startswith("# contracts verify"))
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address is not None
        yield process, address[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_several_apis_have_pages_cors_a_log_and_a_graceful_end() -> None:
    """Each below its name; a request that is under way at SIGTERM is answered."""
    with (
        serving("kohort", "komerza", "--fault", "cut-off", "--latency", "0.1") as (process, url),
        httpx.Client(base_url=url) as client,
    ):
        (kohort, _) = client.get("/").json()["serves"]
        assert kohort["operations"][0] == "POST /kohort/orders"
        document = client.get(kohort["openapi"]).json()
        assert set(document["paths"]["/orders"]) == {"get", "post"}
        page = client.get(kohort["docs"])
        assert "swagger-ui" in page.text
        for asset in re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', page.text):
            assert asset.startswith("/kohort/docs/")
            assert client.get(asset).is_success
        offered = re.search(r'"urls": (\[.*?\])', client.get("/docs/").text)
        assert offered is not None
        urls = {row["name"]: row["url"] for row in json.loads(offered[1])}
        assert list(urls) == ["kohort", "komerza"]
        assert all(client.get(urljoin("/docs/", url)).is_success for url in urls.values())
        asked = {**PAGE, "Access-Control-Request-Method": "POST"}
        preflight = client.options("/kohort/orders", headers=asked)
        assert preflight.headers["access-control-allow-origin"] == "*"
        refused = client.post("/kohort/orders", json={}, headers={**TOKEN, **PAGE})
        assert refused.headers["access-control-allow-origin"] == "*"
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/kohort/orders", json={"amount": 1999}, headers=TOKEN)
        with client.stream("POST", "/kohort/orders", json={}, headers=TOKEN) as answer:
            process.send_signal(signal.SIGTERM)
            assert answer.status_code == 400
            assert answer.read()
        _, log = process.communicate(timeout=10)
    assert process.returncode == 0
    assert re.search(r"^127\.0\.0\.1 POST /kohort/orders 400 \d+ ms$", log, re.MULTILINE)


@pytest.mark.slow
def test_one_api_has_its_documented_paths_and_several_faults_at_once() -> None:
    """Both faults show in one answer; only the origin that was named may read it."""
    faults = ("--fault", "amount-in-euros", "--fault", "response.currency.type")
    with serving("kohort", *faults, "--cors", "https://other.example") as (_, url):
        answer = httpx.post(f"{url}/orders", json={"amount": 1999}, headers={**TOKEN, **PAGE})
        assert answer.json()["amount"] == pytest.approx(19.99)
        assert not isinstance(answer.json()["currency"], str)
        assert "access-control-allow-origin" not in answer.headers
        assert httpx.get(f"{url}/").json()["serves"][0]["api"] == "kohort"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["kohort", "--fault", "amount-in-euro"], "did you mean amount-in-euros"),
        (["kohort", "--fault", "komerza:hang"], "--fault komerza:hang: komerza is not served"),
        (["kohort", "kohort"], "one API is named twice: kohort, kohort"),
    ],
)
def test_wrong_use_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    """Exit status 2, and nothing is served."""
    monkeypatch.chdir(tmp_path)
    assert main.run(["serve", *arguments, "--port", "0"]) == 2
    assert says in capsys.readouterr().err
