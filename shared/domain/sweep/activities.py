"""Which actions of cases a line of Entra's audit log can come from, by all that the line tells.

https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.authentication import PerUserMfaState
from shared.domain.contacts import ContactKind
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.methods import RemoveMethods
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.passes import collecting, withdrawing

_DISABLES: Final = frozenset({SetMfaState(PerUserMfaState.DISABLED).action})
# Who is enabled may move on to `enforced` at once.
_ENABLES: Final = frozenset(
    SetMfaState(state).action for state in (PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED)
)
_STATES: Final = _DISABLES | _ENABLES
_PASS: Final = frozenset({collecting.ACTION})
_PHONE: Final = frozenset({f"prepare-{ContactKind.MOBILE}"})
_EMAIL: Final = frozenset({f"prepare-{ContactKind.EMAIL}"})
_REGISTERS: Final = _PASS | _PHONE | _EMAIL
_METHODS: Final = frozenset({RemoveMethods.action})
_PASSES: Final = _METHODS | _PASS | {withdrawing.ACTION}
_BLOCKS: Final = frozenset({BlockSignIn.action})
_UNBLOCKS: Final = frozenset({UnblockSignIn.action})
_JOINS: Final = frozenset({AddToGroup.action})
_LEAVES: Final = frozenset({RemoveFromGroup.action})
GROUPS: Final = _JOINS | _LEAVES
"""The actions that are about one group."""
# Who is blocked loses their sessions, too.
_SESSIONS: Final = frozenset({RevokeSessions.action}) | _BLOCKS
_STATE: Final = "Update per-user multifactor authentication state"
_REGISTERED: Final = "Admin registered security info"
_DELETED: Final = "Admin deleted security info"
_USER: Final = "Update user"

ACTIONS: Final[Mapping[str, frozenset[str]]] = {
    _STATE: _STATES,
    "Enable Strong Authentication": _ENABLES,
    "Disable Strong Authentication": _DISABLES,
    "Update StsRefreshTokenValidFrom Timestamp": _SESSIONS,
    "Disable account": _BLOCKS,
    "Enable account": _UNBLOCKS,
    "Add member to group": _JOINS,
    "Remove member from group": _LEAVES,
    _REGISTERED: _REGISTERS,
    # A default method is changed so that it can be removed.
    "Admin updated security info": _METHODS,
    "User changed default security info": _METHODS,
    _DELETED: _PASSES,
    "Delete Windows Hello for Business credential": _METHODS,
    "Delete Passkey (device-bound)": _METHODS,
    "Delete FIDO2 security key": _METHODS,
    "Delete FIDO2 security key(s)": _METHODS,
    "Delete passwordless phone sign-in credential": _METHODS,
    "Delete platform credential": _METHODS,
    "Remove users strong authentication phone app detail": _METHODS,
    # The directory writes it beside many a change.
    _USER: _STATES | _REGISTERS | _PASSES | _SESSIONS | _UNBLOCKS | GROUPS,
}
"""The activities that our changes show as, each with the actions of cases that bring it about."""
IN_THE_LOG: Final = frozenset[str]().union(*ACTIONS.values())
"""All actions that the log shows."""
_IN_ANY_LETTERS: Final = {activity.casefold(): activity for activity in ACTIONS}
_NEVER_OURS: Final = (
    "role",
    "password",
    "owner",
    "consent",
    "certificates and secrets",
    "credentials",
    "federat",
    "add fido2",
    "add passkey",
    "add platform credential",
    "add passwordless",
    "add windows hello",
    "policy",
    "permission grant",
    "application",
    "service principal",
    "domain",
    "create group",
    "add group",
    "delete group",
    "update group",
    "add user",
    "delete user",
    "restore user",
    "invite",
)
"""Words of activities that the directory never writes beside a change of ours."""

_TEMPORARY: Final = "temporary access pass"
_REGISTERED_WHAT: Final = {_TEMPORARY: _PASS, "phone": _PHONE, "email": _EMAIL}
_ENABLED: Final = "accountenabled"


@dataclass(frozen=True, slots=True)
class Sources:
    """Which actions a line can come from.

    Attributes:
        certain: those that it comes from where one was announced.
        possible: those of which the line tells too little to be sure.
    """

    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()


def is_never_ours(activity: str) -> bool:
    """Whether no case makes such a change, nor the directory beside one of a case."""
    words = activity.casefold()
    return words not in _IN_ANY_LETTERS and any(one in words for one in _NEVER_OURS)


def sources(activity: str, reason: str, values: Mapping[str, str]) -> Sources | None:
    """Which actions a line can come from; None for an activity that we don't know.

    Args:
        activity: what was done, in the log's words.
        reason: what else the log says about it; empty where it says nothing.
        values: the new values by property, in small letters.
    """
    known = _IN_ANY_LETTERS.get(activity.casefold())
    if known == _STATE:
        return Sources(_of_state(values))
    if known == _USER:
        return Sources(_of_user(values))
    if known == _REGISTERED:
        return _of_registered(reason.casefold())
    if known == _DELETED:
        return _of_deleted(reason.casefold())
    return None if known is None else Sources(ACTIONS[known])


def _of_state(values: Mapping[str, str]) -> frozenset[str]:
    """Where the log tells the state, only what aims at it; else its line beside tells the way."""
    told = set(values.values())
    if PerUserMfaState.DISABLED in told:
        return _DISABLES
    if told & {PerUserMfaState.ENABLED, PerUserMfaState.ENFORCED}:
        return _ENABLES
    return _STATES


def _of_user(values: Mapping[str, str]) -> frozenset[str]:
    match values.get(_ENABLED):
        case "true":
            return _UNBLOCKS
        case "false":
            return _BLOCKS
        case _:
            return ACTIONS[_USER]


def _of_registered(reason: str) -> Sources:
    """The log says what was registered: `Admin registered phone method for user`."""
    if not reason:
        return Sources(possible=_REGISTERS)
    told = (actions for what, actions in _REGISTERED_WHAT.items() if what in reason)
    return Sources(next(told, frozenset()))


def _of_deleted(reason: str) -> Sources:
    if not reason:
        return Sources(_METHODS, _PASSES)
    return Sources(_PASSES if _TEMPORARY in reason else _METHODS)
