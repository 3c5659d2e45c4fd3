"""Grade the judge's own code after `mutmut run`.

How many of its mutants the tests kill, and why others survive.

A survivor is explained by a row of survivors.toml: `function` as module and name, `changed` a part
of the changed line (left out: any change of the function), and `reason`. Exit status 1 when fewer
than 90 per cent are killed, when a survivor has no row, or when a row explains none.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

LEAST = 90.0  # per cent
HERE = Path(__file__).parent
STATISTICS = Path("mutants/mutmut-cicd-stats.json")


def mutmut(*arguments: str) -> str:
    """Give what a command of mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    # our own words
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def function(mutant: str) -> str:
    """Return module and function of a mutant's name.

    ``contracts.judge.outcomes.x__result__mutmut_5`` is ``judge.outcomes._result``.
    """
    module, _, name = mutant.removeprefix("contracts.").rpartition(".")
    plain = name.rpartition("__mutmut_")[0].removeprefix("x")
    return f"{module}." + (
        plain.removeprefix("ǁ").replace("ǁ", ".") if "ǁ" in plain else plain.removeprefix("_")
    )


def changed(mutant: str) -> str:
    """Give the lines that a mutant has instead of the original's."""
    lines = mutmut("show", mutant).splitlines()
    return "\n".join(
        line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")
    )


def main() -> int:
    """Print the score and the survivors that no row explains; give the exit status."""
    mutmut("export-cicd-stats")
    counted = json.loads(STATISTICS.read_text(encoding="utf-8"))
    killed = counted["killed"] + counted["timeout"]
    rows = tomllib.loads((HERE / "survivors.toml").read_text(encoding="utf-8"))["survivors"]
    survivors = re.findall(r"^\s*(\S+): (?!killed|timeout)", mutmut("results"), re.MULTILINE)
    needed: set[int] = set()
    unexplained = 0
    for mutant in survivors:
        about = [
            (number, row) for number, row in enumerate(rows) if row["function"] == function(mutant)
        ]
        lines = "" if about and "changed" not in about[0][1] else changed(mutant)
        fitting = [number for number, row in about if row.get("changed", "") in lines]
        needed.update(fitting[:1])
        if not fitting:
            unexplained += 1
            sys.stdout.write(f"survives without a reason: {mutant}\n  {lines}\n")
    idle = [row for number, row in enumerate(rows) if number not in needed]
    for row in idle:
        sys.stdout.write(f"survivors.toml explains nothing that survives: {row}\n")
    share = 100 * killed / counted["total"]
    sys.stdout.write(
        f"{killed} of {counted['total']} mutants of the judge's own code killed ({share:.1f} %; "
        f"required {LEAST:.0f} %), {unexplained} of {len(survivors)} survivors without a reason\n"
    )
    return 0 if share >= LEAST and not unexplained and not idle else 1


if __name__ == "__main__":
    sys.exit(main())
