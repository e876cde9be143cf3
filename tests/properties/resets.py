"""Tickets about lost devices, for tests in memory: cases as the intake makes them."""

from datetime import timedelta
from random import Random
from typing import Final

from shared.contracts.commands import AdvanceCase
from shared.domain.approvals import plan_hash
from shared.domain.authentication import MethodType
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.ids import CaseId, SourceName, UserId, UserPrincipalName
from shared.domain.plans import ResetPlan
from shared.domain.reset.progress import LOG_TELLS
from shared.domain.reset.tickets import ALL_ACTIONS, ResetAction, ResetReason
from shared.domain.transitions import record
from tests.properties.world import AT_REST, World

NAME: Final = "kim@contoso.example"
APP: Final = MethodType.MICROSOFT_AUTHENTICATOR
WAITS: Final = frozenset({CaseState.WAITING_REGISTRATION, CaseState.AWAITING_CONFIRMATION})
REST: Final = AT_REST | WAITS | {CaseState.AWAITING_APPROVAL, CaseState.AWAITING_COLLECTION}


async def a_world() -> World:
    """A world in which everything may act."""
    world = World(Random(1))  # noqa: S311  (which replica answers)
    await world.set_mode(Mode.ACT)
    return world


def an_employee(world: World, *kinds: MethodType, name: str = NAME) -> UserId:
    """Somebody who works here and has registered these."""
    user = world.tenant.add(name)
    for kind in kinds:
        world.tenant.register(user, kind)
    return user


async def a_ticket(
    world: World,
    number: int = 1,
    *,
    name: str = NAME,
    reason: ResetReason = ResetReason.LOST,
    actions: tuple[ResetAction, ...] = ALL_ACTIONS,
    verified_by: str | None = "agent-7",
    verified_how: str | None = "callback",
) -> CaseId:
    """A ticket comes in, and its command is sent."""
    now = world.clock.now()
    case = Case(
        case_id=CaseId(f"{number:032x}"),
        state=CaseState.ACCEPTED,
        source=SourceName("tickets"),
        verified_with="1",
        plan=ResetPlan(
            ticket_id=f"INC-{number}",
            user_id=None,
            user_principal_name=UserPrincipalName(name),
            reason=reason,
            actions=actions,
            requested_by="portal",
            verified_by=verified_by,
            verified_how=verified_how,
            occurred_at=now,
        ),
        accepted_at=now,
        updated_at=now,
    )
    accepted = record(
        case, now, action="accept", outcome=StepOutcome.DONE, event=EventType.ACCEPTED
    )
    stored = await world.cases.create(accepted)
    await world.broker.send(AdvanceCase.of(stored.case))
    return case.case_id


async def the_case(world: World, case_id: CaseId) -> Case:
    """How a case stands."""
    stored = await world.cases.load(case_id)
    assert stored is not None
    return stored.case


async def state_of(world: World, case_id: CaseId) -> CaseState:
    """Where a case stands."""
    return (await the_case(world, case_id)).state


async def approve(world: World, case_id: CaseId, by: str = "approver") -> None:
    """Somebody who has no part in the case agrees to it."""
    case = await the_case(world, case_id)
    await world.hosts[1].approve_case(case_id, plan_hash(case), by)


async def collect(world: World, case_id: CaseId, by: str = "collector") -> None:
    """Somebody of the helpdesk collects a pass for the person."""
    await world.hosts[1].collect_pass(case_id, by)


async def rounds(world: World, count: int, seconds: float = 61) -> None:
    """All is worked off, the timers fire and time goes by, so often."""
    for _ in range(count):
        while messages := world.broker.deliverable(world.clock.now()):
            await world.deliver(messages[0])
        await world.timers()
        await world.attempt("timer", world.hosts[0].withdraw_passes())
        world.clock.advance(timedelta(seconds=seconds))


def let_the_log_tell(world: World) -> None:
    """So much time goes by that the audit log has what was done before."""
    world.clock.advance(LOG_TELLS)


def kinds_of(world: World, user: UserId) -> list[MethodType]:
    """What the person truly has, the password aside."""
    methods = world.tenant.people[user].methods
    return [one.method_type for one in methods if one.method_type is not MethodType.PASSWORD]


def is_open(world: World, user: UserId) -> bool:
    """Whether the person can truly sign in."""
    return world.tenant.people[user].account.enabled
