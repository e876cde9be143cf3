"""What an answer to a ticket says: what was removed, and what is left to do."""

from shared.domain.cases import Case, CaseState
from shared.domain.plans import ResetPlan
from shared.domain.reset.progress import Block

_WAITS_FOR_THE_PERSON = frozenset({CaseState.WAITING_REGISTRATION, CaseState.OVERDUE})
_GIVEN_UP = frozenset(
    {CaseState.REFUSED, CaseState.PARKED, CaseState.CANCELLED, CaseState.SUPERSEDED}
)


def ticket_of(case: Case) -> str | None:
    """The ticket that a case answers; None where no ticket asked for it."""
    return case.plan.ticket_id if isinstance(case.plan, ResetPlan) else None


def system_of(case: Case) -> str | None:
    """The system that sent that ticket, where the ticket says so."""
    return case.plan.system if isinstance(case.plan, ResetPlan) else None


def removed_types(case: Case) -> tuple[str, ...]:
    """The types of the methods that a reset has removed, once a list shows that they are gone."""
    if not case.reset.kept:
        return ()
    return tuple(method.partition(" ")[0] for method in case.reset.removed)


def left_to_do(case: Case) -> tuple[str, ...]:
    """What is left to do about a reset, in codes that a ticketing system can act on."""
    if not isinstance(case.plan, ResetPlan) or case.observed:
        return ()
    left = []
    if case.state is CaseState.AWAITING_APPROVAL:
        left.append("approve")
    if case.state is CaseState.AWAITING_COLLECTION or (
        case.state in _WAITS_FOR_THE_PERSON and case.reset.collected_at is None
    ):
        left.append("collect-pass")
    if case.state in _WAITS_FOR_THE_PERSON:
        left.append("register")
    if case.reset.item_open:
        left.append("delete-app-passwords")
    if case.reset.doubtful:
        left.append("look-at-kept-methods")
    if case.reset.block is Block.ELSEWHERE:
        left.append("decide-about-block")
    if _leaves_its_block(case):
        left.append("lift-block")
    return tuple(left)


def _leaves_its_block(case: Case) -> bool:
    """Whether the case has blocked the account, or was about to, and lifts no block any more.

    One that had joined another leaves that to the other one.
    """
    blocked = case.reset.block in {Block.MEANT, Block.OURS}
    return blocked and case.state in _GIVEN_UP and case.reset.joined is None
