"""Draw the documents with Docusaurus and its plugin for OpenAPI.

`python -m tests.tools.renderings.docusaurus FOLDER_OF_NODE_MODULES OUT` builds a site of all
documents and writes `OUT/docusaurus/NAME.html` and `NAME.txt`, everything unfolded. The packages
are those of docusaurus.json beside this file: copy it to a folder as package.json, and `npm install
--ignore-scripts` there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from playwright.sync_api import Page

from tests.reports.browser.opened import chromium, launched

from .documents import Document, documents
from .render import _press_all, _without_styles, _write

#: Modules of the snippets' generator that a browser has not.
_ABSENT = ("path", "buffer", "stream", "url", "util", "fs", "http", "https", "zlib", "crypto")
_CONFIG = """const names = NAMES;
const fallback = Object.fromEntries(ABSENT.map(name => [name, false]));
const config = Object.fromEntries(
  names.map(name => [name, {specPath: `specs/${name}.json`, outputDir: `docs/${name}`}]));
module.exports = {
  title: "Docs", url: "https://docs.example", baseUrl: "/", onBrokenLinks: "ignore",
  presets: [["classic",
    {docs: {routeBasePath: "/", docItemComponent: "@theme/ApiItem"}, blog: false}]],
  plugins: [
    () => ({name: "absent", configureWebpack: () => ({resolve: {fallback}})}),
    ["docusaurus-plugin-openapi-docs", {id: "api", docsPluginId: "classic", config}],
  ],
  themes: ["docusaurus-theme-openapi-docs"],
};
"""


def build(site: Path, modules: Path, some: Sequence[Document]) -> Path:
    """Write a site of documents into a folder, build it, and return the folder of its pages."""
    (site / "node_modules").symlink_to(modules)
    (site / "package.json").write_text((modules.parent / "package.json").read_text(), "utf-8")
    for document in some:
        _write(site / "specs", f"{document.name}.json", json.dumps(document.content))
    names = json.dumps([document.name for document in some])
    config = _CONFIG.replace("NAMES", names).replace("ABSENT", json.dumps(_ABSENT))
    _write(site, "docusaurus.config.js", config)
    program = str(modules / ".bin" / "docusaurus")
    (site / "docs").mkdir()
    for arguments in (("gen-api-docs", "all"), ("build",)):
        subprocess.run([program, *arguments], cwd=site, check=True)  # noqa: S603  ours
    return site / "build"


def draw(page: Page, address: str) -> tuple[str, str]:
    """Return the HTML and the text of a page, everything unfolded."""
    page.goto(address)
    page.wait_for_timeout(2500)
    _press_all("details:not([open]) > summary", 4)(page)
    return _without_styles(page.content()), page.inner_text("article")


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw every document."""
    modules, out = (sys.argv[1:] if arguments is None else list(arguments))[:2]
    executable = chromium()
    if executable is None:
        sys.stderr.write("no Chromium is installed\n")
        return 2
    some = list(documents())
    with TemporaryDirectory() as folder, launched(executable) as browser:
        pages = build(Path(folder), Path(modules).resolve(), some)
        handler = partial(SimpleHTTPRequestHandler, directory=str(pages))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        for path in sorted(pages.glob("*/*/index.html")):
            name = path.parent.parent.name
            if "openapi__method-endpoint" not in path.read_text(encoding="utf-8"):
                continue  # what the document says of itself
            page = browser.new_page(viewport={"width": 1600, "height": 1200})
            address = f"http://127.0.0.1:{server.server_port}/{name}/{path.parent.name}/"
            html, text = draw(page, address)
            page.close()
            _write(Path(out) / "docusaurus", f"{name}.html", html)
            _write(Path(out) / "docusaurus", f"{name}.txt", text)
            sys.stdout.write(f"docusaurus {name} {len(html)} {len(text)}\n")
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
