"""What a path is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from local.bench.company import Company, Json


@dataclass(frozen=True, slots=True)
class Request:
    """One request to Graph about one person.

    Attributes:
        route: what is sent, as the simulated tenant's journal has it.
        purpose: what it is for.
    """

    route: str
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Path:
    """A way of one person through the app.

    Attributes:
        name: what people call it.
        walk: takes a person along it to the end of their case; gives that person back.
        necessary: what a bare script would have to send, too, if it kept our safety rules.
        beyond: what we send beside that, and why we do.
        settings: of the app, where they are not the stack's own.
    """

    name: str
    walk: Callable[[Company], Json]
    necessary: tuple[Request, ...]
    beyond: tuple[Request, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
