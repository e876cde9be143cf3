"""Lines from what stands in their bytes: what a number names is shared again."""

from collections.abc import Sequence

import msgspec

from shared.adapters.tables.sweep.lines_layout import (
    KeptBelonging,
    KeptLine,
    KeptLines,
    KeptRegistration,
    KeptSetting,
)
from shared.domain.alive import Alive
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.ids import UserId
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Line


def lines_of(told: KeptLines) -> tuple[Line, ...]:
    """The lines of what stands in their bytes.

    Raises:
        IndexError: a number names nothing.
        ValidationError: the parts don't fit together.
    """
    return tuple(map(_Reading(told).line, told.lines))


class _Reading:
    """Finds what the numbers of a chunk stand for."""

    def __init__(self, told: KeptLines) -> None:
        self._told = told
        self._sets = [_named(one, told.names) for one in told.sets]
        self._registrations = [_registration(one) for one in told.registrations]
        self._reasons = [
            tuple(Reason(one.code, one.detail) for one in reasons) for reasons in told.reasons
        ]
        self._alive = [Alive(one.alive, one.doubt) for one in told.findings]

    def line(self, one: KeptLine) -> Line:
        """A line."""
        setting, finding = self._told.settings[one.setting], self._told.findings[one.finding]
        return Line(
            person=self._person(one, setting),
            sign_in_name=one.sign_in_name,
            department=setting.department,
            guest=setting.guest,
            licensed=setting.licensed,
            numbered=setting.numbered,
            verdict=finding.verdict,
            reasons=self._reasons[finding.reasons],
            since=finding.since,
            cause=finding.cause,
            legacy=finding.legacy,
            app_passwords=finding.app_passwords,
            alive=self._alive[one.finding],
            sspr_registered=setting.sspr_registered,
            sspr_enabled=setting.sspr_enabled,
            sspr_capable=setting.sspr_capable,
            earlier=finding.earlier,
        )

    def _person(self, one: KeptLine, setting: KeptSetting) -> Person:
        return Person(
            belonging=self._belonging(one.user_id, self._told.belongings[one.belonging]),
            state=setting.state,
            registration=self._registrations[one.registration],
            elsewhere=setting.elsewhere,
            exempt=setting.exempt,
            break_glass=setting.break_glass,
            in_grace=setting.in_grace,
            overdue=setting.overdue,
        )

    def _belonging(self, user_id: UserId, one: KeptBelonging) -> Belonging:
        sets = self._sets
        return Belonging(
            user_id=user_id,
            groups=_known(sets[one.groups]),
            unread_groups=_known(sets[one.unread_groups]),
            could_join=sets[one.could_join],
            unread_joins=_known(sets[one.unread_joins]),
            roles=sets[one.roles],
            could_hold=sets[one.could_hold],
            guest=one.guest,
        )


def _named(one: tuple[int, ...] | Unknown, names: Sequence[str]) -> frozenset[str] | Unknown:
    return one if isinstance(one, Unknown) else frozenset(names[number] for number in one)


def _registration(told: KeptRegistration | Unknown) -> Registration | Unknown:
    if isinstance(told, Unknown):
        return told
    return Registration(means=told.means, capable=told.capable, keys=told.keys)


def _known(told: frozenset[str] | Unknown) -> frozenset[str]:
    if isinstance(told, Unknown):
        raise msgspec.ValidationError(f"groups that are always told are {told}")
    return told
