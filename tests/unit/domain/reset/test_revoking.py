"""Two revocations within one second: the second one can be told apart from the first."""

from datetime import timedelta
from typing import Any

from shared.domain.actions import Pause
from shared.domain.cases import CaseState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.people.rulings import Impact
from shared.domain.reset.tickets import ResetReason
from tests.builders import NOW, PASSWORD
from tests.unit.domain.reset.decisions import a_reset, a_reset_plan, advanced, decide

SECOND = timedelta(seconds=1)


def test_the_last_revocation_waits_for_the_next_second() -> None:
    """Graph tells since when sessions are valid by the second, and only a later one is proof."""
    plan = a_reset_plan(ResetReason.STOLEN)
    kept = a_reset(plan=plan, begun_at=NOW, kept=(str(PASSWORD),))
    known: dict[str, Any] = {"methods": (PASSWORD,), "sessions": NOW}
    assert decide(kept, NOW + SECOND / 2, **known) == Pause(NOW + SECOND)
    begun = advanced(decide(kept, NOW + SECOND, **known)).case.change
    assert begun is not None
    assert begun.effect == RevokeSessions(NOW + SECOND, Impact.CONTAIN)
    assert begun.then is CaseState.CONTAINED


def test_a_clock_that_is_far_behind_is_waited_for_by_message() -> None:
    """A pause is a second at most; nobody holds a lease for longer than that."""
    kept = a_reset(plan=a_reset_plan(ResetReason.STOLEN), begun_at=NOW, kept=(str(PASSWORD),))
    ahead = NOW + timedelta(minutes=5)
    waits = advanced(decide(kept, NOW, methods=(PASSWORD,), sessions=ahead)).case
    assert waits.wait_until == ahead + SECOND
