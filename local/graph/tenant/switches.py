"""Where the facts are not settled, a test chooses how the tenant behaves."""

from enum import StrEnum

import msgspec


class BulkMfaState(StrEnum):
    """What `$select=perUserMfaState` on users does. It is undocumented and may go away."""

    ON = "on"
    REFUSED = "refused"
    """400: no such property."""
    MISSING = "missing"
    """200, and the property is on no row."""


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The unsettled facts, with what is taken for true unless a test says otherwise."""

    bulk_per_user_mfa_state: BulkMfaState = msgspec.field(
        name="bulkPerUserMfaState", default=BulkMfaState.ON
    )
    enabled_again_stays_enabled: bool = msgspec.field(
        name="enabledAgainStaysEnabled", default=False
    )
