"""What every change counts as (safety rule S5)."""

from datetime import UTC, datetime

import pytest

from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.budgets.flows import Budget, Flow, Spender, budget_of
from shared.domain.contacts import ContactKind
from shared.domain.effects import Request
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.effects.methods import PreferMethod, RegisterContact, RemoveMethod
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.ids import CaseId, GroupId, SourceName
from shared.domain.people.rulings import Impact

ENFORCEMENT, OTHER = GroupId("enforcement"), GroupId("other")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CASE = CaseId("c" * 32)
EXPECTED: list[tuple[Request, Budget | None]] = [
    (SetMfaState(PerUserMfaState.DISABLED), Budget.EXEMPTION),
    (RemoveFromGroup(ENFORCEMENT), Budget.EXEMPTION),
    (RemoveFromGroup(OTHER, impact=Impact.OFFBOARD), Budget.GROUP_LEFT),
    (SetMfaState(PerUserMfaState.ENABLED), Budget.ENABLED),
    (AddToGroup(OTHER), Budget.ENABLED),
    (RegisterContact(ContactKind.MOBILE, CASE), Budget.ENABLED),
    (SetMfaState(PerUserMfaState.ENFORCED), Budget.ENFORCED),
    (SetMfaState(PerUserMfaState.ENFORCED, unregistered=True), Budget.ENFORCED),
    (AddToGroup(ENFORCEMENT), Budget.ENFORCED),
    (AddToGroup(OTHER, unregistered=True), Budget.ENFORCED),
    (RevokeSessions(NOW), Budget.LEAVER),
    (RemoveMethod(MethodType.FIDO2, "1", Impact.OFFBOARD), Budget.LEAVER),
    (PreferMethod("push", Impact.OFFBOARD), Budget.LEAVER),
    (RevokeSessions(NOW, Impact.CONTAIN), Budget.METHODS_REMOVED),
    (RemoveMethod(MethodType.FIDO2, "1", Impact.CONTAIN), Budget.METHODS_REMOVED),
    (RemoveMethod(MethodType.FIDO2, "1", Impact.WEAKEN), Budget.METHODS_REMOVED),
    (PreferMethod("push", Impact.CONTAIN), Budget.METHODS_REMOVED),
    (CloseMailbox(), Budget.METHODS_REMOVED),
    (BlockSignIn(), Budget.SIGN_IN_BLOCKED),
    (UnblockSignIn(), None),
]


@pytest.mark.parametrize(("effect", "budget"), EXPECTED, ids=repr)
def test_every_change_counts_as_what_it_comes_to(effect: Request, budget: Budget | None) -> None:
    """Leavers, resets and exemptions apart; nothing but the lifting of our own block is free."""
    assert budget_of(effect, ENFORCEMENT) is budget


@pytest.mark.parametrize("budget", Budget)
@pytest.mark.parametrize("source", ["people", "contoso-hr", "a.b"])
def test_a_flow_is_found_by_its_name(budget: Budget, source: str) -> None:
    """What stands in addresses and events names the flow, whatever its source is called."""
    flow = Flow(budget, SourceName(source))
    assert Flow.named(flow.name) == flow


@pytest.mark.parametrize("name", ["", "leaver", "leaver.", "leavers.contoso-hr", ".contoso-hr"])
def test_other_names_name_none(name: str) -> None:
    """A name without an effect or a source is none."""
    assert Flow.named(name) is None


def test_a_case_counts_once_and_each_of_its_passes_too() -> None:
    """What a case does counts under the case, what counts each time under its occasion."""
    case, source = CaseId("c" * 32), SourceName("contoso-hr")
    keys = {Spender(case, source).key, Spender(case, source, "1").key}
    assert len(keys | {Spender(case, source).key, Spender(case, source, "2").key}) == 3
