"""Many tickets at once: how many a second, and whether the host's memory stays flat.

Both on one stack whose host works on 16 messages of a queue at a time, which is a setting in Azure,
too; its budgets are raised, or they would hold the tickets.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from local.bench.company import Company, Json
from local.bench.containing import LATENCY_MS, employ, script_of
from local.bench.figures import Figure
from local.bench.paths.losing import APART
from local.bench.subscriber import subscriber
from local.bench.tickets import ticket
from local.progress import Report
from local.stack.parts import HOST
from local.stack.stack import Options, Stack
from shared.domain.cases import EventType
from shared.names import Queue

CONSUMERS: Final = 16
AT_ONCE: Final = 128
"""Tickets whose time is taken."""
FIRST: Final = 500
"""Tickets after which the memory is looked at first; and as many wait on the queue at a time."""
FLAT: Final = 1.1
_A_MESSAGE: Final = 100
"""Tickets that are sent in one go."""
_ANSWERS: Final = (EventType.REFUSED, EventType.COMPLETED)
_MIB: Final = 1024 * 1024
_ENOUGH: Final = "1000000"
_SETTINGS: Final = {
    "AzureFunctionsJobHost__extensions__serviceBus__maxConcurrentCalls": str(CONSUMERS),
    "MFA_BUDGET_METHODS_REMOVED_PER_HOUR": _ENOUGH,
    "MFA_BUDGET_METHODS_REMOVED_PER_DAY": _ENOUGH,
    "MFA_BUDGET_SIGN_IN_BLOCKED_PER_HOUR": _ENOUGH,
    "MFA_BUDGET_SIGN_IN_BLOCKED_PER_DAY": _ENOUGH,
}


def measure(tickets: int, report: Report) -> list[Figure]:
    """Tickets per second, then the host's memory over so many more.

    Args:
        tickets: how many more; more than `FIRST`.
        report: told of each step as it begins.
    """
    with tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory:
        report("Starting a stack")
        with (
            Stack(Path(directory), Options(settings=_SETTINGS)) as stack,
            Company(stack) as company,
        ):
            return [
                _speed(stack, company, report),
                asyncio.run(_memory(stack, company, tickets, report)),
            ]


def _speed(stack: Stack, company: Company, report: Report) -> Figure:
    people = [employ(company) for _ in range(2 * AT_ONCE)]
    company.skip(APART)
    company.sim("POST", "faults", {"match": " /(v1.0|beta)/", "delayMs": LATENCY_MS})
    report(f"The bare script contains {AT_ONCE} people")
    with script_of(stack, company) as script, ThreadPoolExecutor(CONSUMERS) as workers:
        begun = time.monotonic()
        list(workers.map(script.contain, people[:AT_ONCE]))
        floor = time.monotonic() - begun
    ours = asyncio.run(_contain(stack, people[AT_ONCE:], report))
    company.sim("DELETE", "faults")
    return Figure(
        name=f"{AT_ONCE} tickets at once, {CONSUMERS} at a time, to all contained",
        unit="s",
        floor=floor,
        ours=ours,
        # One process on this machine's cores, as with a mass import.
        most=None,
        remark=(
            f"{LATENCY_MS} ms for each answer of Graph: {AT_ONCE / ours:.1f} tickets a second, "
            f"the floor {AT_ONCE / floor:.1f}"
        ),
    )


async def _contain(stack: Stack, people: Sequence[Json], report: Report) -> float:
    bus = stack.description.service_bus
    async with subscriber(bus) as inbox:
        begun = time.monotonic()
        await _send(bus, [ticket(person) for person in people])
        await inbox.until(EventType.CONTAINED, len(people), report)
        return time.monotonic() - begun


async def _memory(stack: Stack, company: Company, tickets: int, report: Report) -> Figure:
    report(f"Employing {tickets} people")
    # Somebody else each: a second ticket about a person would join the first one.
    filed = [
        ticket(company.employ(), verified=number % 2 == 0, actions=["sessions"])
        for number in range(tickets)
    ]
    company.skip(APART)
    bus, resident, begun = stack.description.service_bus, list[float](), time.monotonic()
    async with subscriber(bus) as inbox:
        for done in range(0, tickets, FIRST):
            some = filed[done : done + FIRST]
            await _send(bus, some)
            await inbox.until_any(_ANSWERS, done + len(some), report)
            resident.append(_resident(stack))
    return Figure(
        name=f"resident memory of the host after {tickets} tickets, beside after {FIRST}",
        unit="MiB",
        floor=resident[0],
        ours=resident[-1],
        most=FLAT,
        remark=(
            f"every {FIRST}: {', '.join(f'{one:.1f}' for one in resident)}; half are refused, half "
            f"done; {tickets / (time.monotonic() - begun):.1f} tickets a second"
        ),
    )


async def _send(bus: str, tickets: Sequence[Json]) -> None:
    async with (
        ServiceBusClient.from_connection_string(bus) as client,
        client.get_queue_sender(Queue.RESETS) as sender,
    ):
        for done in range(0, len(tickets), _A_MESSAGE):
            some = tickets[done : done + _A_MESSAGE]
            await sender.send_messages([ServiceBusMessage(msgspec.json.encode(t)) for t in some])


def _resident(stack: Stack) -> float:
    """Memory of the host that is in RAM, in MiB, as Linux has it."""
    status = Path(f"/proc/{stack.description.pids[HOST]}/status").read_text()
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) * 1024 / _MIB
