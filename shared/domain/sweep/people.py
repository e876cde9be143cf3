"""From the rows that were read of a person to what the verdict needs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging, GuestKind, Reach, reach
from shared.domain.ids import UserId
from shared.domain.posture.person import Person
from shared.domain.posture.registration import Registration
from shared.domain.sweep.belongings import Belongings
from shared.domain.sweep.rows import MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import TenantReading

_NOBODY: Final[frozenset[str]] = frozenset()
_NOT_TOLD: Final = Unknown("The directory did not tell the per-user MFA state.")
_AT_HOME: Final = Unknown("Whether they do MFA in their own organisation, nobody here can tell.")
_UNREAD_EXEMPTION: Final = Unknown("The case of their exemption can't be read.")
_CERTIFICATES: Final = Unknown(
    "The tenant lets them sign in with certificates, and nobody can tell whether they have one."
)


class People:
    """Puts together what is known of people.

    Args:
        reading: what was read of the tenant.
        members: who is bound to which groups.
        registrations: what people have registered.
        unread: groups of which nobody can tell that.
        missing: what not to be among the registrations means.
        now: when the run began.
    """

    def __init__(
        self,
        reading: TenantReading,
        members: Iterable[MemberRow],
        registrations: Iterable[RegistrationRow],
        *,
        unread: Iterable[GroupToRead],
        missing: Unknown,
        now: datetime,
    ) -> None:
        self._reading = reading
        self._belongings = Belongings(reading, members, unread)
        self._registrations = {row.user_id: row for row in registrations}
        self._missing = missing
        self._records = reading.records
        self._now = now

    def registration_row(self, user: UserId) -> RegistrationRow | None:
        """What was read of what somebody has registered."""
        return self._registrations.get(user)

    def person(self, row: PersonRow) -> Person:
        """What is known of a person."""
        user = row.user_id
        belonging = self._belongings.of(user, row.guest)
        return Person(
            belonging=belonging,
            state=_NOT_TOLD if row.state is None else row.state,
            registration=self._registration(user),
            elsewhere=self._elsewhere(row, belonging),
            exempt=_UNREAD_EXEMPTION
            if user in self._records.unreadable
            else user in self._records.exempt,
            break_glass=user in self._records.break_glass,
            in_grace=self._in_grace(row),
            overdue=user in self._records.overdue,
        )

    def _registration(self, user: UserId) -> Registration | Unknown:
        row = self._registrations.get(user)
        if row is None:
            return self._missing
        return Registration(means=row.means, capable=row.capable, keys=row.keys)

    def _elsewhere(self, row: PersonRow, belonging: Belonging) -> bool | Unknown:
        reading = self._reading
        if row.guest is not None and row.guest is not GuestKind.INTERNAL_GUEST:
            # That it is believed where it was done does not say that it was.
            return _AT_HOME if reading.home_mfa_trusted is True else reading.home_mfa_trusted
        if isinstance(reading.trusted_domains, Unknown):
            return reading.trusted_domains
        domain = row.sign_in_name.rpartition("@")[2].casefold()
        if domain in reading.trusted_domains:
            return True
        if domain in reading.doubtful_domains:
            return reading.doubtful_domains[domain]
        if isinstance(reading.certificates, Unknown):
            return reading.certificates
        # Who could come to be left out is not, as long as they don't.
        now = replace(belonging, could_join=_NOBODY, unread_joins=_NOBODY, could_hold=_NOBODY)
        targeted = any(reach(users, now) is not Reach.NO for users in reading.certificates)
        return _CERTIFICATES if targeted else False

    def _in_grace(self, row: PersonRow) -> bool:
        if row.user_id in self._records.break_glass:
            return False  # An account for emergencies is no new hire.
        deadline = self._records.deadlines.get(row.user_id)
        if deadline is not None:
            return self._now < deadline
        return row.since is not None and self._now - row.since < self._records.grace
