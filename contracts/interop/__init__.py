"""The only importers of schemathesis: strategies over the three regions, our clauses as checks.

With ``SCHEMATHESIS_HOOKS=contracts.interop`` Schemathesis imports this package, and the checks
in ``hooks`` are registered. Whoever imports it otherwise gets strategies, and no check that
was not asked for.
"""

import os
from importlib import import_module

if os.environ.get("SCHEMATHESIS_HOOKS") == __name__:
    import_module(f"{__name__}.hooks")
