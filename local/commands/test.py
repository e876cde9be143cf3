"""Run the whole test suite; arguments go to pytest."""

import subprocess
import sys
from collections.abc import Sequence

from local.azurite.install import install
from local.progress import steps
from local.stack.layout import ROOT

_QUICK = "--quick"


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
    command = [sys.executable, "-m", "pytest", *selection, *given]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - a person's own arguments
