"""`/auditLogs/directoryAudits`: the directory's audit log as Graph tells it."""

from itertools import islice
from typing import Any

from local.graph.api.audit_filters import parse_audit_filter
from local.graph.api.errors import audit_permission_missing, not_modelled
from local.graph.api.listing import context_of
from local.graph.api.messages import GraphAnswer
from local.graph.api.paging import next_link, start_position
from local.graph.api.permissions import DIRECTORY_READ
from local.graph.api.query import check_options, read_page_size
from local.graph.api.routing import Call
from local.graph.tenant.audit import PERSON, PORTAL, AuditEntry
from local.graph.tenant.methods import Kind
from local.graph.tenant.refusals import UnknownObjectError
from local.graph.tenant.service_principals import service_principal_id
from local.graph.tenant.tenant import Tenant

_OPTIONS = frozenset({"$filter", "$top", "$orderby", "$skiptoken"})
_NEWEST_FIRST = "activityDateTime desc"
_OLDEST_FIRST = "activityDateTime asc"
_PAGE = 1000
_METHODS = ("Authentication Methods", "UserManagement")
_PEOPLE = ("Core Directory", "UserManagement")
_GROUPS = ("Core Directory", "GroupManagement")
_POLICIES = ("Conditional Access", "Policy")
_LOGGED_BY = {
    "User registered security info": _METHODS,
    "User changed default security info": _METHODS,
    "Admin registered security info": _METHODS,
    "Admin updated security info": _METHODS,
    "Admin deleted security info": _METHODS,
    "Update per-user multifactor authentication state": _METHODS,
    "Add member to group": _GROUPS,
    "Remove member from group": _GROUPS,
    "Add conditional access policy": _POLICIES,
    "Update conditional access policy": _POLICIES,
    "Delete conditional access policy": _POLICIES,
    "Update security defaults": ("Core Directory", "Policy"),
}
"""Service and category of each activity; of people in the directory, where it is not here."""
_DONE = {
    "Admin registered security info": "registered",
    "Admin updated security info": "changed",
    "Admin deleted security info": "deleted",
}
_METHOD_WORDS = {
    Kind.TEMPORARY_ACCESS_PASS: "temporary access pass",
    Kind.MOBILE: "phone",
    Kind.ALTERNATE_MOBILE: "phone",
    Kind.OFFICE: "phone",
    Kind.EMAIL: "email",
}
_ADMINISTRATOR = {
    "id": "0c9a3b64-5f0e-4a43-9a51-1f6f6f0c7a10",
    "userPrincipalName": "administrator@contoso.example",
}


def list_audits(call: Call) -> GraphAnswer:
    """GET the log, newest first where not asked otherwise."""
    request, switches = call.request, call.tenant.switches
    if switches.audit_needs_directory_read and not DIRECTORY_READ & request.caller.roles:
        raise audit_permission_missing()
    check_options(request.query, _OPTIONS)
    order = request.query.get("$orderby", _NEWEST_FIRST)
    if order not in {_NEWEST_FIRST, _OLDEST_FIRST}:
        raise not_modelled(f"the order '{order}'")
    size = read_page_size(request.query, default=_PAGE, largest=_PAGE)
    wanted = parse_audit_filter(request.query.get("$filter"))
    # A position counts from the oldest entry, so that new ones do not move the pages.
    now, start, oldest_first = call.tenant.now(), start_position(request), order == _OLDEST_FIRST
    found = call.tenant.audit.told(switches, now, start, wanted.about, oldest_first=oldest_first)
    page = list(islice((one for one in found if wanted.fits(one[1])), size + 1))
    body: dict[str, Any] = {"@odata.context": context_of(call, "auditLogs/directoryAudits")}
    if len(page) > size:
        left = page[size][0]
        body["@odata.nextLink"] = next_link(request, left if oldest_first else left + 1)
    body["value"] = [_row(call.tenant, entry) for _, entry in page[:size]]
    return GraphAnswer(200, body)


def _row(tenant: Tenant, entry: AuditEntry) -> dict[str, Any]:
    service, category = _LOGGED_BY.get(entry.activity, _PEOPLE)
    return {
        "id": f"Directory_{entry.id}",
        "activityDateTime": entry.at,
        "activityDisplayName": entry.activity,
        "additionalDetails": [],
        "category": category,
        "correlationId": entry.id,
        "initiatedBy": _initiator(tenant, entry),
        "loggedByService": service,
        "operationType": entry.activity.partition(" ")[0],
        "result": "success",
        "resultReason": _reason(entry),
        "targetResources": [_target(tenant, entry, one) for one in entry.concerned],
    }


def _reason(entry: AuditEntry) -> str:
    """What an administrator did to which method; the directory says it of no other activity."""
    done = _DONE.get(entry.activity)
    if done is None:
        return ""
    return (
        f"Admin {done} {_METHOD_WORDS.get(Kind(entry.detail['method']), 'another')} method for user"
    )


def _initiator(tenant: Tenant, entry: AuditEntry) -> dict[str, Any]:
    """A person or an application, never both.

    Entries of the directory name an application by its service principal; its `appId` is null.
    """
    user = _administrator(tenant, entry)
    if user is not None:
        shown = {**user, "displayName": None, "ipAddress": None}
        return {"user": shown, "app": None}
    app_id = entry.by if tenant.switches.audit_names_app_id else None
    app = {
        "appId": app_id,
        "displayName": "An application",
        "servicePrincipalId": service_principal_id(entry.by),
        "servicePrincipalName": None,
    }
    return {"user": None, "app": app}


def _administrator(tenant: Tenant, entry: AuditEntry) -> dict[str, str | None] | None:
    if entry.by == PORTAL:
        return dict(_ADMINISTRATOR)
    if entry.by == PERSON:
        return _person(tenant, entry.target) or {"id": entry.target, "userPrincipalName": None}
    return _person(tenant, entry.by)


def _person(tenant: Tenant, key: str) -> dict[str, str | None] | None:
    try:
        person = tenant.people.truth(key)
    except UnknownObjectError:
        return None
    return {"id": person.id, "userPrincipalName": person.user_principal_name}


def _target(tenant: Tenant, entry: AuditEntry, object_id: str) -> dict[str, Any]:
    """One that an entry concerns; what was changed is told of the first."""
    person = _person(tenant, object_id)
    concerns_people = _LOGGED_BY.get(entry.activity, _PEOPLE) != _POLICIES
    if object_id == entry.group or tenant.is_group(object_id):
        kind = "Group"
    else:
        kind = "User" if person is not None or concerns_people else "Policy"
    return {
        "id": object_id,
        "displayName": None,
        "type": kind,
        "userPrincipalName": None if person is None else person["userPrincipalName"],
        "groupType": "azureAD" if kind == "Group" else None,
        "modifiedProperties": list(entry.modified) if object_id == entry.target else [],
    }
