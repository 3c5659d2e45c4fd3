"""Code generators read our OpenAPI documents.

And what they make talks to the sandbox (``tox run -e generators``).
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from contracts import ContractMock
from contracts.definition import catalogue, loading
from contracts.interop import openapi

pytest.importorskip("openapi_python_client", reason="tox run -e generators has it")
pytest.importorskip("datamodel_code_generator", reason="tox run -e generators has it")


def generated(folder: Path, api: str, name: str, *command: str) -> ModuleType:
    """Write the document, run a generator, import what it made under a name."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(openapi.document(loading.load(api))), encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [Path(sys.executable).with_name(command[0]), *command[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return importlib.import_module(name)


# it reads no alternatives within an object (komerza@2: items or a cost)
@pytest.mark.parametrize("api", [name for name in catalogue.shipped() if name != "komerza@2"])
def test_openapi_python_client_makes_a_client_that_keeps_the_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    """Its requests are what the page asks for, and it reads the answer into its own models."""
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"made_for_{api}".replace("@", "_")
    made = generated(
        tmp_path,
        api,
        name,
        "openapi-python-client",
        "generate",
        "--path",
        "openapi.json",
        "--meta",
        "none",
        "--output-path",
        name,
    )
    call = importlib.import_module(f"{name}.api.orders.create_order")
    models = importlib.import_module(f"{name}.models")
    with ContractMock(api) as mock:
        client = made.AuthenticatedClient(
            base_url=mock.base_url, token="t", raise_on_unexpected_status=True
        )
        if api.startswith("kohort"):
            body = models.OrderRequest(amount=1999, customer_email="ada@shop.example")
            assert call.sync(client=client, body=body).amount == 1999
        else:
            answer = call.sync("6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01", client=client)
            assert answer.data.status


@pytest.mark.parametrize("api", catalogue.shipped())
def test_datamodel_code_generator_makes_models_that_read_the_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    """Pydantic models of every member take a real answer."""
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"models_of_{api}".replace("@", "_")
    made = generated(
        tmp_path,
        api,
        name,
        "datamodel-codegen",
        "--input",
        "openapi.json",
        "--input-file-type",
        "openapi",
        "--output",
        f"{name}.py",
        "--output-model-type",
        "pydantic_v2.BaseModel",
    )
    from contracts.mocks import variants  # noqa: PLC0415
    from contracts.mocks.backend import samples  # noqa: PLC0415

    contract = loading.load(api)
    for exchange in filter(
        lambda one: one.accepted, samples(contract, variants.sample_bodies(contract))
    ):
        assert made.Order.model_validate_json(exchange.answer.body)  # type: ignore[union-attr]
