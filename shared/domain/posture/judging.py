"""Judges people: the verdict with its proof. Who is alike is judged once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.conditional_access.asking import (
    LEGACY_SIGN_INS,
    everywhere,
    legacy_access,
    legacy_clients_blocked,
)
from shared.domain.conditional_access.requirement import MFA, Requirements
from shared.domain.posture.defaults import covering
from shared.domain.posture.details import detail_of
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.posture.tenant import Required, Settings, per_user
from shared.domain.posture.verdict import Ruling, rule


class Door(StrEnum):
    """Whether old clients, which know no MFA, get in."""

    BLOCKED = "blocked"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """What is true of a person.

    Attributes:
        verdict: whether they are protected.
        reasons: why.
        legacy: whether old clients get in with the password.
        app_passwords: whether they get in with an app password.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    legacy: Door = Door.OPEN
    app_passwords: Door = Door.OPEN

    @property
    def codes(self) -> tuple[ReasonCode, ...]:
        """The codes of the reasons."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(slots=True)
class Judge:
    """Judges people by what a tenant requires.

    Args:
        settings: what it requires.
    """

    settings: Settings
    _required: Required = field(init=False)
    _contrary: Required | None = field(init=False, default=None)
    _doors: tuple["_Doors", ...] = field(init=False)
    _known: dict[tuple[object, ...], Posture] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Read the policies once."""
        self._required = Required(self.settings)
        self._doors = (_Doors(self._required),)
        locations = self.settings.locations
        if locations.assumed:
            contrary = replace(locations, trusted_ips=True)
            self._contrary = Required(replace(self.settings, locations=contrary))
            self._doors = (*self._doors, _Doors(self._contrary))

    def __call__(self, person: Person) -> Posture:
        """The posture of a person."""
        alike = (
            self._required.likeness(person.belonging),
            person.state,
            person.registration,
            person.elsewhere,
            person.exempt,
            person.break_glass,
            person.in_grace,
            person.overdue,
        )
        if alike not in self._known:
            self._known[alike] = self._judge(person)
        return self._known[alike]

    def _judge(self, person: Person) -> Posture:
        ruling = rule(person, self._required)
        reasons = tuple(
            Reason(code, detail_of(code, person, self._required)) for code in ruling.codes
        )
        # Nothing is assumed of a door: one that depends on it is not known to be shut.
        return Posture(
            verdict=ruling.verdict,
            reasons=(*reasons, *self._assumptions(person, ruling)),
            legacy=_agreed(doors.legacy(person) for doors in self._doors),
            app_passwords=_agreed(doors.app_passwords(person) for doors in self._doors),
        )

    def _assumptions(self, person: Person, ruling: Ruling) -> Iterator[Reason]:
        """What a verdict rests on that nobody knows: taken the other way it would be another."""
        if self._contrary is None or ruling.verdict is Verdict.UNKNOWN:
            return
        if rule(person, self._contrary) != ruling:
            yield Reason(ReasonCode.NO_TRUSTED_IPS_ASSUMED)


class _Doors:
    """Tells whether old clients get in.

    Args:
        required: what the tenant requires.
    """

    def __init__(self, required: Required) -> None:
        self._settings = required.settings
        known, locations = required.known, required.settings.locations
        sign_ins = (*LEGACY_SIGN_INS, *locations.assumed)
        self._plain = Requirements(known, sign_ins, MFA)
        self._enforced = Requirements((per_user(locations), *known), sign_ins, MFA)
        self._app_passwords = legacy_clients_blocked(known, locations.assumed)

    def legacy(self, person: Person) -> Door:
        """Per-user MFA, once enforced, takes nothing but app passwords from old clients.

        https://learn.microsoft.com/entra/identity/authentication/howto-mfa-userstates
        """
        states = PerUserMfaState if isinstance(person.state, Unknown) else (person.state,)
        return _agreed(
            self._door(self._enforced if state is PerUserMfaState.ENFORCED else self._plain, person)
            for state in states
        )

    def app_passwords(self, person: Person) -> Door:
        """Whether they get in with an app password."""
        return self._door(self._app_passwords, person)

    def _door(self, requirements: Requirements, person: Person) -> Door:
        settings = self._settings
        blocked = everywhere(requirements.of(person.belonging))
        if blocked is not True and isinstance(settings.policies, Unknown):
            blocked = settings.policies
        defaults = covering(person.belonging, settings.security_defaults)
        match legacy_access(blocked=blocked, security_defaults=defaults):
            case LegacyAccess.BLOCKED:
                return Door.BLOCKED
            case LegacyAccess.OPEN:
                return Door.OPEN
            case Unknown():
                return Door.UNKNOWN


def _agreed(possible: Iterable[Door]) -> Door:
    """What a door is in all cases that may be true."""
    doors = set(possible)
    return doors.pop() if len(doors) == 1 else Door.UNKNOWN
