"""Keep the lists of people whom we leave alone: protected accounts and exclusions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from shared.application.ports.cases import Cases
from shared.application.ports.clock import Clock
from shared.application.ports.exemptions import Exemptions
from shared.application.ports.registries import Registries
from shared.contracts.registry_view import EntryList, EntryStatement, EntryView
from shared.domain.cases import ENDED
from shared.domain.errors.exemptions import ExemptionLive
from shared.domain.errors.requests import FixedBySetting, InvalidRequest, NotFound
from shared.domain.ids import UserId, is_object_id
from shared.domain.registries import Entry, Gone, Registry, stated, without
from shared.telemetry import EventLog

Fixed = Mapping[Registry, frozenset[UserId]]
"""Who is on a list by a setting, in small letters."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class ListEntries:
    """Reads a list, at the store."""

    registries: Registries
    fixed: Fixed
    clock: Clock

    async def __call__(self, registry: Registry) -> EntryList:
        """Everybody on it, those whose entry has expired included."""
        fixed = self.fixed.get(registry, frozenset())
        entries = await self.registries.entries(registry)
        now = self.clock.now()
        return EntryList(
            value=(
                *(EntryView.of_setting(user) for user in sorted(fixed)),
                *(EntryView.of(entries[user], now) for user in sorted(entries.keys() - fixed)),
            )
        )


@dataclass(frozen=True, slots=True)
class PutEntry:
    """Puts a person on a list, or states their entry anew. One person may.

    Nobody gets onto a list while they are exempt: the guards would keep MFA from being put back.
    """

    registries: Registries
    exemptions: Exemptions
    cases: Cases
    fixed: Fixed
    clock: Clock

    async def __call__(
        self, registry: Registry, user: str, statement: EntryStatement, by: str
    ) -> EntryView:
        """Write what somebody says.

        Args:
            registry: the list.
            user: object id of the person whom the entry is about.
            statement: what it says.
            by: object id of the person who says so; the caller has checked their role.

        Raises:
            InvalidRequest: the user id is none, or the end is missing or in the past.
            FixedBySetting: the setting names the person already.
            EntryWouldEndEarlier: that would be a removal.
            ExemptionLive: the person has an exemption that has to end first.
            Conflict: somebody changed the entry at the same moment.
        """
        user_id = _about(registry, user, self.fixed)
        now = self.clock.now()
        old = await self.registries.entry(registry, user_id)
        said = Entry(
            user_id=user_id,
            owner=statement.owner,
            reason=statement.reason,
            expires_at=statement.expires_at,
            added_by=by,
            added_at=now,
        )
        new = stated(registry, old, said)
        if old is None or not old.counts(now):
            await self._refuse_exempt(user_id)
        await self.registries.replace(registry, old, new)
        _log.info("registry.stated", registry=registry, user_id=user_id, by=by)
        return EntryView.of(new, now)

    async def _refuse_exempt(self, user: UserId) -> None:
        case_id = (await self.exemptions.of(user)).case_id
        last = None if case_id is None else await self.cases.load(case_id)
        if last is not None and last.case.state not in ENDED:
            raise ExemptionLive(f"Case {last.case.case_id} is the person's exemption.")


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Takes a person off a list. It takes two."""

    registries: Registries
    fixed: Fixed
    clock: Clock

    async def __call__(self, registry: Registry, user: str, by: str) -> EntryView | None:
        """Remove an entry, or ask for it and await a second person.

        Args:
            registry: the list.
            user: object id of the person whom the entry is about.
            by: object id of the person who asks; the caller has checked their role.

        Returns:
            The entry while a second person is awaited, None once it is gone.

        Raises:
            InvalidRequest: the user id is none.
            NotFound: they are not on the list.
            FixedBySetting: the setting names them.
            Conflict: somebody changed the entry at the same moment.
        """
        user_id = _about(registry, user, self.fixed)
        old = await self.registries.entry(registry, user_id)
        if old is None:
            raise NotFound("Nobody of that id is on the list.")
        now = self.clock.now()
        match without(old, by, now):
            case Gone():
                await self.registries.remove(registry, old)
                _log.info("registry.removed", registry=registry, user_id=user_id, by=by)
                return None
            case Entry() as waiting:
                await self.registries.replace(registry, old, waiting)
                _log.info("registry.removal-requested", registry=registry, user_id=user_id, by=by)
                return EntryView.of(waiting, now)
            case _ as unreachable:
                assert_never(unreachable)


def _about(registry: Registry, user: str, fixed: Fixed) -> UserId:
    if not is_object_id(user):
        raise InvalidRequest("The user id in the address is not an object id.")
    user_id = UserId(user.lower())
    if user_id in fixed.get(registry, frozenset()):
        raise FixedBySetting("The setting MFA_BREAK_GLASS_IDS names this account.")
    return user_id
