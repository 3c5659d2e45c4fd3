"""Long texts in a shell command: what is repeated in them is written once, with how often.

Example: ``[[[[…`` of 5,000 brackets is ``"$(repeat 5000 '[')"``.
"""

import re
import shlex

LEAST = 200  # characters that a repetition has at least; fewer are shown as they are
# the unit may begin with a number that counts up from 0, as in "m0":1,"m1":1,…
RUN = re.compile(
    r"(?P<unit>[^#\n]{1,64}?)(?P=unit){9,}"
    r"|(?P<head>[^\d#\n]{1,16})0(?P<tail>[^#\n]{1,64}?)(?:(?P=head)\d+(?P=tail)){9,}"
)
FUNCTION = (
    """repeat() { U="$2" awk -v n="$1" 'BEGIN { k = split(ENVIRON["U"], u, "#"); """
    """for (i = 0; i < n; i++) printf "%s", (k > 1 ? u[1] i u[2] : u[1]) }'; }"""
)


def quoted(text: str) -> str:
    """Return a text quoted for the shell; `FUNCTION` has to stand before a ``$(repeat`` in it."""
    if len(text) < LEAST:
        return shlex.quote(text)
    parts, end = [], 0
    for match in RUN.finditer(text):
        unit, count = _unit(match)
        if len(match[0]) >= LEAST and count:
            if match.start() > end:
                parts.append(shlex.quote(text[end : match.start()]))
            parts.append(f'"$(repeat {count} {shlex.quote(unit)})"')
            end = match.end()
    return "".join([*parts, shlex.quote(text[end:])] if end < len(text) else parts)


def _unit(match: re.Match[str]) -> tuple[str, int]:
    """Return what is repeated, with # where it counts, and how often; 0 where it does not count."""
    if match["unit"] is not None:
        return match["unit"], len(match[0]) // len(match["unit"])
    head, tail = match["head"], match["tail"]
    count = len(re.findall(f"{re.escape(head)}\\d+{re.escape(tail)}", match[0]))
    counted = "".join(f"{head}{number}{tail}" for number in range(count))
    return f"{head}#{tail}", count if counted == match[0] else 0
