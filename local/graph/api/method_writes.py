"""Adding and changing phones and e-mail addresses, making passes, choosing the default."""

import re
from typing import Any

import msgspec

from local.graph.api.authentication_methods import shown_method
from local.graph.api.errors import bad_method_request
from local.graph.api.listing import context_of
from local.graph.api.messages import GraphAnswer
from local.graph.api.method_collections import (
    EMAIL_METHODS,
    PHONE_METHODS,
    Collection,
    find,
)
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.methods import FACTS, PHONES, FieldValue, Kind, Method
from local.graph.tenant.passes import PassRequest, create_pass
from local.graph.tenant.registration import add_method, change_method, prefer_method

_PHONE_KINDS = {FACTS[kind].fields["phoneType"]: kind for kind in PHONES}
_PHONE_NUMBER = re.compile(r"\+[1-9]\d{0,2} \d{4,14}(x\d{1,10})?")
"""`+{country code} {number}x{extension}`: the space is not optional."""
_EMAIL_ADDRESS = re.compile(r"[^@\s]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
_PREFERENCE = "userPreferredMethodForSecondaryAuthentication"
_ANNOTATION = "@odata."


def add_phone(call: Call) -> GraphAnswer:
    """POST phoneMethods: 201; one of each type, the mobile first."""
    given = _given(call, frozenset({"phoneNumber", "phoneType"}))
    kind = _PHONE_KINDS.get(str(given.get("phoneType")))
    if kind is None:
        raise bad_method_request("The phone type must be mobile, alternateMobile or office.")
    return _added(call, kind, {"phoneNumber": _phone_number(given)})


def change_phone(call: Call) -> GraphAnswer:
    """PATCH phoneMethods/{id}: 204; the type stays what it is."""
    given = _given(call, frozenset({"phoneNumber", "phoneType"}))
    method = _held(call, PHONE_METHODS)
    if given.get("phoneType", method.fields["phoneType"]) != method.fields["phoneType"]:
        raise bad_method_request("The phone type cannot be changed.")
    return _changed(call, method, {"phoneNumber": _phone_number(given)})


def add_email(call: Call) -> GraphAnswer:
    """POST emailMethods: 201; one for a person, of any domain, the tenant's own too."""
    return _added(call, Kind.EMAIL, {"emailAddress": _email_address(call)})


def change_email(call: Call) -> GraphAnswer:
    """PATCH emailMethods/{id}: 204."""
    address = _email_address(call)
    method = _held(call, EMAIL_METHODS)
    return _changed(call, method, {"emailAddress": address})


def add_pass(call: Call) -> GraphAnswer:
    """POST temporaryAccessPassMethods: 201 with the pass, which is never shown again."""
    given = _unannotated(call)
    if not given.keys() <= {"startDateTime", "lifetimeInMinutes", "isUsableOnce"}:
        raise bad_method_request("The request body holds a property that cannot be set.")
    try:
        wanted = msgspec.convert(given, PassRequest)
    except msgspec.ValidationError as error:
        raise bad_method_request(str(error)) from error
    person = call.tenant.people.seen(call.parameters["user"])
    method, value = create_pass(call.tenant, person.id, wanted, call.request.caller.app_id)
    answer = _created(call, method)
    return GraphAnswer(201, {**answer, "temporaryAccessPass": value})


def get_preferences(call: Call) -> GraphAnswer:
    """GET signInPreferences (beta): the default method."""
    check_options(call.request.query, frozenset())
    person = call.tenant.people.seen(call.parameters["user"])
    context = context_of(call, f"users('{person.id}')/authentication/signInPreferences")
    return GraphAnswer(
        200,
        {
            "@odata.context": context,
            "isSystemPreferredAuthenticationMethodEnabled": (
                call.tenant.switches.system_preferred_method
            ),
            _PREFERENCE: person.preference,
        },
    )


def change_preferences(call: Call) -> GraphAnswer:
    """PATCH signInPreferences (beta): 204; only a method that the person has."""
    given = _given(call, frozenset({_PREFERENCE}))
    person = call.tenant.people.seen(call.parameters["user"])
    known = frozenset[str]().union(*(facts.preferences for facts in FACTS.values()))
    value = given.get(_PREFERENCE)
    if not isinstance(value, str) or value not in known:
        raise bad_method_request(f"Invalid value specified for {_PREFERENCE}: {value!r}.")
    prefer_method(call.tenant, person.id, value, call.request.caller.app_id)
    return GraphAnswer(204)


def _given(call: Call, known: frozenset[str]) -> dict[str, Any]:
    given = _unannotated(call)
    if not given or not given.keys() <= known:
        raise bad_method_request(f"The request body must hold {', '.join(sorted(known))} alone.")
    return given


def _unannotated(call: Call) -> dict[str, Any]:
    body = call.request.json_object()
    return {name: value for name, value in body.items() if not name.startswith(_ANNOTATION)}


def _phone_number(given: dict[str, Any]) -> str:
    number = given.get("phoneNumber")
    if not isinstance(number, str) or not _PHONE_NUMBER.fullmatch(number):
        raise bad_method_request("The phone number is not in the format '+1 5555551234x123'.")
    return number


def _email_address(call: Call) -> str:
    address = _given(call, frozenset({"emailAddress"})).get("emailAddress")
    if not isinstance(address, str) or not _EMAIL_ADDRESS.fullmatch(address):
        raise bad_method_request("The e-mail address is not valid.")
    return address


def _held(call: Call, collection: Collection) -> Method:
    person = call.tenant.people.seen(call.parameters["user"])
    return find(call.tenant.people.truth(person.id).methods, collection, call.parameters["method"])


def _added(call: Call, kind: Kind, fields: dict[str, FieldValue]) -> GraphAnswer:
    person = call.tenant.people.seen(call.parameters["user"])
    by = call.request.caller.app_id
    return GraphAnswer(201, _created(call, add_method(call.tenant, person.id, kind, fields, by)))


def _created(call: Call, method: Method) -> dict[str, Any]:
    person = call.tenant.people.truth(call.parameters["user"])
    context = context_of(call, f"users('{person.id}')/authentication/methods/$entity")
    row = shown_method(call.tenant, person, method, call.request.version)
    return {"@odata.context": context, **row}


def _changed(call: Call, method: Method, fields: dict[str, FieldValue]) -> GraphAnswer:
    user = call.tenant.people.seen(call.parameters["user"]).id
    change_method(call.tenant, user, method, fields, call.request.caller.app_id)
    return GraphAnswer(204)
