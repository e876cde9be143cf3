"""How lines are written as bytes: what many people have alike stands once, and is shared again.

Members of enumerations stand by name, so that others may be added before and between them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from shared.adapters.tables.sweep.numbers import Numbers
from shared.adapters.tables.sweep.packing import Form
from shared.domain.alive import Alive
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import Belonging, GuestKind
from shared.domain.ids import UserId
from shared.domain.posture.judging import Door
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Cause, Line

_UNTOLD: Final = Alive()
"""What lines of versions tell that did not look into the ledger of app passwords."""


class _Registered(msgspec.Struct, array_like=True, frozen=True):
    means: frozenset[Means]
    capable: bool | None
    keys: frozenset[str] | None


class _Belonging(msgspec.Struct, array_like=True, frozen=True):
    """Sets by their numbers."""

    groups: int
    unread_groups: int
    could_join: int
    unread_joins: int
    roles: int
    could_hold: int
    guest: GuestKind | Unknown | None


class _Setting(msgspec.Struct, array_like=True, frozen=True):
    """What else is known of a person."""

    department: str
    guest: GuestKind | None
    licensed: bool
    numbered: bool
    state: PerUserMfaState | Unknown
    elsewhere: bool | Unknown
    exempt: bool | Unknown
    break_glass: bool
    in_grace: bool
    sspr_registered: bool | None
    sspr_enabled: bool | None
    sspr_capable: bool | None
    overdue: bool = False


class _Reason(msgspec.Struct, array_like=True, frozen=True):
    code: ReasonCode
    detail: str


class _Finding(msgspec.Struct, array_like=True, frozen=True):
    verdict: Verdict
    reasons: int
    since: datetime
    cause: Cause | None
    legacy: Door
    app_passwords: Door
    alive: int = _UNTOLD.least
    doubt: Unknown | None = _UNTOLD.doubt
    earlier: Verdict | None = None


class _Line(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Who it is about, and the rest by number."""

    user_id: UserId
    sign_in_name: str
    belonging: int
    registration: int
    setting: int
    finding: int


class _Lines(msgspec.Struct, array_like=True, frozen=True):
    names: tuple[str, ...]
    sets: tuple[tuple[int, ...] | Unknown, ...]
    belongings: tuple[_Belonging, ...]
    registrations: tuple[_Registered | Unknown, ...]
    settings: tuple[_Setting, ...]
    reasons: tuple[tuple[_Reason, ...], ...]
    findings: tuple[_Finding, ...]
    lines: list[_Line]


_ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")
_DECODER: Final = msgspec.msgpack.Decoder(_Lines)


class _Writing:
    """Numbers what the lines of a chunk have alike."""

    def __init__(self) -> None:
        self._sets: Numbers[frozenset[str] | Unknown] = Numbers()
        self._belongings: Numbers[_Belonging] = Numbers()
        self._registrations: Numbers[Registration | Unknown] = Numbers()
        self._settings: Numbers[_Setting] = Numbers()
        self._reasons: Numbers[tuple[Reason, ...]] = Numbers()
        self._findings: Numbers[_Finding] = Numbers()

    def all(self, lines: Sequence[Line]) -> _Lines:
        """The lines, and what their numbers stand for."""
        told = [self._line(line) for line in lines]
        names: Numbers[str] = Numbers()
        sets = tuple(_numbered(one, names) for one in self._sets)
        return _Lines(
            names=tuple(names),
            sets=sets,
            belongings=tuple(self._belongings),
            registrations=tuple(map(_registered, self._registrations)),
            settings=tuple(self._settings),
            reasons=tuple(
                tuple(_Reason(one.code, one.detail) for one in reasons) for reasons in self._reasons
            ),
            findings=tuple(self._findings),
            lines=told,
        )

    def _line(self, line: Line) -> _Line:
        person = line.person
        return _Line(
            line.user_id,
            line.sign_in_name,
            self._belongings[self._belonging(person.belonging)],
            self._registrations[person.registration],
            self._settings[_setting(line, person)],
            self._findings[self._finding(line)],
        )

    def _belonging(self, belonging: Belonging) -> _Belonging:
        sets = self._sets
        return _Belonging(
            sets[belonging.groups],
            sets[belonging.unread_groups],
            sets[belonging.could_join],
            sets[belonging.unread_joins],
            sets[belonging.roles],
            sets[belonging.could_hold],
            belonging.guest,
        )

    def _finding(self, line: Line) -> _Finding:
        return _Finding(
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


def _setting(line: Line, person: Person) -> _Setting:
    return _Setting(
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


def _registered(registration: Registration | Unknown) -> _Registered | Unknown:
    if isinstance(registration, Unknown):
        return registration
    return _Registered(registration.means, registration.capable, registration.keys)


class _Reading:
    """Finds what the numbers of a chunk stand for."""

    def __init__(self, told: _Lines) -> None:
        self._told = told
        self._sets = [_named(one, told.names) for one in told.sets]
        self._registrations = [_registration(one) for one in told.registrations]
        self._reasons = [
            tuple(Reason(one.code, one.detail) for one in reasons) for reasons in told.reasons
        ]
        self._alive = [Alive(one.alive, one.doubt) for one in told.findings]

    def line(self, one: _Line) -> Line:
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

    def _person(self, one: _Line, setting: _Setting) -> Person:
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

    def _belonging(self, user_id: UserId, one: _Belonging) -> Belonging:
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


def _registration(told: _Registered | Unknown) -> Registration | Unknown:
    if isinstance(told, Unknown):
        return told
    return Registration(means=told.means, capable=told.capable, keys=told.keys)


def _known(told: frozenset[str] | Unknown) -> frozenset[str]:
    if isinstance(told, Unknown):
        raise msgspec.ValidationError(f"groups that are always told are {told}")
    return told


def _write(lines: Sequence[Line]) -> bytes:
    return _ENCODER.encode(_Writing().all(lines))


def _read(octets: bytes) -> tuple[Line, ...]:
    told = _DECODER.decode(octets)
    return tuple(map(_Reading(told).line, told.lines))


LINES: Final[Form[Sequence[Line]]] = Form("lines-2", _write, _read)
