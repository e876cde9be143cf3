"""What a case that goes no further leaves behind in the directory."""

from collections.abc import Iterator
from typing import Final, assert_never

from shared.domain.cases import NOT_BEGUN, Case, CaseState, Change
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.effects.methods import RegisterContact, RemoveMethods
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.people.rulings import Impact
from shared.domain.plans import (
    EnrolmentPlan,
    ExemptionPlan,
    LeaverPlan,
    OnboardingPlan,
    ResetPlan,
)
from shared.domain.preparations import Prepared
from shared.domain.reset.progress import Block

_UNTOUCHED: Final = NOT_BEGUN | {CaseState.AWAITING_CONFIRMATION}
"""States in which a case without a change under way has changed nothing."""


def what_stays(case: Case) -> str:
    """Say it, for whoever reads the case."""
    if case.change is not None:
        return f"{_under_way(case.change)} was under way."
    reached = case.reached
    if case.observed or reached in _UNTOUCHED:
        said = list(_prepared(case))
        if case.approval is not None and case.asked_for is Impact.WEAKEN and not case.observed:
            said.append("Methods whose removal was approved may be gone, as the steps tell.")
        return " ".join(said) or "Nothing was changed."
    match case.plan:
        case OnboardingPlan() if reached is CaseState.REMOVING_METHODS:
            return "Methods that were removed stay so. MFA was not changed."
        case OnboardingPlan():
            reached_mfa = "enforced" if reached is CaseState.ENFORCED else "enabled"
            return f"The account stays {reached_mfa} for MFA."
        case LeaverPlan():
            return "Sessions stay revoked, and methods that were removed stay so."
        case ExemptionPlan():
            return "Nothing was changed."
        case EnrolmentPlan():
            return "The cases that it opened go on; it opens no more."
        case ResetPlan() if case.reset.block is Block.OURS:
            return "What was removed and revoked stays so, and the account stays blocked."
        case ResetPlan():
            return "What was removed and revoked stays so."
        case _:
            assert_never(case.plan)


def _prepared(case: Case) -> Iterator[str]:
    """What a case has prepared, and what it may have."""
    for what, came in (
        ("What was prepared stays", Prepared.DONE),
        ("What may be there", Prepared.UNVERIFIED),
    ):
        those = [preparation for preparation, of in case.preparations.items() if of is came]
        if those:
            yield f"{what}: {', '.join(those)}."


def _under_way(change: Change) -> str:
    match change.effect:
        case SetMfaState(state):
            return f"Changing the account to {state}"
        case RevokeSessions():
            return "Revoking the sessions"
        case RemoveMethods(methods):
            types = ", ".join(method.method_type for method in methods)
            return f"Removing methods ({types})"
        case AddToGroup(group=group):
            return f"Joining the group {group}"
        case RemoveFromGroup(group=group):
            return f"Leaving the group {group}"
        case RegisterContact(contact=contact):
            return f"Registering the {contact} that HR told"
        case BlockSignIn():
            return "Blocking the account"
        case UnblockSignIn():
            return "Lifting the block of the account"
        case CloseMailbox():
            return "Shutting the old protocols of the mailbox"
        case _:
            assert_never(change.effect)
