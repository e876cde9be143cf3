"""Cross-tenant access: the inbound trust of the default and of partners, and nothing else of them.

Source: https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicy-overview
"""

from typing import Any
from uuid import UUID

import msgspec

from local.graph.api.errors import GraphError, bad_request, not_found, not_modelled
from local.graph.api.listing import check_whole_list, context_of, list_answer
from local.graph.api.messages import GraphAnswer, without_annotations
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.cross_tenant import SERVICE_DEFAULT

_CONTEXT = "policies/crossTenantAccessPolicy"
_UNMODELLED = frozenset(
    {
        "automaticUserConsentSettings",
        "b2bCollaborationInbound",
        "b2bCollaborationOutbound",
        "b2bDirectConnectInbound",
        "b2bDirectConnectOutbound",
        "invitationRedemptionIdentityProviderConfiguration",
        "isServiceProvider",
        "tenantRestrictions",
    }
)


class _Trust(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    is_mfa_accepted: bool = False
    is_compliant_device_accepted: bool = False
    is_hybrid_azure_ad_joined_device_accepted: bool = msgspec.field(
        name="isHybridAzureADJoinedDeviceAccepted", default=False
    )


def get_default(call: Call) -> GraphAnswer:
    """GET what is believed of every tenant without a configuration of its own."""
    check_options(call.request.query, frozenset())
    own = call.tenant.policies.inbound_trust
    row = {"isServiceDefault": own is None, "inboundTrust": own or SERVICE_DEFAULT}
    return GraphAnswer(200, {"@odata.context": context_of(call, f"{_CONTEXT}/default"), **row})


def change_default(call: Call) -> GraphAnswer:
    """PATCH its inbound trust: 204."""
    given = _given(call, {"inboundTrust"})
    trust = _trust(given.get("inboundTrust"))
    if trust is None:
        raise bad_request("The default has an inboundTrust.")
    call.tenant.policies.inbound_trust = trust
    return GraphAnswer(204)


def reset_default(call: Call) -> GraphAnswer:
    """POST resetToSystemDefault: 204."""
    call.tenant.policies.inbound_trust = None
    return GraphAnswer(204)


def list_partners(call: Call) -> GraphAnswer:
    """GET the configurations of other tenants."""
    check_whole_list(call)
    rows = list(call.tenant.policies.partners.values())
    return list_answer(call, rows, lambda row: row, f"{_CONTEXT}/partners")


def get_partner(call: Call) -> GraphAnswer:
    """GET one of them, by the tenant's id."""
    check_options(call.request.query, frozenset())
    return _entity(call, 200, _partner(call))


def add_partner(call: Call) -> GraphAnswer:
    """POST one: 201. Without an inbound trust, the default's counts."""
    given = _given(call, {"tenantId", "inboundTrust"})
    try:
        tenant = str(UUID(str(given.get("tenantId"))))
    except ValueError as error:
        raise bad_request("The tenantId is the id of a tenant.") from error
    partners = call.tenant.policies.partners
    if tenant in partners or tenant == call.tenant.organization.id.casefold():
        raise GraphError(409, "Conflict", "The tenant has a configuration, or is this one.")
    partners[tenant] = {"tenantId": tenant, "inboundTrust": _trust(given.get("inboundTrust"))}
    return _entity(call, 201, partners[tenant])


def change_partner(call: Call) -> GraphAnswer:
    """PATCH one: 204."""
    partner, given = _partner(call), _given(call, {"inboundTrust"})
    changed = {**partner, "inboundTrust": _trust(given.get("inboundTrust"))}
    call.tenant.policies.partners[partner["tenantId"]] = changed
    return GraphAnswer(204)


def delete_partner(call: Call) -> GraphAnswer:
    """DELETE one: 204."""
    del call.tenant.policies.partners[_partner(call)["tenantId"]]
    return GraphAnswer(204)


def _given(call: Call, known: set[str]) -> dict[str, Any]:
    given = without_annotations(call.request.json_object())
    for name in given:
        if name in _UNMODELLED:
            raise not_modelled(f"{name} of cross-tenant access")
        if name not in known:
            raise bad_request(f"There is no property '{name}'.")
    if not given:
        raise bad_request("The request body must not be empty.")
    return given


def _trust(given: object) -> dict[str, bool] | None:
    if given is None:
        return None
    try:
        trust: dict[str, bool] = msgspec.to_builtins(msgspec.convert(given, _Trust))
    except msgspec.ValidationError as error:
        raise bad_request(f"The inboundTrust is not valid. {error}") from error
    return trust


def _partner(call: Call) -> dict[str, Any]:
    key = call.parameters["partner"]
    partner = call.tenant.policies.partners.get(key.casefold())
    if partner is None:
        raise not_found(key)
    return partner


def _entity(call: Call, status: int, row: dict[str, Any]) -> GraphAnswer:
    context = context_of(call, f"{_CONTEXT}/partners/$entity")
    return GraphAnswer(status, {"@odata.context": context, **row})
