"""Generate `docs/errors.md` from the tree of errors.

python -m local.generate.errors [--check]
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from local.generate.files import ROOT, write_or_check
from shared.contracts.problem import STATUS
from shared.domain import errors
from shared.domain.errors import Disposition, LifecycleError

TARGET = ROOT / "docs" / "errors.md"

_WHAT_HAPPENS = {
    Disposition.DEFER: "The work is tried again by itself.",
    Disposition.PARK: "The message is kept for a human, and can be replayed.",
    Disposition.REFUSE: "The answer is no, on the record.",
    Disposition.REDELIVER: "The broker delivers the message again, and dead-letters it in the end.",
}


def every_error(root: type[LifecycleError] = LifecycleError) -> Iterator[type[LifecycleError]]:
    """Every error of the tree below `root`."""
    for error in root.__subclasses__():
        yield error
        yield from every_error(error)


def document() -> str:
    """The page."""
    for module in iter_modules(errors.__path__, f"{errors.__name__}."):
        import_module(module.name)
    lines = [
        "# Errors",
        "",
        "Generated from `shared/domain/errors`: `python -m local.generate.errors`.",
        "",
        "Every error says what becomes of the message that asked for the work. The code stands in",
        "cases, events (`data.reason`) and problem documents (`code`).",
    ]
    for disposition, meaning in _WHAT_HAPPENS.items():
        lines += ["", f"## {disposition.value}", "", meaning, ""]
        lines += ["| code | what happened | HTTP | what to do |", "|---|---|---|---|"]
        failures = [error for error in every_error() if error.disposition is disposition]
        for error in sorted(failures, key=lambda error: error.code):
            happened = " ".join((error.__doc__ or "").split())
            status = int(STATUS[error]) if error in STATUS else 503
            free = "" if error.uses_attempt else " (uses no attempt)"
            lines.append(f"| `{error.code}`{free} | {happened} | {status} | {error.remedy} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """The command line; see the module's docstring."""
    return write_or_check({TARGET: document()}, module="local.generate.errors")


if __name__ == "__main__":
    sys.exit(main())
