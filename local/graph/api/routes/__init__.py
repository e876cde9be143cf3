"""Every Graph request that the simulated tenant understands. A new resource begins here."""

from local.graph.api import permissions
from local.graph.api.routes import (
    audits,
    groups,
    methods,
    organization,
    people,
    policies,
    reports,
    roles,
)

ROUTES = (
    *people.ROUTES,
    *methods.ROUTES,
    *groups.ROUTES,
    *roles.ROUTES,
    *organization.ROUTES,
    *policies.ROUTES,
    *audits.ROUTES,
    *reports.ROUTES,
)

ALL_PERMISSIONS = frozenset[str]().union(
    *(route.permissions for route in ROUTES),
    *(value for value in vars(permissions).values() if isinstance(value, frozenset)),
)
"""Every application permission that some request asks for."""
