"""The local stack as one thing: start it, stop it, kill a part of it, bring the part back."""

import asyncio
import fcntl
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import msgspec

from local.azurite.install import install
from local.azurite.node import find_node
from local.azurite.tables import ensure_tables
from local.stack import parts
from local.stack.addresses import addresses
from local.stack.description import Description, describe, read_description, write_description
from local.stack.environment import host_environment
from local.stack.keys import load_keys
from local.stack.layout import Layout
from local.stack.ports import choose_ports
from local.stack.preparation import (
    PreparationError,
    create_break_glass_accounts,
    set_modes,
    wait_until_healthy,
)
from local.stack.processes import Part, Processes

Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a stack is to be.

    Attributes:
        mode: whether its capabilities act or only observe.
        users: how many people a new tenant has.
        seed: which people those are.
        settings: settings of the app that win over the stack's own, such as shorter intervals.
        app: the module and attribute that the host runs.
        broker_limits: limits of the broker that win over the infrastructure's, such as a shorter
            `lock_duration_seconds`.
        nightly: whether a sweep begins each night, also of the nights that the stack clock passes
            over; else only when somebody asks for one.
    """

    mode: Literal["act", "observe"] = "act"
    users: int = 0
    seed: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    app: str = parts.APP
    broker_limits: Mapping[str, float] = field(default_factory=dict)
    nightly: bool = False


_AS_EVER = Options()


def _silent(_: str) -> None:
    """Report nothing."""


class AlreadyUpError(Exception):
    """The stack in this directory is up."""


class Stack:
    """The stack in a directory; many can run side by side, each in its own.

    As a context manager it starts, and stops at the end. Its methods block: asynchronous code calls
    them in a thread.

    Args:
        directory: holds all that the stack leaves behind. Delete it to start anew.
        options: how it is to be where it is started as a context manager.
    """

    def __init__(self, directory: Path, options: Options = _AS_EVER) -> None:
        self._layout = Layout(directory.absolute())
        self._options = options
        self._parts: dict[str, Part] = {}
        self._processes = Processes(self._layout)

    def __enter__(self) -> Self:
        self.start(self._options)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def layout(self) -> Layout:
        """Where its files are."""
        return self._layout

    @property
    def is_up(self) -> bool:
        """Whether it was started and all its parts live."""
        return self._layout.description.is_file() and not self._processes.dead()

    @property
    def description(self) -> Description:
        """How to use it.

        Raises:
            FileNotFoundError: it is not up.
        """
        return read_description(self._layout.description)

    def start(self, options: Options = _AS_EVER, report: Report = _silent) -> Description:
        """Start all parts and wait until they work. What was started is stopped on any failure.

        Args:
            options: how it is to be.
            report: told of each step as it begins.

        Raises:
            AlreadyUpError: it is up.
            InstallError, NodeMissingError: Azurite can't be had.
            PartDiedError, PartNotReadyError, PreparationError: a part does not come up.
        """
        with self._locked():
            if self.is_up:
                raise AlreadyUpError(str(self._layout.directory))
            for name in self._processes.dead():
                report(f"{name} had died; starting all anew")
            self._stop_all(report)
            try:
                return self._start_all(options, report)
            except BaseException:
                self._stop_all(report)
                raise

    def stop(self, report: Report = _silent) -> list[str]:
        """Stop all parts, letting each save its state.

        Args:
            report: told of each step as it begins.

        Returns:
            The parts that were stopped.
        """
        with self._locked():
            return self._stop_all(report)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a part; with one that ends it, wait for the end."""
        self._processes.kill(name, number)

    def restart(self, name: str) -> None:
        """Start a part again, on the same port and state; one that still runs is stopped first."""
        with self._locked():
            self._processes.stop(name)
            self._run(self._parts[name])
            self._processes.wait_until_ready(self._parts[name])
            self._describe()

    def fallen(self) -> list[str]:
        """What to tell about each part that ended though nobody stopped it."""
        return [self._processes.obituary(name) for name in self._processes.dead()]

    def wait_for_change(self, seconds: float) -> None:
        """Wait until a part ends, at most that long."""
        self._processes.wait_for_end(seconds)

    def _start_all(self, options: Options, report: Report) -> Description:
        layout = self._layout
        _same_tenant(layout.directory / "tenant", options)
        programs, node = install(report), find_node().node
        keys, ports = load_keys(layout.keys), choose_ports(layout.ports)
        where = addresses(keys, ports)
        first = (
            parts.azurite(layout, keys, ports, node, programs),
            parts.service_bus(layout, keys, ports, options.broker_limits),
            parts.graph(layout, keys, ports, users=options.users, seed=options.seed),
        )
        for part in first:
            # Each run has its own logs; a part that is restarted adds to them.
            layout.log(part.name).unlink(missing_ok=True)
            self._run(part)
        for part in first:
            report(f"Waiting for {part.name}")
            self._processes.wait_until_ready(part)
        report("Creating accounts and tables")
        break_glass = create_break_glass_accounts(where.graph)
        asyncio.run(ensure_tables(where.tables))
        # Before the host runs: an earlier stack may have left cases that are due, and another mode.
        asyncio.run(set_modes(where.tables, options.mode, keys.people))
        environment = host_environment(
            keys,
            where,
            break_glass=break_glass,
            nightly=options.nightly,
            further=options.settings,
        )
        host = parts.host(layout, keys, ports, environment, app=options.app)
        layout.log(host.name).unlink(missing_ok=True)
        self._run(host)
        report(f"Waiting for {host.name}")
        self._processes.wait_until_ready(host)
        description = describe(keys, where, mode=options.mode, pids=self._processes.pids)
        report("Waiting for the app to be healthy")
        wait_until_healthy(self._processes, description)
        write_description(layout.description, description)
        return description

    def _run(self, part: Part) -> None:
        self._parts[part.name] = part
        self._processes.start(part)

    def _describe(self) -> None:
        old = self.description
        write_description(
            self._layout.description, msgspec.structs.replace(old, pids=self._processes.pids)
        )

    def _stop_all(self, report: Report) -> list[str]:
        # First: whoever watches the stack knows by it that the parts were meant to end.
        self._layout.description.unlink(missing_ok=True)
        stopped = list(reversed(self._processes.names))
        for name in stopped:
            report(f"Stopping {name}")
            self._processes.stop(name)
        return stopped

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._layout.directory.mkdir(parents=True, exist_ok=True)
        with self._layout.lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._processes.reload()
            yield


def _same_tenant(remembered: Path, options: Options) -> None:
    """Refuse to work on one tenant's cases in another one.

    Raises:
        PreparationError: what this stack has stored is about another tenant.
    """
    tenant = options.settings.get("MFA_TENANT_ID", "simulated")
    if remembered.is_file() and remembered.read_text() != tenant:
        raise PreparationError(
            f"The cases in {remembered.parent.name} are about another tenant "
            f"({remembered.read_text()}). Delete the folder to begin anew."
        )
    remembered.write_text(tenant)
