"""What can be prepared for a person before they are enabled."""

from enum import StrEnum


class Preparation(StrEnum):
    """One thing to be prepared, in the order in which they are."""

    FORMER_METHODS = "remove-former-methods"
    EMAIL = "prepare-email"
    MOBILE = "prepare-mobile"
    SSPR_GROUP = "join-sspr-group"
    ENFORCEMENT_GROUP = "join-enforcement-group"
