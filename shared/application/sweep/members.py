"""Reads who is bound to which group, one group after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from shared.application.ports.sweep import PeopleSource
from shared.application.sweep.reading import GoesOn, read_on
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.sweep.rows import MemberRow
from shared.domain.sweep.runs import Cursor, GroupToRead


@dataclass(slots=True)
class ReadMembers:
    """What a round has read of groups.

    Attributes:
        left: the groups that are still to be read, the current one first.
        cursor: how far the current one was read.
        rows: who is bound to them.
        unread: those of which nobody can tell.
        trouble: why it stopped before its end, where that may pass.
    """

    left: Sequence[GroupToRead]
    cursor: Cursor
    rows: list[MemberRow] = field(default_factory=list)
    unread: list[GroupToRead] = field(default_factory=list)
    trouble: LifecycleError | None = None

    def give_up(self) -> None:
        """Read no more of the current group, where something is in the way."""
        if self.trouble is not None:
            self.unread.append(self.left[0])
            self.trouble = None
            self.next_group()

    def next_group(self) -> None:
        """Go on with the next group."""
        self.left = self.left[1:]
        self.cursor = Cursor(pages=self.cursor.pages, done=not self.left)


async def read_members(
    people: PeopleSource, groups: Sequence[GroupToRead], cursor: Cursor, goes_on: GoesOn
) -> ReadMembers:
    """Read groups until all are read, the round ends, or something is in the way.

    Args:
        people: reads pages of them.
        groups: which, the current one first.
        cursor: how far that one was read.
        goes_on: whether there is time for another page.
    """
    found = ReadMembers(groups, Cursor(page=cursor.page, pages=cursor.pages, done=not groups))
    while found.left and found.trouble is None and goes_on():
        group = found.left[0]
        read = await read_on(
            partial(people.linked, group.group_id, group.link), found.cursor, goes_on
        )
        found.rows += read.rows
        found.cursor = read.cursor
        if isinstance(read.trouble, AccountNotVisible):
            # There is no such group any more: it has nobody, and keeps nobody out.
            found.next_group()
        elif read.trouble is not None:
            found.trouble = read.trouble
        elif read.cursor.failed is not None:
            found.unread.append(group)
            found.next_group()
        elif read.cursor.done:
            found.next_group()
    return found
