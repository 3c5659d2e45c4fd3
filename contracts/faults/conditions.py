"""The conditions under which a seeded fault shows."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from contracts.model import ABSENT
from contracts.schema.jsontext import same


def condition_holds(
    when: Mapping[str, Any], address: str, sent: Any, status: int, number: int
) -> bool:
    """Whether a fault shows for this request: its address, what was sent, status, and number."""
    path, _, query = address.partition("?")
    members = sent if isinstance(sent, dict) else {}

    def longer(limits: Mapping[str, int]) -> bool:
        return all(
            isinstance(members.get(name), str) and len(members[name]) > least
            for name, least in limits.items()
        )

    def compared(limits: Mapping[str, float], is_beyond: Callable[[float, float], bool]) -> bool:
        numbers = [(members.get(name), limit) for name, limit in limits.items()]
        return all(isinstance(n, (int, float)) and is_beyond(n, limit) for n, limit in numbers)

    tests: dict[str, Callable[[Any], bool]] = {
        "every": lambda n: number % int(n) == 0,
        "first": lambda n: number <= int(n),
        "from": lambda n: number >= int(n),
        "equals": lambda values: all(members.get(n) == value for n, value in values.items()),
        "one_of": lambda options: all(
            any(same(members.get(name, ABSENT), value) for value in values)
            for name, values in options.items()
        ),
        "has": lambda names: all(members.get(name) is not None for name in names),
        "null": lambda names: all(name in members and members[name] is None for name in names),
        "lacks": lambda names: all(name not in members for name in names),
        "longer": longer,
        "above": lambda limits: compared(limits, operator.gt),
        "below": lambda limits: compared(limits, operator.lt),
        "contains": lambda parts: all(p in str(members.get(n)) for n, p in parts.items()),
        "non_ascii": lambda names: not any(str(members.get(n, "")).isascii() for n in names),
        "path": lambda part: str(part) in path,
        "query": lambda part: str(part) in query.split("&"),
        "status": lambda argument: status == argument,
    }
    return all(tests[name](argument) for name, argument in when.items())
