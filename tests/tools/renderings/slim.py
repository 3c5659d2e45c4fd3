"""Make a rendering small enough to keep: its elements and its text, without what only the eye sees.

`python -m tests.tools.renderings.slim FILE.html > SMALL.html`
"""

from __future__ import annotations

import sys
from pathlib import Path

from lxml import etree, html

KEPT = frozenset({"role", "aria-hidden", "hidden"})
EMPTY = ("svg", "img", "path", "button", "div", "span", "input", "select", "option", "textarea")


def slim(text: str) -> str:
    """Return a page without styles.

    Without the attributes and the empty elements that no reader looks at.
    """
    tree = html.document_fromstring(text)
    etree.strip_elements(
        tree, "head", "svg", "select", "input", "textarea", "style", "script", with_tail=False
    )
    for node in tree.iter(etree.Element):
        for name in list(node.attrib):
            required = name == "class" and "--required" in node.attrib[name]
            if required:
                node.attrib[name] = next(
                    part for part in node.attrib[name].split() if "--required" in part
                )
            elif name not in KEPT:
                del node.attrib[name]
    _drop_empty(tree)
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _drop_empty(tree: html.HtmlElement) -> None:
    for node in reversed(list(tree.iter(*EMPTY))):
        parent = node.getparent()
        if parent is not None and not len(node) and not (node.text or "").strip():
            node.drop_tree()


if __name__ == "__main__":
    sys.stdout.write(slim(Path(sys.argv[1]).read_text(encoding="utf-8")))
