"""`/users/{id}/authentication/methods`: what a person has registered, of every kind."""

from typing import Any

from local.graph.api.errors import GraphError
from local.graph.api.messages import GraphAnswer, Version
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.methods import FACTS, Kind, Method
from local.graph.tenant.passes import EXPECTED, usability
from local.graph.tenant.person import Person
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import graph_time


def list_methods(call: Call) -> GraphAnswer:
    """GET .../methods: all of them, the password included; never paged."""
    check_options(call.request.query, frozenset())
    person = call.tenant.people.seen(call.parameters["user"])
    root = f"{call.request.root}/{call.request.version}"
    return GraphAnswer(
        200,
        {
            "@odata.context": f"{root}/$metadata#users('{person.id}')/authentication/methods",
            "value": [
                shown_method(call.tenant, person, method, call.request.version)
                for method in person.methods
                if _declared(method, call.request.version)
            ],
        },
    )


def get_method(call: Call) -> GraphAnswer:
    """GET .../methods/{id}."""
    check_options(call.request.query, frozenset())
    person = call.tenant.people.seen(call.parameters["user"])
    version = call.request.version
    for method in person.methods:
        if method.id == call.parameters["method"].casefold() and _declared(method, version):
            context = f"$metadata#users('{person.id}')/authentication/methods/$entity"
            return GraphAnswer(
                200,
                {
                    "@odata.context": f"{call.request.root}/{version}/{context}",
                    **shown_method(call.tenant, person, method, version),
                },
            )
    raise method_not_found()


def method_not_found() -> GraphError:
    """404: the person has no such method, or not any more."""
    return GraphError(
        404,
        "resourceNotFound",
        "The requested authentication method is not found.",
        repeat_inside=True,
    )


def shown_method(
    tenant: Tenant, person: Person, method: Method, version: Version
) -> dict[str, Any]:
    """A method as this version of Graph shows it."""
    shown: dict[str, Any] = {
        "@odata.type": f"#microsoft.graph.{FACTS[method.kind].odata_type}",
        "id": method.id,
        "createdDateTime": graph_time(method.created),
        **method.fields,
    }
    if method.kind is Kind.TEMPORARY_ACCESS_PASS:
        reason = usability(tenant, person, method)
        shown |= {"isUsable": reason == EXPECTED, "methodUsabilityReason": reason}
    if version is Version.BETA:
        shown |= method.beta_fields
        shown["lastUsedDateTime"] = graph_time(method.last_used) if method.last_used else None
    return shown


def _declared(method: Method, version: Version) -> bool:
    return version is Version.BETA or FACTS[method.kind].in_v1
