"""What operators read and send about control."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import SourceName


class SourceAccess(StrEnum):
    """Whether a source's webhooks are let in."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class CapabilityView(msgspec.Struct, frozen=True, rename="camel"):
    """How far a capability may go.

    Attributes:
        mode: what holds now.
        changed_by: object id of the person who set it.
        changed_at: when.
        act_requested_by: object id of the person who asked for `act`; a second one must agree.
    """

    mode: Mode
    changed_by: str | None
    changed_at: datetime | None
    act_requested_by: str | None

    @classmethod
    def of(cls, entry: ControlEntry) -> Self:
        """The view of a control row."""
        return cls(
            mode=entry.mode,
            changed_by=entry.changed_by,
            changed_at=entry.changed_at,
            act_requested_by=entry.requested_by,
        )


class SourceView(msgspec.Struct, frozen=True, rename="camel"):
    """Whether a source's webhooks are let in.

    Attributes:
        access: what holds now.
        changed_by: object id of the person who set it.
        changed_at: when.
        active_requested_by: object id of the person who asked to let it in; another must agree.
    """

    access: SourceAccess
    changed_by: str | None
    changed_at: datetime | None
    active_requested_by: str | None

    @classmethod
    def of(cls, entry: ControlEntry) -> Self:
        """The view of a source's control row."""
        suspended = entry.mode is Mode.STOP
        return cls(
            access=SourceAccess.SUSPENDED if suspended else SourceAccess.ACTIVE,
            changed_by=entry.changed_by,
            changed_at=entry.changed_at,
            active_requested_by=entry.requested_by,
        )


class ControlView(msgspec.Struct, frozen=True, rename="camel"):
    """All control rows.

    Attributes:
        onboarding: the capability onboarding.
        leaver: the capability of seeing leavers off.
        exemption: the capability exemption.
        sources: the sources that were ever suspended.
    """

    onboarding: CapabilityView
    leaver: CapabilityView
    exemption: CapabilityView
    sources: Mapping[SourceName, SourceView]


_Name = Annotated[SourceName, msgspec.Meta(pattern=r"^[a-z0-9-]+(?!\n)$", max_length=64)]
_Sources = Annotated[Mapping[_Name, SourceAccess], msgspec.Meta(max_length=50)]


class ControlChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A change of control; what is left out stays.

    Attributes:
        onboarding: the mode asked for.
        leaver: likewise.
        exemption: likewise.
        sources: sources to suspend or to let in again, by name.
    """

    onboarding: Mode | None = None
    leaver: Mode | None = None
    exemption: Mode | None = None
    sources: _Sources = {}

    def modes(self) -> dict[Capability, Mode]:
        """The modes asked for."""
        asked = {
            Capability.ONBOARDING: self.onboarding,
            Capability.LEAVER: self.leaver,
            Capability.EXEMPTION: self.exemption,
        }
        return {capability: mode for capability, mode in asked.items() if mode is not None}

    def source_modes(self) -> dict[SourceName, Mode]:
        """The same of the sources."""
        return {
            name: Mode.STOP if access is SourceAccess.SUSPENDED else Mode.ACT
            for name, access in self.sources.items()
        }

    def only_stops(self) -> bool:
        """Whether it does nothing but stop or suspend."""
        return {*self.modes().values(), *self.source_modes().values()} <= {Mode.STOP}


def decode_control_change(body: bytes) -> ControlChange:
    """The change in a request.

    Raises:
        InvalidRequest: the body is none; the detail names the field.
    """
    try:
        return msgspec.json.decode(body, type=ControlChange)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body is not a change of control: {mistake(error)}") from error
