"""Show what the parts of the local stack have logged last."""

import argparse
import sys
from collections.abc import Sequence

from local.commands.up import STACK
from local.stack import parts
from local.stack.layout import Layout


def main(arguments: Sequence[str]) -> int:
    """Print the end of one log or of all."""
    every = (parts.AZURITE, parts.SERVICE_BUS, parts.GRAPH, parts.HOST)
    parser = argparse.ArgumentParser(prog="./dev logs", description=__doc__)
    parser.add_argument("name", nargs="?", choices=every, help="of this part only")
    parser.add_argument("--lines", type=int, default=40, help="how many of each (40)")
    chosen = parser.parse_args(arguments)
    found = False
    for name in [chosen.name] if chosen.name else every:
        log = Layout(STACK).log(name)
        if log.is_file():
            found = True
            lines = log.read_text(errors="replace").splitlines()[-chosen.lines :]
            heading = [] if chosen.name else [f"== {name}: {log.relative_to(STACK.parent)}"]
            sys.stdout.write("\n".join([*heading, *lines, ""]))
    if not found:
        sys.stderr.write("Nothing is logged yet: ./dev up starts the stack.\n")
    return 0 if found else 1
