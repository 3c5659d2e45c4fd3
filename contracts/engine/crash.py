"""A defect of the suite itself: a line about it, and a file that says where."""

import os
import re
import tempfile
import traceback
from pathlib import Path

WORD = "defect"  # of a run in the JSON report that ended so
SECRET = re.compile("TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH|PROXY", re.IGNORECASE)
SHORTEST = 4  # characters of a secret


def remembered(error: BaseException) -> str:
    """Write a traceback to a file; return a line about what happened and the file.

    The values of variables that are named like secrets are left out.
    """
    text = "".join(traceback.format_exception(error))
    for name, value in os.environ.items():
        if SECRET.search(name) and len(value) >= SHORTEST:
            text = text.replace(value, f"${name}")
    handle, name = tempfile.mkstemp(prefix="contracts-defect-", suffix=".txt", text=True)
    os.close(handle)
    Path(name).write_text(text, encoding="utf-8", errors="replace")
    what = f"a defect of the suite itself ({type(error).__name__})"
    return f"{what}, told in {name}: please report it"
