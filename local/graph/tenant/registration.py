"""Methods come and go: people register them, administrators add and delete them."""

import msgspec

from local.graph.tenant.methods import (
    FACTS,
    PHONES,
    FieldValue,
    Kind,
    Method,
    new_method,
)
from local.graph.tenant.per_user_mfa import after_registration
from local.graph.tenant.person import Person, SignIns
from local.graph.tenant.refusals import RefusedError
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import graph_time


def signed_in(tenant: Tenant, person: Person, *, succeeded: bool) -> Person:
    """The person after one more attempt to sign in."""
    before = person.activity() or SignIns()
    activity = before.after(graph_time(tenant.now()), succeeded=succeeded)
    return msgspec.structs.replace(person, sign_ins=(*person.sign_ins, activity))


def put_method(tenant: Tenant, person: Person, method: Method) -> None:
    """Give a person a method; one with its id is replaced. It may move the per-user MFA state.

    Raises:
        RefusedError: an alternate mobile comes before the mobile.
    """
    if method.kind is Kind.ALTERNATE_MOBILE and person.method_of(Kind.MOBILE) is None:
        raise RefusedError("An alternate mobile number needs a mobile number first.")
    kept = tuple(held for held in person.methods if held.id != method.id)
    has_preference = FACTS[method.kind].preference is not None
    tenant.set_state(
        msgspec.structs.replace(
            person,
            methods=(*kept, method),
            default_method=person.default_method or (method.id if has_preference else None),
        ),
        after_registration(person.per_user_mfa_state, strong=method.strong),
    )


def add_method(
    tenant: Tenant, key: str, kind: Kind, fields: dict[str, FieldValue], by: str
) -> Method:
    """An administrator adds a method that exists once.

    Raises:
        RefusedError: the person has it already, or an alternate mobile comes before the mobile.
    """
    person = tenant.people.truth(key)
    if person.method_of(kind) is not None:
        what = "phone number of this type" if kind in PHONES else f"method of the type '{kind}'"
        raise RefusedError(f"The user already has a {what}. Update or delete it instead.")
    blank = new_method(kind, tenant.now())
    method = msgspec.structs.replace(blank, fields={**blank.fields, **fields})
    put_method(tenant, person, method)
    tenant.record("Admin registered security info", person.id, by, {"method": kind})
    return method


def change_method(
    tenant: Tenant, key: str, method: Method, fields: dict[str, FieldValue], by: str
) -> None:
    """An administrator changes the number or address of a method."""
    person = tenant.people.truth(key)
    changed = msgspec.structs.replace(method, fields={**method.fields, **fields})
    methods = tuple(changed if held.id == method.id else held for held in person.methods)
    tenant.people.change(msgspec.structs.replace(person, methods=methods))
    tenant.record("Admin updated security info", person.id, by, {"method": method.kind})


def remove_method(tenant: Tenant, key: str, method: Method, by: str) -> None:
    """An administrator deletes a method.

    Where another method has the preference of the default, it is the default from then on: the
    default is a preference, and all tokens are `oath`.

    Raises:
        RefusedError: it is the default while only methods of other preferences could become it, or
            the mobile number while there is an alternate one.
    """
    person = tenant.people.truth(key)
    others = tuple(held for held in person.methods if held.id != method.id)
    default = person.default_method
    if method.id == default:
        default = _next_default(method, others)
        if default is None and any(map(_preference, others)):
            raise RefusedError(
                f"The requested authentication method id of [{method.id}] matches the user's"
                " current default authentication method, and cannot be deleted until the default"
                " authentication method is changed"
            )
    if method.kind is Kind.MOBILE and person.method_of(Kind.ALTERNATE_MOBILE) is not None:
        raise RefusedError(
            "The mobile phone number cannot be deleted without first deleting alternate mobile"
            " number."
        )
    tenant.people.change(msgspec.structs.replace(person, methods=others, default_method=default))
    tenant.record("Admin deleted security info", person.id, by, {"method": method.kind})


def prefer_method(tenant: Tenant, key: str, preference: str, by: str) -> None:
    """An administrator chooses the default method.

    Raises:
        RefusedError: the person has no method that this names.
    """
    person = tenant.people.truth(key)
    chosen = next(
        (held for held in person.methods if preference in FACTS[held.kind].preferences), None
    )
    if chosen is None:
        raise RefusedError(f"The user has no method for the preference '{preference}'.")
    tenant.people.change(msgspec.structs.replace(person, default_method=chosen.id))
    tenant.record("User changed default security info", person.id, by, {"method": chosen.kind})


def _preference(method: Method) -> str | None:
    return FACTS[method.kind].preference


def _next_default(gone: Method, others: tuple[Method, ...]) -> str | None:
    """The id of the method that has the same preference as the one that goes."""
    wanted = _preference(gone)
    return next((held.id for held in others if _preference(held) == wanted), None)
