"""Stop the local stack; its state stays in .local."""

import argparse
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from local.commands.up import STACK
from local.stack.stack import Stack


def main(arguments: Sequence[str]) -> int:
    """Stop it, each part in its own way, and wait for the end."""
    argparse.ArgumentParser(
        prog="./dev down",
        description=f"{__doc__} Delete that folder to start anew.",
    ).parse_args(arguments)
    screen = Console(stderr=True)
    if not STACK.is_dir():
        screen.print("No stack is up.")
        return 0
    with screen.status("Stopping the stack") as status:
        stopped = Stack(STACK, report=lambda step: status.update(escape(step))).stop()
    screen.print(f"Stopped {', '.join(stopped)}." if stopped else "No stack is up.")
    return 0
