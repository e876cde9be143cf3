"""Tickets in the machine of lives: devices are lost, found and stolen while all else goes on."""

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from shared.domain.authentication import MethodType
from shared.domain.cases import CaseState, StepOutcome
from shared.domain.plans import ResetPlan
from shared.domain.reset.tickets import ALL_ACTIONS, ResetAction, ResetReason
from tests.properties.case_machine import NAMES, indexes, interruptions
from tests.properties.interrupting import How
from tests.properties.lives import DecidingMachine
from tests.properties.resets import a_ticket

MOST_TICKETS: Final = 6
WAYS: Final = ("callback", "callback", "callback", "questions", None)
ACTIONS: Final = (ALL_ACTIONS, ALL_ACTIONS, (ResetAction.SESSIONS,), (ResetAction.METHODS,))
KINDS: Final = (
    MethodType.MICROSOFT_AUTHENTICATOR,
    MethodType.WINDOWS_HELLO,
    MethodType.FIDO2,
    MethodType.HARDWARE_OATH,
)


class TicketingMachine(DecidingMachine):
    """The machine of lives with a ticketing system, an attacker, and helpdesks that block."""

    tickets = 0

    @rule(
        name=st.sampled_from(NAMES),
        reason=st.sampled_from(ResetReason),
        actions=st.sampled_from(ACTIONS),
        how=st.sampled_from(WAYS),
        broken=st.just({}) | interruptions,
    )
    def a_device_is_reported(
        self,
        name: str,
        reason: ResetReason,
        actions: tuple[ResetAction, ...],
        how: str | None,
        broken: dict[int, How],
    ) -> None:
        """A ticket comes in; trouble begins when it is worked on."""
        if self.tickets == MOST_TICKETS:
            return
        self.tickets += 1
        ticket = a_ticket(
            self.world, self.tickets, name=name, reason=reason, actions=actions, verified_how=how
        )
        self.runner.run(ticket)
        self.world.interruptions.plan = dict(broken)

    @rule(name=st.sampled_from(NAMES), kind=st.sampled_from(KINDS))
    def somebody_registers_something(self, name: str, kind: MethodType) -> None:
        """The person, or whoever holds the password, registers."""
        user = self.world.user(name)
        if user is not None and self.world.tenant.people[user].account.enabled:
            self.world.tenant.register(user, kind)

    @rule(name=st.sampled_from(NAMES))
    def the_password_is_changed(self, name: str) -> None:
        """By the person, or by a helpdesk."""
        user = self.world.user(name)
        if user is not None:
            self.world.tenant.change_password(user)

    @rule(index=indexes)
    def another_host_starts(self, index: int) -> None:
        """A host is replaced, and remembers nothing."""
        self.world.hosts[index % 2] = self.world._start()  # noqa: SLF001  (as a crash does)

    async def _check(self) -> None:
        """No ticket is called done before two lists, nor with a registration without a pass."""
        await super()._check()
        for stored in self.world.watch.cases.values():
            case = stored.case
            plan = case.plan
            done = case.state is CaseState.COMPLETED and not case.observed
            if not isinstance(plan, ResetPlan) or not done:
                continue
            actions = [step.action for step in stored.steps if step.outcome is StepOutcome.DONE]
            carried = case.reset.joined is not None
            assert "verify-caller" in actions, "done though nobody was verified"
            assert carried or "contain" in actions, "done and never contained"
            if ResetAction.METHODS in plan.actions and not carried:
                assert "prove-removed" in actions, "done without a second list"
            if ResetAction.SESSIONS in plan.actions and not carried:
                assert "revoke-sessions" in actions, "done without a revocation"
            waited = any(step.action == "wait-for-registration" for step in stored.steps)
            given = case.reset.collected_at is not None
            assert carried or not waited or given, "registered without a pass, and called done"
