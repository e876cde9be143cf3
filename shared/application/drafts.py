"""A case with what is still to be stored of it."""

from dataclasses import dataclass, replace
from typing import Self

from shared.application.ports.cases import StoredCase
from shared.domain.cases import Case, CaseEvent
from shared.domain.transitions import Transition


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as it will stand once it is stored: either of the two says how it stands.

    Attributes:
        stored: the case as it is stored; None while it is not.
        unsaved: what follows on it, or is the beginning of it.
    """

    stored: StoredCase | None
    unsaved: tuple[Transition, ...] = ()

    @property
    def case(self) -> Case:
        """The case as it will stand."""
        if self.unsaved:
            return self.unsaved[-1].case
        if self.stored is None:
            raise TypeError("A draft is of something.")
        return self.stored.case

    @property
    def events(self) -> tuple[CaseEvent, ...]:
        """Its events, in order."""
        known = () if self.stored is None else self.stored.events
        return (*known, *(one.event for one in self.unsaved if one.event is not None))

    def then(self, transition: Transition) -> Self:
        """The same, with what follows on it."""
        return replace(self, unsaved=(*self.unsaved, transition))
