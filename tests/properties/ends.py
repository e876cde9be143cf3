"""What must be true once everything has come to rest."""

from collections import Counter

from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import CaseState, EventType, StepOutcome
from tests.properties.world import World


async def check_ends(world: World) -> None:
    """Check every case, every event and the tenant itself.

    Raises:
        AssertionError: something was lost, done twice or not told.
    """
    assert world.watch.broken == []
    by_event = {(ack.event, ack.case_id) for ack in world.acknowledged}
    assert len(by_event) == len({event for event, _ in by_event}), "two cases of one event"
    assert {case_id for _, case_id in by_event} <= world.watch.cases.keys(), "a case was lost"
    for case_id in world.watch.cases:
        stored = await world.cases.load(case_id)
        assert stored is not None
        case = stored.case
        assert all(event.published for event in stored.events), "an event stays unpublished"
        told = Counter(event.type for event in stored.events)
        completed = int(case.state is CaseState.COMPLETED)
        assert told[EventType.COMPLETED] == completed
        assert world.published(case_id, EventType.COMPLETED) == completed
        if case.state is CaseState.PARKED:
            last = stored.steps[-1]
            assert last.outcome is StepOutcome.PARKED
            assert last.detail
        if completed and not case.observed:
            assert case.user_id is not None
            assert world.tenant.people[case.user_id].state is PerUserMfaState.ENFORCED
        if case_id in world.watch.changed:
            told_of = [step for step in stored.steps if step.outcome is StepOutcome.BEGUN]
            assert told_of, "the tenant was changed and the case does not tell"
            assert "Nothing was changed" not in (stored.steps[-1].detail or "")
    changed_for = {world.watch.cases[case_id].case.user_id for case_id in world.watch.changed}
    assert {user for user, _ in world.tenant.writes} <= changed_for
