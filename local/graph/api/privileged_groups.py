"""PIM for Groups: who can become, and who is, a member or owner of a group."""

from collections.abc import Callable
from typing import Any

from local.graph.api.errors import bad_request
from local.graph.api.listing import (
    PAGED,
    list_answer,
    matching,
    read_equalities,
    read_names,
    selected,
)
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.groups import Access, Group

Row = dict[str, Any]

_FILTERABLE = frozenset({"groupId", "principalId", "accessId"})
_ROOT = "identityGovernance/privilegedAccess/group"


def list_group_eligibilities(call: Call) -> GraphAnswer:
    """GET eligibilityScheduleInstances, of one group or one principal."""
    return _list(call, "eligibilityScheduleInstances", Group.eligible, _eligibility)


def list_group_assignments(call: Call) -> GraphAnswer:
    """GET assignmentScheduleInstances, of one group or one principal."""
    return _list(call, "assignmentScheduleInstances", Group.active, _assignment)


def _list(
    call: Call,
    collection: str,
    holders: Callable[[Group, Access], tuple[str, ...]],
    show: Callable[[Group, Access, str], Row],
) -> GraphAnswer:
    check_options(call.request.query, PAGED | {"$filter"})
    wanted = read_equalities(call, _FILTERABLE)
    if not wanted.keys() & {"groupId", "principalId"}:
        raise bad_request("The request must be filtered by groupId or principalId.")
    rows = [
        show(group, access, holder)
        for group in call.tenant.groups.all_seen()
        if wanted.get("groupId", group.id).casefold() == group.id
        for access in Access
        for holder in holders(group, access)
        if wanted.get("principalId", holder).casefold() == holder
    ]
    names = read_names(call, show(_ANY, Access.MEMBER, ""), "privilegedAccessGroupScheduleInstance")
    return list_answer(
        call, matching(rows, wanted), lambda row: selected(row, names), f"{_ROOT}/{collection}"
    )


def _eligibility(group: Group, access: Access, holder: str) -> Row:
    schedule = f"{group.id}_{access}_{holder}"
    return {
        "id": f"{schedule}_e",
        "startDateTime": group.created,
        "endDateTime": None,
        "accessId": access,
        "principalId": holder,
        "groupId": group.id,
        "memberType": "direct",
        "eligibilityScheduleId": schedule,
    }


def _assignment(group: Group, access: Access, holder: str) -> Row:
    schedule = f"{group.id}_{access}_{holder}"
    return {
        "id": f"{schedule}_a",
        "startDateTime": group.created,
        "endDateTime": None,
        "accessId": access,
        "principalId": holder,
        "groupId": group.id,
        "memberType": "direct",
        "assignmentType": "assigned",
        "assignmentScheduleId": schedule,
    }


_ANY = Group(id="", display_name="", created="")
