"""A Temporary Access Pass as the person who collects it reads it, once."""

from datetime import datetime
from typing import Self

import msgspec

from shared.domain.passes.given import GivenPass


class PassView(msgspec.Struct, frozen=True, rename="camel"):
    """A Temporary Access Pass.

    Attributes:
        temporary_access_pass: the pass; it can't be read again.
        starts_at: from when it can be used.
        expires_at: until when.
        is_usable_once: whether it can be used only once.
    """

    temporary_access_pass: str
    starts_at: datetime
    expires_at: datetime
    is_usable_once: bool

    @classmethod
    def of(cls, given: GivenPass) -> Self:
        """The view of a pass, for its one answer."""
        return cls(
            temporary_access_pass=given.value.reveal(),
            starts_at=given.starts_at,
            expires_at=given.expires_at,
            is_usable_once=given.usable_once,
        )

    def __repr__(self) -> str:
        return f"PassView(..., expires_at={self.expires_at!r})"
