"""Cases in memory, watched."""

from shared.application.ports.cases import StoredCase
from shared.domain.transitions import Transition
from tests.fakes.cases import FakeCases
from tests.properties.watch import Watch


class WatchedCases(FakeCases):
    """The ports `Cases`, `CaseLists` and `DueCases`; the watch sees what is written."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    async def create(self, transition: Transition) -> StoredCase:
        """Store a new case."""
        known = await self.load(transition.case.case_id)
        stored = await super().create(transition)
        if known is None:
            self._watch.saved(None, stored, transition)
        return stored

    async def save(self, stored: StoredCase, transition: Transition) -> StoredCase:
        """Store a transition."""
        saved = await super().save(stored, transition)
        self._watch.saved(stored, saved, transition)
        return saved
