"""The lists of cases by state and by person, newest first."""

import asyncio
import re
from collections.abc import Sequence
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.indexes import state_partition, told_partition, user_partition
from shared.adapters.tables.keys import BUCKETS
from shared.adapters.tables.store import StoredRow, TableStore
from shared.application.ports.cases import CaseSummary, Page
from shared.domain.cases import SETTLED_RESETS, CaseState
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import CaseId, SourceName, UserId
from shared.domain.plans import CaseKind
from shared.domain.reset.joining import Untouched
from shared.domain.reset.tickets import ResetAction, ResetReason
from shared.names import Table

PAGE: Final = 50
QUERIES_AT_ONCE: Final = 16
"""Every state is in sixteen partitions; this many are read side by side."""
_UNSETTLED: Final = " and ".join(f"State ne '{state}'" for state in sorted(SETTLED_RESETS))
_BESIDE_RESET: Final = (
    f"PartitionKey eq @partition and (Kind ne '{CaseKind.RESET}' or ({_UNSETTLED}))"
)
_RESETS_IN: Final = f"PartitionKey eq @partition and Kind eq '{CaseKind.RESET}' and State eq @state"
_TOKEN: Final = re.compile(r"\d{18}_[0-9A-Za-z-]{1,64}_[0-9a-f]{12}")


class TableCaseLists:
    """The port `CaseLists`. A token is the key of the last line that was given out.

    Args:
        store: where the lines are.
        page: how many lines a page has.
    """

    def __init__(self, store: TableStore, *, page: int = PAGE) -> None:
        self._store = store
        self._page = page

    async def of_user(self, user: UserId, token: str | None) -> Page:
        """The cases of a person.

        Raises:
            InvalidRequest: the token is none of ours.
        """
        return await self._merged(Table.CASES_BY_USER, [user_partition(user)], token)

    async def beside_reset(self, user: UserId, most: int) -> tuple[CaseSummary, ...]:
        """Up to `most` cases of a person that a reset has to know of, the newest first.

        A request of the store reads a thousand of them.
        """
        person = {"partition": user_partition(user)}
        rows = await self._store.find(Table.CASES_BY_USER, _BESIDE_RESET, person, most)
        return _newest(rows)

    async def resets_of(self, user: UserId, state: CaseState, most: int) -> tuple[CaseSummary, ...]:
        """Up to `most` resets of a person that are in a state, the newest first."""
        values = {"partition": user_partition(user), "state": state.value}
        return _newest(await self._store.find(Table.CASES_BY_USER, _RESETS_IN, values, most))

    async def told_as(self, told: str, token: str | None) -> Page:
        """The cases about whom HR calls so.

        Raises:
            InvalidRequest: the token is none of ours.
        """
        return await self._merged(Table.CASES_BY_USER, [told_partition(told)], token)

    async def in_states(self, states: frozenset[CaseState], token: str | None) -> Page:
        """The cases in any of these states.

        Raises:
            InvalidRequest: the token is none of ours.
        """
        partitions = [state_partition(state, bucket) for state in states for bucket in BUCKETS]
        return await self._merged(Table.CASES_BY_STATE, partitions, token)

    async def _merged(self, table: Table, partitions: Sequence[str], token: str | None) -> Page:
        if token is not None and not _TOKEN.fullmatch(token):
            raise InvalidRequest("The token is not one that a page of this list ended with.")
        after = token or "0"
        at_once = asyncio.Semaphore(QUERIES_AT_ONCE)

        async def lines(partition: str) -> list[StoredRow]:
            async with at_once:
                return await self._store.find(
                    table,
                    "PartitionKey eq @partition and RowKey gt @after",
                    {"partition": partition, "after": after},
                    self._page + 1,
                )

        found = await asyncio.gather(*map(lines, partitions))
        rows = sorted((row for rows in found for row in rows), key=lambda row: row.key)
        shown = rows[: self._page]
        return Page(
            cases=_newest(shown),
            next_token=shown[-1].key if len(rows) > self._page else None,
        )


def _newest(rows: Sequence[StoredRow]) -> tuple[CaseSummary, ...]:
    """The lines, newest first. A crash may have left an older one of the same case."""
    newest: dict[CaseId, CaseSummary] = {}
    for row in rows:
        line = _summary(row)
        newest.setdefault(line.case_id, line)
    return tuple(newest.values())


def _summary(row: StoredRow) -> CaseSummary:
    columns = Columns(row)
    user_id = columns.optional_text("UserId")
    return CaseSummary(
        case_id=CaseId(columns.text("CaseId")),
        kind=columns.one_of("Kind", CaseKind),
        user_id=None if user_id is None else UserId(user_id),
        state=columns.one_of("State", CaseState),
        deadline=columns.optional_moment("Deadline"),
        created_at=columns.moment("CreatedAt"),
        updated_at=columns.moment("UpdatedAt"),
        untouched=_untouched(columns),
    )


def _untouched(columns: Columns) -> Untouched | None:
    if not columns.has("Reason"):
        return None
    return Untouched(
        case_id=CaseId(columns.text("CaseId")),
        state=columns.one_of("State", CaseState),
        source=SourceName(columns.text("Source")),
        reason=columns.one_of("Reason", ResetReason),
        actions=columns.members("Actions", ResetAction),
        accepted_at=columns.moment("CreatedAt"),
    )
