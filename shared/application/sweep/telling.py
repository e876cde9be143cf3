"""Tell who lost protection, and how a run ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from shared.application.ports.messages import Events, OutgoingEvent
from shared.contracts.sweep_events import (
    POSTURE_LOST,
    SWEEP_HELD,
    held_event,
    held_event_id,
    lost_event,
    lost_event_id,
    run_event,
    run_event_id,
    run_event_type,
)
from shared.domain.sweep.lines import Change
from shared.domain.sweep.runs import Run

MOST_LOST: Final = 100
"""Events about single people in a run, the gravest first; how many more there are its own tells."""
_KIND: Final = "sweep"


def gravest(changes: Iterable[Change]) -> list[Change]:
    """The losses to tell of, the gravest first; in whatever order they come."""
    return nsmallest(MOST_LOST, (one for one in changes if one.is_loss), key=lambda one: one.weight)


@dataclass(frozen=True, slots=True)
class Tell:
    """Publishes events. Told again, each is the same, and the broker drops it."""

    events: Events
    tenant_id: str

    async def losses(self, run: Run, lost: Sequence[Change]) -> None:
        """Tell of people who lost protection.

        Raises:
            BrokerUnavailable: the broker did not take it.
        """
        await self.events.publish(
            tuple(
                OutgoingEvent(
                    event_id=lost_event_id(run.run_id, change),
                    event_type=POSTURE_LOST,
                    kind=_KIND,
                    body=lost_event(run.run_id, change, self.tenant_id),
                )
                for change in lost
            )
        )

    async def end(self, run: Run) -> None:
        """Tell how a run ended, and where what it would mend waits for somebody's word.

        Raises:
            BrokerUnavailable: the broker did not take it.
        """
        ended = OutgoingEvent(
            event_id=run_event_id(run),
            event_type=run_event_type(run),
            kind=_KIND,
            body=run_event(run, self.tenant_id),
        )
        if run.remediation is None or not run.remediation.needs_approval:
            await self.events.publish((ended,))
            return
        held = OutgoingEvent(
            event_id=held_event_id(run),
            event_type=SWEEP_HELD,
            kind=_KIND,
            body=held_event(run, self.tenant_id),
        )
        await self.events.publish((ended, held))
