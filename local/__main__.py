"""`python -m local COMMAND`: what `./dev` runs once `.venv` is ready."""

import importlib
import pkgutil
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from local import commands

_FAILED, _MISUSED, _INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run the command named first; without one, list what there is."""
    modules = {
        module.name.replace("_", "-"): module.name
        for module in pkgutil.iter_modules(commands.__path__)
    }
    names = list(modules)
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        Console().print("Usage: ./dev COMMAND [--help]\n", _overview(modules))
        return 0
    name, *rest = arguments
    if name not in names:
        sys.stderr.write(f"dev: there is no {name!r}; there are {', '.join(names)}.\n")
        return _MISUSED
    command = importlib.import_module(f"{commands.__name__}.{modules[name]}")
    try:
        code: int = command.main(rest)
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code


def _overview(modules: Mapping[str, str]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, module in modules.items():
        document = importlib.import_module(f"{commands.__name__}.{module}").__doc__ or ""
        table.add_row(f"[bold]{name}[/]", document.partition("\n")[0])
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
