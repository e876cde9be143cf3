"""What becomes of requests when the table service, or the way to it, fails."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from azure.core.credentials import AzureNamedKeyCredential

from local.azurite.tables import ensure_tables
from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.claims import TableClaims
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.leases import TableLeases
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import Operation, Patience, TableStore
from shared.domain.errors.storage import (
    Conflict,
    LeaseLost,
    StoreDenied,
    StoreRefused,
    StoreUnavailable,
)
from shared.names import Table
from tests.contract.samples import accepted, later, pinned
from tests.contract.test_leases import confirm_until_lost
from tests.stands.azurite import ACCOUNT, Azurite, running_azurite, table_connection_string
from tests.stands.proxy import CuttingProxy

QUICK = Patience(answer_within=0.4, attempt_within=0.2, pauses=(0.01,))
LONGEST = 30
LONG_LEASE = timedelta(seconds=60)


@pytest.fixture
async def proxy(azurite: Azurite) -> AsyncIterator[CuttingProxy]:
    """A proxy before the table service."""
    async with CuttingProxy(azurite.port) as running:
        yield running


@pytest.fixture
async def proxied(tables: str, proxy: CuttingProxy) -> AsyncIterator[TableStore]:
    """A store whose connections can be cut."""
    assert tables
    async with TableStore.from_connection_string(table_connection_string(proxy.port)) as store:
        yield store


@pytest.fixture
def frozen(azurite: Azurite) -> Iterator[Azurite]:
    """The table service, to be frozen; it goes on after the test."""
    yield azurite
    azurite.thaw()


async def test_swallowed_answer_of_a_claim(proxied: TableStore, proxy: CuttingProxy) -> None:
    """A claim that was stored, and whose answer the network swallowed, is fresh."""
    await TableClaims(proxied).claim("first", "hash")
    proxy.swallow_answers(1, to=b"POST")
    claim = await TableClaims(proxied).claim("evt", "hash")
    assert (claim.fresh, proxy.swallowed) == (True, 1)
    again = await TableClaims(proxied).claim("evt", "hash")
    assert (again.fresh, again.case_id) == (False, claim.case_id)


async def test_swallowed_answer_of_a_transaction(
    proxied: TableStore, store: TableStore, proxy: CuttingProxy
) -> None:
    """A transaction that was stored, and whose answer was swallowed, is no conflict."""
    cases = TableCases(proxied)
    proxy.swallow_answers(1, to=b"POST")
    stored = await cases.create(accepted())
    for count in (1, 2, 3):
        transition = pinned(stored.case, later(count))
        proxy.swallow_answers(1, to=b"POST")
        stored = await cases.save(stored, transition)
        assert stored == await TableCases(store).load(stored.case.case_id)
    assert proxy.swallowed == 4


async def test_swallowed_answers_hide_no_conflict(
    proxied: TableStore, store: TableStore, proxy: CuttingProxy
) -> None:
    """A write that was somebody else's stays a conflict, swallowed answers or not."""
    stored = await TableCases(proxied).create(accepted())
    theirs = await TableCases(store).save(stored, pinned(stored.case, later(1)))
    proxy.swallow_answers(1, to=b"POST")
    with pytest.raises(Conflict):
        await TableCases(proxied).save(stored, pinned(stored.case, later(2)))
    assert await TableCases(store).load(stored.case.case_id) == theirs


async def test_connections_that_were_cut_are_opened_anew(
    proxied: TableStore, proxy: CuttingProxy
) -> None:
    """Idle connections that a firewall has cut cost nobody an error."""
    cases = TableCases(proxied)
    stored = await cases.create(accepted())
    proxy.cut()
    assert await cases.load(stored.case.case_id) == stored
    proxy.cut()
    assert await cases.create(accepted(case_id=stored.case.case_id)) == stored


async def test_swallowed_answers_of_a_lease(proxied: TableStore, proxy: CuttingProxy) -> None:
    """A lease that was taken, and whose answer was swallowed, is held."""
    leases = TableLeases(proxied)
    for fence, writing in ((1, b"POST"), (2, b"PUT")):
        proxy.swallow_answers(1, to=writing)
        async with leases.hold("person") as lease:
            assert (lease.fence, proxy.swallowed) == (fence, 2 * fence - 1)
            await lease.confirm()
            proxy.swallow_answers(1, to=b"PUT")
    async with leases.hold("person") as lease:
        assert lease.fence == 3


async def test_swallowed_answer_of_a_renewal(proxied: TableStore, proxy: CuttingProxy) -> None:
    """A lease whose renewal was stored, and its answer swallowed, goes on being renewed."""
    leases = TableLeases(proxied, lasting=LONG_LEASE, renewed_every=timedelta(seconds=0.05))
    async with asyncio.timeout(LONGEST), leases.hold("person") as lease:
        proxy.swallow_answers(1, to=b"PUT")
        swallowed_at: str | None = None
        while True:
            await lease.confirm()
            row = await proxied.get(Table.USER_LEASES, "person", "lease")
            assert row is not None
            if proxy.swallowed and swallowed_at is None:
                swallowed_at = row.etag
            if swallowed_at not in {None, row.etag}:
                break  # It was renewed once more.


async def test_frozen_service_is_unavailable(tables: str, frozen: Azurite) -> None:
    """A service that takes requests and answers none is unavailable, for reads and writes."""
    async with TableStore.from_connection_string(tables, patience=QUICK) as store:
        stored = await TableCases(store).create(accepted())
        frozen.freeze()
        async with asyncio.timeout(LONGEST):
            with pytest.raises(StoreUnavailable):
                await TableCases(store).load(stored.case.case_id)
            with pytest.raises(StoreUnavailable):
                await TableClaims(store).claim("evt", "hash")
            with pytest.raises(StoreUnavailable):
                await TableCases(store).save(stored, pinned(stored.case, later(1)))
        frozen.thaw()
        claim = await TableClaims(store).claim("evt", "hash")
        assert claim.content_hash == "hash"
        loaded = await TableCases(store).load(stored.case.case_id)
        assert loaded is not None
        assert loaded.case.state is stored.case.state


async def test_deadline_holds_for_all_attempts_together(tables: str, frozen: Azurite) -> None:
    """However long one attempt may take, the operation ends in time."""
    patience = Patience(answer_within=0.3, attempt_within=10 * LONGEST)
    async with TableStore.from_connection_string(tables, patience=patience) as store:
        frozen.freeze()
        async with asyncio.timeout(LONGEST):
            with pytest.raises(StoreUnavailable, match=r"within 0\.3 s"):
                await TableClaims(store).claim("evt", "hash")


def test_the_whole_answer_fits_the_webhook() -> None:
    """By default an operation has two seconds, and an attempt leaves time for another."""
    patience = Patience()
    assert patience.answer_within <= 2
    assert 2 * patience.attempt_within + patience.pauses[0] < patience.answer_within


async def test_nobody_there_is_unavailable() -> None:
    """A refused connection is an unavailable store."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        connection_string = table_connection_string(taken.getsockname()[1])
        async with TableStore.from_connection_string(connection_string, patience=QUICK) as store:
            with pytest.raises(StoreUnavailable):
                await TableClaims(store).claim("evt", "hash")


# azure-data-tables 12.7 asks an XML element for its truth value; from Python 3.12 on that warns.
@pytest.mark.filterwarnings("ignore:Testing an element's truth value:DeprecationWarning")
async def test_wrong_key_is_denied(azurite: Azurite, tables: str) -> None:
    """A refused identity is an error of its own, and it is not tried again."""
    assert tables
    credential = AzureNamedKeyCredential(ACCOUNT, "d3Jvbmc=")
    endpoint = f"http://127.0.0.1:{azurite.port}/{ACCOUNT}"
    async with TableStore(endpoint, credential) as store:
        with pytest.raises(StoreDenied):
            await TableClaims(store).claim("evt", "hash")
        with pytest.raises(StoreDenied):
            await TableCases(store).create(accepted())


async def test_missing_table_is_named(tmp_path: Path) -> None:
    """A table that was not deployed is an unavailable store that names it, not an empty one."""
    with running_azurite(tmp_path) as bare:
        async with TableStore.from_connection_string(bare.connection_string) as store:
            with pytest.raises(StoreUnavailable, match="no table Claims"):
                await TableClaims(store).claim("evt", "hash")
            with pytest.raises(StoreUnavailable, match="no table UserLeases"):
                await store.get(Table.USER_LEASES, "person", "lease")
            with pytest.raises(StoreUnavailable, match="no table Cases"):
                await TableCases(store).load(accepted().case.case_id)


async def test_row_that_azure_refuses_is_not_sent(store: TableStore) -> None:
    """Every write is checked, though the emulator would take it."""
    too_many = {f"c{number}": number for number in range(253)}
    row: Row = {"PartitionKey": "a", "RowKey": "b", **too_many}
    with pytest.raises(StoreRefused):
        await store.insert(Table.CLAIMS, row)
    with pytest.raises(StoreRefused):
        await store.put(Table.CLAIMS, row)
    with pytest.raises(StoreRefused):
        await store.replace(Table.CLAIMS, row, "etag")
    with pytest.raises(StoreRefused):
        await store.merge(Table.CLAIMS, row)
    with pytest.raises(StoreRefused):
        await store.transact(Table.CLAIMS, [Operation(kind="create", row=row)])


@pytest.mark.parametrize("gone", ["AccountName", "AccountKey", "TableEndpoint"])
def test_incomplete_connection_string_is_refused(gone: str) -> None:
    """A connection string that lacks a part is refused by the part's name, without its secrets."""
    parts = table_connection_string(1).split(";")
    rest = ";".join(part for part in parts if not part.startswith(gone))
    with pytest.raises(ValueError, match=f"lacks {gone}\\.$"):
        TableStore.from_connection_string(rest)


async def test_restart_by_sigint_keeps_everything(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What was acknowledged is there after an orderly restart."""
    with running_azurite(tmp_path_factory.mktemp("restarted")) as azurite:
        await ensure_tables(azurite.connection_string)
        async with TableStore.from_connection_string(azurite.connection_string) as store:
            stored = await TableCases(store).create(accepted())
            azurite.stop()
            azurite.start()
            assert await TableCases(store).load(stored.case.case_id) == stored


async def test_lease_is_kept_beyond_its_length(store: TableStore) -> None:
    """A lease that is renewed lasts longer than one length of it."""
    leases = TableLeases(store, lasting=timedelta(milliseconds=600))
    async with leases.hold("person") as lease:
        first = await store.get(Table.USER_LEASES, "person", "lease")
        assert first is not None
        async with asyncio.timeout(LONGEST):
            while True:
                await lease.confirm()
                row = await store.get(Table.USER_LEASES, "person", "lease")
                assert row is not None
                if row.columns["ExpiresAt"] - first.columns["ExpiresAt"] > timedelta(seconds=1):
                    break
                await asyncio.sleep(0.05)


async def test_lease_is_not_confirmed_without_the_store(tables: str, frozen: Azurite) -> None:
    """While the store does not answer a lease is not confirmed; when it ran out, it is lost."""
    async with TableStore.from_connection_string(tables, patience=QUICK) as store:
        leases = TableLeases(store, lasting=timedelta(seconds=1), renewed_every=timedelta(hours=1))
        async with asyncio.timeout(LONGEST), leases.hold("person") as lease:
            frozen.freeze()
            with pytest.raises(StoreUnavailable):
                await lease.confirm()
            frozen.thaw()
            with pytest.raises(LeaseLost):
                await confirm_until_lost(lease)


async def test_lease_that_is_taken_over_stops_its_holder(store: TableStore) -> None:
    """A holder whose row was taken by another learns it from the next renewal or confirmation."""
    leases = TableLeases(store, lasting=LONG_LEASE, renewed_every=timedelta(seconds=0.05))
    async with leases.hold("person") as lease:
        while True:
            row = await store.get(Table.USER_LEASES, "person", "lease")
            assert row is not None
            theirs = {**row.columns, "Holder": "another", "Fence": lease.fence + 1}
            taken = {"PartitionKey": "person", "RowKey": "lease", **theirs}
            try:
                await store.replace(Table.USER_LEASES, taken, row.etag)
                break
            except PreconditionFailed:
                continue  # A renewal came between.
        with pytest.raises(LeaseLost):
            await lease.confirm()
    row = await store.get(Table.USER_LEASES, "person", "lease")
    assert row is not None
    assert (row.columns["Holder"], row.columns["Fence"]) == ("another", 2)


async def test_proxies_of_the_environment_are_not_for_the_store(
    tables: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way to the store is direct: nobody looks for proxies and passwords at each request."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        async with TableStore.from_connection_string(tables, patience=QUICK) as store:
            assert await store.get(Table.CLAIMS, "nobody", "claim") is None
