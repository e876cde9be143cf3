"""Asks of people one by one what no list has told of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.application.ports.sweep import OneByOne
from shared.domain.authentication import PerUserMfaState
from shared.domain.sweep.rows import PersonRow, RegistrationRow


@dataclass(frozen=True, slots=True)
class Filling:
    """Fills in what lists leave open, for all people of a page together."""

    one_by_one: OneByOne

    async def states(self, rows: Sequence[PersonRow]) -> tuple[PersonRow, ...]:
        """The rows with the per-user MFA states that the list did not tell.

        Raises:
            LifecycleError: the directory is in passing trouble.
        """
        # Of who may not sign in nobody asks.
        asked = [row.user_id for row in rows if row.state is None and row.enabled]
        if not asked:
            return tuple(rows)
        told = await self.one_by_one.states(asked)
        return tuple(
            replace(row, state=state)
            if isinstance(state := told.get(row.user_id), PerUserMfaState)
            else row
            for row in rows
        )

    async def methods(self, rows: Sequence[PersonRow]) -> tuple[RegistrationRow, ...]:
        """What people have registered now, of those of whom it can be read.

        Raises:
            LifecycleError: the directory is in passing trouble.
        """
        told = await self.one_by_one.methods([row.user_id for row in rows if row.enabled])
        return tuple(row for row in told.values() if isinstance(row, RegistrationRow))
