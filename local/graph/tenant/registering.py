"""A person registers a method, as far as the policies about it let them.

A policy guards it that names the user action `urn:user:registersecurityinfo`; others do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from local.graph.tenant.access.attempt import Attempt, ClientApp
from local.graph.tenant.access.controls import is_satisfied
from local.graph.tenant.access.decision import policies_for
from local.graph.tenant.access.proof import first_factors, prove
from local.graph.tenant.access.subject import Policy, Rules, Subject
from local.graph.tenant.audit import PERSON
from local.graph.tenant.methods import (
    PASSKEY_FIELDS,
    REGISTRABLE,
    Kind,
    Method,
    Passkey,
    new_method,
)
from local.graph.tenant.passes import EXPECTED, usability, use_pass
from local.graph.tenant.person import Person
from local.graph.tenant.refusals import RefusedError
from local.graph.tenant.registration import put_method, signed_in
from local.graph.tenant.sign_in import rules_of, subject_of
from local.graph.tenant.tenant import Tenant

REGISTER_ACTION = "urn:user:registersecurityinfo"
_TIME_WITH_A_USED_PASS = timedelta(minutes=10)
"""Source: https://learn.microsoft.com/entra/identity/authentication/
howto-authentication-temporary-access-pass (one-time passes)."""


@dataclass(frozen=True, kw_only=True)
class Registering:
    """What somebody wants to register, and with what they come.

    Attributes:
        passkey: where it is kept, if it is one.
        credentials: kinds of methods that they present; None = all that the person has.
        location: `trusted`, or anything else.
    """

    kind: Kind
    passkey: Passkey | None = None
    credentials: Sequence[str] | None = None
    location: str = ""


def register(tenant: Tenant, key: str, wanted: Registering) -> Method:
    """The person, or who has their credentials, registers a method.

    One that exists only once is replaced. A one-time pass that a policy asked for is used by it.

    Raises:
        RefusedError: nobody registers this kind, the account is disabled, the credentials are not
            the person's, a policy is not satisfied, or an alternate mobile comes before the mobile.
    """
    person = tenant.people.truth(key)
    if wanted.kind not in REGISTRABLE:
        raise RefusedError(f"A person does not register the method '{wanted.kind}'.")
    if wanted.passkey is not None and wanted.kind is not Kind.FIDO2:
        raise RefusedError("Only a passkey is kept somewhere: 'passkey' goes with 'fido2'.")
    if not person.value("accountEnabled"):
        raise RefusedError("A person whose account is disabled cannot sign in to register.")
    person = signed_in(tenant, _let_through(tenant, person, wanted), succeeded=True)
    blank = new_method(wanted.kind, tenant.now())
    kept_where = {} if wanted.passkey is None else PASSKEY_FIELDS[wanted.passkey]
    method = msgspec.structs.replace(blank, fields={**blank.fields, **kept_where})
    put_method(tenant, person, method)
    tenant.record("User registered security info", person.id, PERSON, {"method": wanted.kind})
    return method


def _let_through(tenant: Tenant, person: Person, wanted: Registering) -> Person:
    """The person after what the policies asked of them."""
    held = _held(tenant, person, wanted.credentials)
    rules, subject = rules_of(tenant), subject_of(tenant, person)
    if not held & first_factors(subject):
        raise RefusedError("These are not credentials with which the person signs in.")
    attempt = Attempt(
        client=ClientApp.BROWSER, credentials=(), app=REGISTER_ACTION, location=wanted.location
    )
    policies = policies_for(rules, subject, attempt)
    for policy in policies:
        if not _satisfied([policy], rules, subject, held):
            raise RefusedError(f"blocked-by-policy: conditionalAccess:{policy['id']}")
    issued = person.method_of(Kind.TEMPORARY_ACCESS_PASS)
    without = held - {Kind.TEMPORARY_ACCESS_PASS}
    unneeded = _satisfied(policies, rules, subject, without)
    if issued is None or issued.last_used is not None or unneeded:
        return person
    return use_pass(tenant, person, issued)


def _held(tenant: Tenant, person: Person, credentials: Sequence[str] | None) -> frozenset[str]:
    own = {
        str(method.kind)
        for method in person.methods
        if method.kind is not Kind.TEMPORARY_ACCESS_PASS or _is_good(tenant, person, method)
    }
    return frozenset(own if credentials is None else own & set(credentials))


def _is_good(tenant: Tenant, person: Person, issued: Method) -> bool:
    reason = usability(tenant, person, issued)
    if reason == "OneTimeUsed" and issued.last_used is not None:
        return tenant.now() - issued.last_used <= _TIME_WITH_A_USED_PASS
    return reason == EXPECTED


def _satisfied(
    policies: Sequence[Policy], rules: Rules, subject: Subject, held: frozenset[str]
) -> bool:
    proof = prove(subject, held)
    return all(is_satisfied(policy, rules, proof) for policy in policies)
