"""Changes of verdicts as rows of the table `History`, and back.

The people are spread over 256 partitions by what their ids begin with; in each stands a row per run
and part of the tenant that changed something there, the latest first. A mark beside them, written
first, names the partitions in which a part has rows: so they are found again without a scan.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.keys import descending, escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow
from shared.adapters.tables.sweep.changes_form import CHANGES
from shared.adapters.tables.sweep.packing import content_of, packed_columns
from shared.domain.ids import UserId
from shared.domain.sweep.lines import Change
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice

MARKS: Final = "marks"
"""The partition of the marks; no user id begins so."""
_FIRST_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the changes of a part stand that a run found.

    Attributes:
        key: the row key of all these rows, and of the mark.
        partitions: where they are, or were about to be written.
    """

    key: str
    partitions: frozenset[str]

    @property
    def row(self) -> Row:
        """The row of it."""
        return {
            "PartitionKey": MARKS,
            "RowKey": self.key,
            "Partitions": " ".join(sorted(self.partitions)),
        }


def mark_of(row: StoredRow) -> Mark:
    """The mark of a row."""
    return Mark(row.key, frozenset(Columns(row).text("Partitions").split()))


def key_of(run_id: RunId, started_at: datetime, part: Slice) -> str:
    """The row key of what a run found about a part."""
    return f"{descending(started_at)}_{escaped(run_id)}_{part}"


def partition_of(user: UserId) -> str:
    """In which partition the changes of a person stand."""
    return escaped(user[:_FIRST_DIGITS].lower())


def by_partition(changes: Sequence[Change]) -> Mapping[str, Sequence[Change]]:
    """The changes of each partition."""
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        found[partition_of(change.user_id)].append(change)
    return found


def changes_row(partition: str, key: str, changes: Sequence[Change]) -> Row:
    """The row of the changes of a partition."""
    return {"PartitionKey": partition, "RowKey": key, **packed_columns(CHANGES, changes)}


def changes_of(row: StoredRow, user: UserId) -> Collection[Change]:
    """The changes of a person that a row holds.

    Raises:
        UnreadableRow: it is not what we write.
    """
    wanted = user.lower()
    found = content_of(Columns(row), CHANGES)
    return [change for change in found if change.user_id.lower() == wanted]
