"""One request in the spellings of shells and tools: each says the same."""

import json

import pytest

from contracts.derive import derive

URL = "https://api.crates.example/v1/crates"
BODY = {"kind": "box", "size": {"width": 3}, "tags": ["new"]}
ONE_LINE = json.dumps(BODY)
LINES = json.dumps(BODY, indent=2)
ESCAPED = ONE_LINE.replace('"', '\\"')
BROKEN = ESCAPED.replace(", ", ", ^\n        ", 1)
CARETS = ONE_LINE.replace('"', '^\\^"')

COMMANDS = {
    "long options with equals": f"""
        curl --request=POST --url="{URL}" --header="X-Api-Key: abc" \\
          --header="Content-Type: application/json" --data='{ONE_LINE}'""",
    "the Windows prompt, one line": f"""
        curl.exe -X POST "{URL}" -H "X-Api-Key: abc" -H "Content-Type: application/json" -d "{ESCAPED}"
        """,  # noqa: E501
    "the Windows prompt, members on lines": f"""
        curl -X POST ^
          "{URL}" ^
          -H "X-Api-Key: abc" ^
          -H "Content-Type: application/json" ^
          -d "{BROKEN}"
        """,
    "the Windows prompt, as a browser copies it": f"""
        curl "{URL}" ^
          -X "POST" ^
          -H ^"X-Api-Key: abc^" ^
          -H ^"content-type: application/json^" ^
          --data-raw ^"{CARETS}^"
        """,
    "a here-document in front of a bar": f"""
        cat <<'JSON' | curl -X POST -H "X-Api-Key: abc" --json @- {URL}
        {LINES}
        JSON""",
    "a here-document behind the address": f"""
        curl -X POST -H "X-Api-Key: abc" --json @- \\
          {URL} << EOF
        {LINES}
        EOF""",
    "words that are echoed": f"""
        echo -n '{LINES}' | curl --json @- -H 'X-Api-Key: abc' {URL}""",
    "HTTPie, members inside members": f"""
        http POST {URL} X-Api-Key:abc kind=box size[width]:=3 tags[]=new""",
    "HTTPie, words that are echoed": f"""
        echo '{ONE_LINE}' | http POST {URL} X-Api-Key:abc""",
    "xh, the method in small letters": f"""
        xh post {URL} X-Api-Key:abc kind=box size[width]:=3 tags:='["new"]'""",
}


@pytest.mark.parametrize("spelling", COMMANDS)
def test_a_request_is_read_in_each_spelling(spelling: str) -> None:
    """Method, address, credential, media type and members are those of the request."""
    text = "\n".join(line.removeprefix(" " * 8) for line in COMMANDS[spelling].strip().split("\n"))
    out = derive(text, name="request.txt")
    operation = out["operation"]
    assert isinstance(operation, dict)
    assert (operation["method"], operation["path"]) == ("POST", "/v1/crates")
    assert operation["server"] == "https://api.crates.example"
    assert operation["authorization"] == {"in": "header", "name": "X-Api-Key", "scheme": None}
    assert operation["media_type"] == "application/json"
    assert types(out["request"]) == {"kind": "string", "size": {"width": "number"}, "tags": "array"}


def types(schema: object) -> object:
    """Return the names of the members of a schema with their types, objects as objects."""
    assert isinstance(schema, dict)
    if "properties" in schema:
        return {name: types(child) for name, child in schema["properties"].items()}
    return schema["type"]


def test_headers_in_a_file_are_none_of_the_page() -> None:
    """`-H @file` names no header, and a note says where the headers stand."""
    out = derive(f"curl {URL} -H @headers.txt --json '{ONE_LINE}'", name="request.txt")
    operation = out["operation"]
    assert isinstance(operation, dict)
    assert operation.get("parameters", []) == []
    note = {"line": 1, "text": "headers stand in a file: @headers.txt"}
    assert out["not_understood"] == [note]


def test_comments_in_a_sample_end_nothing() -> None:
    """People write comments into samples; the members behind them are read."""
    lines = '{\n  "kind": "box", // required\n  /* in cm */\n  "size": 3\n}'
    page = f"```http\nPOST /crates\nContent-Type: application/json\n\n{lines}\n```\n"
    assert types(derive(page, name="page.md")["request"]) == {"kind": "string", "size": "number"}
