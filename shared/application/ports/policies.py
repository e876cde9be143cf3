"""The port to the tenant's sign-in policies."""

from typing import Protocol

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import MfaRequired


class Policies(Protocol):
    """Reads of what the tenant requires of its people besides per-user MFA."""

    async def conditional_access(self) -> MfaRequired | Unknown:
        """Of whom Conditional Access requires MFA; a minute old at most.

        `Unknown` where our permissions do not let anybody tell.

        Raises:
            LifecycleError: the directory is in passing trouble.
        """
        ...
