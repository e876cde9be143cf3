"""Start and stop capabilities, let sources in or turn them away (safety rules S6 and S7)."""

from dataclasses import dataclass

from shared.application.ports.clock import Clock
from shared.application.ports.control import Controls
from shared.contracts.control_view import CapabilityView, ControlChange, ControlView, SourceView
from shared.domain.control import Capability, Mode, changed
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import SourceName


@dataclass(frozen=True, slots=True)
class ReadControl:
    """Reads what holds now, at the store."""

    controls: Controls

    async def __call__(self) -> ControlView:
        """All control rows."""
        onboarding = await self.controls.entry(Capability.ONBOARDING)
        leaver = await self.controls.entry(Capability.LEAVER)
        exemption = await self.controls.entry(Capability.EXEMPTION)
        sources = await self.controls.sources()
        return ControlView(
            onboarding=CapabilityView.of(onboarding),
            leaver=CapabilityView.of(leaver),
            exemption=CapabilityView.of(exemption),
            sources={name: SourceView.of(sources[name]) for name in sorted(sources)},
        )


@dataclass(frozen=True, slots=True)
class ChangeControl:
    """Changes what holds. Stopping takes one person; acting takes two."""

    controls: Controls
    sources: frozenset[SourceName]
    clock: Clock

    async def __call__(self, change: ControlChange, by: str) -> bool:
        """Make a change, or ask for one that a second person has to agree to.

        Args:
            change: what to change; the caller has checked the person's role.
            by: the object id of the person who asks.

        Returns:
            True where the change holds now, False where a second person is awaited.

        Raises:
            InvalidRequest: there is no source of that name.
            Conflict: somebody changed the same at the same moment.
        """
        unknown = change.sources.keys() - self.sources
        if unknown:
            raise InvalidRequest("No source of one of these names is configured.")
        wishes: list[tuple[Capability | SourceName, Mode]] = [
            *change.modes().items(),
            *change.source_modes().items(),
        ]
        settled = True
        for subject, mode in wishes:
            old = await self.controls.entry(subject)
            new = changed(old, mode, by, self.clock.now())
            if new != old:
                await self.controls.replace(subject, old, new)
            settled = settled and new.mode is mode
        return settled
