"""What is special about a request, in small parts: what those that fail may have in common."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from contracts.judge.history import key
from contracts.judge.oddities import ODD_TEXTS, oddities
from contracts.model import CREDENTIAL, Contract, Exchange
from contracts.planning.bodies.fields import plain_members
from contracts.planning.bodies.templates import sample
from contracts.schema.jsontext import is_number

# a member's name and what is special about it, as ("amount", "fractional"); what is odd about a
# text has no name, since a server stumbles over it in any member
Feature = tuple[str, str]
Requests = Sequence[Iterable[Feature]]  # as what is special about each
ANY_TEXT, LEFT_OUT = "", "left out"
UNUSUAL, BEGINNING = "begins otherwise than usual", 3  # characters that are looked at
SIZES = (4, 6, 8, 10, 12, 16, 20, 32, 50, 100)  # of an object or a list that a server may refuse
LIMITS = (1, 10, 12, 20, 25, 30, 32, 40, 50, 60, 64, 80, 100, 128, 255, 1_000)  # of texts
LENGTHS = sorted({limit + more for limit in LIMITS for more in (0, 1)})  # at a limit, and beyond
NUMBERS = tuple(step * 10**power for power in range(8) for step in (1, 2, 5))
BYTES = (100_000, 1_000_000)  # of a body
COMMON_TO, AT_ONCE = 2, 3  # failures that have something in common; features that are combined
MOST_LOOKED_AT = 120  # features, those first that most failures have
MORE_IS_LESS = 0.8  # how much less a combination counts for each further feature


def features(contract: Contract, exchange: Exchange) -> dict[Feature, None]:
    """Return all that a failure may depend on, the most general first.

    Which members there are or are left out, what is in them, their states, the form of it all.
    """
    case = exchange.case
    body = exchange.case.body
    length = len(exchange.request.body or b"")
    form = ["a body"] if length else []
    form += [f"at least {bound} bytes" for bound in BYTES if length >= bound]
    if not isinstance(body, dict):
        return {(ANY_TEXT, part): None for part in form}
    names = list(body)
    usual = plain_members(contract)
    form += [f"first {names[0]}", f"last {names[-1]}"] if names else []
    form += [f"media type {case.media_type}", f"white space {case.spread}"]
    form += [f"credential {case.authorization}"] if case.authorization != CREDENTIAL else []
    return dict.fromkeys(
        [
            *((name, "there") for name, value in body.items() if value is not None),
            *((name, LEFT_OUT) for name in contract.documented_members if name not in body),
            *(part for name, value in body.items() for part in member_features(name, value)),
            *((name, f"in the state {state}") for name, state in case.states.items()),
            *((name, UNUSUAL) for name in body if _begins_otherwise(body[name], usual.get(name))),
            *((name, key(value)) for name, value in body.items()),
            *((ANY_TEXT, part) for part in form),
        ]
    )


def member_features(name: str, value: Any) -> Iterator[Feature]:
    """Yield what a member is, how large it is, and what is odd in it."""
    # an id of our own is a text where what the server handed out is a marker
    yield (name, type(value).__name__)
    yield from ((ANY_TEXT if odd in ODD_TEXTS else name, odd) for odd in oddities(value))
    if is_number(value):
        yield from ((name, f"at least {bound}") for bound in NUMBERS if value >= bound)
        yield from ((name, f"at most {bound}") for bound in NUMBERS if value <= bound)
        if abs(value) < NUMBERS[-1]:
            yield from ((name, f"{value % step > 0} rest by {step}") for step in (100, 1000))
    elif isinstance(value, str):
        text = sample(value)
        yield from ((name, f"{bound} characters") for bound in LENGTHS if len(text) >= bound)
        yield from ((name, f"up to {bound}") for bound in LENGTHS if len(text) <= bound)
        yield from _of_text(name, text)
    elif isinstance(value, dict | list):
        yield from ((name, f"at least {size} of") for size in SIZES if len(value) >= size)
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for inner, member in inside if len(value) <= SIZES[-1] else ():
            yield (name, f"with a {type(member).__name__}")
            yield from _of_text(name, str(inner), "names ")
            yield from _of_text(name, sample(member), "texts ") if isinstance(member, str) else ()


def _of_text(name: str, text: str, where: str = "") -> Iterator[Feature]:
    """Yield what characters a text has."""
    signs = {sign for sign in text[: LENGTHS[-1]] if not sign.isalnum()}
    yield from ((name, f"{where}with {sign!r}") for sign in sorted(signs))
    kinds = {
        "empty": not text,
        "digits only": text.isdigit(),
        "with capitals": text != text.lower(),
        "beyond ASCII": not text.isascii(),
        "beyond Latin": any(ord(sign) >= 0x250 for sign in text),
    }
    names = [kind for kind, is_so in kinds.items() if is_so]
    yield from ((owner, f"{where}{kind}") for kind in names for owner in (name, ANY_TEXT))


def _begins_otherwise(value: Any, usual: Any) -> bool:
    """Whether a value is no text that begins as a usual one: a number of another country, say.

    What looks at how a text begins may stumble over null and over other types as well.
    """
    if not isinstance(usual, str):
        return False
    beginning = sample(usual)[:BEGINNING]
    return not (isinstance(value, str) and sample(value).startswith(beginning))


def members_with(exchange: Exchange, wanted: Collection[Feature]) -> set[str]:
    """Return the members of a body that have any of some features."""
    body = exchange.case.body if isinstance(exchange.case.body, dict) else {}
    odd = {feature for feature in wanted if feature[0] == ANY_TEXT}
    texts = {name for name, value in body.items() if odd & {*member_features(name, value)}}
    return texts | {name for name, _ in wanted if name in body}


def in_common(failing: Requests, taken: Requests) -> tuple[Feature, ...]:
    """Return the few features that most failing requests have together and none that was taken.

    Nothing where no two of the failing ones have such features. What needs fewer of them counts
    for more.
    """
    accepted = _masks(taken)
    # by which failing and which taken requests have it; of features that are alike in that, one
    alike: dict[tuple[int, int], Feature] = {}
    for feature, having in _masks(failing).items():
        if having.bit_count() >= COMMON_TO:
            alike.setdefault((having, accepted.get(feature, 0)), feature)
    ranked = sorted(alike, key=lambda masks: (-masks[0].bit_count(), masks[1].bit_count()))
    best: tuple[float, tuple[Feature, ...]] = (0, ())
    # combinations that a taken request has as well: the rank to go on with, which failing and
    # which taken requests have all of it (-1 is every one), and its features
    unfinished: list[tuple[int, int, int, tuple[Feature, ...]]] = [(0, -1, -1, ())]
    for start, failing_with, taken_with, combination in unfinished:
        factor = MORE_IS_LESS ** len(combination)
        for rank, (having, also) in enumerate(ranked[start:MOST_LOOKED_AT], start + 1):
            if having.bit_count() * factor <= best[0]:
                break  # nor has any that follows more
            count = (failing_with & having).bit_count()
            if count * factor <= best[0] or count < COMMON_TO:
                continue
            longer = (*combination, alike[having, also])
            if not taken_with & also:
                best = count * factor, longer
            elif len(longer) < AT_ONCE:
                unfinished.append((rank, failing_with & having, taken_with & also, longer))
    return best[1]


def _masks(rows: Requests) -> Mapping[Feature, int]:
    """Return in which rows each feature is, as the bits of a number."""
    masks: dict[Feature, int] = {}
    for number, row in enumerate(rows):
        for feature in row:
            masks[feature] = masks.get(feature, 0) | 1 << number
    return masks
