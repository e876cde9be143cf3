"""The organization."""

from local.graph.api import organization
from local.graph.api import permissions as may
from local.graph.api.routing import Route

ROUTES = (
    Route("GET", "/organization", organization.list_organization, may.ORGANIZATION_READ),
    Route("GET", "/subscribedSkus", organization.list_skus, may.SKUS_READ),
    Route("GET", "/domains", organization.list_domains, may.DOMAINS_READ),
    Route("GET", "/domains/{domain}", organization.get_domain, may.DOMAINS_READ),
    Route(
        "GET",
        "/domains/{domain}/federationConfiguration",
        organization.list_federation,
        may.FEDERATION_READ,
    ),
)
