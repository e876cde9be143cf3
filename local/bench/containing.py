"""How long a lost device still opens sessions, beside a bare script's time in the same run.

Tickets come one after the other, over the queue, each for somebody who has not been seen before.
Time runs until the tenant has answered the request that reads the revocation back, by the tenant's
own log and clock: what is missing is the way of that answer, well under a millisecond.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

import httpx
import msgspec
from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceiveMode,
    ServiceBusReceiver,
    ServiceBusSender,
)

from local.bench.company import BenchError, Company, Json
from local.bench.containing_floor import Floor
from local.bench.figures import Figure
from local.bench.paths.losing import APART, CONTAINING, METHODS
from local.bench.paths.requests import ACCOUNT_ROUTE, REVOKE_ROUTE
from local.bench.tickets import ticket
from local.clock import StackClock
from local.progress import Report
from local.stack.stack import Stack
from shared.names import EVENTS_TOPIC, Queue, Subscription

LATENCY_MS: Final = 50
MOST: Final = 1.3
_PATIENCE_SECONDS: Final = 60
_GRAPH: Final = ("/v1.0/", "/beta/")


@dataclass(frozen=True, slots=True)
class Run:
    """One person contained.

    Attributes:
        routes: what was sent to Graph, in order, up to the revocation that was read back.
        pauses: milliseconds before each of those answers: since the ticket or the answer before.
    """

    routes: tuple[str, ...]
    pauses: tuple[float, ...]

    @property
    def taken(self) -> float:
        """Milliseconds in all."""
        return sum(self.pauses)

    def beyond(self) -> Counter[str]:
        """What was sent beside the necessary requests."""
        return Counter(self.routes) - Counter(request.route for request in CONTAINING)


def measure(tickets: int, report: Report) -> list[Figure]:
    """Contain as many people with the bare script as with the stack, in turn.

    Args:
        tickets: how many, fewer than the budget for an hour: one more warms up.
        report: told of each step as it begins.
    """
    with tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory:
        report("Starting a stack")
        with (
            Stack(Path(directory)) as stack,
            Company(stack) as company,
            StackClock(stack.layout.clock) as clock,
            script_of(stack, company) as script,
            _Desk.of(stack.description.service_bus) as desk,
        ):
            people = [employ(company) for _ in range(2 * tickets + 2)]
            company.skip(APART)
            company.sim("POST", "faults", {"match": " /(v1.0|beta)/", "delayMs": LATENCY_MS})
            floor, ours = [], []
            for number, (first, second) in enumerate(zip(people[::2], people[1::2], strict=True)):
                report(f"Ticket {number} of {tickets}" if number else "Warming up")
                company.sim("DELETE", "requests")
                begun = clock.now()
                script.contain(first)
                floor.append(_run(company, begun, first, people))
                company.sim("DELETE", "requests")
                begun = clock.now()
                told = desk.send(ticket(second))
                desk.hears("mfa.case.contained", told)
                ours.append(_run(company, begun, second, people))
                # The next one finds nobody at work.
                company.skip(APART)
                desk.hears("mfa.case.waiting", told)
    return [figure(floor[1:], ours[1:])]


def figure(floor: Sequence[Run], ours: Sequence[Run]) -> Figure:
    """What the runs come to.

    Raises:
        BenchError: the floor is not the necessary requests, one after the other.
    """
    necessary = tuple(request.route for request in CONTAINING)
    for run in floor:
        if run.routes != necessary:
            raise BenchError(f"The floor sent {run.routes}.")
    beyond = sum((run.beyond() for run in ours), Counter[str]())
    most_often = Counter(run.routes for run in ours).most_common(1)[0][0]
    alike = [run.pauses for run in ours if run.routes == most_often]
    least = {
        route: median(run.pauses[number] for run in floor) for number, route in enumerate(necessary)
    }
    above = [
        f"{median(pauses) - least.get(route, LATENCY_MS):+.0f} {route}"
        for route, pauses in zip(most_often, zip(*alike, strict=True), strict=True)
    ]
    spread = "; ".join(
        f"{name} from {min(run.taken for run in runs):.0f} to {max(run.taken for run in runs):.0f}"
        for name, runs in (("ours", ours), ("the floor", floor))
    )
    return Figure(
        name=f"ticket to contained at {LATENCY_MS} ms for each answer of Graph, p50",
        unit="ms",
        floor=median(run.taken for run in floor),
        ours=median(run.taken for run in ours),
        most=MOST,
        remark="\n".join(
            (
                f"{len(ours)} tickets each: {spread}",
                f"necessary: {'; '.join(request.purpose for request in CONTAINING)}",
                f"beyond, in all: {dict(beyond) or 'none'}",
                f"ms above the floor before each answer: {', '.join(above)}",
            )
        ),
    )


def employ(company: Company) -> Json:
    """Somebody with what a lost device holds."""
    person = company.employ()
    for method in METHODS:
        company.register(person, method)
    return person


def _run(company: Company, begun: datetime, person: Json, people: Sequence[Json]) -> Run:
    """What the tenant's log tells of a person, up to the revocation that was read back.

    What is about somebody else is the end of the case before; what is about nobody serves everybody
    and counts here.
    """
    others = {one["id"] for one in people} - {person["id"]}
    log = [
        one
        for one in company.sim("GET", "requests")
        if one["route"].startswith(_GRAPH) and others.isdisjoint(one["path"].split("/"))
    ]
    routes = [f"{one['method']} {one['route']}" for one in log]
    end = routes.index(ACCOUNT_ROUTE, routes.index(REVOKE_ROUTE)) + 1
    moments = [begun, *(datetime.fromisoformat(one["answeredAt"]) for one in log[:end])]
    pauses = tuple((later - first).total_seconds() * 1000 for first, later in pairwise(moments))
    return Run(tuple(routes[:end]), pauses)


@contextmanager
def script_of(stack: Stack, company: Company) -> Iterator[Floor]:
    """The bare script, on the tenant of a stack."""
    token = company.sim("POST", "token")["access_token"]
    with httpx.Client(
        base_url=stack.description.graph,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=30,
    ) as graph:
        yield Floor(graph)


@dataclass(frozen=True, slots=True)
class _Desk:
    """The ticketing system: it sends tickets and hears what became of them."""

    sender: ServiceBusSender
    receiver: ServiceBusReceiver

    @classmethod
    @contextmanager
    def of(cls, connection: str) -> Iterator["_Desk"]:
        with (
            ServiceBusClient.from_connection_string(connection) as client,
            client.get_queue_sender(Queue.RESETS) as sender,
            client.get_subscription_receiver(
                EVENTS_TOPIC,
                Subscription.ALL,
                receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE,
                max_wait_time=_PATIENCE_SECONDS,
            ) as receiver,
        ):
            yield cls(sender, receiver)

    def send(self, document: Json) -> str:
        """Put a ticket on the queue; its id."""
        self.sender.send_messages(ServiceBusMessage(msgspec.json.encode(document)))
        return str(document["ticketId"])

    def hears(self, event_type: str, ticket_id: str) -> None:
        """Wait for what a ticket came to.

        Raises:
            BenchError: nothing is told any more.
        """
        for message in self.receiver:
            event = msgspec.json.decode(b"".join(message.body))
            if event["type"] == event_type and event["data"].get("ticketId") == ticket_id:
                return
        raise BenchError(f"No event {event_type} came for {ticket_id}.")
