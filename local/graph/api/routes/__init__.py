"""Every Graph request that the simulated tenant understands. A new resource begins here."""

from local.graph.api import permissions
from local.graph.api.routes import groups, people, roles

ROUTES = (*people.ROUTES, *groups.ROUTES, *roles.ROUTES)

ALL_PERMISSIONS = frozenset[str]().union(
    *(value for value in vars(permissions).values() if isinstance(value, frozenset))
)
"""Every application permission that some request asks for."""
