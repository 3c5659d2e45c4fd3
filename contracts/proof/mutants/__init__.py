"""Mutants of real responses: one operator at one place at a time, to see what no clause notices.

One clean run against the embedded sandbox is recorded; some of its accepted exchanges are
mutated in memory and judged again. An operator is one generator function in one of two tables:
`VALUES`, applied to every value of the body, and `MESSAGES`, applied to status, headers and
text. What leaves a response equal in meaning is no mutant: JSON values that are equal, UUIDs
(RFC 9562, section 4) and instants (RFC 3339, section 5.6) in other letter case, headers that
HTTP does without.

A mutant is killed when a clause of any basis is violated, or when the run would stop at once
(live mode). Clauses of one exchange are judged on the mutant alone, relations on the mutant
among all exchanges of the run. A mutant breaks the schema when it is no JSON text or breaks a
keyword that the page itself states; keywords that are conventions do not count there. A
survivor is explained by a row of `apis/<api>/unpromised.toml` or not at all.
"""

from contracts.proof.mutants.bench import Result
from contracts.proof.mutants.grading import LEAST_BREAKING, Grade, grade, share

__all__ = ["LEAST_BREAKING", "Grade", "Result", "grade", "share"]
