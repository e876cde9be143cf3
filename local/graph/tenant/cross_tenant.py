"""Cross-tenant access: what is believed of other tenants.

Source: https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicyinboundtrust
"""

from local.graph.tenant.access.subject import InboundTrust
from local.graph.tenant.policies import Policies

SERVICE_DEFAULT = {
    "isMfaAccepted": False,
    "isCompliantDeviceAccepted": False,
    "isHybridAzureADJoinedDeviceAccepted": False,
}


def trust_in(policies: Policies, home_tenant: str | None) -> InboundTrust:
    """What is believed of a tenant: what its partner configuration says, or else the default."""
    if home_tenant is None:
        return InboundTrust()
    own = policies.partners.get(home_tenant, {}).get("inboundTrust")
    chosen = own or policies.inbound_trust or SERVICE_DEFAULT
    return InboundTrust(
        mfa=chosen["isMfaAccepted"],
        compliant_device=chosen["isCompliantDeviceAccepted"],
        hybrid_device=chosen["isHybridAzureADJoinedDeviceAccepted"],
    )
