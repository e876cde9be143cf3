"""Start the local stack: storage, Service Bus, a simulated tenant and the app."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.azurite.node import NodeMissingError
from local.npm import InstallError
from local.progress import screen, steps
from local.stack.description import Description
from local.stack.layout import ROOT
from local.stack.preparation import PreparationError
from local.stack.processes import PartDiedError, PartNotReadyError
from local.stack.real_tenant import missing_sign_in, real_tenant_settings
from local.stack.stack import AlreadyUpError, Options, Stack

STACK = ROOT / ".local"
"""Where the stack of `./dev up` lives."""

FAILURES = (InstallError, NodeMissingError, PartDiedError, PartNotReadyError, PreparationError)
"""Why a stack does not start."""

_LOOK_EVERY_SECONDS = 0.5


def main(arguments: Sequence[str]) -> int:
    """Start it; without `--detach` stay, and stop it all on Ctrl-C."""
    chosen = _parser().parse_args(arguments)
    real = chosen.tenant is not None
    options = Options(
        mode="observe" if chosen.observe or real else "act",
        users=chosen.users,
        seed=chosen.seed,
        settings=real_tenant_settings(chosen.tenant, os.environ) if real else {},
        nightly=True,
    )
    end_on_sigterm()
    if real and (missing := missing_sign_in(os.environ)):
        screen.print(f"[red]Set {', '.join(missing)}[/] to an app registration of that tenant.")
        return 1
    stack = Stack(STACK)
    try:
        with steps("Starting the stack") as report:
            description = stack.start(options, report)
        _show(description, json=chosen.json)
        if not chosen.detach:
            return _stay(stack)
    except AlreadyUpError:
        screen.print("The stack is up already. [dim]./dev down[/] stops it.")
        _show(stack.description, json=chosen.json)
        return 0
    except FAILURES as error:
        screen.print(f"[red]The stack did not start.[/] {escape(str(error))}")
        return 1
    except KeyboardInterrupt:
        return _end(stack, code=0)
    screen.print("[dim]./dev logs[/] shows what it does, [dim]./dev down[/] stops it.")
    return 0


def _stay(stack: Stack) -> int:
    screen.print("Ctrl-C stops it. [dim]./dev logs[/] shows what it does.")
    while stack.is_up:
        stack.wait_for_change(_LOOK_EVERY_SECONDS)
    if not stack.layout.description.is_file():
        screen.print("The stack was stopped from elsewhere.")
        return 0
    for fallen in stack.fallen():
        screen.print(f"[red]{escape(fallen)}[/]")
    return _end(stack, code=1)


def _end(stack: Stack, *, code: int) -> int:
    with steps("Stopping the stack") as report:
        stack.stop(report)
    screen.print("The stack is down; its state is kept in .local.")
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
    parser.add_argument(
        "--tenant", metavar="ID", help="observe this real tenant instead of a simulated one"
    )
    parser.add_argument("--observe", action="store_true", help="tell what would be done only")
    parser.add_argument("--users", type=int, default=0, help="people in a new tenant (0)")
    parser.add_argument("--seed", type=int, default=1, help="which people those are (1)")
    parser.add_argument("--json", action="store_true", help="print stack.json to standard output")
    return parser


def end_on_sigterm() -> None:
    """Take SIGTERM for Ctrl-C, so that nothing stays behind."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
