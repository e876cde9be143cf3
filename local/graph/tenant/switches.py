"""Where the facts are not settled, a test chooses how the tenant behaves."""

from datetime import datetime
from enum import StrEnum

import msgspec

EVERYBODY = "everybody"
NOBODY = "nobody"


class BulkMfaState(StrEnum):
    """What `$select=perUserMfaState` on users does. It is undocumented and may go away."""

    ON = "on"
    REFUSED = "refused"
    """400: no such property."""
    MISSING = "missing"
    """200, and the property is on no row."""


class Licence(StrEnum):
    """The licence that the tenant has."""

    FREE = "free"
    P1 = "p1"
    P2 = "p2"

    def covers(self, needed: "Licence") -> bool:
        """A tenant with this licence has the features of `needed`."""
        order = list(Licence)
        return order.index(self) >= order.index(needed)


class DeniedRoleReads(StrEnum):
    """How lists of roles, eligibilities and PIM for Groups answer a token without permission."""

    REFUSED = "refused"
    """403."""
    EMPTY = "empty"
    """200, and nothing in it."""


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a test chooses, with what is taken for true unless it does."""

    bulk_per_user_mfa_state: BulkMfaState = msgspec.field(
        name="bulkPerUserMfaState", default=BulkMfaState.ON
    )
    enabled_again_stays_enabled: bool = msgspec.field(
        name="enabledAgainStaysEnabled", default=False
    )
    licence: Licence = Licence.P2
    denied_role_reads: DeniedRoleReads = msgspec.field(
        name="deniedRoleReads", default=DeniedRoleReads.REFUSED
    )
    system_preferred_method: bool = msgspec.field(name="systemPreferredMethod", default=False)
    """Sign-ins ask for the strongest method; the default that people chose is kept and ignored."""
    audit_lag_seconds: float = msgspec.field(name="auditLagSeconds", default=0.0)
    """How long readers of Graph wait for an entry of the audit log."""
    sign_in_lag_seconds: float = msgspec.field(name="signInLagSeconds", default=86400.0)
    """How long readers of `signInActivity` wait for an attempt: "might take up to 24 hours"
    (https://learn.microsoft.com/entra/identity/monitoring-health/howto-manage-inactive-user-accounts).
    """
    report_lag_seconds: float = msgspec.field(name="reportLagSeconds", default=14400.0)
    """How often the report of registrations is made anew: its latency is "a few hours" (https://
    learn.microsoft.com/entra/identity/authentication/howto-authentication-methods-activity).
    """
    sspr_enabled_for: str = msgspec.field(name="ssprEnabledFor", default=NOBODY)
    """Who may reset the password themselves: everybody, nobody, or a group (id)."""
    sspr_methods_required: int = msgspec.field(name="ssprMethodsRequired", default=1)
    """How many methods that takes; of administrators always two."""
    audit_gone_before: datetime | None = msgspec.field(name="auditGoneBefore", default=None)
    """What is older is gone from the audit log, whatever its retention."""
    audit_names_app_id: bool = msgspec.field(name="auditNamesAppId", default=False)
    """Entries name applications by `appId` too, and not by the service principal alone."""
    audit_needs_directory_read: bool = msgspec.field(name="auditNeedsDirectoryRead", default=False)
    """Reading the audit log takes a permission to read the directory besides its own."""
    exchange_role_assigned: bool = msgspec.field(name="exchangeRoleAssigned", default=True)
    """Applications that hold `Exchange.ManageAsApp` have the role that it takes besides."""

    def __post_init__(self) -> None:
        if self.audit_lag_seconds < 0:
            raise ValueError("auditLagSeconds is at least 0")
        if self.sign_in_lag_seconds < 0:
            raise ValueError("signInLagSeconds is at least 0")
        if self.report_lag_seconds < 0:
            raise ValueError("reportLagSeconds is at least 0")
        if self.sspr_methods_required not in {1, 2}:
            raise ValueError("ssprMethodsRequired is 1 or 2")
        if self.audit_gone_before is not None and self.audit_gone_before.tzinfo is None:
            raise ValueError("auditGoneBefore has an offset")
