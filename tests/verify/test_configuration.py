"""The configuration file: found, read, and what of it a run uses."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.definition.project import find
from contracts.errors import UsageError
from contracts.model import Basis
from contracts.reports.script import with_variables
from contracts.sandbox import STORE
from contracts.verify import configuration, targets_file
from contracts.verify.options import BASES, LIVE, Option, Options
from contracts.verify.surroundings import as_configured
from contracts.verify.targets_file import Entry
from contracts.verify.verification import choose
from tests.helpers.serving import ENVIRONMENT, conforming, faulty, served, verify

URLS = {"staging": "http://127.0.0.1:9/a", "review": "http://127.0.0.1:9/b"}
TARGETS = "".join(f'[env.{name}.kohort]\nurl = "{url}"\n' for name, url in URLS.items())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def resolved(**typed: Any) -> Options:
    """Return the options of what was typed in the working directory."""
    return configuration.resolve(typed)


def write(text: str, name: str = "order-contracts.toml") -> None:
    """Write a configuration file into the working directory."""
    Path(name).write_text(text, encoding="utf-8")


def test_it_is_found_in_a_folder_above(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words that say so have the path as seen from the working directory."""
    write(f'environment = "review"\nfail_on = "document"\nbudget = 7\n{TARGETS}')
    (project / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(project / "a" / "b")
    options = resolved()
    assert options.source == "../../order-contracts.toml: environment review"
    assert (options.fail_on, options.budget) == (Basis.DOCUMENT, 7)
    (target, *_) = choose(options, ENVIRONMENT)
    assert target.url == URLS["review"]


@pytest.mark.usefixtures("project")
def test_pyproject_has_it_in_a_table() -> None:
    """Of a pyproject.toml without the table nothing is used."""
    write("[tool.other]\n", "pyproject.toml")
    assert resolved().source == ""
    write("[tool.order-contracts]\nseed = 3\n", "pyproject.toml")
    assert (resolved().source, resolved().seed) == ("pyproject.toml: the embedded sandbox", 3)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("typed", "urls", "source"),
    [
        ({}, [URLS["staging"]], "environment staging"),
        ({"environment": "review"}, [URLS["review"]], "environment review"),
        ({"embedded": True}, [None], "the embedded sandbox"),
        ({"targets": ["kohort=http://127.0.0.1:8"]}, ["http://127.0.0.1:8"], "targets as given"),
    ],
)
def test_what_is_typed_goes_before_the_file(
    typed: dict[str, Any], urls: list[str | None], source: str
) -> None:
    """Another environment, an address or the embedded sandbox replace the one that is named."""
    write(f'environment = "staging"\nbudget = 7\n{TARGETS}')
    options = resolved(apis=["kohort/create-order"], **typed, budget="9")
    assert options.budget == 9
    assert source in options.source
    assert [target.url for target in choose(options, ENVIRONMENT)] == urls


@pytest.mark.usefixtures("project")
def test_what_is_typed_drops_what_it_excludes() -> None:
    """A file that requires a complete run is overruled by --allow-incomplete."""
    write("require_complete = true\n")
    assert resolved().completeness == "required"
    assert resolved(allow_incomplete=True).completeness == "allowed"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("bugdet = 3", [], "order-contracts.toml: unknown key 'bugdet'; did you mean budget?"),
        ('budget = "3"', [], 'order-contracts.toml: budget: expected a number, got "3"'),
        ("budget = 0", [], "order-contracts.toml: budget: expected a whole number of at least 1"),
        ("embedded = 1", [], "order-contracts.toml: embedded: expected true or false, got 1"),
        ("env = 3", [], "env: expected tables such as [env.staging.kohort]"),
        (TARGETS, [], "order-contracts.toml: which environment is meant? --env staging"),
        (TARGETS, ["--env", "stagin"], "no environment 'stagin'; did you mean staging?"),
        (TARGETS, ["komerza", "--env", "staging"], "has no [env.staging.komerza]"),
        (TARGETS, ["--env", "staging", "--embedded"], "--embedded and --env exclude each other"),
        ("[env.a.kohort]\nurl = 1", [], "order-contracts.toml: a.kohort.url: expected a text"),
        ("[env.a.kohort]\nurls = 1", [], "a.kohort: unknown key 'urls'; did you mean url?"),
        ("[kohort]\nurl = 1", [], "such as [env.staging.kohort]"),
        ("[envs.a.kohort]\nurl = 1", [], "envs.a: expected tables named by environment and API"),
        (f"{TARGETS}token = 'se-cret'", [], "kohort.token: expected the name of an environment"),
        (f"{TARGETS}proxy = 'ftp://x'", [], "review.kohort.proxy: 'ftp://x' is no proxy"),
        ("[env.a.kohrt]\nurl = 'http://x'", ["--env", "a"], "a.kohrt: there is no contract named"),
        ("[", [], "order-contracts.toml: no TOML"),
        (None, ["--env", "staging"], "--env staging: there is no order-contracts.toml"),
    ],
)
def test_a_file_that_is_wrong_is_one_line(
    text: str | None, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, with the file, the key and the mend."""
    if text is not None:
        write(text)
    assert main.run(["verify", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("parameters", {"storeId": "main"}, "a.komerza.parameters.storeId: expected a UUID"),
        ("parameters", {"storeid": STORE}, "takes 'storeid' from it; did you mean storeId?"),
        ("foreign", {"storeId": "other"}, "a.komerza.foreign.storeId: expected a UUID"),
        ("foreign", {"shop": STORE}, "a.komerza.foreign: no path of komerza takes 'shop'"),
        ("foreign", {"storeId": STORE}, "foreign.storeId is the same as KOMERZA_STORE"),
    ],
)
def test_a_path_parameter_that_is_none(key: str, values: dict[str, str], words: str) -> None:
    """It is refused with its place in the file: what comes of it is no fault of the sandbox."""
    pairs = ", ".join(f'{name} = "{value}"' for name, value in values.items())
    write(f'[env.a.komerza]\nurl = "http://127.0.0.1:9"\n{key} = {{ {pairs} }}\n')
    with pytest.raises(UsageError, match=re.escape(words)):
        choose(resolved(environment="a"), ENVIRONMENT)


@pytest.mark.parametrize("variable", ["KOMERZA_STORE", "KOMERZA_FOREIGN_STORE"])
def test_a_path_parameter_of_the_environment_that_is_none(variable: str) -> None:
    """The variable is named, and what the page has in that place."""
    options = Options(targets=("komerza=http://127.0.0.1:9",))
    with pytest.raises(UsageError, match=f"^{variable}: expected a UUID, as the page has storeId"):
        choose(options, {**ENVIRONMENT, variable: "main"})


def test_the_first_line_of_a_run_names_what_was_used(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An environment of a found file is verified at its address, under its name."""
    monkeypatch.setenv("SECRET", ENVIRONMENT["KOHORT_TOKEN"])
    with served(conforming("kohort")) as url:
        write(f'[env.here.kohort]\nurl = "{url}"\ntoken = "SECRET"\nbudget = 5\n')
        _, report = verify(
            project, "kohort/create-order", "--env", "here", "--fuzz", "0", "--wait", "5"
        )
    assert report["runs"][0]["target"] == url
    assert capsys.readouterr().err.startswith("contracts: order-contracts.toml: environment here\n")


@pytest.mark.usefixtures("project")
def test_paths_of_a_file_are_relative_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever below it the command is called."""
    write('waivers = "w.toml"\n[env.a.kohort]\nurl = "https://127.0.0.1:9"\nca = "ca.pem"\n')
    Path("below").mkdir()
    monkeypatch.chdir("below")
    options = resolved(environment="a")
    assert options.waivers == Path("../w.toml")
    assert configuration.entries(options)[0].ca == "../ca.pem"


def test_the_json_schema_is_that_of_the_tables() -> None:
    """The file that ships has every option with its bounds, and every key of a target."""
    shipped = json.loads(targets_file.SCHEMA.read_text(encoding="utf-8"))
    Draft7Validator.check_schema(shipped)
    top = {name: shipped["properties"].pop(name) for name in ("contracts", "env")}
    keys = dict(targets_file.schema()["properties"])
    live = {name: keys.pop(name) for name in LIVE}
    assert "folder" in top["contracts"]["description"]
    assert shipped["properties"] == {n: of_option(o) for n, o in configuration.OPTIONS.items()}
    assert live == {name: of_option(option) for name, option in LIVE.items()}
    own = {entry.name for entry in fields(targets_file.Entry)}
    assert keys.keys() == own - {"name", "api", "options", "file", "tokens"}


def of_option(option: Option) -> dict[str, Any]:
    """Return the JSON Schema of an option."""
    kinds: dict[str, dict[str, Any]] = {
        "texts": {"type": "array", "items": {"type": "string"}},
        "number": {"type": "number"},
        "whole": {"type": "integer"},
        "switch": {"type": "boolean"},
        "basis": {"enum": list(BASES)},
    }
    limits = {"minimum": option.least, "exclusiveMinimum": option.above, "maximum": option.most}
    bounds = {keyword: limit for keyword, limit in limits.items() if limit is not None}
    return {**kinds.get(option.kind, {"type": "string"}), **bounds, "description": option.about}


@pytest.mark.usefixtures("project")
def test_preconditions_are_read_as_reports_write_them() -> None:
    """A member that has to be there, one of several, one that is never sent, and a schema."""
    lines = (
        'required = ["customerEmail"]',
        'anyOf = [{ required = ["locale"] }]',
        "metadata = false",
        "amount = { minimum = 3000 }",
    )
    write('[env.a.kohort]\nurl = "https://127.0.0.1:9"\n[env.a.kohort.preconditions]\n')
    with Path("order-contracts.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines))
    entry = configuration.entries(resolved(environment="a"))[0]
    assert entry.preconditions["required"] == ["customerEmail"]
    assert entry.preconditions["metadata"] is False


@pytest.mark.usefixtures("project")
def test_init_writes_an_example_that_is_found_and_valid() -> None:
    """With every commented line taken in, it keeps its JSON Schema and is read."""
    assert main.run(["init"]) == 0
    assert main.run(["init"]) == 2
    assert resolved(environment="staging").source == "order-contracts.toml: environment staging"
    text = Path("order-contracts.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema ./order-contracts.schema.json\n")
    schema = json.loads(Path("order-contracts.schema.json").read_text(encoding="utf-8"))
    lines = (
        line[2:] if line.startswith("# ") and ("= " in line or "[env" in line) else line
        for line in text.splitlines()
        if "oauth" not in line and "token_command" not in line  # or else there is no token
    )
    whole = "\n".join(lines)
    Draft7Validator(schema).validate(tomllib.loads(whole))
    write(whole)
    options = resolved(environment="staging")
    assert {entry.api for entry in configuration.entries(options)} == set(catalogue.shipped()) - {
        "kohort@2"
    }


def test_a_folder_that_was_deleted_has_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell may still stand in it."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert find() is None


@pytest.mark.slow
@pytest.mark.usefixtures("project")
def test_what_is_printed_names_the_variables_and_headers_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A finding's command sends what the run sent, where only the file's variables are set."""
    received: list[str | None] = []
    sandbox = faulty("kohort", "first-name-cut")

    def behind_a_gateway(environ: Any, start: Any) -> Any:
        received.append(environ.get("HTTP_X_GATEWAY"))
        if received[-1] != "secret-of-the-gateway" or environ.get("HTTP_X_PART") != "its $1":
            start("407 No", [("Content-Length", "0")])
            return []
        return sandbox(environ, start)

    own = {"STAGING_TOKEN": ENVIRONMENT["KOHORT_TOKEN"], "GATEWAY": "secret-of-the-gateway"}
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    with served(behind_a_gateway) as url:
        write(
            f'[env.staging.kohort]\nurl = "{url}"\ntoken = "STAGING_TOKEN"\n'
            '[env.staging.kohort.headers]\nX-Gateway = "$GATEWAY"\nX-Part = "its $1"\n'
        )
        files = ("--env", "staging", "--json", "r.json", "--har", "r.har")
        assert main.run(["verify", "kohort/create-order", "--fuzz", "0", *files]) == 1
        (run,) = json.loads(Path("r.json").read_text(encoding="utf-8"))["runs"]
        sent = len(received)
        command = run["findings"][0]["curl"]
        done = subprocess.run(["sh", "-c", command], check=True, capture_output=True)  # noqa: S603, S607
        assert done.stdout.startswith(b"HTTP/1.1 201")
        assert len(received) == sent + 1
    archive = Path("r.har").read_text(encoding="utf-8")
    assert '{"name": "X-Gateway", "value": "$GATEWAY"}' in archive
    assert "secret-of-the-gateway" not in archive + command


def test_printed_commands_take_from_the_file_what_no_variable_has() -> None:
    """Ids, the files for TLS and the proxy, of which no password is shown."""
    store, foreign = "6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01", "a store"
    entry = Entry(
        *("s", "komerza", "https://127.0.0.1"),
        parameters={"storeId": store},
        foreign={"storeId": foreign},
        ca="/the ca.pem",
        proxy="http://me:secret@127.0.0.1:3128",
    )
    operation = as_configured(loading.load("komerza"), entry).operation
    shown = with_variables(operation, 'curl "${KOMERZA_STORE}" "${KOMERZA_FOREIGN_STORE}"')
    assert shown.startswith(f"KOMERZA_STORE={store}; KOMERZA_FOREIGN_STORE='a store'; curl")
    assert with_variables(operation, "curl") == "curl"
    proxy = ("--proxy", "http://127.0.0.1:3128")
    assert operation.curl_options == ("--cacert", "/the ca.pem", *proxy)
