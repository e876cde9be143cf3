"""The verdict on one person, as of now."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from shared.application.ports.clock import Clock
from shared.application.ports.sweep import OneByOne, OnePerson, Records, TenantSource
from shared.application.sweep.app_passwords import ReadAppPasswords
from shared.domain.alive import Alive
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.requests import InvalidRequest, NotFound
from shared.domain.ids import UserId, is_object_id
from shared.domain.posture.judging import Judge, Posture
from shared.domain.posture.person import Person
from shared.domain.sweep.groups import groups_to_read
from shared.domain.sweep.people import People
from shared.domain.sweep.rows import RegistrationRow
from shared.domain.sweep.tenant import TenantReading
from shared.telemetry import EventLog

_log = EventLog(__name__)

TENANT_AGE: Final = timedelta(minutes=1)
"""How long what was read of the tenant may be believed; it takes a dozen requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePosture:
    """What is true of a person now.

    Attributes:
        person: the facts.
        posture: the verdict with its reasons.
        alive: how many app passwords they have, by the ledger.
        enabled: whether they may sign in; else all of it is what would hold if they might.
        reported: what the report tells of them, hours old.
        as_of: since when it was read: no fact is older, but those of the report and the ledger.
    """

    person: Person
    posture: Posture
    alive: Alive
    enabled: bool
    reported: RegistrationRow | Unknown
    as_of: datetime


@dataclass(frozen=True, slots=True)
class _Tenant:
    """What was read of the tenant.

    Attributes:
        since: when that began, by seconds that never go back.
        at: the same by the clock.
    """

    since: float
    at: datetime
    reading: TenantReading
    judge: Judge


@dataclass(slots=True)
class ReadPosture:
    """Judges one person by what the directory says of them now.

    Attributes:
        monotonic: seconds that never go back.
    """

    source: TenantSource
    records: Records
    person: OnePerson
    one_by_one: OneByOne
    app_passwords: ReadAppPasswords
    clock: Clock
    monotonic: Callable[[], float]
    _known: _Tenant | None = field(init=False, default=None)
    _reading: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)

    async def __call__(self, name: str, by: str) -> LivePosture:
        """Judge a person.

        Args:
            name: their object id, or sign-in name.
            by: the object id of the person who asks.

        Raises:
            NotFound: there is nobody of this name.
            LifecycleError: the directory or the store is in passing trouble.
        """
        row = await self.person.person(name)
        if row is None:
            raise NotFound("There is nobody of this name in the directory.")
        _log.info("posture.read", user_id=row.user_id, by=by)
        tenant = await self._tenant()
        reading = tenant.reading
        user = row.user_id
        states, methods, bonds, reported, alive = await asyncio.gather(
            self.one_by_one.states([user]),
            self.one_by_one.methods([user]),
            self.person.bonds(user, tuple(groups_to_read(reading))),
            self._reported(user),
            self.app_passwords.person(user, row.made),
        )
        live = methods.get(user, Unknown("The directory did not tell their methods."))
        people = People(
            reading,
            bonds.members,
            () if isinstance(live, Unknown) else (_as_allowed(live, reported),),
            unread=bonds.unread,
            missing=live if isinstance(live, Unknown) else Unknown("unread"),
            now=self.clock.now(),
        )
        state = states.get(user)
        known = state if isinstance(state, PerUserMfaState) else None
        person = people.person(replace(row, state=known))
        if isinstance(state, Unknown):
            person = replace(person, state=state)
        return LivePosture(
            person=person,
            posture=tenant.judge(person),
            alive=alive,
            enabled=row.enabled,
            reported=reported,
            as_of=tenant.at,
        )

    async def _reported(self, user: UserId) -> RegistrationRow | Unknown:
        """What self-service password reset is like, which no live list tells."""
        try:
            found = await self.person.reported(user)
        except LifecycleError as error:
            if error.disposition is Disposition.DEFER:
                raise
            return Unknown(error.detail)
        return found or Unknown("The registration report does not tell of them yet.")

    async def _tenant(self) -> _Tenant:
        async with self._reading:
            now, at = self.monotonic(), self.clock.now()
            if self._known is None or now - self._known.since >= TENANT_AGE.total_seconds():
                reading = replace(await self.source.tenant(), records=await self.records.records())
                self._known = _Tenant(now, at, reading, Judge(reading.settings))
            return self._known


def object_id(text: str) -> UserId:
    """An object id in an address, where no sign-in name may stand.

    Raises:
        InvalidRequest: it is none.
    """
    if not is_object_id(text):
        raise InvalidRequest("A person is named by object id; sign-in names don't go here.")
    return UserId(text.lower())


def _as_allowed(live: RegistrationRow, reported: RegistrationRow | Unknown) -> RegistrationRow:
    """What the live list tells, with what only the report does: whether the tenant allows it.

    The report is hours old: of what was registered since it tells nothing.
    """
    if isinstance(reported, Unknown) or not live.means <= reported.means:
        return live
    return replace(live, capable=reported.capable)
