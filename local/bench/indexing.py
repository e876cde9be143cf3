"""Cold start: importing and indexing the app, beside a bare import of azure.functions."""

import subprocess
import sys
from typing import Final

from local.bench.figures import Figure, quantile
from local.stack.layout import ROOT

ROUNDS: Final = 15
_TIMED: Final = """
import time
begun = time.perf_counter()
{code}
print(time.perf_counter() - begun)
"""
_BARE: Final = "import azure.functions"
_INDEXED: Final = "import function_app; function_app.app.get_functions()"


def measure() -> list[Figure]:
    """Fresh interpreters, one after the other, floor and ours in turn."""
    bare, indexed = [], []
    for _ in range(ROUNDS):
        bare.append(_seconds(_BARE))
        indexed.append(_seconds(_INDEXED))
    return [
        Figure(
            name="indexing the app, beside a bare import of azure.functions",
            unit="ms",
            floor=quantile(bare, 0.5) * 1000,
            ours=quantile(indexed, 0.5) * 1000,
            most=2.0,
            remark=f"median of {ROUNDS} fresh interpreters each",
        )
    ]


def _seconds(code: str) -> float:
    done = subprocess.run(  # noqa: S603  (our own interpreter and code)
        [sys.executable, "-c", _TIMED.format(code=code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
