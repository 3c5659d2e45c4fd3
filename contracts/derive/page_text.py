"""The text of an input whose lines the facts cite: a page in HTML is read as the text on it."""

from contracts.derive.recognise import decoded, recognise


def page_text(raw: bytes, name: str) -> str:
    """Return the text of an input; of a page in HTML, what a person reads there."""
    if kind_of(raw, name) == "HTML":
        from contracts.derive.html.reader import extract  # noqa: PLC0415 - takes time to load

        return extract(decoded(raw, name).encode())
    return decoded(raw, name)


def kind_of(raw: bytes, name: str) -> str:
    """Return the kind of an input, such as ``OpenAPI``; UsageError when nothing reads it."""
    return recognise(raw, name)[0]
