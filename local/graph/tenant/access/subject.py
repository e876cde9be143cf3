"""What of a person, and of the tenant, decides an attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from local.graph.tenant.access.externals import ExternalKind
from local.graph.tenant.mailboxes import Mailbox
from local.graph.tenant.per_user_mfa import PerUserMfaState

Policy = Mapping[str, Any]


class FederatedMfa(StrEnum):
    """What a federated domain does with its identity provider's MFA.

    Source: https://learn.microsoft.com/graph/api/resources/internaldomainfederation
    """

    ACCEPT = "acceptIfMfaDoneByFederatedIdp"
    ENFORCE = "enforceMfaByFederatedIdp"
    REJECT = "rejectMfaByFederatedIdp"


@dataclass(frozen=True)
class InboundTrust:
    """What the tenant believes of what somebody's home tenant says."""

    mfa: bool = False
    compliant_device: bool = False
    hybrid_device: bool = False


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The person who attempts.

    Attributes:
        external: None = an ordinary member.
        home_tenant: where an external belongs; None = in no Entra tenant that is known.
        trust: what is believed of the home tenant.
        federation: None = the domain is managed.
        groups: the ids of all groups that the person is in.
        roles: the template ids of the person's active built-in roles.
        credentials: what the person has and could present now.
        key_models: the `aaGuid`s of the person's FIDO2 keys.
        one_time_pass: the person's pass is usable once.
        registered: they have a method that is good for MFA.
        administrator: they hold a role of any sort.
        mailbox: None = they have none.
    """

    id: str
    credentials: frozenset[str]
    external: ExternalKind | None = None
    home_tenant: str | None = None
    trust: InboundTrust = InboundTrust()
    federation: FederatedMfa | None = None
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    key_models: frozenset[str] = frozenset()
    one_time_pass: bool = True
    registered: bool = False
    enabled: bool = True
    per_user_mfa_state: PerUserMfaState = PerUserMfaState.DISABLED
    administrator: bool = False
    mailbox: Mailbox | None = None

    @property
    def elsewhere(self) -> bool:
        """They prove who they are somewhere else."""
        return self.external is not None and self.external.elsewhere


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the tenant asks for.

    Attributes:
        policies: the Conditional Access policies, whatever their state.
        strengths: the authentication strengths by id, built-in ones too.
        trusted_locations: the ids of the trusted named locations.
    """

    policies: Sequence[Policy] = ()
    strengths: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    trusted_locations: frozenset[str] = frozenset()
    security_defaults: bool = False
