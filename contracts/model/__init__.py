"""The records that cross module borders: frozen, plain, standard library only.

The words are those of docs/architecture.md. A JSON value is ``None``, ``bool``, ``str``, a number,
``list`` or ``dict``; ``ABSENT`` stands for no value at all, which JSON has no word for.
"""

from contracts.model.contract import (
    Clause,
    Contract,
    HeaderParameter,
    Link,
    Operation,
    Others,
    QueryParameter,
    TakeBack,
    filled_path,
    path_pattern,
)
from contracts.model.exchange import Case, Exchange, Failure, Request, Response, Skipped
from contracts.model.verdict import (
    Cause,
    Check,
    ClauseResult,
    Explanation,
    Finding,
    Observation,
    Run,
    Verdict,
)
from contracts.model.words import (
    ABSENT,
    CREDENTIAL,
    ELSEWHERE,
    PORT,
    Absent,
    Authorization,
    Basis,
    Kind,
    Outcome,
    Region,
    Schema,
    Source,
    lines_in_words,
)
