"""Claims that can be told again, and cases that are watched."""

from collections.abc import Sequence
from dataclasses import replace

from shared.application.ports.cases import Claim, StoredCase
from shared.domain.ids import CaseId
from shared.domain.transitions import Transition
from tests.fakes.cases import FakeCases
from tests.properties.watch import Watch


class CountedClaims:
    """The port `Claims`; its ids are counted, so that a story that failed fails again.

    Attributes:
        asked: how often a key was claimed.
    """

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}
        self.asked = 0

    async def claim(self, key: str, content_hash: str, *, case_id: CaseId | None = None) -> Claim:
        """Claim `key`, or learn who did."""
        self.asked += 1
        known = self._claims.get(key)
        if known is not None:
            return known
        case_id = case_id or CaseId(f"{len(self._claims) + 1:032x}")
        self._claims[key] = Claim(case_id=case_id, content_hash=content_hash, fresh=False)
        return replace(self._claims[key], fresh=True)

    async def find(self, key: str) -> Claim | None:
        """Who has claimed `key`; None where nobody has."""
        return self._claims.get(key)


class WatchedCases(FakeCases):
    """The ports `Cases`, `CaseLists` and `DueCases`; the watch sees what is written."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    async def create(self, *transitions: Transition) -> StoredCase:
        """Store a new case; each transition is seen as if it came alone."""
        known = await self.load(transitions[0].case.case_id)
        created = await super().create(*transitions)
        if known is None:
            self._see(None, created, transitions)
        return created

    async def save(
        self, stored: StoredCase, *transitions: Transition, more_to_come: bool = False
    ) -> StoredCase:
        """Store transitions; each is seen as if it came alone."""
        saved = await super().save(stored, *transitions, more_to_come=more_to_come)
        self._see(stored, saved, transitions)
        return saved

    def _see(
        self, before: StoredCase | None, saved: StoredCase, transitions: Sequence[Transition]
    ) -> None:
        for number, transition in enumerate(transitions):
            later = sum(1 for one in transitions[number + 1 :] if one.step is not None)
            steps = saved.steps[: len(saved.steps) - later]
            after = replace(saved, case=transition.case, steps=steps)
            self._watch.saved(before, after, transition)
            before = after
