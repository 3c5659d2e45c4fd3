"""A list that is read page by page is asked for pages that its page allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.definition import loading
from contracts.planning.plan import plan

RECORD = """
| Name | Type | Required |
|---|---|---|
| id | string | yes |
| label | string | yes |
| created_at | date-time | yes |
"""
CREATE = f"""# Create

`POST /records`

## Request body

| Name | Type | Required |
|---|---|---|
| label | string | yes |

## Response `201`
{RECORD}"""
LISTED = RECORD.replace("| id", "| records | array of objects | yes |\n| records[].id").replace(
    "| label", "| records[].label"
)
LIST = f"""# List

`GET /records`

## Query parameters

| Name | Type | Description |
|---|---|---|
| page | integer | Which page, at least 1. Default: 1 |
| per_page | integer | {{size}} |

## Response `200`
{LISTED.replace("| created_at", "| records[].created_at")}"""


@pytest.mark.parametrize(
    ("said", "size"), [("Between 5 and 100. Default: 50", "5"), ("At most 100. Default: 50", "2")]
)
def test_no_page_is_shorter_than_the_documented_minimum(
    said: str, size: str, tmp_path: Path
) -> None:
    """Two items a page are refused where a page has at least five."""
    (tmp_path / "create.md").write_text(CREATE)
    (tmp_path / "list.md").write_text(LIST.format(size=said))
    pages = pages_of_api([tmp_path / "create.md", tmp_path / "list.md"])
    _, folder, *_ = start_api("records", pages, tmp_path / "apis")
    started = loading.load_all(str(folder))
    listed = next(each for each in started if each.operation.name == "list-records")
    cases = plan(listed, 0).cases
    asked = [dict(case.query) for case in cases if case.label.startswith("page ")]
    assert [each["per_page"] for each in asked] == [size, size]
    assert [each["page"] for each in asked] == ["1", "2"]
