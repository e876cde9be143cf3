"""How many round trips follow one another while a lost device still opens sessions."""

from datetime import timedelta
from typing import Final

import msgspec

from shared.adapters.tables.controls import TableControls
from shared.adapters.tables.store import Patience, TableStore
from shared.application.modes import CachedModes
from shared.bootstrap import Services, build
from shared.domain.authentication import MethodType, Unknown
from shared.domain.control import Capability, ControlEntry, Mode
from shared.names import Queue
from shared.settings import Settings
from tests.fakes.broker import FakeBroker
from tests.fakes.budgets import FakeDirectorySize
from tests.fakes.directory import FakeDirectory
from tests.fakes.passes import FakeBreakGlass
from tests.fakes.privileges import FakePrivileges
from tests.properties.clock import WorldClock
from tests.stands.round_trips import CountedPort, CountedTransport, RoundTrips
from tests.triggers.deployment import SETTINGS

CONTAINED: Final = [
    # The ticket has a case to come, which is taken up under the lease on the person.
    ["POST Claims"],
    ["GET UserLeases"],
    ["POST UserLeases"],
    ["directory.find_account"],
    ["GET CasesByUser"],
    ["directory.methods"],
    # The case is stored, on the lists, with the removal that it announces; that is counted, and
    # made under a confirmed lease.
    ["PUT CasesByState", "PUT CasesByUser", "PUT Due"],
    ["POST $batch"],
    ["GET Budgets", "GET Budgets", "GET UserLeases"],
    ["POST $batch"],
    ["directory.write"],
    # The next ones of the same case are counted already.
    ["GET UserLeases"],
    ["directory.write"],
    ["directory.methods"],
    # It is proven, and the revocation announced.
    ["POST $batch"],
    ["GET UserLeases"],
    ["directory.write"],
    ["directory.sessions_valid_from"],
]
"""Each is a round trip, or several side by side."""
MORE_BY_NAME: Final = 9
"""Where a sign-in name is all that the ticket tells, the lease moves once the person is found."""


class Desk:
    """A worker of the queue `resets` over real tables, and what it asks of whom."""

    def __init__(self, store: TableStore, trips: RoundTrips) -> None:
        self.directory, self.broker, self.clock = FakeDirectory(), FakeBroker(), WorldClock()
        self._trips = trips
        directory = CountedPort(trips, "directory", self.directory)
        self.services: Services = build(
            Settings.from_environment(SETTINGS),
            clock=self.clock,
            table_store=store,
            commands=CountedPort(trips, "commands", self.broker),
            events=CountedPort(trips, "events", self.broker),
            modes=CachedModes(TableControls(store), self.clock.monotonic),
            break_glass=FakeBreakGlass(),
            privileges=FakePrivileges(),
            directory_size=FakeDirectorySize(Unknown("The fake does not say.")),
            directory=directory,
            unguarded_writes=directory,
            managers=directory,
            sign_ins=directory,
            legacy_clients=directory,
            audits=directory,
            policies=directory,
            mailboxes=directory,
        )

    async def contain(self, number: int, *, by_name: bool = False) -> list[list[str]]:
        """The rounds of a lost device, from its ticket to the revocation that was read back."""
        name = f"robin-{number}@contoso.example"
        user = self.directory.add(name)
        self.directory.register(user, MethodType.MICROSOFT_AUTHENTICATOR)
        self.directory.register(user, MethodType.PHONE)
        self.clock.advance(timedelta(seconds=2))
        self._trips.rounds.clear()
        work = self.services.work_on_message
        word, whom = ("userPrincipalName", name) if by_name else ("userId", user)
        await self._trips.run(work(Queue.RESETS, _ticket(number, word, whom), 1))
        rounds = self._trips.rounds
        revoked = next(
            n for n, calls in enumerate(rounds) if "directory.sessions_valid_from" in calls
        )
        return rounds[: revoked + 1]


def _ticket(number: int, word: str, whom: str) -> bytes:
    return msgspec.json.encode(
        {
            "ticketId": f"INC-{number}",
            word: whom,
            "reason": "lost",
            "requestedBy": "service-desk",
            "verification": {"by": "agent-7", "method": "callback"},
        }
    )


async def test_from_the_ticket_to_contained(tables: str) -> None:
    """So many round trips to store and broker follow one another beside those to the directory."""
    trips = RoundTrips()
    async with TableStore.from_connection_string(
        tables,
        transport=CountedTransport(trips),
        patience=Patience(answer_within=60, attempt_within=30),
    ) as store:
        desk = Desk(store, trips)
        await trips.run(
            TableControls(store).replace(
                Capability.RESET, ControlEntry(), ControlEntry(mode=Mode.ACT)
            )
        )
        # The first one finds nothing that is remembered.
        await desk.contain(1)
        rounds = await desk.contain(2)
        by_name = await desk.contain(3, by_name=True)
    assert rounds == CONTAINED
    assert len(by_name) == len(CONTAINED) + MORE_BY_NAME
