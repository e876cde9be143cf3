"""The organization: itself, its domains and their federation, what it has bought."""

from collections import Counter
from typing import Any, cast

from local.graph.api.errors import not_found
from local.graph.api.listing import PAGED, context_of, list_answer, read_names, selected
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.organization import SKUS, AuthenticationType, Domain, Sku, bought

Row = dict[str, Any]

_SMALLEST_PURCHASE = 25


def list_organization(call: Call) -> GraphAnswer:
    """GET /organization: the one, with its verified domains and plans."""
    check_options(call.request.query, PAGED)
    row = {
        "id": call.tenant.organization.id,
        "displayName": "Contoso",
        "assignedPlans": [
            {
                "service": "AADPremiumService",
                "capabilityStatus": "Enabled",
                "servicePlanId": SKUS[licence].plans[0].id,
            }
            for licence in (call.tenant.switches.licence,)
            if licence in SKUS
        ],
        "onPremisesSyncEnabled": None,
        "verifiedDomains": [
            {
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": domain.is_default,
                "isInitial": domain.is_initial,
                "name": domain.id,
                "type": domain.authentication_type,
            }
            for domain in call.tenant.organization.domains
            if domain.is_verified
        ],
    }
    return _listed(call, [row], row, "organization")


def list_domains(call: Call) -> GraphAnswer:
    """GET /domains, unverified ones too."""
    check_options(call.request.query, PAGED)
    rows = [_domain_row(domain) for domain in call.tenant.organization.domains]
    return _listed(call, rows, rows[0], "domain", "domains")


def get_domain(call: Call) -> GraphAnswer:
    """GET /domains/{name}."""
    check_options(call.request.query, frozenset())
    context = context_of(call, "domains/$entity")
    return GraphAnswer(200, {"@odata.context": context, **_domain_row(_domain(call))})


def list_federation(call: Call) -> GraphAnswer:
    """GET /domains/{name}/federationConfiguration: one for a federated domain, 404 otherwise."""
    check_options(call.request.query, frozenset())
    domain = _domain(call)
    if domain.authentication_type is not AuthenticationType.FEDERATED:
        raise not_found(domain.id)
    row = {
        "id": domain.federation_id,
        "displayName": domain.id,
        "federatedIdpMfaBehavior": domain.federated_idp_mfa_behavior,
        "issuerUri": f"http://{domain.id}/adfs/services/trust",
        "preferredAuthenticationProtocol": "wsFed",
    }
    context = context_of(call, f"domains('{domain.id}')/federationConfiguration")
    return GraphAnswer(200, {"@odata.context": context, "value": [row]})


def list_skus(call: Call) -> GraphAnswer:
    """GET /subscribedSkus: what is bought, the premium licence too if there is one."""
    check_options(call.request.query, frozenset({"$select"}))
    used = _used(call)
    rows = [_sku_row(call, sku, used[sku.sku_id]) for sku in bought(call.tenant.switches.licence)]
    names = read_names(call, rows[0], "subscribedSku") or tuple(rows[0])
    return list_answer(
        call, rows, lambda row: {name: row[name] for name in names}, "subscribedSkus"
    )


def _listed(
    call: Call, rows: list[Row], shape: Row, type_name: str, context: str | None = None
) -> GraphAnswer:
    names = read_names(call, shape, type_name)
    return list_answer(call, rows, lambda row: selected(row, names), context or type_name)


def _used(call: Call) -> Counter[str]:
    """How many people have each product assigned."""
    return Counter(
        str(assigned["skuId"])
        for _, person in call.tenant.people.all_seen()
        for assigned in cast("list[Row]", person.properties.get("assignedLicenses") or ())
    )


def _sku_row(call: Call, sku: Sku, used: int) -> Row:
    units = {"enabled": max(_SMALLEST_PURCHASE, used), "suspended": 0, "warning": 0, "lockedOut": 0}
    return {
        "id": f"{call.tenant.organization.id}_{sku.sku_id}",
        "accountName": "contoso",
        "accountId": call.tenant.organization.id,
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": used,
        "prepaidUnits": units,
        "skuId": sku.sku_id,
        "skuPartNumber": sku.part_number,
        "subscriptionIds": [],
        "servicePlans": [
            {
                "servicePlanId": plan.id,
                "servicePlanName": plan.name,
                "provisioningStatus": "Success",
                "appliesTo": "User",
            }
            for plan in sku.plans
        ],
    }


def _domain(call: Call) -> Domain:
    for domain in call.tenant.organization.domains:
        if domain.id == call.parameters["domain"].casefold():
            return domain
    raise not_found(call.parameters["domain"])


def _domain_row(domain: Domain) -> Row:
    return {
        "id": domain.id,
        "authenticationType": domain.authentication_type,
        "availabilityStatus": None,
        "isAdminManaged": True,
        "isDefault": domain.is_default,
        "isInitial": domain.is_initial,
        "isRoot": True,
        "isVerified": domain.is_verified,
        "supportedServices": ["Email", "OfficeCommunicationsOnline"] * domain.is_verified,
    }
