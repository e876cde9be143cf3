"""What people are to the guards, as the workers see it (safety rules S1 and S2)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.directory import Directory
from shared.application.ports.people import Privileges
from shared.application.ports.registries import Registries
from shared.application.recent import Recent
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import Unknown
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import UserId
from shared.domain.people.rulings import Impact, Refused, ruling
from shared.domain.people.standing import NOT_ASKED, Privilege, Standing, standing_of
from shared.domain.registries import Entry, Registry
from shared.telemetry import EventLog

ACCOUNT_AGE: Final = 60.0
"""Seconds for which an account that was read may be believed: the guard's own limit."""
PRIVILEGE_AGE: Final = 30.0
"""The same of a person's privilege; it rests on lists that may be as old again."""
REGISTRY_AGE: Final = 5.0
"""The same of the registries: a new entry holds within ten seconds, a write under way included."""
MOST_PEOPLE: Final = 2000
"""How many people are remembered; a worker has a handful of them in hand at a time."""

_Lists = Mapping[Registry, Mapping[UserId, Entry]]
_log = EventLog(__name__)


class CachedStandings:
    """The port `Standings` over settings, registries, directory and roles.

    Nothing is asked that cannot matter: roles only where the impact depends on privilege and
    nothing else forbids it. What can't be read is not remembered.

    Args:
        directory: reads accounts that nobody has in hand.
        privileges: reads roles.
        registries: the lists at the store.
        break_glass: object ids that the setting protects, in small letters.
        clock: decides which entries have expired.
        monotonic: a clock in seconds that never goes back; `time.monotonic` in real use.
    """

    def __init__(
        self,
        *,
        directory: Directory,
        privileges: Privileges,
        registries: Registries,
        break_glass: frozenset[UserId],
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._directory = directory
        self._privileges = privileges
        self._registries = registries
        self._break_glass = break_glass
        self._clock = clock
        self._accounts: Recent[UserId, Account] = Recent(ACCOUNT_AGE, MOST_PEOPLE, monotonic)
        self._privileged: Recent[UserId, Privilege] = Recent(PRIVILEGE_AGE, MOST_PEOPLE, monotonic)
        self._lists: Recent[None, _Lists] = Recent(REGISTRY_AGE, 1, monotonic)
        self._reading_lists = asyncio.Lock()

    async def standing(
        self, person: Account | UserId, impact: Impact, *, last_attempt: bool = False
    ) -> Standing:
        """The standing of a person, as far as a ruling about this impact depends on it."""
        account = await self._account(person)
        user = _folded(account.user_id)
        lists, now = await self._current_lists(), self._clock.now()
        standing = standing_of(
            account,
            protected=user in self._break_glass or _on(lists[Registry.PROTECTED], user, now),
            excluded=_on(lists[Registry.EXCLUSIONS], user, now),
            privilege=NOT_ASKED,
        )
        if not impact.depends_on_privilege or isinstance(ruling(impact, standing), Refused):
            return standing
        return replace(standing, privilege=await self._privilege(user, last_attempt=last_attempt))

    async def _account(self, person: Account | UserId) -> Account:
        began = self._accounts.now()
        if isinstance(person, Account):
            self._accounts.put(_folded(person.user_id), person, at=began)
            return person
        known = self._accounts.get(_folded(person))
        if known is not None:
            return known
        match await self._directory.find_account(person):
            case NoAccount():
                raise AccountNotVisible("The directory does not know the person's object id.")
            case Account() as found:
                self._accounts.put(_folded(person), found, at=began)
                return found

    async def _current_lists(self) -> _Lists:
        async with self._reading_lists:
            known, began = self._lists.get(None), self._lists.now()
            if known is None:
                known = {one: await self._entries(one) for one in Registry}
                self._lists.put(None, known, at=began)
            return known

    async def _entries(self, registry: Registry) -> Mapping[UserId, Entry]:
        try:
            return await self._registries.entries(registry)
        except LifecycleError as error:
            if error.disposition is Disposition.DEFER:
                raise
            # A row that can't be read may be anybody's, so nobody is touched until it is mended.
            raise StoreUnavailable(f"{registry} can't be read: {error.detail}") from error

    async def _privilege(self, user: UserId, *, last_attempt: bool) -> Privilege | Unknown:
        known, began = self._privileged.get(user), self._privileged.now()
        if known is not None:
            return known
        try:
            found = await self._privileges.privilege(user)
        except AccountNotVisible:
            raise
        except LifecycleError as error:
            if not last_attempt:
                raise
            _log.warning("privilege.unknown", user_id=user, code=error.code)
            return Unknown(error.detail)
        if isinstance(found, Privilege):
            self._privileged.put(user, found, at=began)
        return found


def _folded(user: UserId) -> UserId:
    return UserId(user.lower())


def _on(entries: Mapping[UserId, Entry], user: UserId, now: datetime) -> bool:
    entry = entries.get(user)
    return entry is not None and entry.counts(now)
