"""Who holds directory roles, or could, from Microsoft Graph: the whole tenant at once."""

from collections.abc import Iterable
from typing import Final

import msgspec

from shared.adapters.graph.answers import Id, ObjectAnswer, Page
from shared.adapters.graph.calls.sweep import ASSIGNMENTS, ELIGIBILITIES, ROLE_GROUPS
from shared.adapters.graph.sweep.sending import Lists
from shared.domain.authentication import Unknown
from shared.domain.sweep.tenant import Holding

_WHOLE_TENANT: Final = "/"


class HoldingAnswer(msgspec.Struct, rename="camel"):
    """A role that somebody has, or may activate. A built-in one has the id of its template."""

    principal_id: Id
    role_definition_id: Id
    directory_scope_id: str | None = None


async def read_held(lists: Lists) -> tuple[Holding, ...] | Unknown:
    """`GET /v1.0/roleManagement/directory/roleAssignments`."""
    found = await lists.read(ASSIGNMENTS, Page[HoldingAnswer])
    return found if isinstance(found, Unknown) else tuple(_holdings(found))


async def read_eligible(lists: Lists) -> tuple[Holding, ...] | Unknown:
    """`GET /v1.0/roleManagement/directory/roleEligibilityScheduleInstances`."""
    found = await lists.read_licensed(ELIGIBILITIES, Page[HoldingAnswer])
    return found if isinstance(found, Unknown) else tuple(_holdings(found))


async def read_role_groups(lists: Lists) -> frozenset[str] | Unknown:
    """`GET /v1.0/groups?$filter=isAssignableToRole eq true`: only these can hold a role."""
    found = await lists.read(ROLE_GROUPS, Page[ObjectAnswer])
    if isinstance(found, Unknown):
        return found
    return frozenset(one.id.lower() for one in found)


def _holdings(found: Iterable[HoldingAnswer]) -> Iterable[Holding]:
    for one in found:
        yield Holding(
            principal_id=one.principal_id.lower(),
            role=one.role_definition_id.lower(),
            tenant_wide=one.directory_scope_id == _WHOLE_TENANT,
        )
