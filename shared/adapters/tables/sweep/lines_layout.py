"""What stands in the bytes of lines, field by field, in this order.

What many people have alike stands once, in a table, and is named by its number in there. Members of
enumerations stand by name, so that others may be added before and between them. A field that is new
goes behind the others and has a default, which is what lines of earlier versions tell.
"""

from datetime import datetime
from typing import Final

import msgspec

from shared.domain.alive import Alive
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.ids import UserId
from shared.domain.posture.judging import Door
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause

_UNTOLD: Final = Alive()
"""What lines of versions tell that did not look into the ledger of app passwords."""


class KeptRegistration(msgspec.Struct, array_like=True, frozen=True):
    """What a person has registered."""

    means: frozenset[Means]
    capable: bool | None
    keys: frozenset[str] | None


class KeptBelonging(msgspec.Struct, array_like=True, frozen=True):
    """To what a person belongs: sets, by their numbers."""

    groups: int
    unread_groups: int
    could_join: int
    unread_joins: int
    roles: int
    could_hold: int
    guest: GuestKind | Unknown | None


class KeptSetting(msgspec.Struct, array_like=True, frozen=True):
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


class KeptReason(msgspec.Struct, array_like=True, frozen=True):
    """Why a verdict is what it is."""

    code: ReasonCode
    detail: str


class KeptFinding(msgspec.Struct, array_like=True, frozen=True):
    """What was found, with the reasons by their number."""

    verdict: Verdict
    reasons: int
    since: datetime
    cause: Cause | None
    legacy: Door
    app_passwords: Door
    alive: int = _UNTOLD.least
    doubt: Unknown | None = _UNTOLD.doubt
    earlier: Verdict | None = None


class KeptLine(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Who it is about, and the rest by number."""

    user_id: UserId
    sign_in_name: str
    belonging: int
    registration: int
    setting: int
    finding: int


class KeptLines(msgspec.Struct, array_like=True, frozen=True):
    """The lines of a part, and the tables that they name things in."""

    names: tuple[str, ...]
    sets: tuple[tuple[int, ...] | Unknown, ...]
    belongings: tuple[KeptBelonging, ...]
    registrations: tuple[KeptRegistration | Unknown, ...]
    settings: tuple[KeptSetting, ...]
    reasons: tuple[tuple[KeptReason, ...], ...]
    findings: tuple[KeptFinding, ...]
    lines: list[KeptLine]
