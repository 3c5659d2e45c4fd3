"""Relations of lists to what was asked for in the query: how many items, which, in which order."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

from contracts.judge.history import Answer, History, Look, moment
from contracts.judge.relations.across import own_answers, shown_at_once
from contracts.judge.relations.forms import comparable, same_in_address
from contracts.schema.jsontext import is_number, show

MANY = 3  # items


def _heeding(
    history: History, parameters: Collection[str], shown: Callable[[Answer], Any]
) -> list[Answer]:
    """Return the run's own answers, or none of a server that shows the same whatever is asked.

    Where nothing was created its answers may be fixed ones, which say nothing of a parameter.
    """
    own = list(own_answers(history))
    by_rest: dict[str, set[str]] = {}
    for answer in own:
        query = answer.exchange.request.query
        rest = show({name: text for name, text in query.items() if name not in parameters})
        by_rest.setdefault(rest, set()).add(show(shown(answer)))
    created = any(each.accepted and each.request.method != "GET" for each in history.others)
    heeds = created or any(len(ways) > 1 for ways in by_rest.values())
    # a sample has few items, and one value for all of them
    return own if heeds or any(_is_collection(shown(answer)) for answer in own) else []


def _is_collection(parts: Any) -> bool:
    """Whether the parts of a list are many and differ, as those of what is really there."""
    return isinstance(parts, list) and len(parts) >= MANY and len(set(map(show, parts))) > 1


def _parts(answer: Answer, pattern: str) -> list[Any]:
    """Return what each item of a list has at a place."""
    return [part for _, part in answer.places(pattern)]


def check_sized(
    history: History, *, items: str, parameter: str, default: int | None = None
) -> Iterator[Look]:
    """Check that a list has no more items than a parameter asks for.

    With ``default`` there are no more than that where nothing is asked for.
    """

    def number_of(answer: Answer) -> int | None:
        shown = answer.got(items)
        return len(shown) if isinstance(shown, list) else None

    for answer in _heeding(history, {parameter}, number_of):
        number = number_of(answer)
        asked = answer.exchange.request.query.get(parameter, default)
        # none at all may stand for what is used where nothing is asked for
        if number is not None and str(asked).isdecimal() and int(str(asked)):
            ok = number <= int(str(asked))
            expected = f"at most {asked} items, as asked for"
            yield Look(answer.exchange, ok, items, expected, f"{number} items")


def check_filtered(
    history: History,
    *,
    item: str,
    parameter: str,
    items: str | None = None,
    asked: str = "",
    value: Any = None,
    partly: bool = False,
    default: str | None = None,
    values: Collection[str] = (),
) -> Iterator[Look]:
    """Check that each item of a list has at ``item`` what a parameter asks for: one of ``values``.

    Without ``items`` the answer itself has it. With ``asked`` only where the parameter is that
    text, for which the items have ``value``; with ``partly`` the text may be a part of what an item
    has; ``default`` is what is asked for where nothing is.
    """
    pattern = item if items is None else f"{items}/*{item}"
    parts = [part for answer in own_answers(history) for part in _parts(answer, pattern)]
    says_nothing = all(part is None for part in parts)  # a server that has null everywhere
    for answer in _heeding(history, {parameter}, partial(_parts, pattern=pattern)):
        text = answer.exchange.request.query.get(parameter, default)
        if text is None or (asked and asked != text) or (values and text not in values):
            continue
        wanted = value if asked else text
        expected = f"{show(wanted)}, as asked for"
        for place, part in answer.places(pattern):
            if isinstance(part, (str, int, float, list)) or (part is None and not says_nothing):
                is_part = partly and str(wanted).lower() in show(part).lower()
                yield answer.look(place, expected, part, ok=is_part or has(part, wanted))


def check_bounded(
    history: History, *, items: str, item: str, parameter: str, beyond: str, least: bool
) -> Iterator[Look]:
    """Check that no item of a list is on the wrong side of what a parameter asks for.

    It is asked for what is ``beyond`` all items.
    """
    for answer in _heeding(history, {parameter}, partial(_parts, pattern=f"{items}/*{item}")):
        if answer.exchange.request.query.get(parameter) != beyond:
            continue
        expected = f"{'not less' if least else 'not more'} than {beyond}, as asked for"
        shown = list(answer.places(f"{items}/*{item}"))
        if not shown:
            yield Look(answer.exchange, ok=True, place=items, expected=expected, got="no items")
        for place, part in shown:
            steps = _steps(part, float(beyond) if is_number(part) else beyond)
            if steps:
                yield answer.look(
                    place, expected, part, ok=steps[0] >= 0 if least else steps[0] <= 0
                )


def check_more(
    history: History, *, items: str, more: str, take: str, default: int | None = None
) -> Iterator[Look]:
    """Check that a list that is shorter than a page may be does not say that there is more.

    Of one that is filtered, some servers look at so many things and show what is left.
    """
    for answer in own_answers(history):
        shown, said = answer.got(items), answer.got(more)
        query = answer.exchange.request.query
        asked = str(query.get(take, default)) if query.keys() <= {take} else ""
        is_short = isinstance(shown, list) and asked.isdecimal() and len(shown) < int(asked)
        # what leads to the next page is null on the last one
        says_more = said if isinstance(said, bool) else said not in (None, "")
        is_told = said is None or isinstance(said, bool | str | int)
        if is_short and is_told:
            expected = f"nothing further, since a page may have {asked} items"
            yield answer.look(more, expected, said, ok=not says_more)
        elif is_told and query.keys() == {take} and _is_longer(answer, history, items):
            expected = "that there is more, since the whole list is longer"
            yield answer.look(more, expected, said, ok=says_more)


def _is_longer(answer: Answer, history: History, items: str) -> bool:
    """Whether the list that is not asked for in parts has more items, at the same state."""
    lists = [each for each in own_answers(history) if not each.exchange.request.query]
    longest = max([0, *shown_at_once(answer, lists, history, items)])
    return longest > len(answer.got(items) or ())


def check_ordered(
    history: History,
    *,
    items: str,
    by: str,
    parameter: str,
    ascending: str,
    descending: str,
    default: bool = False,
    ascends: bool = False,
    beside: Collection[str] = (),
) -> Iterator[Look]:
    """Check that a list is in the order of a member of its items that was asked for.

    The member is an instant, a number or a text. With ``default`` this is the order where none is
    asked for as well, also by parameters ``beside`` it: descending, unless it ``ascends``.
    """
    for answer in _heeding(history, {parameter}, partial(_parts, pattern=f"{items}/*{by}")):
        query = answer.exchange.request.query
        asked = query.get(parameter)
        is_usual = default and not {parameter, *beside} & query.keys()
        if asked not in (ascending, descending) and not is_usual:
            continue
        parts = _parts(answer, f"{items}/*{by}")
        for index, (before, part) in enumerate(pairwise(parts), 1):
            steps = _steps(before, part)
            if not steps:
                continue
            upwards = ascends if asked is None else asked == ascending
            ok = min(steps) <= 0 if upwards else max(steps) >= 0
            word = "not before" if upwards else "not after"
            expected = f"{word} {show(before)}, which comes before it"
            yield answer.look(f"{items}/{index}{by}", expected, part, ok=ok)


def check_paged(
    history: History,
    *,
    items: str,
    instant: str,
    take: str,
    skip: str,
    count: str = "",
    first_page: int | None = None,
    following: str = "",
) -> Iterator[Look]:
    """Check that pages are no longer than asked for, and that each is a part of the whole list.

    A page is compared with the list that was read without pages, as long as both have one
    count: another client may have created something in between. Without a count the list has to
    be the same before and after. What stands at a place is told by its instant, since two things
    of one moment may change places. With ``first_page`` ``skip`` is the number of a page, with
    ``following`` it is what the page before has there, or its last item.
    """
    for answer in _heeding(history, {take, skip}, partial(_parts, pattern=f"{items}/*{instant}")):
        query, shown = answer.exchange.request.query, answer.got(items)
        begin = query.get(skip, "")
        if following:
            begin = str(_begin(query, history, f"{items}/*", skip, following))
        numbers = [text for text in (query.get(take, ""), begin) if text.isdecimal()]
        if not isinstance(shown, list) or len(numbers) < 2:
            continue
        most, first = map(int, numbers)
        first = first if first_page is None else (first - first_page) * most
        expected = f"{most} items at most, as asked for"
        yield Look(answer.exchange, len(shown) <= most, items, expected, f"{len(shown)} items")
        whole = _whole_list(answer, history, {take, skip}, count, f"{items}/*{instant}")
        if whole is None or first + most > len(whole):
            continue
        part = whole[first : first + most]
        moments = list(map(show, _parts(answer, f"{items}/*{instant}")))
        expected = f"the {len(part)} items that the whole list has from {first} on"
        got = "others" if len(moments) == len(part) else f"{len(moments)} items"
        yield Look(answer.exchange, moments == part, items, expected, got)


def _begin(
    query: Mapping[str, str], history: History, items: str, skip: str, following: str
) -> int | None:
    """Return the place in a list at which a page begins that another one leads to by a text.

    The other one was asked for in the same way: one of another list may lead on by the same text.
    """
    if skip not in query:
        return 0
    rest = {name: text for name, text in query.items() if name != skip}
    for page in own_answers(history):
        texts = [str(part) for part in _parts(page, following)]
        if page.exchange.request.query == rest and query[skip] in texts:
            is_item = following.startswith(items)
            return texts.index(query[skip]) + 1 if is_item else len(_parts(page, items))
    return None


def _whole_list(
    page: Answer, history: History, paging: Collection[str], count: str, pattern: str
) -> list[str] | None:
    """Return what a list has that was asked for as a page was, but for being a page."""
    query = page.exchange.request.query
    rest = {name: text for name, text in query.items() if name not in paging}
    lists = [each for each in own_answers(history) if each.exchange.request.query == rest]
    if count:
        lists = [each for each in lists if each.got(count) == page.got(count)][-1:]
        return [show(value) for each in lists for value in _parts(each, pattern)] or None
    lists.sort(key=lambda each: moment(each.exchange))  # what may lag behind is read again later
    before = [each for each in lists if moment(each.exchange) < moment(page.exchange)][-1:]
    after = [each for each in lists if moment(each.exchange) > moment(page.exchange)][:1]
    found = [list(map(show, _parts(each, pattern))) for each in (*before, *after)]
    return found[0] if len(found) > 1 and found[0] == found[1] else None


def _steps(before: Any, after: Any) -> list[int]:
    """Return 1 where a value comes after the next one, -1 where before it; nothing if unknown.

    Texts are put in order in several ways: they are out of order only if they are in each.
    """
    pairs: list[tuple[Any, Any]] = []
    instants = comparable(before, after)
    if instants:
        pairs = [(instants[0], instants[1])]
    elif is_number(before) and is_number(after):
        pairs = [(before, after)]
    elif isinstance(before, str) and isinstance(after, str) and (before + after).isascii():
        orders: tuple[Callable[[str], str], ...] = (str, str.lower, _letters)
        pairs = [(order(before), order(after)) for order in orders]
    return [(left > right) - (left < right) for left, right in pairs]


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def has(value: Any, asked: Any) -> bool:
    """Whether a value is what an address asks for, or has it among its items.

    Capitals and small letters are the same, as many servers have it.
    """
    if isinstance(value, list):
        return any(has(item, asked) for item in value)
    if isinstance(value, bool):
        return str(value).lower() == str(asked).lower()
    if is_number(value) and not isinstance(asked, bool):
        try:
            return float(value) == float(asked)
        except ValueError:
            return False
    if isinstance(value, str) and isinstance(asked, str):
        return value.lower() == asked.lower() or same_in_address(value, asked)
    return False
