"""Chromium, and reports opened in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # the browser itself asks nobody for anything either
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE = (1280, 900), (390, 844)


def chromium() -> str | None:
    """Give the path of the Chromium that is installed, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(executable: str) -> Iterator[Browser]:
    """Run a headless browser with a profile of its own while the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        yield browser
        browser.close()


class Opened:
    """A report opened from disk, with everything that went on besides: it should be nothing."""

    def __init__(
        self,
        browser: Browser,
        path: Path,
        *,
        fragment: str = "",
        size: tuple[int, int] = DESKTOP,
        scheme: Literal["light", "dark"] = "light",
        scripts: bool = True,
    ) -> None:
        viewport = {"width": size[0], "height": size[1]}
        self.page: Page = browser.new_page(
            viewport=viewport,  # type: ignore[arg-type]  # a TypedDict, and this is one
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        self.address = path.resolve().as_uri()
        self.events: list[str] = []
        self.page.on("console", lambda message: self.events.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.events.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.events.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.events.append(f"request: {request.url}"))
        self.page.goto(self.address + fragment)

    @property
    def unexpected(self) -> list[str]:
        """Everything that happened, but for the loading of the file itself."""
        return [
            event for event in self.events if event.partition("#")[0] != f"request: {self.address}"
        ]

    @property
    def fragment(self) -> str:
        """The fragment of the address by now."""
        return self.page.url.partition("#")[2]

    def clauses(self) -> list[str]:
        """Give the clauses that the table shows."""
        return self.page.locator("#clauses tbody tr:not([hidden]) code").all_text_contents()

    def tab_to(self, selector: str) -> None:
        """Press Tab until the element has the focus, as a person without a mouse does."""
        for _ in range(400):
            if self.page.locator(selector).first.evaluate(
                "element => element === document.activeElement"
            ):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} can't be reached by Tab")
