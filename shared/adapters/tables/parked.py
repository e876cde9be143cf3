"""Parked messages in Table Storage: a partition each, and a list that is sorted by time.

What no event has told of has a line in a second list. The message is written before its lines and
removed before them. So a line may lead to nothing, and
readers skip it; a message without a line is met by the sender, who got no answer and parks again.
"""

import asyncio
import re
from contextlib import suppress
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.failures import PreconditionFailed
from shared.adapters.tables.keys import descending, escaped
from shared.adapters.tables.rules import PROPERTY_BYTES, Row, Value
from shared.adapters.tables.store import StoredRow, TableStore
from shared.application.ports.parked import Parked
from shared.domain.errors.requests import InvalidRequest
from shared.domain.errors.storage import UnreadableRow
from shared.domain.ids import CaseId
from shared.names import Queue, Table
from shared.telemetry import EventLog

PAGE: Final = 25
_ROW_KEY: Final = "message"
_LIST: Final = "newest"
"""The partition of the list. A message's own is `id_` and its id, so the two never meet."""
_UNTOLD: Final = "untold"
_TOKEN: Final = re.compile(r"\d{18}_[A-Za-z0-9._@=-]{1,480}")

_log = EventLog(__name__)


class TableParkedMessages:
    """The ports `ParkedMessages` and `UntoldMessages`.

    Args:
        store: where the rows are.
        page: how many messages a page has.
    """

    def __init__(self, store: TableStore, *, page: int = PAGE) -> None:
        self._store = store
        self._page = page

    async def add(self, parked: Parked) -> None:
        """Keep it; the same id again is no error, and the first one stays."""
        kept = parked
        try:
            await self._store.insert(Table.PARKED, _message_row(parked))
        except PreconditionFailed:
            kept = await self.get(parked.parked_id) or parked
        for partition in (_LIST,) if kept.told else (_LIST, _UNTOLD):
            await self._store.put(
                Table.PARKED,
                {"PartitionKey": partition, "RowKey": _line_key(kept), "ParkedId": kept.parked_id},
            )

    async def get(self, parked_id: str) -> Parked | None:
        """The one with this id."""
        row = await self._store.get(Table.PARKED, _partition(parked_id), _ROW_KEY)
        return None if row is None else _parked(row)

    async def newest(self, token: str | None) -> tuple[tuple[Parked, ...], str | None]:
        """A page of them, and the token of the next one.

        Raises:
            InvalidRequest: the token is none of ours.
        """
        if token is not None and not _TOKEN.fullmatch(token):
            raise InvalidRequest("The token is not one that a page of this list ended with.")
        lines = await self._store.find(
            Table.PARKED,
            "PartitionKey eq @list and RowKey gt @after",
            {"list": _LIST, "after": token or "0"},
            self._page + 1,
        )
        shown = lines[: self._page]
        found = await asyncio.gather(*(self.get(Columns(line).text("ParkedId")) for line in shown))
        messages = tuple(
            message
            for line, message in zip(shown, found, strict=True)
            if message is not None and _line_key(message) == line.key
        )
        return messages, shown[-1].key if len(lines) > self._page else None

    async def remove(self, parked_id: str) -> None:
        """Drop it; one that is gone already is no error."""
        parked = await self.get(parked_id)
        if parked is None:
            return
        await self._store.delete(Table.PARKED, _partition(parked_id), _ROW_KEY)
        await self._store.delete(Table.PARKED, _LIST, _line_key(parked))
        if not parked.told:
            await self._store.delete(Table.PARKED, _UNTOLD, _line_key(parked))

    async def untold(self, most: int) -> tuple[Parked, ...]:
        """Up to `most` of those that no event has told of."""
        lines = await self._store.find(
            Table.PARKED, "PartitionKey eq @list", {"list": _UNTOLD}, most
        )
        found: list[Parked] = []
        for line in lines:
            try:
                parked = await self.get(Columns(line).text("ParkedId"))
            except UnreadableRow as error:
                # Who reads the list of what is parked meets it; the others are told of.
                _log.warning("parked.unreadable", row=line.key, code=error.code)
                continue
            if parked is None or parked.told or _line_key(parked) != line.key:
                # A crash has left it behind.
                await self._store.delete(Table.PARKED, _UNTOLD, line.key)
            else:
                found.append(parked)
        return tuple(found)

    async def mark_told(self, parked: Parked) -> None:
        """Note that an event has told of it; one that is gone or noted already is no error."""
        key: Row = {"PartitionKey": _partition(parked.parked_id), "RowKey": _ROW_KEY}
        # One that is gone was removed by an operator meanwhile.
        with suppress(PreconditionFailed):
            await self._store.merge(Table.PARKED, {**key, "Told": True})
        await self._store.delete(Table.PARKED, _UNTOLD, _line_key(parked))


def _partition(parked_id: str) -> str:
    return f"id_{escaped(parked_id)}"


def _line_key(parked: Parked) -> str:
    return f"{descending(parked.at)}_{escaped(parked.parked_id)}"


def _message_row(parked: Parked) -> Row:
    body = parked.message.encode()
    chunks = [body[at : at + PROPERTY_BYTES] for at in range(0, len(body), PROPERTY_BYTES)]
    row: dict[str, Value] = {
        "PartitionKey": _partition(parked.parked_id),
        "RowKey": _ROW_KEY,
        "ParkedId": parked.parked_id,
        "Queue": parked.queue.value,
        "Reason": parked.reason,
        "Detail": parked.detail,
        "Attempts": parked.attempts,
        "CaseId": parked.case_id,
        "At": parked.at,
        "TicketId": parked.ticket_id,
        "Told": parked.told,
        "Chunks": len(chunks),
    }
    row.update({_chunk_name(number): chunk for number, chunk in enumerate(chunks)})
    return row


def _parked(row: StoredRow) -> Parked:
    columns = Columns(row)
    body = b"".join(
        columns.octets(_chunk_name(number)) for number in range(columns.number("Chunks"))
    )
    try:
        message = body.decode()
    except UnicodeDecodeError:
        raise columns.wrong("the message is no UTF-8") from None
    case_id = columns.optional_text("CaseId")
    return Parked(
        parked_id=columns.text("ParkedId"),
        queue=columns.one_of("Queue", Queue),
        reason=columns.text("Reason"),
        detail=columns.text("Detail"),
        attempts=columns.number("Attempts"),
        message=message,
        case_id=None if case_id is None else CaseId(case_id),
        at=columns.moment("At"),
        ticket_id=columns.optional_text("TicketId"),
        told=columns.flag("Told"),
    )


def _chunk_name(number: int) -> str:
    return f"Message{number:02d}"
