"""Text from outside made harmless, one function for each place it is written to."""

import re
from typing import Any

from markupsafe import Markup

# what a terminal obeys, what turns the direction of text, and what XML and UTF-8 have no place for
_UNSEEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """Escape characters that a reader would not see and a program might obey, also line breaks."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def harmless(value: Any) -> Any:
    """Return a value with `visible` characters if it is a text that is not markup of our own."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def markdown(text: str) -> str:
    """Escape a text so that Markdown and the HTML in it show it as it is."""
    return re.sub(r"([\\`*_\[\]<>#!|~@&$])", r"\\\1", visible(text))


def code(text: str) -> str:
    """Put a text into a Markdown code span that it can't leave."""
    plain = visible(text) or " "
    ticks = "`" * (_longest_run(plain) + 1)
    space = " " if "`" in (plain[0], plain[-1]) else ""
    return f"{ticks}{space}{plain}{space}{ticks}"


def cell(text: str) -> str:
    """Put a text into a code span in a Markdown table, where a bar would begin another cell."""
    return code(text).replace("|", "\\|")


def fence(text: str, language: str = "") -> str:
    """Put the lines of a text into a Markdown code block that they can't leave."""
    lines = [visible(line) for line in text.split("\n")]
    ticks = "`" * max(3, _longest_run(text) + 1)
    return "\n".join([f"{ticks}{language}", *lines, ticks])


def command_value(text: str) -> str:
    """Escape the message of a GitHub workflow command; lines may be several."""
    lines = text.replace("%", "%25").split("\n")
    return "%0A".join(visible(line) for line in lines)


def command_property(text: str) -> str:
    """Escape a property of a GitHub workflow command."""
    return command_value(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
