"""Take the README's picture of a failing run again.

``python -m tests.reports.browser.picture FILE``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from contracts.reports.formats import html

from . import failing
from .opened import Opened, chromium, launched

SIZE = (1120, 1360)


def main(path: Path) -> None:
    """Write the picture; no Chromium, no picture."""
    executable = chromium()
    if executable is None:
        sys.exit("no Chromium is installed")
    with tempfile.TemporaryDirectory() as folder, launched(executable) as browser:
        report = Path(folder) / "report.html"
        report.write_text(html.render(failing.report()), encoding="utf-8")
        Opened(browser, report, size=SIZE).page.screenshot(path=path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
