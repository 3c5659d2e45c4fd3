"""Render OpenAPI documents with the packages that people publish their docs with.

`python -m tests.tools.renderings.render FOLDER_OF_NODE_MODULES OUT` writes, for each renderer and
each document, `OUT/RENDERER/NAME.html` (what the browser holds) and `NAME.txt` (what a person
copies), and `NAME.md` for those that write Markdown. The packages are those of package.json beside
this file: `npm install --ignore-scripts` in a folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree
from lxml import html as parser
from playwright.sync_api import Browser, Page

from tests.reports.browser.opened import chromium, launched

from .documents import Document, documents, of_3_0

SETTLED = 700  # milliseconds for what a renderer draws after it has drawn


@dataclass(frozen=True)
class Renderer:
    """A package that draws a document in a browser: its files, its page.

    What to open before it is read.
    """

    name: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    body: str
    ready: str
    unfold: Callable[[Page], None] | None = None
    fragment: str = ""
    older: bool = False
    copied: bool = True  # browsers copy nothing of what stands in a shadow tree


def _press_all(selector: str, rounds: int = 6) -> Callable[[Page], None]:
    """Return what presses every closed button.

    Those that appear below it, a number of times.
    """

    def press(page: Page) -> None:
        for _ in range(rounds):
            script = (
                "all => { for (const one of all)"
                " one.dispatchEvent(new MouseEvent('click', {bubbles: true})); return all.length }"
            )
            if not page.locator(selector).evaluate_all(script):
                return
            page.wait_for_timeout(150)

    return press


def _unfold_scalar(page: Page) -> None:
    closed = ", ".join(
        f"{part}[aria-expanded=false]"
        for part in (".schema-properties button", ".parameter-item-trigger", ".response button")
    )
    _press_all(closed)(page)


RENDERERS = (
    Renderer(
        "redoc",
        ("redoc/bundles/redoc.standalone.js",),
        (),
        "<div id='at'></div><script>Redoc.init(DOCUMENT, "
        "{expandResponses: 'all', schemasExpansionLevel: 9,"
        " scrollYOffset: 0, disableSearch: true}, document.getElementById('at'))</script>",
        "table tr",
        _press_all("td button[aria-expanded=false], h5 + div button[aria-expanded=false]"),
    ),
    Renderer(
        "redoc-3.0",
        ("redoc/bundles/redoc.standalone.js",),
        (),
        "<div id='at'></div><script>Redoc.init(DOCUMENT, "
        "{expandResponses: 'all', schemasExpansionLevel: 9,"
        " scrollYOffset: 0, disableSearch: true}, document.getElementById('at'))</script>",
        "table tr",
        _press_all("td button[aria-expanded=false], h5 + div button[aria-expanded=false]"),
        older=True,
    ),
    Renderer(
        "swagger-ui",
        ("swagger-ui-dist/swagger-ui-bundle.js",),
        ("swagger-ui-dist/swagger-ui.css",),
        "<div id='at'></div><script>"
        "SwaggerUIBundle({spec: DOCUMENT, dom_id: '#at', docExpansion: 'full',"
        " defaultModelRendering: 'model', defaultModelExpandDepth: 9, "
        "defaultModelsExpandDepth: -1})</script>",
        ".opblock-body .responses-wrapper",
    ),
    Renderer(
        "swagger-ui-3.0",
        ("swagger-ui-dist/swagger-ui-bundle.js",),
        ("swagger-ui-dist/swagger-ui.css",),
        "<div id='at'></div><script>"
        "SwaggerUIBundle({spec: DOCUMENT, dom_id: '#at', docExpansion: 'full',"
        " defaultModelRendering: 'model', defaultModelExpandDepth: 9, "
        "defaultModelsExpandDepth: -1})</script>",
        ".opblock-body .model",
        _press_all(".model-toggle.collapsed"),
        older=True,
    ),
    Renderer(
        "swagger-example",
        ("swagger-ui-dist/swagger-ui-bundle.js",),
        ("swagger-ui-dist/swagger-ui.css",),
        "<div id='at'></div><script>"
        "SwaggerUIBundle({spec: DOCUMENT, dom_id: '#at', docExpansion: 'full',"
        " defaultModelsExpandDepth: -1})</script>",
        ".opblock-body .responses-wrapper",
    ),
    Renderer(
        "stoplight",
        ("@stoplight/elements/web-components.min.js",),
        ("@stoplight/elements/styles.min.css",),
        "<elements-api id='at' router='hash' layout='responsive'></elements-api>"
        "<script>document.getElementById('at').apiDescriptionDocument = DOCUMENT</script>",
        "[data-test=property-type]",
        _press_all("[data-test=schema-row] [role=button] [data-icon=chevron-right]"),
        "#/operations/{operation_id}",
    ),
    Renderer(
        "scalar",
        ("@scalar/api-reference/dist/browser/standalone.js",),
        (),
        "<div id='at'></div><script>Scalar.createApiReference('#at', "
        "{content: DOCUMENT, withDefaultFonts: false,"
        " defaultOpenAllTags: true, expandAllResponses: true, expandAllModelSections: "
        "true})</script>",
        ".property-heading",
        _unfold_scalar,
    ),
    Renderer(
        "rapidoc",
        ("rapidoc/dist/rapidoc-min.js",),
        (),
        "<rapi-doc id='at' render-style='view' schema-style='table' "
        "default-schema-tab='schema' load-fonts='false'"
        " schema-expand-level='9' schema-description-expanded='true' "
        "update-route='false'></rapi-doc>"
        "<script>customElements.whenDefined('rapi-doc').then("
        "() => document.getElementById('at').loadSpec(DOCUMENT))</script>",
        "rapi-doc",
        _press_all(".endpoint-head.collapsed", 1),
        copied=False,
    ),
    Renderer(
        "rapidoc-example",
        ("rapidoc/dist/rapidoc-min.js",),
        (),
        "<rapi-doc id='at' render-style='view' schema-style='table' "
        "default-schema-tab='example' load-fonts='false'"
        " schema-expand-level='9' schema-description-expanded='true' "
        "update-route='false'></rapi-doc>"
        "<script>customElements.whenDefined('rapi-doc').then("
        "() => document.getElementById('at').loadSpec(DOCUMENT))</script>",
        "rapi-doc",
        _press_all(".endpoint-head.collapsed", 1),
        copied=False,
    ),
)  # fmt: skip

#: Renderers whose two tabs, the list of members and the example, make one text together.
BOTH_TABS = {"swagger-ui": "swagger-example", "rapidoc": "rapidoc-example"}

# What stands in a shadow tree, or in a field to edit, is put beside it, so that it is text and
# markup as the rest is.
FLATTEN = """() => {
  const flatten = root => {
    for (const host of [...root.querySelectorAll("*")].filter(one => one.shadowRoot)) {
      flatten(host.shadowRoot);
      const block = document.createElement("div");
      block.append(...[...host.shadowRoot.childNodes].filter(one => one.nodeName !== "STYLE"));
      host.replaceWith(block);
    }
  };
  flatten(document);
  for (const field of document.querySelectorAll("textarea")) {
    const text = document.createElement("pre");
    text.textContent = field.value;
    field.replaceWith(text);
  }
}"""


def draw(
    browser: Browser, renderer: Renderer, document: Document, modules: Path
) -> tuple[str, str, str]:
    """Return the HTML of a document, its text as it is drawn and as it is copied, unfolded."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(_page(renderer, document, modules), encoding="utf-8")
        page = browser.new_context(
            viewport={"width": 1600, "height": 1200},
            permissions=["clipboard-read", "clipboard-write"],
        ).new_page()
        fragment = renderer.fragment.format(operation_id=document.operation_id)
        page.goto(file.as_uri() + fragment)
        page.wait_for_selector(renderer.ready, state="attached", timeout=20_000)
        page.wait_for_timeout(SETTLED)
        if renderer.unfold:
            renderer.unfold(page)
        copy = _copied(page) if renderer.copied else ""
        page.evaluate(FLATTEN)
        html, text = page.content(), page.inner_text("body")
        page.context.close()
    return _without_styles(html), text, copy


def _copied(page: Page) -> str:
    """Return what a person pastes who copies all of a page: not what its styles make of it.

    Capitals that only a style makes, and most empty lines, are in the text that is drawn alone.
    """
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    field = page.context.new_page()
    field.set_content("<textarea></textarea>")
    field.focus("textarea")
    field.keyboard.press("Control+V")
    return field.input_value("textarea")


def _without_styles(html: str) -> str:
    tree = parser.document_fromstring(html)
    etree.strip_elements(tree, "script", "style", "svg", "link", with_tail=False)
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _page(renderer: Renderer, document: Document, modules: Path) -> str:
    scripts = "".join(
        f"<script src='{(modules / file).as_uri()}'></script>" for file in renderer.scripts
    )
    styles = "".join(
        f"<link rel='stylesheet' href='{(modules / file).as_uri()}'>" for file in renderer.styles
    )
    content = of_3_0(document).content if renderer.older else document.content
    body = renderer.body.replace("DOCUMENT", json.dumps(content).replace("</", "<\\/"))
    return f"<!doctype html><html><head><meta charset='utf-8'>{styles}{scripts}</head><body>{body}</body></html>"  # noqa: E501


_SCALAR = """import { readFileSync } from "fs";
const { createMarkdownFromOpenApi } = await import(process.argv[1]);
process.stdout.write(await createMarkdownFromOpenApi(readFileSync(process.argv[2], "utf8")));
"""


def markdown(document: Document, modules: Path) -> dict[str, str]:
    """Return what the packages that write Markdown write of a document."""
    with TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.json", Path(folder) / "out.md"
        source.write_text(json.dumps(document.content), encoding="utf-8")
        widdershins = str(modules / "widdershins" / "widdershins.js")
        _node(widdershins, "--omitHeader", str(source), "-o", str(out))
        writer = (modules / "@scalar" / "openapi-to-markdown" / "dist" / "index.js").as_uri()
        scalar = _node("--input-type=module", "-e", _SCALAR, writer, str(source))
        return {"widdershins": out.read_text(encoding="utf-8"), "scalar-markdown": scalar}


def _node(*arguments: str) -> str:
    command = ["node", *arguments]  # node is the one on the path, and the arguments are ours
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def join_tabs(out: Path) -> None:
    """Write the texts of both tabs of a renderer, one behind the other, as a form of its own."""
    for members, example in BOTH_TABS.items():
        for file in sorted((out / members).glob("*.txt")):
            second = out / example / file.name
            if second.exists():
                texts = [each.read_text(encoding="utf-8") for each in (file, second)]
                _write(out / f"{members}+example", file.name, "\n".join(texts))


def main(arguments: Sequence[str] | None = None) -> int:
    """Render every document with every renderer, or with those named behind the folders."""
    modules, out, *only = sys.argv[1:] if arguments is None else list(arguments)
    executable = chromium()
    if executable is None:
        sys.stderr.write("no Chromium is installed\n")
        return 2
    with launched(executable) as browser:
        for document in documents():
            for renderer in RENDERERS:
                if only and renderer.name not in only:
                    continue
                html, text, copy = draw(browser, renderer, document, Path(modules).resolve())
                _write(Path(out) / renderer.name, f"{document.name}.html", html)
                _write(Path(out) / renderer.name, f"{document.name}.txt", text)
                if copy:
                    _write(Path(out) / f"{renderer.name}-copied", f"{document.name}.txt", copy)
                sys.stdout.write(f"{renderer.name} {document.name} {len(html)} {len(text)}\n")
            if not only or "markdown" in only:
                for name, text in markdown(document, Path(modules).resolve()).items():
                    _write(Path(out) / name, f"{document.name}.md", text)
    join_tabs(Path(out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
