"""`/reports/authenticationMethods/userRegistrationDetails`: who registered what, hours ago."""

from itertools import islice
from typing import Any

from local.graph.api.errors import not_found, premium_tenant_needed
from local.graph.api.listing import context_of, read_names
from local.graph.api.messages import GraphAnswer
from local.graph.api.paging import next_link, start_position
from local.graph.api.query import check_options, read_page_size
from local.graph.api.registration_filters import parse_registration_filter
from local.graph.api.routing import Call
from local.graph.tenant.registration_report import PROPERTIES
from local.graph.tenant.switches import Licence

_OPTIONS = frozenset({"$filter", "$select", "$top", "$skiptoken"})
_CONTEXT = "reports/authenticationMethods/userRegistrationDetails"


def list_details(call: Call) -> GraphAnswer:
    """GET the report, a page at a time."""
    _check_licence(call)
    request = call.request
    check_options(request.query, _OPTIONS)
    names = read_names(call, PROPERTIES, "userRegistrationDetails")
    size = read_page_size(request.query)
    fits = parse_registration_filter(request.query.get("$filter"))
    rows = call.tenant.report.current().rows(start_position(request))
    page = list(islice(((at, row) for at, row in rows if fits(row)), size + 1))
    body: dict[str, Any] = {"@odata.context": context_of(call, _CONTEXT)}
    if len(page) > size:
        body["@odata.nextLink"] = next_link(request, page[size][0])
    shown = (row for _, row in page[:size])
    body["value"] = [row if names is None else {name: row[name] for name in names} for row in shown]
    return GraphAnswer(200, body)


def get_details(call: Call) -> GraphAnswer:
    """GET the row of one person, by object id."""
    _check_licence(call)
    check_options(call.request.query, frozenset())
    key = call.parameters["user"]
    position = call.tenant.people.position_of(key)
    row = None if position is None else call.tenant.report.current().row_at(position)
    if row is None:
        raise not_found(key)
    context = context_of(call, f"{_CONTEXT}/$entity")
    return GraphAnswer(200, {"@odata.context": context, **row})


def _check_licence(call: Call) -> None:
    if not call.tenant.switches.licence.covers(Licence.P1):
        raise premium_tenant_needed("Tenant is not a B2C tenant and doesn't have premium licenses")
