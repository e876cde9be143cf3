"""One measurement of a sweep: how large the tenant was, how it was read, and what it took."""

import os
from enum import StrEnum
from typing import Self

import msgspec


class Way(StrEnum):
    """How a tenant lets itself be read."""

    LISTS = "two lists"
    STATES_SINGLY = "states in batches"
    METHODS_SINGLY = "methods in batches"

    @property
    def switches(self) -> dict[str, str]:
        """What makes the simulated tenant so."""
        match self:
            case Way.LISTS:
                return {}
            case Way.STATES_SINGLY:
                return {"bulkPerUserMfaState": "missing"}
            case Way.METHODS_SINGLY:
                return {"licence": "free"}


class Store(StrEnum):
    """Where a sweep keeps what it reads and finds."""

    AZURITE = "whole stack"
    MEMORY = "store in memory"


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be measured.

    Attributes:
        people: how many the tenant has.
        store: beside which store.
        way: how the tenant lets itself be read.
        within_limits: whether both sides keep inside the limits that Graph publishes, and the
            tenant holds them to it; else nobody knows any.
        finest: whether the tenant is cut into as many parts as there may be, however small it is.
    """

    people: int
    store: Store = Store.AZURITE
    way: Way = Way.LISTS
    within_limits: bool = True
    finest: bool = False

    @property
    def words(self) -> str:
        """The same for people."""
        return f"{self.people} people, {self.how}"

    @property
    def how(self) -> str:
        """Everything but the people."""
        limits = "published limits" if self.within_limits else "no limits"
        cut = ", the most parts" if self.finest else ""
        return f"{self.way}, {self.store}, {limits}{cut}"


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What a run took.

    Attributes:
        seconds: real time.
        requests: to Graph, for people and for the tenant: of groups there are as there are.
        cpu: seconds of the worker's processor.
        memory: the most that the worker held, in bytes.
        rows: how many rows it wrote; None where nobody counted.
    """

    seconds: float
    requests: int
    cpu: float = 0.0
    memory: int = 0
    rows: int | None = None


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """The machine just before a measurement.

    Attributes:
        cores: how many processors it has.
        load: how many processes wanted one in the minute before: other work.
    """

    cores: int
    load: float

    @classmethod
    def now(cls) -> Self:
        """Those of this machine."""
        return cls(cores=os.cpu_count() or 1, load=os.getloadavg()[0])


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A measurement.

    Attributes:
        setup: what was measured.
        parts: how many parts the tenant was cut into.
        conditions: on what machine.
        floor: what a bare script took that reads the same and throws it away.
        first: what the first run took, in which everybody is new.
        second: what the second took, which finds everybody unchanged.
    """

    setup: Setup
    parts: int
    conditions: Conditions
    floor: Taken
    first: Taken
    second: Taken
