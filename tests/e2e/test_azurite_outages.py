"""The store stops, loses its connections, restarts: nothing acknowledged is lost."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle

import pytest
import pytest_asyncio

from local.azurite.command import azurite_connection_string
from local.stack.addresses import azurite_ports
from local.stack.keys import load_keys
from local.stack.layout import Layout
from local.stack.ports import choose_ports
from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.stands.proxy import CuttingProxy

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class Outages:
    """A stack whose app reaches Azurite through a proxy."""

    stack: Stack
    proxy: CuttingProxy


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outages]:
    """The stack and the proxy before its store."""
    layout = Layout(tmp_path_factory.mktemp("stack"))
    ports, keys = choose_ports(layout.ports), load_keys(layout.keys)
    direct = azurite_connection_string(keys.storage_key, azurite_ports(ports))
    async with CuttingProxy(ports.azurite_table) as proxy:
        tables = direct.replace(f":{ports.azurite_table}/", f":{proxy.port}/")
        settings = {**QUICK, "TABLES_CONNECTION_STRING": tables}
        limits = {"lock_duration_seconds": 3}
        stack = Stack(layout.directory)
        await asyncio.to_thread(stack.start, Options(settings=settings, broker_limits=limits))
        try:
            assert stack.description.tables == direct, "the ports moved: the proxy is not in use"
            yield Outages(stack, proxy)
        finally:
            await asyncio.to_thread(stack.stop)


@dataclass
class Hired:
    """People whose webhooks are being delivered until each is taken."""

    people: list[Json]
    deliveries: list[asyncio.Task[str]]

    @classmethod
    async def some(cls, company: Company, count: int) -> "Hired":
        """Begin to deliver."""
        people = [await company.employ() for _ in range(count)]
        events = [company.joiner(person) for person in people]
        return cls(people, [asyncio.create_task(company.insist(event)) for event in events])

    async def cases(self) -> list[str]:
        """Everybody's case, when all are taken."""
        return list(await asyncio.gather(*self.deliveries))

    async def all_complete(self, company: Company, inbox: Inbox) -> None:
        """See everybody through: registered, completed, told once, written once."""
        cases = await self.cases()
        assert len(set(cases)) == len(self.people)
        await company.reach(cases, "waiting-registration")
        for person in self.people:
            await company.register(person["id"])
        await company.reach(cases, "completed")
        await inbox.until("mfa.case.completed", set(cases))
        inbox.assert_each_once_and_alike()
        writes = await company.writes()
        for case_id, person in zip(cases, self.people, strict=True):
            assert inbox.types(case_id) == ["accepted", "waiting", "completed"]
            assert (await company.truth(person["id"]))["perUserMfaState"] == "enforced"
            assert len(writes[person["id"]]) == 1
        assert await company.parked() == []


async def test_a_store_that_stands_still_is_no_acknowledgement(outages: Outages) -> None:
    """Stopped (SIGSTOP) under load and continued: 503 and `Retry-After` in time, nothing lost."""
    stack = outages.stack
    async with Company(stack.description) as company:
        before = await Hired.some(company, 6)
        await asyncio.to_thread(stack.kill, "azurite", signal.SIGSTOP)
        people = [await company.employ() for _ in range(4)]
        answers = await asyncio.gather(*(company.post(company.joiner(p)) for p in people))
        for answer in answers:
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.json()["code"] == "store-unavailable"
        during = await Hired.some(company, 6)
        await asyncio.to_thread(stack.kill, "azurite", signal.SIGCONT)
        inbox = Inbox(stack.description.service_bus)
        await before.all_complete(company, inbox)
        await during.all_complete(company, inbox)


async def test_cut_connections_and_lost_answers_change_nothing(outages: Outages) -> None:
    """Connections to the store cut, and its answers lost, all through the life of twelve cases."""
    async with Company(outages.stack.description) as company:
        hired = await Hired.some(company, 12)
        calm = asyncio.Event()

        async def disturb() -> None:
            methods = cycle((b"POST", b"PUT", b"PATCH", b"GET"))
            while not calm.is_set():
                outages.proxy.swallow_answers(1, to=next(methods))
                await asyncio.sleep(0.05)
                outages.proxy.cut()
                await asyncio.sleep(0.15)

        disturbing = asyncio.create_task(disturb())
        cases = await hired.cases()
        await company.reach(cases, "waiting-registration")
        calm.set()
        await disturbing
        assert outages.proxy.swallowed > 0
        await hired.all_complete(company, Inbox(outages.stack.description.service_bus))


async def test_a_store_that_restarts_has_all_that_was_acknowledged(outages: Outages) -> None:
    """Restarted by SIGINT under load: what was taken before is there, what comes is taken."""
    stack = outages.stack
    async with Company(stack.description) as company:
        hired = await Hired.some(company, 12)
        await asyncio.wait(hired.deliveries, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(stack.restart, "azurite")
        await hired.all_complete(company, Inbox(stack.description.service_bus))
