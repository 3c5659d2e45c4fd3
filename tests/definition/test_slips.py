"""Slips in data, odd addresses and odd servers.

Each is met with an error or an outcome that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

from contracts.cli import main
from contracts.definition import loading, overlay
from contracts.engine import run as engine_run
from contracts.engine.credentials import Credentials
from contracts.engine.settings import Settings
from contracts.engine.transports import HttpTransport, live
from contracts.errors import ContractError, UsageError
from contracts.model import Basis, Failure, Request, Verdict
from contracts.planning.bodies.breaks import breaks
from contracts.reports import document
from contracts.reports.text.escaping import visible
from contracts.reports.text.redaction import Redactor
from contracts.schema import vocabulary
from contracts.verify import targets
from tests.helpers.builders import KOHORT, Scripted, response

CopyOf = Callable[[str], Path]
PARAMETERS = [{"name": "page"}, {"name": "dummy"}, {"name": "x"}, {"name": "dummy"}]


def applied(*actions: dict[str, Any]) -> Any:
    """Apply overlay actions to a list of parameters."""
    return overlay.apply(
        {"actions": list(actions)}, {"get": {"parameters": [*PARAMETERS]}}, "overlay.json"
    )


def test_an_entry_is_appended_to_an_array_that_is_the_target() -> None:
    """Overlay 1.0, section 4.4.3: the update of an array is an entry to append."""
    made = applied({"target": "$.get.parameters", "update": {"name": "new"}})
    assert made["get"]["parameters"] == [*PARAMETERS, {"name": "new"}]


@pytest.mark.parametrize(
    ("target", "left"),
    [("$.get.parameters[?@.name == 'dummy']", ["page", "x"]), ("$.get.parameters[*]", [])],
)
def test_several_items_of_one_array_are_removed(target: str, left: list[str]) -> None:
    """Every node that the target selects is removed, and no other."""
    assert [
        each["name"] for each in applied({"target": target, "remove": True})["get"]["parameters"]
    ] == left


@pytest.mark.parametrize(
    "actions",
    [
        [{"target": "$.get[", "update": {}}],
        [{"target": "$", "remove": True}],
        [{"target": "$.get"}],
        [{"update": {}}],
        [{"target": "$.get.parameters[0].name", "update": {"a": 1}}],
    ],
)
def test_a_malformed_action_is_an_error_that_names_it(actions: list[dict[str, Any]]) -> None:
    """A path that is none, a missing part, a target that can't be merged into."""
    with pytest.raises(ContractError, match=r"overlay\.json#/actions/0"):
        applied(*actions)


def spoiled(folder: Path, name: str, before: str, after: str) -> str:
    """Replace a text in a file of a contract; give the error's text."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        loading.load_folder(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('basis = "document"', 'basis = "documnet"', "relation.amount.echo"),
        ("lines = [92, 96]", 'lines = ["92", 96]', "relation.amount.echo"),
        ("[document]", "[documents]", "document"),
        ("lines = 225", "", "lines"),
        ('request = "/amount"', "", "relation.amount.echo"),
    ],
)
def test_a_slip_in_contract_toml_is_an_error_that_names_the_place(
    copy_of: CopyOf, before: str, after: str, place: str
) -> None:
    """A misspelt basis, lines that are no numbers, a part that is missing.

    Never a KeyError or ValueError.
    """
    assert place in spoiled(copy_of("kohort"), "contract.toml", before, after)


def test_what_no_operation_can_do_without_is_missed_in_the_api_as_well(copy_of: CopyOf) -> None:
    """What neither the API nor its operation says is named, as a slip in the operation is."""
    folder = copy_of("kohort")
    path = folder.parent / "api.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('token_variable = "KOHORT_TOKEN"', ""), encoding="utf-8")
    with pytest.raises(ContractError, match="token_variable is missing"):
        loading.load_folder(folder)


@pytest.mark.parametrize(
    "line", ["operations = []", 'operations = ["get-nothing"]', "operations = 1", "operations ="]
)
def test_a_slip_in_api_toml_is_an_error_that_names_the_file(copy_of: CopyOf, line: str) -> None:
    """A list of operations that is empty, names one that is not there, or is none."""
    folder = copy_of("kohort")
    path = folder.parent / "api.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [text for text in lines if not text.startswith("operations")]
    path.write_text("\n".join([line, *kept]), encoding="utf-8")
    with pytest.raises(ContractError, match=r"api\.toml: "):
        loading.load(str(folder.parent))


@pytest.mark.parametrize(
    "schema",
    [
        {"propertyNames": {"patern": "x"}},
        {"propertyNames": {"format": "slug"}},
        {"properties": []},
        {"type": 5},
        {"pattern": 5},
        {"format": ["uuid"]},
        {"minLength": "3"},
        {"required": "amount"},
        {"enum": 1},
    ],
    ids=str,
)
def test_a_keyword_that_is_misspelt_or_malformed_is_refused(schema: dict[str, Any]) -> None:
    """Also inside propertyNames, and where a keyword's value is of the wrong type.

    A ContractError, no other.
    """
    with pytest.raises(ContractError, match="api/request#"):
        vocabulary.refuse_unknown(schema, "api/request")


@pytest.mark.parametrize(
    ("clause", "lines"), [("request.locale.enum", (58, 60)), ("request.locale.en_US", (58, 60))]
)
def test_the_options_of_the_request_locale_have_their_own_lines(
    clause: str, lines: tuple[int, int]
) -> None:
    """An overlay that adds null to an enumeration must not move its source to the lines of the type."""  # noqa: E501
    assert KOHORT.clause(clause).source.lines == lines


@pytest.mark.parametrize(
    ("secret", "echoed"),
    [
        ("pa/ss/wo/rd", r"pa\/ss\/wo\/rd"),  # as PHP writes JSON
        ("pa/ss=wo", "pa%2fss%3dwo"),  # lower-case hexadecimal digits
        ("pass wörd", "pass+w%C3%B6rd"),  # as forms are encoded
        ("pa<ss>&wo", r"pa\u003css\u003e\u0026wo"),  # as Go writes JSON
    ],
)
def test_a_secret_in_another_usual_form_is_taken_out(secret: str, echoed: str) -> None:
    """Servers escape more than they must."""
    assert echoed not in Redactor([secret]).text(f"no: {echoed}!")


def test_the_arabic_letter_mark_does_not_reach_the_terminal() -> None:
    """U+061C turns the direction of text as U+200E and U+200F do, which are escaped."""
    assert "\u061c" not in visible("a\u061cb")


def test_a_port_beyond_65535_is_wrong_use() -> None:
    """The system would take it modulo 65536 and send the token to another server."""
    with pytest.raises(UsageError):
        live("http://127.0.0.1:99999", Credentials("token")).close()


@pytest.mark.parametrize("url", ["https://api.kohortpay.com./v1", "https://api.kohortpay.com.:443"])
def test_a_production_host_with_its_root_dot_is_one(url: str) -> None:
    """``api.kohortpay.com.`` is the same host."""
    with pytest.raises(UsageError, match="production"):
        targets.choose([], [f"kohort={url}"], {"KOHORT_TOKEN": "token"})


def test_two_addresses_for_one_api_are_wrong_use() -> None:
    """Otherwise the first is silently not verified."""
    with pytest.raises(UsageError):
        targets.choose(
            [],
            ["kohort=http://127.0.0.1:1", "kohort=http://127.0.0.1:2"],
            {"KOHORT_TOKEN": "token"},
        )


class _NeverConnects(httpx.BaseTransport):
    """What an address that drops packets looks like."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Give up."""
        raise httpcore.ConnectTimeout(request.url.host)


def test_a_connection_that_is_never_made_is_a_failure_to_connect() -> None:
    """A target that can't be reached is exit status 3, not a finding about slow answers."""
    made = live("http://127.0.0.1:9", Credentials("token"))
    made.close()
    transport = HttpTransport(
        "http://127.0.0.1:9", Credentials("token"), _NeverConnects(), made._clock
    )
    answer = transport.send(Request("POST", "/orders", (), None, None), 0.1)
    assert isinstance(answer, Failure)
    assert answer.kind == "connect"


@pytest.mark.usefixtures("pauses")
def test_a_server_that_never_stops_saying_429_does_not_pass() -> None:
    """When the budget went into waiting and nothing was learned, there is no go."""
    run = engine_run.run(KOHORT, Scripted(response(429, {}, retry_after="0")), Settings(budget=40))
    assert document.document(Verdict(0, (run,), Basis.DOCUMENT), Redactor([]))["outcome"] != "pass"


@pytest.mark.slow
def test_a_report_that_can_not_be_written_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """It is known before anything is sent, and no traceback is shown."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    assert main.run(["verify", "komerza", "--fuzz", "0", "--json", "/dev/full"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith("contracts: --json /dev/full")


@pytest.mark.parametrize(
    ("schema", "clause"),
    [
        ({"type": "integer", "multipleOf": 5}, "n.multipleOf"),
        ({"type": "integer", "minimum": 1, "multipleOf": 5}, "n.minimum"),
        ({"type": "number", "exclusiveMinimum": 1, "multipleOf": 5}, "n.exclusiveMinimum"),
        ({"type": "number", "maximum": 999, "multipleOf": 5}, "n.maximum"),
    ],
)
def test_a_step_is_broken_alone_and_a_bound_beside_a_step(
    schema: dict[str, Any], clause: str
) -> None:
    """1 is an integer that is no multiple of 5, and 0 a multiple of 5 that is below 1."""
    whole = {"type": "object", "properties": {"n": schema}, "required": ["n"]}
    assert clause in {one.clause for one in breaks(whole, whole, {"n": 10})}
