"""Stop the local stack; its state stays in .local."""

import argparse
from collections.abc import Sequence

from local.commands.up import STACK
from local.progress import screen, steps
from local.stack.stack import Stack


def main(arguments: Sequence[str]) -> int:
    """Stop it, each part in its own way, and wait for the end."""
    argparse.ArgumentParser(
        prog="./dev down",
        description=f"{__doc__} Delete that folder to start anew.",
    ).parse_args(arguments)
    if not STACK.is_dir():
        screen.print("No stack is up.")
        return 0
    with steps("Stopping the stack") as report:
        stopped = Stack(STACK).stop(report)
    screen.print(f"Stopped {', '.join(stopped)}." if stopped else "No stack is up.")
    return 0
