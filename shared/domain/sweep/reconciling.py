"""Whether a case of ours had a change made that Entra's audit log shows under our name.

A case announces every change in its own records before it writes it (safety rule S3). So a change
that one of our identities made, and that no case had announced just before, is none of ours:
somebody else acts in our name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import Step, StepOutcome
from shared.domain.contacts import ContactKind
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.methods import RemoveMethods
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.ids import UserId
from shared.domain.passes import collecting, withdrawing

CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""How far the directory's clock may be from ours."""
LASTS: Final = timedelta(minutes=15)
"""How long after its announcement a change may be made: methods go one after the other."""
WITHDRAWAL_LASTS: Final = timedelta(hours=1)
"""How long before it is on record a pass may have been withdrawn: it is proven gone first."""

_STATES: Final = frozenset(SetMfaState(state).action for state in PerUserMfaState)
_REGISTERS: Final = frozenset(f"prepare-{kind}" for kind in ContactKind) | {collecting.ACTION}
_REMOVES: Final = frozenset({RemoveMethods.action, collecting.ACTION, withdrawing.ACTION})
_OTHERS: Final = frozenset(
    {
        RevokeSessions.action,
        BlockSignIn.action,
        UnblockSignIn.action,
        AddToGroup.action,
        RemoveFromGroup.action,
    }
)
_ANY: Final = _STATES | _REGISTERS | _REMOVES | _OTHERS
ACTIONS: Final[Mapping[str, frozenset[str]]] = {
    "Update per-user multifactor authentication state": _STATES,
    "Enable Strong Authentication": _STATES,
    "Disable Strong Authentication": _STATES,
    "Update StsRefreshTokenValidFrom Timestamp": frozenset(
        # Who is blocked loses their sessions, too.
        {RevokeSessions.action, BlockSignIn.action}
    ),
    "Disable account": frozenset({BlockSignIn.action}),
    "Enable account": frozenset({UnblockSignIn.action}),
    "Add member to group": frozenset({AddToGroup.action}),
    "Remove member from group": frozenset({RemoveFromGroup.action}),
    "Admin registered security info": _REGISTERS,
    # A default method is changed so that it can be removed.
    "Admin updated security info": _REMOVES,
    "User changed default security info": _REMOVES,
    "Admin deleted security info": _REMOVES,
    "Delete Windows Hello for Business credential": _REMOVES,
    "Delete Passkey (device-bound)": _REMOVES,
    "Remove users strong authentication phone app detail": _REMOVES,
    # The directory writes it beside many a change.
    "Update user": _ANY,
}
"""The activities that our changes show as, each with the actions of cases that bring it about.

https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
"""
_IN_ANY_LETTERS: Final = {activity.casefold(): actions for activity, actions in ACTIONS.items()}


class Ruling(StrEnum):
    """Whose a change is."""

    OURS = "ours"
    """A case had it made."""
    MISUSE = "misuse"
    """No case had it made."""
    UNKNOWN = "unknown"
    """Nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """A change that one of our identities made, as the directory's audit log tells it.

    Attributes:
        line_id: the log's id of the line.
        activity: what was done, in the log's words.
        at: when.
        identity: which identity did it.
        people: whom it concerns.
        others: what else it concerns: groups, policies.
    """

    line_id: str
    activity: str
    at: datetime
    identity: str
    people: tuple[UserId, ...] = ()
    others: tuple[str, ...] = ()


def rule(line: AuditLine, records: Mapping[UserId, Sequence[Step] | Unknown]) -> Ruling:
    """Whose a change is.

    Args:
        line: the change.
        records: the audit entries of the cases about each person; `Unknown` where they can't be
            read.
    """
    actions = _IN_ANY_LETTERS.get(line.activity.casefold())
    if not line.people:
        # No case of ours makes such a change; one that it could make has to say of whom.
        return Ruling.MISUSE if actions is None else Ruling.UNKNOWN
    rulings = {_of_person(line, actions, records[person]) for person in line.people}
    if Ruling.MISUSE in rulings:
        return Ruling.MISUSE
    return Ruling.UNKNOWN if Ruling.UNKNOWN in rulings else Ruling.OURS


def _of_person(
    line: AuditLine, actions: frozenset[str] | None, steps: Sequence[Step] | Unknown
) -> Ruling:
    if isinstance(steps, Unknown):
        return Ruling.UNKNOWN
    near = {step.action for step in steps if _covers(step, line.at)}
    if actions is None:
        # The directory may write it beside what the case did, in words that we don't know.
        return Ruling.UNKNOWN if near else Ruling.MISUSE
    return Ruling.OURS if near & actions else Ruling.MISUSE


def _covers(step: Step, at: datetime) -> bool:
    """Whether a change of this moment may be the one that an audit entry tells of."""
    if step.action == withdrawing.ACTION:
        # The one removal that is told only after it was made.
        return step.at - WITHDRAWAL_LASTS <= at <= step.at + CLOCKS_DIFFER
    is_begun = step.outcome is StepOutcome.BEGUN
    return is_begun and step.at - CLOCKS_DIFFER <= at <= step.at + LASTS
