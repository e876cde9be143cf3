"""The connection to Table Storage: the only place that meets the SDK's clients and errors."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, Self, TypeVar

from aiohttp import ClientError
from azure.core import MatchConditions
from azure.core.credentials import AzureNamedKeyCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError
from azure.core.pipeline.transport import AioHttpTransport
from azure.data.tables import TableEntity, UpdateMode
from azure.data.tables.aio import TableClient

from shared.adapters.tables.failures import PreconditionFailed, failure_of
from shared.adapters.tables.rules import Row, check_row, check_table_name, check_transaction
from shared.domain.errors.storage import StoreDenied, StoreUnavailable
from shared.names import Table

Answer = TypeVar("Answer")
ANY_ETAG: Final = "*"
_UNCHANGED: Final = MatchConditions.IfNotModified


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long Table Storage may take. This is the one layer that tries a request again.

    The SDK's own retries are off: they leave out an insert whose connection broke, and they know
    no deadline for the whole.

    Attributes:
        answer_within: seconds for one operation, all its attempts together.
        attempt_within: seconds for one attempt, so that a dead connection leaves time for another.
        pauses: seconds before the second attempt, the third and so on.
    """

    answer_within: float = 2.0
    attempt_within: float = 0.9
    pauses: tuple[float, ...] = (0.05, 0.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """A row as it was read.

    Attributes:
        table: where it stands.
        partition: its partition key.
        key: its row key.
        columns: its other columns.
        etag: what a conditional write must find unchanged.
        written_at: when it was last written, by the store's clock.
    """

    table: Table
    partition: str
    key: str
    columns: Mapping[str, Any]
    etag: str
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPage:
    """What one request of a query found.

    Attributes:
        rows: the rows, by partition and row key; there may be none though more follow.
        token: how to ask for the next page; None where there is none.
    """

    rows: Sequence[StoredRow]
    token: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row of a transaction.

    Attributes:
        kind: `create` fails where the row exists, `update` replaces it, `merge` sets columns of it,
            `put` writes it whatever stood there, `delete` fails where there is none.
        row: the row; for `delete` its keys.
        etag: for `update` and `merge`: the version it must have; any by default.
    """

    kind: Literal["create", "update", "merge", "put", "delete"]
    row: Row
    etag: str = ANY_ETAG


class TableStore:
    """Reads and writes rows. Nothing is connected before the first use.

    Each method raises StoreUnavailable where there is no answer in time, StoreDenied where the
    identity lacks the role, StoreRefused where the row breaks a limit. A write that was not
    answered may have been done all the same, and is done again by the next attempt; so writers
    recognise their own write when they meet it.

    Args:
        endpoint: the address of the account's table service.
        credential: who we are.
        patience: how long to wait.
        transport: carries the requests; the SDK's own by default.
    """

    def __init__(
        self,
        endpoint: str,
        credential: AzureNamedKeyCredential | AsyncTokenCredential,
        *,
        patience: Patience | None = None,
        transport: AioHttpTransport | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self._endpoint = endpoint
        self._credential = credential
        self._transport = transport or AioHttpTransport(
            connection_timeout=self._patience.attempt_within,
            read_timeout=self._patience.attempt_within,
            # Otherwise aiohttp asks a thread twice, for each request, whether there is a proxy.
            use_env_settings=False,
        )
        self._clients: dict[Table, TableClient] = {}

    @classmethod
    def from_connection_string(
        cls,
        connection_string: str,
        *,
        patience: Patience | None = None,
        transport: AioHttpTransport | None = None,
    ) -> Self:
        """The store that a connection string names (local runs).

        Raises:
            ValueError: the string lacks AccountName, AccountKey or TableEndpoint.
        """
        pairs = (part.split("=", 1) for part in connection_string.split(";") if part)
        values = {pair[0]: pair[-1] for pair in pairs}
        missing = {"AccountName", "AccountKey", "TableEndpoint"} - values.keys()
        if missing:
            raise ValueError(f"The connection string lacks {', '.join(sorted(missing))}.")
        return cls(
            values["TableEndpoint"],
            AzureNamedKeyCredential(values["AccountName"], values["AccountKey"]),
            patience=patience,
            transport=transport,
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def insert(self, table: Table, row: Row) -> str:
        """Write a new row and return its ETag.

        Raises:
            PreconditionFailed: there is such a row already.
        """
        check_row(table, row)
        written = await self._ask(table, lambda client: client.create_entity(dict(row)))
        return str(written["etag"])

    async def put(self, table: Table, row: Row) -> None:
        """Write a row, whatever stood there."""
        check_row(table, row)
        await self._ask(
            table, lambda client: client.upsert_entity(dict(row), mode=UpdateMode.REPLACE)
        )

    async def replace(self, table: Table, row: Row, etag: str) -> str:
        """Write a row over the version with this ETag and return its new one.

        Raises:
            PreconditionFailed: it has changed, or it is gone.
        """
        check_row(table, row)
        written = await self._ask(
            table,
            lambda client: client.update_entity(
                dict(row),
                mode=UpdateMode.REPLACE,
                etag=etag,
                match_condition=_UNCHANGED,
            ),
        )
        return str(written["etag"])

    async def merge(self, table: Table, row: Row) -> None:
        """Set columns of a row that must be there.

        Raises:
            PreconditionFailed: there is no such row.
        """
        check_row(table, row)
        await self._ask(table, lambda client: client.update_entity(dict(row)))

    async def delete(
        self, table: Table, partition: str, key: str, *, etag: str | None = None
    ) -> None:
        """Remove a row, with an ETag only that version; one that is gone already is no error.

        Raises:
            PreconditionFailed: it has changed since.
        """
        condition = None if etag is None else _UNCHANGED
        await self._ask(
            table,
            lambda client: client.delete_entity(
                partition, key, etag=etag, match_condition=condition
            ),
        )

    async def get(self, table: Table, partition: str, key: str) -> StoredRow | None:
        """One row, or None where there is none."""
        try:
            entity = await self._ask(table, lambda client: client.get_entity(partition, key))
        except PreconditionFailed:
            return None
        return _stored(table, entity)

    async def find(
        self, table: Table, condition: str, values: Mapping[str, str], most: int
    ) -> list[StoredRow]:
        """Up to `most` rows that meet a condition, by partition and row key.

        Args:
            table: where to look.
            condition: an OData filter that names its values as `@name`.
            values: the values.
            most: how many rows are wanted.
        """

        async def collect(client: TableClient) -> list[StoredRow]:
            found = client.query_entities(
                condition, parameters=dict(values), results_per_page=min(most, 1000)
            )
            return await _first(table, found, most)

        return await self._ask(table, collect)

    async def page(
        self,
        table: Table,
        condition: str,
        values: Mapping[str, str],
        *,
        columns: Sequence[str] = (),
        token: Any = None,  # noqa: ANN401  (the SDK's own, which nobody looks into)
    ) -> RowPage:
        """As many of the rows that meet a condition as one answer holds: 1000, or 4 MiB.

        Unlike those of `find`, the answers of a long query have the whole patience each.

        Args:
            table: where to look.
            condition: an OData filter that names its values as `@name`.
            values: the values.
            columns: which columns are wanted, keys included; all of them by default.
            token: that of the page before.
        """

        async def collect(client: TableClient) -> RowPage:
            found = client.query_entities(
                condition, parameters=dict(values), select=list(columns) or None
            )
            pages = found.by_page(token)
            rows = [_stored(table, entity) async for entity in await anext(pages)]
            return RowPage(rows=rows, token=getattr(pages, "continuation_token", None))

        return await self._ask(table, collect)

    async def transact(self, table: Table, operations: Sequence[Operation]) -> list[str]:
        """Do all of these or none; return the ETags.

        Raises:
            PreconditionFailed: one of the rows was not as its operation needs it.
        """
        check_transaction(table, [operation.row for operation in operations])
        batch = [_entry(operation) for operation in operations]
        written = await self._ask(table, lambda client: client.submit_transaction(batch))
        return [str(one.get("etag", "")) for one in written]

    async def _ask(
        self, table: Table, request: Callable[[TableClient], Awaitable[Answer]]
    ) -> Answer:
        client = self._client(table)
        try:
            async with asyncio.timeout(self._patience.answer_within):
                for pause in self._patience.pauses:
                    try:
                        return await _attempt(table, client, request)
                    except StoreDenied:
                        raise
                    except StoreUnavailable:
                        await asyncio.sleep(pause)
                return await _attempt(table, client, request)
        except TimeoutError as error:
            raise StoreUnavailable(
                f"{table} did not answer within {self._patience.answer_within} s."
            ) from error

    def _client(self, table: Table) -> TableClient:
        if table not in self._clients:
            check_table_name(table)
            self._clients[table] = TableClient(
                self._endpoint,
                table,
                credential=self._credential,
                transport=self._transport,
                retry_total=0,
            )
        return self._clients[table]


async def _attempt(
    table: Table, client: TableClient, request: Callable[[TableClient], Awaitable[Answer]]
) -> Answer:
    try:
        return await request(client)
    except (AzureError, ClientError, OSError) as error:
        raise failure_of(error, table) from error


async def _first(table: Table, found: AsyncIterable[TableEntity], most: int) -> list[StoredRow]:
    rows: list[StoredRow] = []
    async for entity in found:
        rows.append(_stored(table, entity))
        if len(rows) == most:
            break
    return rows


def _entry(operation: Operation) -> tuple[str, dict[str, Any], dict[str, Any]]:
    row = dict(operation.row)
    if operation.kind == "create":
        return ("create", row, {})
    if operation.kind == "put":
        return ("upsert", row, {"mode": UpdateMode.REPLACE})
    if operation.kind == "delete":
        return ("delete", row, {})
    mode = UpdateMode.REPLACE if operation.kind == "update" else UpdateMode.MERGE
    if operation.etag == ANY_ETAG:
        return ("update", row, {"mode": mode})
    return (
        "update",
        row,
        {
            "mode": mode,
            "etag": operation.etag,
            "match_condition": _UNCHANGED,
        },
    )


def _stored(table: Table, entity: TableEntity) -> StoredRow:
    columns = {name: value for name, value in entity.items() if name not in _KEY_COLUMNS}
    written_at = entity.metadata["timestamp"]
    return StoredRow(
        table=table,
        partition=entity["PartitionKey"],
        key=entity["RowKey"],
        columns=columns,
        etag=str(entity.metadata["etag"]),
        written_at=datetime.min.replace(tzinfo=UTC) if written_at is None else written_at,
    )


_KEY_COLUMNS: Final = frozenset({"PartitionKey", "RowKey"})
