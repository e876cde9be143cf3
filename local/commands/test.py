"""Run the whole test suite; arguments go to pytest."""

import os
import subprocess
import sys
from collections.abc import Sequence

from local.azurite.install import install
from local.progress import steps
from local.stack.layout import ROOT

_QUICK = "--quick"
_SIDE_BY_SIDE = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")
"""Tests wait for processes more than they compute, so there are more of them than cores. A module
stays together, because its tests share a stack; those with long campaigns come first."""

_EACH_ITS_OWN = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, each worker compiles every module and rewrites every test for itself."""


def main(arguments: Sequence[str]) -> int:
    """Run pytest. `--quick` leaves out the long campaigns."""
    if {"-h", "--help"} & set(arguments):
        sys.stdout.write(
            f"usage: ./dev test [{_QUICK}] [pytest arguments]\n\n{__doc__}\n\n"
            f"{_QUICK}  without the long campaigns\n./dev test --co  lists the tests\n"
        )
        return 0
    given = [argument for argument in arguments if argument != _QUICK]
    selection = ["-m", "not slow"] if _QUICK in arguments else []
    with steps("Preparing the tests") as report:
        install(report)
    command = [sys.executable, "-m", "pytest", *_SIDE_BY_SIDE, *selection, *given]
    environment = {name: value for name, value in os.environ.items() if name != _EACH_ITS_OWN}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - a person's own arguments
