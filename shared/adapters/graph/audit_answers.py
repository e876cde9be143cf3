"""What the directory's audit log looks like, as far as we read it.

https://learn.microsoft.com/graph/api/resources/directoryaudit
"""

from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from shared.adapters.graph.answers import Id

FAILED: Final = "failure"
USER: Final = "user"


class AppAnswer(msgspec.Struct, rename="camel"):
    """An application that did something; the directory's own lines tell no `appId`."""

    app_id: str | None = None
    service_principal_id: str | None = None


class InitiatorAnswer(msgspec.Struct):
    """Who did something."""

    app: AppAnswer | None = None


class PropertyAnswer(msgspec.Struct, rename="camel"):
    """A property that was changed."""

    display_name: str | None = None
    new_value: str | None = None


class TargetAnswer(msgspec.Struct, rename="camel"):
    """What a line is about."""

    id: str | None = None
    type: str | None = None
    modified_properties: list[PropertyAnswer] | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is a person, as it is where the line does not say."""
        return (self.type or USER).casefold() == USER


class AuditAnswer(msgspec.Struct, rename="camel"):
    """A line."""

    id: Id
    activity_display_name: str
    activity_date_time: Annotated[datetime, msgspec.Meta(tz=True)]
    target_resources: list[TargetAnswer] | None = None
    result: str | None = None
    result_reason: str | None = None
    initiated_by: InitiatorAnswer | None = None

    @property
    def targets(self) -> list[TargetAnswer]:
        """What it is about."""
        return self.target_resources or []

    @property
    def app(self) -> AppAnswer | None:
        """The application that did it; None where somebody else did."""
        return None if self.initiated_by is None else self.initiated_by.app

    @property
    def failed(self) -> bool:
        """Whether it says that nothing was changed."""
        return (self.result or "").casefold() == FAILED


def told(moment: datetime) -> str:
    """A time as a literal in a filter, which tells whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
