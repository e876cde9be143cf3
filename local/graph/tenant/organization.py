"""The organization: its domains and what it has bought."""

import uuid
from enum import StrEnum
from typing import NamedTuple

import msgspec

from local.graph.tenant.access.subject import FederatedMfa
from local.graph.tenant.switches import Licence

_NAMESPACE = uuid.UUID("3b1a9d54-7d0c-4bb0-8f3a-1d8b3c2b6c10")


class AuthenticationType(StrEnum):
    """Who checks the passwords of a domain's people."""

    MANAGED = "Managed"
    FEDERATED = "Federated"


class Domain(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A domain of the tenant.

    Attributes:
        id: its name.
        federated_idp_mfa_behavior: whether the identity provider of a federated domain does MFA.
    """

    id: str
    authentication_type: AuthenticationType = AuthenticationType.MANAGED
    is_verified: bool = True
    is_default: bool = False
    is_initial: bool = False
    federated_idp_mfa_behavior: FederatedMfa | None = None

    @property
    def federation_id(self) -> str:
        """The id of its federation's configuration."""
        return str(uuid.uuid5(_NAMESPACE, self.id))


class Organization(msgspec.Struct, kw_only=True):
    """What is true of the tenant as a whole."""

    id: str = "5f3a7c1e-2b64-4d0e-9a51-7c0d6c0f4e21"
    domains: list[Domain] = msgspec.field(
        default_factory=lambda: [Domain(id="contoso.example", is_default=True, is_initial=True)]
    )

    def federation_of(self, upn: str) -> FederatedMfa | None:
        """What the domain of a sign-in name does with its provider's MFA; None = it is managed.

        Source: https://learn.microsoft.com/graph/api/resources/internaldomainfederation (what is
        never set is to accept).
        """
        name = upn.rpartition("@")[2].casefold()
        for domain in self.domains:
            if (
                domain.id.casefold() == name
                and domain.authentication_type is AuthenticationType.FEDERATED
            ):
                return domain.federated_idp_mfa_behavior or FederatedMfa.ACCEPT
        return None

    def add(self, domain: Domain) -> None:
        """Add a domain, or replace the one of this name."""
        self.domains = [known for known in self.domains if known.id != domain.id] + [domain]


class Plan(NamedTuple):
    """A service plan of a product."""

    id: str
    name: str


class Sku(msgspec.Struct, frozen=True, kw_only=True):
    """A product with its service plans; the first one is what it is bought for."""

    sku_id: str
    part_number: str
    plans: tuple[Plan, ...]


_P1 = Plan("41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM")
_P2 = Plan("eec0eb4f-6444-4f95-aba0-50c24d67f998", "AAD_PREMIUM_P2")
_MFA = Plan("8a256a2b-b617-496d-b51b-e76466e88db0", "MFA_PREMIUM")

SKUS = {
    Licence.P1: Sku(
        sku_id="078d2b04-f1bd-4111-bbd4-b4b1b354cef4", part_number="AAD_PREMIUM", plans=(_P1, _MFA)
    ),
    Licence.P2: Sku(
        sku_id="84a661c4-e949-4bd2-a560-ed7766fcaf2b",
        part_number="AAD_PREMIUM_P2",
        plans=(_P2, _P1, _MFA),
    ),
}
OFFICE = Sku(
    sku_id="6fd2c87f-b296-42f0-b197-1e91e994b900",
    part_number="ENTERPRISEPACK",
    plans=(
        Plan("efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE"),
        Plan("5dbe027f-2339-4123-9542-606e4d348a72", "SHAREPOINTENTERPRISE"),
    ),
)
OFFICE_FOR_FRONT_LINES = Sku(
    sku_id="4b585984-651b-448a-9e53-3b10f069cf7f",
    part_number="DESKLESSPACK",
    plans=(Plan("4a82b400-a79f-41a4-b4e2-e94f5787b113", "EXCHANGE_S_DESKLESS"),),
)


def bought(licence: Licence) -> list[Sku]:
    """What a tenant with this licence has; mailboxes it has in any case.

    Source of the ids: https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference
    """
    premium = [SKUS[licence]] if licence in SKUS else []
    return [*premium, OFFICE, OFFICE_FOR_FRONT_LINES]
