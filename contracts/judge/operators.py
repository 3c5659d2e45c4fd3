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
from importlib.metadata import entry_points
from typing import Any

from contracts.errors import UsageError
from contracts.judge.history import History, Look
from contracts.judge.relations import (
    across,
    amounts,
    asked,
    changes,
    comes_back,
    leaks,
    lifecycle,
    likely,
    lists,
    one_answer,
    stated,
    usual,
    whole_run,
)
from contracts.model import Clause, Contract, Kind

NO_MEMBER = "no response had the member"
NO_SENT_MEMBER = "no accepted request had such a member"
FEW = f"fewer than {usual.USUAL} responses"
SEVERAL_IDLE = f"fewer than {usual.USUAL} different ones were sent and answered"
NO_STEP = "nothing was done to a thing that was shown before and afterwards"
TWINS_IDLE = "the sandbox takes a reference that comes again, or was not asked for it at once"
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
        options = {RESERVED.get(name, name): arguments[name] for name in names}
        return self.check(history, **options)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that the rule takes always."""
        return _parameters(self.check, required=True)

    @property
    def options(self) -> tuple[str, ...]:
        """The arguments that may be left out."""
        return _parameters(self.check, required=False)


Rules = Mapping[str, tuple[Callable[..., Iterator[Look]], str]]  # by name: why it was idle, too


@cache  # a rule is asked for its arguments whenever it looks at a history
def _parameters(check: Callable[..., Iterator[Look]], *, required: bool) -> tuple[str, ...]:
    """Return the names of what a rule takes beside the history, always or optionally."""
    parameters = list(inspect.signature(check).parameters.values())[1:]
    fitting = [each for each in parameters if (each.default is each.empty) is required]
    return tuple(parameter.name.rstrip("_") for parameter in fitting)


# what looks at each answer by itself, but for what was handed out before
OF_ONE_ANSWER: Rules = {
    "echo": (one_answer.check_echo, NO_SENT_MEMBER),
    "echo_members": (one_answer.check_echo_members, NO_SENT_MEMBER),
    "comes_back": (comes_back.check_comes_back, NO_SENT_MEMBER),
    "default": (one_answer.check_default, NO_MEMBER),
    "is": (one_answer.check_schema, NO_MEMBER),
    "present": (one_answer.check_present, "no response had what it would be in"),
    "header": (one_answer.check_header, "no request was accepted"),
    "leads": (across.check_leads, "no answer had an address of this form"),
    "product": (amounts.check_product, "no response had all of these numbers"),
    "fixed_amount": (one_answer.check_fixed_amount, "no response had such a decrease"),
    "equal": (one_answer.check_equal, "no response had both members"),
    "parameter": (one_answer.check_parameter, NO_MEMBER),
    "unique_within": (one_answer.check_unique_within, NO_MEMBER),
    "created": (one_answer.check_created, "no such request was accepted"),
    "not_before": (one_answer.check_not_before, "no response had two comparable times"),
    "cleared": (one_answer.check_cleared, "no accepted request had null for it"),
    "length": (stated.check_length, NO_MEMBER),
    "null_while": (stated.check_null_while, NO_MEMBER),
    "apart": (stated.check_apart, "no response had two comparable times"),
    "nothing": (one_answer.check_nothing, NO_SENT_MEMBER),
    "totals": (one_answer.check_totals, "no accepted request and its answer had such entries"),
    "refusal_status": (leaks.status, "no such request was refused"),
    "refusal_body": (leaks.body, "no request was refused with such a status and body"),
    "now": (likely.check_now, "no response had such a time"),
    "distinct": (likely.check_distinct, "no response had two such ids"),
    "at_most": (likely.check_at_most, "no response had both numbers"),
    "no_order": (leaks.check_no_order, "no such request was refused"),
}
OF_THE_RUN: Rules = {
    "once_by": (whole_run.once_by, "nothing was sent that has to come once"),
    "but_once": (whole_run.but_once, "no request was accepted"),
    "only_in": (lifecycle.check_only_in, NO_STEP),
    "afterwards": (lifecycle.check_afterwards, NO_STEP),
    "adds": (lifecycle.check_adds, NO_STEP),
    "within": (lifecycle.check_within, NO_STEP),
    "untouched": (lifecycle.check_untouched, NO_STEP),
    "unique": (whole_run.unique, NO_MEMBER),
    "joined": (whole_run.joined, "the sandbox handed out nothing that an order could join by"),
    "separate": (whole_run.separate, NO_MEMBER),
    "paired": (whole_run.paired, "no response had both members"),
    "alike": (usual.alike, f"{FEW} had such a text, or their texts have no form in common"),
    "usual": (usual.usual, f"{FEW} had such a value, or it differs from order to order"),
    "members": (usual.members, f"{FEW} had such an object, or their members differ"),
    "usual_within": (usual.usual_within, f"{FEW} were alike, or none had the object"),
    "together": (usual.together, f"{FEW} had two such times, or they are apart in many"),
    "constant": (whole_run.constant, "fewer than two responses had the member"),
    "isolated": (whole_run.isolated, "no request was accepted"),
    "unsent": (whole_run.unsent, "no such request was accepted"),
    "reads_back": (across.check_reads_back, "nothing that was created was read"),
    "gone": (changes.check_gone, "nothing was read after it was deleted"),
    "stays": (changes.check_stays, "nothing was read after it was changed"),
    "kept": (changes.check_kept, "no change left a member out that a change before it had"),
    "unchanged": (across.check_unchanged, "nothing was read twice"),
    "listed": (lists.check_listed, "no list was read after something was created"),
    "counts": (lists.check_counts, "no list had a count"),
    "ordered": (asked.check_ordered, "no list had two items"),
    "sized": (asked.check_sized, "no list was asked for so many items"),
    "filtered": (asked.check_filtered, "no list that was asked for so had an item"),
    "bounded": (asked.check_bounded, "no list was asked for what is beyond all items"),
    "more": (asked.check_more, "no list said whether there is more"),
    "paged": (asked.check_paged, "no pages were read"),
    "refused_absent": (lists.check_refused_absent, "nothing was refused that a list could have"),
    "once": (lists.check_once, "no reference was sent"),
    "hidden": (across.check_hidden, "no list was read by another tenant"),
    "joins": (across.check_joins, "nothing was created with a share id that was read"),
    "unique_by": (across.check_unique_by, "no answer had the member"),
    "several": (likely.check_several, SEVERAL_IDLE),
    "unrelated": (leaks.check_unrelated, "no request was answered"),
    "twins": (whole_run.twins, TWINS_IDLE),
    "no_effect": (whole_run.no_effect, "the sandbox lets no effect of a refused request be seen"),
}
OPERATORS = {
    **{name: Operator(*row, alone=True) for name, row in OF_ONE_ANSWER.items()},
    **{name: Operator(*row) for name, row in OF_THE_RUN.items()},
}
INSTALLED = "order_contracts.operators"  # entry points of packages, each a function


def _installed() -> Iterator[tuple[str, Operator]]:
    """Yield the operators that other packages bring, by the names of their entry points."""
    for point in entry_points(group=INSTALLED):
        place = f"the operator {point.name} = {point.value}"
        if point.name in OPERATORS:
            raise UsageError(f"{place}: there is one of this name; take another")
        try:
            operator = Operator(point.load(), "nothing that it speaks of was seen")
            _ = operator.arguments
        except Exception as error:
            raise UsageError(f"{place} can't be used: {type(error).__name__}: {error}") from error
        yield point.name, operator


OPERATORS.update(_installed())


def relation_looks(history: History, relation: Clause) -> Iterator[Look]:
    """Look at a history by a clause that is a relation."""
    return OPERATORS[relation.arguments["op"]].rule(relation.arguments, history)


def is_of_several(clause: Clause) -> bool:
    """Whether a clause is a relation between answers, such as that their ids differ."""
    return clause.kind is Kind.RELATION and not OPERATORS[clause.arguments["op"]].alone


def is_of_history(clause: Clause) -> bool:
    """Whether a clause is a relation to what was answered before; there it was handed out."""
    return is_of_several(clause) or "handed_out" in clause.arguments


def references(contract: Contract) -> tuple[str, ...]:
    """Return the pointers of a caller's own references, which have to come once."""
    relations = [clause.arguments for clause in contract.clauses]
    return tuple(row["request"] for row in relations if row.get("op") == "no_effect")
