"""Start and stop capabilities, let sources in or turn them away (safety rules S6 and S7)."""

from dataclasses import dataclass, replace

from shared.application.ports.clock import Clock
from shared.application.ports.control import Controls
from shared.contracts.control_view import CapabilityView, ControlChange, ControlView, SourceAccess
from shared.domain.control import Capability, ControlEntry, Mode


@dataclass(frozen=True, slots=True)
class ReadControl:
    """Reads what holds now, at the store."""

    controls: Controls

    async def __call__(self) -> ControlView:
        """All control rows."""
        entry = await self.controls.entry(Capability.ONBOARDING)
        suspended = await self.controls.suspended()
        return ControlView(
            onboarding=CapabilityView.of(entry),
            sources=dict.fromkeys(sorted(suspended), SourceAccess.SUSPENDED),
        )


@dataclass(frozen=True, slots=True)
class ChangeControl:
    """Changes what holds. Stopping takes one person; acting takes two."""

    controls: Controls
    clock: Clock

    async def __call__(self, change: ControlChange, by: str) -> bool:
        """Make a change, or ask for one that a second person has to agree to.

        Args:
            change: what to change; the caller has checked the person's role.
            by: the object id of the person who asks.

        Returns:
            True where the change holds now, False where a second person is awaited.

        Raises:
            Conflict: somebody changed the same at the same moment.
        """
        settled = True
        for source, access in change.sources.items():
            suspended = access is SourceAccess.SUSPENDED
            await self.controls.suspend(source, suspended=suspended, by=by)
        for capability, mode in change.modes().items():
            entry = await self._set(capability, mode, by)
            settled = settled and entry.mode is mode
        return settled

    async def _set(self, capability: Capability, mode: Mode, by: str) -> ControlEntry:
        old = await self.controls.entry(capability)
        if old.mode is mode:
            # A pending wish to act is not taken back by asking for what holds anyway.
            return old
        if mode is Mode.ACT and old.requested_by in {None, by}:
            new = replace(old, requested_by=by)
        else:
            new = ControlEntry(mode=mode, changed_by=by, changed_at=self.clock.now())
        if new != old:
            await self.controls.replace(capability, old, new)
        return new
