"""A case with what is still to be stored of it."""

from dataclasses import dataclass, replace
from typing import Self

from shared.application.ports.cases import StoredCase
from shared.domain.cases import Case, CaseEvent
from shared.domain.transitions import Transition


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as it will stand once it is stored.

    Attributes:
        stored: the case as it is stored; None while it is not.
        unsaved: what follows on it; where it is not stored, how it begins.

    Raises:
        TypeError: it is a draft of nothing.
    """

    stored: StoredCase | None
    unsaved: tuple[Transition, ...] = ()

    def __post_init__(self) -> None:
        if self.stored is None and not self.unsaved:
            raise TypeError("A case that is not stored begins with a transition.")

    @property
    def case(self) -> Case:
        """The case as it will stand."""
        last = self.unsaved[-1] if self.unsaved else self.stored
        if last is None:
            raise TypeError("A draft of nothing.")
        return last.case

    @property
    def events(self) -> tuple[CaseEvent, ...]:
        """Its events, in order."""
        known = () if self.stored is None else self.stored.events
        return (*known, *(one.event for one in self.unsaved if one.event is not None))

    def then(self, transition: Transition) -> Self:
        """The same, with what follows on it."""
        return replace(self, unsaved=(*self.unsaved, transition))
