"""Relations between request, response and history: one generator function each, one table.

The rules stand in `contracts.judge.relations`. An operator takes its arguments (from contract.toml)
and the `History` of a run and yields a `Seen` for every place where the relation could have been
broken. It says nothing where the schema is broken already, and nothing where a member it speaks of
is absent or null, unless that is what it is about.
"""

from dataclasses import dataclass

from contracts.judge.history import Rule
from contracts.judge.relations import across, leaks, likely, lists, refusals, usual, whole_run
from contracts.judge.relations.one_answer import (
    check_created,
    check_default,
    check_echo,
    check_echo_members,
    check_equal,
    check_fixed_amount,
    check_not_before,
    check_nothing,
    check_parameter,
    check_present,
    check_product,
    check_schema,
    check_totals,
    check_unique_within,
)
from contracts.model import Contract


@dataclass(frozen=True, slots=True)
class Operator:
    """A row of the table: the rule, the arguments it takes, why it may have had nothing to look at.

    `options` are arguments that may be left out; `alone` says that the rule looks at each answer by
    itself.
    """

    rule: Rule
    arguments: tuple[str, ...]
    idle: str
    options: tuple[str, ...] = ()
    alone: bool = False


OPERATORS: dict[str, Operator] = {
    "echo": Operator(
        check_echo,
        ("request", "response"),
        "no accepted request had such a member",
        ("null_allowed", "only_null", "handed_out", "any_case", "only_case", "stored_with"),
        alone=True,  # but for what was handed out before
    ),
    "echo_members": Operator(
        check_echo_members,
        ("request", "response"),
        "no accepted request had such a member",
        alone=True,
    ),
    "default": Operator(
        check_default,
        ("request", "response", "value"),
        "no response had the member",
        ("null_allowed",),
        alone=True,
    ),
    "is": Operator(
        check_schema,
        ("response", "value"),
        "no response had the member",
        ("null_allowed",),
        alone=True,
    ),
    "present": Operator(
        check_present,
        ("response",),
        "no response had what it would be in",
        ("absent_allowed",),
        alone=True,
    ),
    "product": Operator(
        check_product, ("of", "equals"), "no response had all of these numbers", alone=True
    ),
    "fixed_amount": Operator(
        check_fixed_amount, ("percentage", "amount"), "no response had such a decrease", alone=True
    ),
    "equal": Operator(check_equal, ("left", "right"), "no response had both members", alone=True),
    "parameter": Operator(
        check_parameter, ("response", "parameter"), "no response had the member", alone=True
    ),
    "unique": Operator(whole_run.unique, ("response",), "no response had the member"),
    "unique_within": Operator(
        check_unique_within, ("response",), "no response had the member", alone=True
    ),
    "joined": Operator(
        whole_run.joined,
        ("request", "handed_out", "response"),
        "the sandbox handed out nothing that an order could join by",
        ("by", "share", "group"),
    ),
    "separate": Operator(whole_run.separate, ("request", "response"), "no response had the member"),
    "created": Operator(
        check_created, ("request", "response"), "no such request was accepted", alone=True
    ),
    "paired": Operator(whole_run.paired, ("left", "right"), "no response had both members"),
    "alike": Operator(
        usual.alike,
        ("response",),
        f"fewer than {usual.USUAL} responses had such a text, or their texts have no form in "
        "common",
    ),
    "usual": Operator(
        usual.usual,
        ("response",),
        f"fewer than {usual.USUAL} responses had such a value, or it differs from order to order",
    ),
    "members": Operator(
        usual.members,
        ("response",),
        f"fewer than {usual.USUAL} responses had such an object, or their members differ",
        ("beyond",),
    ),
    "usual_within": Operator(
        usual.usual_within,
        ("response",),
        f"fewer than {usual.USUAL} responses were alike, or none had the object",
    ),
    "together": Operator(
        usual.together,
        ("earlier", "later"),
        f"fewer than {usual.USUAL} responses had two such times, or they are apart in many",
    ),
    "constant": Operator(
        whole_run.constant, ("response",), "fewer than two responses had the member"
    ),
    "not_before": Operator(
        check_not_before, ("earlier", "later"), "no response had two comparable times", alone=True
    ),
    "isolated": Operator(
        whole_run.isolated, ("members", "unless"), "no request was accepted", ("below",)
    ),
    "unsent": Operator(whole_run.unsent, ("members", "by"), "no such request was accepted"),
    "nothing": Operator(
        check_nothing, ("request", "response"), "no accepted request had such a member", alone=True
    ),
    "totals": Operator(
        check_totals,
        ("request", "response", "key", "sum", "unless"),
        "no accepted request and its answer had such entries",
        alone=True,
    ),
    "refusal_status": Operator(
        refusals.status, ("cases", "status"), "no such request was refused", alone=True
    ),
    "refusal_body": Operator(
        refusals.body,
        ("schema",),
        "no request was refused with such a status and body",
        ("status", "unless", "when"),
        alone=True,
    ),
    "reads_back": Operator(
        across.check_reads_back,
        ("by", "created_id", "parameter", "created", "response"),
        "nothing that was created was read",
        ("except", "members", "first"),
    ),
    "unchanged": Operator(
        across.check_unchanged, ("response",), "nothing was read twice", ("except", "item_id")
    ),
    "listed": Operator(
        lists.check_listed,
        ("by", "created_id", "created", "items", "item_id", "instant", "pages"),
        "no list was read after something was created",
        ("except", "where", "parameter", "query", "page"),
    ),
    "counts": Operator(
        lists.check_counts, ("items", "count", "page", "pages"), "no list had a count"
    ),
    "ordered": Operator(
        lists.check_ordered,
        ("items", "by", "parameter", "ascending", "descending"),
        "no list had two items",
        ("default",),
    ),
    "paged": Operator(
        lists.check_paged, ("items", "instant", "count", "take", "skip"), "no pages were read"
    ),
    "refused_absent": Operator(
        lists.check_refused_absent,
        ("by", "request", "items", "item"),
        "nothing was refused that a list could have",
    ),
    "once": Operator(
        lists.check_once,
        ("by", "request", "created_id", "items", "item_id", "item"),
        "no reference was sent",
    ),
    "hidden": Operator(
        across.check_hidden,
        ("by", "created_id", "items", "item_id", "needs"),
        "no list was read by another tenant",
    ),
    "joins": Operator(
        across.check_joins,
        ("by", "request", "created", "share", "response"),
        "nothing was created with a share id that was read",
        ("given_by",),
    ),
    "unique_by": Operator(
        across.check_unique_by, ("response", "parameter"), "no answer had the member"
    ),
    "now": Operator(
        likely.check_now, ("response",), "no response had such a time", ("past",), alone=True
    ),
    "distinct": Operator(
        likely.check_distinct,
        ("response",),
        "no response had two such ids",
        ("parameter",),
        alone=True,
    ),
    "at_most": Operator(
        likely.check_at_most, ("part", "whole"), "no response had both numbers", alone=True
    ),
    "several": Operator(
        likely.check_several,
        ("request", "response"),
        f"fewer than {usual.USUAL} different ones were sent and answered",
    ),
    "unrelated": Operator(
        leaks.check_unrelated, ("created",), "no request was answered", ("by", "except")
    ),
    "no_order": Operator(
        leaks.check_no_order, ("created", "members"), "no such request was refused", alone=True
    ),
    "twins": Operator(
        whole_run.twins,
        ("request", "created"),
        "the sandbox takes a reference that comes again, or was not asked for it at once",
    ),
    "no_effect": Operator(
        whole_run.no_effect, ("request",), "the sandbox lets no effect of a refused request be seen"
    ),
}


def references(contract: Contract) -> tuple[str, ...]:
    """Return the pointers of a caller's own references, which have to come once."""
    relations = (clause.arguments for clause in contract.clauses)
    return tuple(
        arguments["request"] for arguments in relations if arguments.get("op") == "no_effect"
    )
