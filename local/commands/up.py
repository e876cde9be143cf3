"""Start the local stack: storage, Service Bus, a simulated tenant and the app."""

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.azurite.install import InstallError
from local.azurite.node import NodeMissingError
from local.stack.description import Description
from local.stack.layout import ROOT
from local.stack.preparation import PreparationError
from local.stack.processes import PartDiedError, PartNotReadyError
from local.stack.stack import AlreadyUpError, Options, Stack

STACK = ROOT / ".local"
"""Where the stack of `./dev up` lives."""

_LOOK_EVERY_SECONDS = 0.5
_screen = Console(stderr=True)


def main(arguments: Sequence[str]) -> int:
    """Start it; without `--detach` stay, and stop it all on Ctrl-C."""
    chosen = _parser().parse_args(arguments)
    options = Options(
        mode="observe" if chosen.observe else "act", users=chosen.users, seed=chosen.seed
    )
    signal.signal(signal.SIGTERM, _interrupt)
    with _screen.status("Starting the stack") as status:
        stack = Stack(STACK, options, lambda step: status.update(escape(step)))
        try:
            description = stack.start()
        except AlreadyUpError:
            _screen.print("The stack is up already. [dim]./dev down[/] stops it.")
            _show(stack.description, json=chosen.json)
            return 0
        except (
            InstallError,
            NodeMissingError,
            PartDiedError,
            PartNotReadyError,
            PreparationError,
        ) as error:
            _screen.print(f"[red]The stack did not start.[/] {escape(str(error))}")
            return 1
    _show(description, json=chosen.json)
    if chosen.detach:
        _screen.print("[dim]./dev logs[/] shows what it does, [dim]./dev down[/] stops it.")
        return 0
    return _stay(stack)


def _stay(stack: Stack) -> int:
    _screen.print("Ctrl-C stops it. [dim]./dev logs[/] shows what it does.")
    try:
        while stack.is_up:
            stack.wait_for_change(_LOOK_EVERY_SECONDS)
        if not stack.layout.description.is_file():
            _screen.print("The stack was stopped from elsewhere.")
            return 0
        for fallen in stack.fallen():
            _screen.print(f"[red]{escape(fallen)}[/]")
        code = 1
    except KeyboardInterrupt:
        code = 0
    with _screen.status("Stopping the stack") as status:
        Stack(STACK, report=lambda step: status.update(escape(step))).stop()
    _screen.print("The stack is down; its state is kept in .local.")
    return code


def _show(description: Description, *, json: bool) -> None:
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(description)).decode() + "\n")
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_row("app", description.http)
    table.add_row("tenant", description.graph)
    table.add_row("mode", description.mode)
    table.add_row("all of it", str((STACK / "stack.json").relative_to(ROOT)))
    Console().print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev up", description=__doc__)
    parser.add_argument("--detach", action="store_true", help="return once it is up")
    parser.add_argument("--observe", action="store_true", help="tell what would be done only")
    parser.add_argument("--users", type=int, default=0, help="people in a new tenant (0)")
    parser.add_argument("--seed", type=int, default=1, help="which people those are (1)")
    parser.add_argument("--json", action="store_true", help="print stack.json to standard output")
    return parser


def _interrupt(_: int, __: FrameType | None) -> None:
    """Take SIGTERM for Ctrl-C, so that nothing stays behind."""
    raise KeyboardInterrupt
