"""The tree of a page in HTML, and what its elements are."""

import re

from lxml import etree, html


def title_panels(tree: html.HtmlElement) -> None:
    """Put the status of each answer into its panel, where a row of tabs has the statuses."""
    for row in tree.xpath("//*[@role='tablist']"):
        titles = [tab.text_content().strip() for tab in row.xpath(".//*[@role='tab']")]
        boxes = (box.xpath(".//*[@role='tabpanel']") for box in row.iterancestors())
        inside: list[html.HtmlElement] = next(filter(None, boxes), [])
        panels = [
            panel for panel in inside if not any(other in inside for other in panel.iterancestors())
        ]
        if len(panels) == len(titles) and all(re.match(r"[1-5]\d\d\b", title) for title in titles):
            row.set("role", "navigation")
            for panel, title in zip(panels, titles, strict=True):
                caption = html.Element("div")
                caption.text = title
                caption.tail = panel.text
                panel.text = None
                panel.insert(0, caption)


def parse(raw: bytes) -> html.HtmlElement | None:
    """Parse a page, whatever is wrong with its markup; None where there is nothing in it."""
    text = raw.decode("utf-8-sig", errors="replace")
    text = re.sub(r"^\s*<\?xml[^<>]*\?>", "", text).replace("\x00", "")
    try:
        return html.document_fromstring(text, parser=html.HTMLParser(recover=True, huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def name_parameters(tree: html.HtmlElement) -> None:
    """Put the variables in a path into braces: `/users/<var>userId</var>`."""
    for variable in [*tree.iter("var")]:
        above = variable.getprevious()
        parent = variable.getparent()
        before = above.tail if above is not None else parent.text if parent is not None else ""
        if (before or "").endswith("/") and re.fullmatch(r"[A-Za-z]\w*", variable.text or ""):
            variable.text = f"{{{variable.text}}}"
            variable.drop_tag()


_REQUIRED_CLASS = re.compile(r"(?:^|\s)\S*--required(?:\s|$)")


def is_required(node: html.HtmlElement) -> bool:
    """Whether only the class of a box says that its member is required, and no word or star."""
    if not _REQUIRED_CLASS.search(node.get("class") or ""):
        return False
    beginning = "".join(node.itertext())[:80].lower()
    return "required" not in beginning and "*" not in beginning


def is_hidden(node: html.HtmlElement) -> bool:
    """Whether an element is no part of what the page says: navigation, or for the eye alone."""
    aside = node.get("role") in {"navigation", "search", "banner", "contentinfo"}
    return aside or node.get("aria-hidden") == "true"
