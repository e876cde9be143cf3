"""What can be prepared for a person before they are enabled."""

from enum import StrEnum


class Preparation(StrEnum):
    """One thing to be prepared, in the order in which they are."""

    FORMER_METHODS = "remove-former-methods"
    EMAIL = "prepare-email"
    MOBILE = "prepare-mobile"
    SSPR_GROUP = "join-sspr-group"
    ENFORCEMENT_GROUP = "join-enforcement-group"


class Prepared(StrEnum):
    """What came of a preparation that is behind a case."""

    DONE = "done"
    """It was read back: the case has done it, or found it so."""
    UNVERIFIED = "unverified"
    """It was asked for and never read back, so it may be there."""
    NOT_DONE = "not-done"
    """It was passed over, or only observed."""
