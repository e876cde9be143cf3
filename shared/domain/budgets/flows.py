"""What every change of the directory counts as, and for whom."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, assert_never

from shared.domain.authentication import PerUserMfaState
from shared.domain.effects import Request
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.effects.methods import PreferMethod, RegisterContact, RemoveMethod
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.ids import CaseId, GroupId, SourceName
from shared.domain.people.rulings import Impact


class Budget(StrEnum):
    """What is counted."""

    METHODS_REMOVED = "methods-removed"
    """People who lose methods, or the sessions with them: resets, rehired people."""
    SIGN_IN_BLOCKED = "sign-in-blocked"
    PASS = "pass"  # noqa: S105  (what is given, not a password)
    EXEMPTION = "exemption"
    LEAVER = "leaver"
    """People who are seen off: their sessions and methods, together once."""
    GROUP_LEFT = "group-left"
    ENFORCED = "enforced"
    ENABLED = "enabled"
    """People who are asked to register, and whatever prepares that."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What is held together, and let go on together: one effect, asked for by one source.

    Attributes:
        budget: what is counted.
        source: who asks for it.
    """

    budget: Budget
    source: SourceName

    @property
    def name(self) -> str:
        """Its name in addresses, events and rows: `leaver.contoso-hr`."""
        return f"{self.budget}.{self.source}"

    @classmethod
    def named(cls, name: str) -> Self | None:
        """The flow of this name; None where it names none."""
        effect, _, source = name.partition(".")
        if effect not in _BUDGETS or not source:
            return None
        return cls(Budget(effect), SourceName(source))


@dataclass(frozen=True, slots=True)
class Spender:
    """On whose account a change is.

    Attributes:
        case_id: the case that makes it; it counts once for each budget, however often it writes.
        source: who asked for the case.
        occasion: tells changes of one case apart that count each, as passes do.
    """

    case_id: CaseId
    source: SourceName
    occasion: str = ""

    @property
    def key(self) -> str:
        """What a repetition has in common with the first time, and nothing else has."""
        return f"{self.case_id}.{self.occasion}" if self.occasion else self.case_id


_BUDGETS: Final = frozenset(budget.value for budget in Budget)


def budget_of(effect: Request, enforcement: GroupId | None) -> Budget | None:
    """What an effect counts as; None where it gives back what a case of ours has taken.

    Args:
        effect: what is asked for.
        enforcement: the group of whose members a policy requires MFA, where a setting names one.
    """
    match effect:
        case SetMfaState(state=PerUserMfaState.DISABLED):
            return Budget.EXEMPTION
        case SetMfaState(state=PerUserMfaState.ENFORCED):
            return Budget.ENFORCED
        case SetMfaState() | RegisterContact():
            return Budget.ENABLED
        case RevokeSessions(impact=impact) | RemoveMethod(impact=impact):
            return _taken_away(impact)
        case PreferMethod(impact=impact) | CloseMailbox(impact=impact):
            return _taken_away(impact)
        case AddToGroup(group=group, unregistered=unregistered):
            return Budget.ENFORCED if unregistered or group == enforcement else Budget.ENABLED
        case RemoveFromGroup(impact=Impact.OFFBOARD):
            return Budget.GROUP_LEFT
        case RemoveFromGroup():
            return Budget.EXEMPTION
        case BlockSignIn():
            return Budget.SIGN_IN_BLOCKED
        case UnblockSignIn():
            return None
        case _:
            assert_never(effect)


def _taken_away(impact: Impact) -> Budget:
    return Budget.LEAVER if impact is Impact.OFFBOARD else Budget.METHODS_REMOVED
