"""Lines to what stands in their bytes: each thing that many have alike gets a number."""

from collections.abc import Sequence

from shared.adapters.tables.sweep.lines_layout import (
    KeptBelonging,
    KeptFinding,
    KeptLine,
    KeptLines,
    KeptReason,
    KeptRegistration,
    KeptSetting,
)
from shared.adapters.tables.sweep.numbers import Numbers
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Line


def kept(lines: Sequence[Line]) -> KeptLines:
    """What stands in the bytes of lines."""
    return _Writing().all(lines)


class _Writing:
    """Numbers what the lines of a chunk have alike."""

    def __init__(self) -> None:
        self._sets: Numbers[frozenset[str] | Unknown] = Numbers()
        self._belongings: Numbers[KeptBelonging] = Numbers()
        self._registrations: Numbers[Registration | Unknown] = Numbers()
        self._settings: Numbers[KeptSetting] = Numbers()
        self._reasons: Numbers[tuple[Reason, ...]] = Numbers()
        self._findings: Numbers[KeptFinding] = Numbers()

    def all(self, lines: Sequence[Line]) -> KeptLines:
        """The lines, and what their numbers stand for."""
        told = [self._line(line) for line in lines]
        names: Numbers[str] = Numbers()
        sets = tuple(_numbered(one, names) for one in self._sets)
        return KeptLines(
            names=tuple(names),
            sets=sets,
            belongings=tuple(self._belongings),
            registrations=tuple(map(_registered, self._registrations)),
            settings=tuple(self._settings),
            reasons=tuple(
                tuple(KeptReason(one.code, one.detail) for one in reasons)
                for reasons in self._reasons
            ),
            findings=tuple(self._findings),
            lines=told,
        )

    def _line(self, line: Line) -> KeptLine:
        person = line.person
        return KeptLine(
            line.user_id,
            line.sign_in_name,
            self._belongings[self._belonging(person.belonging)],
            self._registrations[person.registration],
            self._settings[_setting(line, person)],
            self._findings[self._finding(line)],
        )

    def _belonging(self, belonging: Belonging) -> KeptBelonging:
        sets = self._sets
        return KeptBelonging(
            sets[belonging.groups],
            sets[belonging.unread_groups],
            sets[belonging.could_join],
            sets[belonging.unread_joins],
            sets[belonging.roles],
            sets[belonging.could_hold],
            belonging.guest,
        )

    def _finding(self, line: Line) -> KeptFinding:
        return KeptFinding(
            line.verdict,
            self._reasons[line.reasons],
            line.since,
            line.cause,
            line.legacy,
            line.app_passwords,
            line.alive.least,
            line.alive.doubt,
            line.earlier,
        )


def _setting(line: Line, person: Person) -> KeptSetting:
    return KeptSetting(
        line.department,
        line.guest,
        line.licensed,
        line.numbered,
        person.state,
        person.elsewhere,
        person.exempt,
        person.break_glass,
        person.in_grace,
        line.sspr_registered,
        line.sspr_enabled,
        line.sspr_capable,
        person.overdue,
    )


def _numbered(one: frozenset[str] | Unknown, names: Numbers[str]) -> tuple[int, ...] | Unknown:
    return one if isinstance(one, Unknown) else tuple(names[name] for name in sorted(one))


def _registered(registration: Registration | Unknown) -> KeptRegistration | Unknown:
    if isinstance(registration, Unknown):
        return registration
    return KeptRegistration(registration.means, registration.capable, registration.keys)
