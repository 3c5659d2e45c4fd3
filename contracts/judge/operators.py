"""Relations between request, response and history: one generator function each, one table.

The rules stand in `contracts.judge.relations`. A rule takes the `History` of a run and what a
row of contract.toml says, by the names of its parameters, and yields a `Look` for every place
where the relation could have been broken. It says nothing where the schema is broken already,
and nothing where a member it speaks of is absent or null, unless that is what it is about.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from contracts.judge.history import History, Look
from contracts.judge.relations import (
    across,
    amounts,
    asked,
    leaks,
    likely,
    lists,
    one_answer,
    refusals,
    tidied,
    usual,
    whole_run,
)
from contracts.model import Contract

NO_MEMBER = "no response had the member"
NO_SENT_MEMBER = "no accepted request had such a member"
FEW = f"fewer than {usual.USUAL}"
RESERVED = {"except": "except_", "sum": "sum_"}  # arguments that Python has a meaning for


@dataclass(frozen=True, slots=True)
class Operator:
    """A row of the table: the rule, and why it may have had nothing to look at.

    `alone` says that the rule looks at each answer by itself.
    """

    check: Callable[..., Iterator[Look]]
    idle: str
    alone: bool = False

    def rule(self, arguments: Mapping[str, Any], history: History) -> Iterator[Look]:
        """Look at a history; `arguments` are those of a row of contract.toml."""
        names = [name for name in (*self.arguments, *self.options) if name in arguments]
        stated = {RESERVED.get(name, name): arguments[name] for name in names}
        return self.check(history, **stated)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that the rule takes always."""
        return _parameters(self.check, required=True)

    @property
    def options(self) -> tuple[str, ...]:
        """The arguments that may be left out."""
        return _parameters(self.check, required=False)


@cache  # a rule is asked for its arguments whenever it looks at a history
def _parameters(check: Callable[..., Iterator[Look]], *, required: bool) -> tuple[str, ...]:
    """Return the names of what a rule takes beside the history, always or optionally."""
    parameters = list(inspect.signature(check).parameters.values())[1:]
    fitting = [
        parameter for parameter in parameters if (parameter.default is parameter.empty) is required
    ]
    return tuple(parameter.name.rstrip("_") for parameter in fitting)


OPERATORS: dict[str, Operator] = {
    # alone but for what was handed out before
    "echo": Operator(one_answer.check_echo, NO_SENT_MEMBER, alone=True),
    "echo_members": Operator(one_answer.check_echo_members, NO_SENT_MEMBER, alone=True),
    "comes_back": Operator(tidied.check_comes_back, NO_SENT_MEMBER, alone=True),
    "default": Operator(one_answer.check_default, NO_MEMBER, alone=True),
    "is": Operator(one_answer.check_schema, NO_MEMBER, alone=True),
    "present": Operator(
        one_answer.check_present, "no response had what it would be in", alone=True
    ),
    "product": Operator(amounts.check_product, "no response had all of these numbers", alone=True),
    "fixed_amount": Operator(
        one_answer.check_fixed_amount, "no response had such a decrease", alone=True
    ),
    "equal": Operator(one_answer.check_equal, "no response had both members", alone=True),
    "parameter": Operator(one_answer.check_parameter, NO_MEMBER, alone=True),
    "unique": Operator(whole_run.unique, NO_MEMBER),
    "unique_within": Operator(one_answer.check_unique_within, NO_MEMBER, alone=True),
    "joined": Operator(
        whole_run.joined, "the sandbox handed out nothing that an order could join by"
    ),
    "separate": Operator(whole_run.separate, NO_MEMBER),
    "created": Operator(one_answer.check_created, "no such request was accepted", alone=True),
    "paired": Operator(whole_run.paired, "no response had both members"),
    "alike": Operator(
        usual.alike, f"{FEW} responses had such a text, or their texts have no form in common"
    ),
    "usual": Operator(
        usual.usual, f"{FEW} responses had such a value, or it differs from order to order"
    ),
    "members": Operator(
        usual.members, f"{FEW} responses had such an object, or their members differ"
    ),
    "usual_within": Operator(
        usual.usual_within, f"{FEW} responses were alike, or none had the object"
    ),
    "together": Operator(
        usual.together, f"{FEW} responses had two such times, or they are apart in many"
    ),
    "constant": Operator(whole_run.constant, "fewer than two responses had the member"),
    "not_before": Operator(
        one_answer.check_not_before, "no response had two comparable times", alone=True
    ),
    "isolated": Operator(whole_run.isolated, "no request was accepted"),
    "unsent": Operator(whole_run.unsent, "no such request was accepted"),
    "nothing": Operator(one_answer.check_nothing, NO_SENT_MEMBER, alone=True),
    "totals": Operator(
        one_answer.check_totals,
        "no accepted request and its answer had such entries",
        alone=True,
    ),
    "refusal_status": Operator(refusals.status, "no such request was refused", alone=True),
    "refusal_body": Operator(
        refusals.body, "no request was refused with such a status and body", alone=True
    ),
    "reads_back": Operator(across.check_reads_back, "nothing that was created was read"),
    "gone": Operator(across.check_gone, "nothing was read after it was deleted"),
    "stays": Operator(across.check_stays, "nothing was read after it was changed"),
    "unchanged": Operator(across.check_unchanged, "nothing was read twice"),
    "listed": Operator(lists.check_listed, "no list was read after something was created"),
    "counts": Operator(lists.check_counts, "no list had a count"),
    "ordered": Operator(asked.check_ordered, "no list had two items"),
    "sized": Operator(asked.check_sized, "no list was asked for so many items"),
    "filtered": Operator(asked.check_filtered, "no list that was asked for so had an item"),
    "paged": Operator(asked.check_paged, "no pages were read"),
    "refused_absent": Operator(
        lists.check_refused_absent, "nothing was refused that a list could have"
    ),
    "once": Operator(lists.check_once, "no reference was sent"),
    "hidden": Operator(across.check_hidden, "no list was read by another tenant"),
    "joins": Operator(across.check_joins, "nothing was created with a share id that was read"),
    "unique_by": Operator(across.check_unique_by, "no answer had the member"),
    "now": Operator(likely.check_now, "no response had such a time", alone=True),
    "distinct": Operator(likely.check_distinct, "no response had two such ids", alone=True),
    "at_most": Operator(likely.check_at_most, "no response had both numbers", alone=True),
    "several": Operator(likely.check_several, f"{FEW} different ones were sent and answered"),
    "unrelated": Operator(leaks.check_unrelated, "no request was answered"),
    "no_order": Operator(leaks.check_no_order, "no such request was refused", alone=True),
    "twins": Operator(
        whole_run.twins,
        "the sandbox takes a reference that comes again, or was not asked for it at once",
    ),
    "no_effect": Operator(
        whole_run.no_effect, "the sandbox lets no effect of a refused request be seen"
    ),
}


def references(contract: Contract) -> tuple[str, ...]:
    """Return the pointers of a caller's own references, which have to come once."""
    relations = [clause.arguments for clause in contract.clauses]
    return tuple(row["request"] for row in relations if row.get("op") == "no_effect")
