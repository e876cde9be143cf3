"""People sign in: what decides it is read from the tenant, and what happened is written down."""

from local.graph.tenant.access.attempt import (
    APP_PASSWORD,
    FEDERATED_MFA,
    HOME_MFA,
    Attempt,
    Outcome,
    Result,
)
from local.graph.tenant.access.decision import decide
from local.graph.tenant.access.strengths import BUILT_IN
from local.graph.tenant.access.subject import Rules, Subject
from local.graph.tenant.cross_tenant import trust_in
from local.graph.tenant.methods import Kind
from local.graph.tenant.passes import EXPECTED, usability, use_pass
from local.graph.tenant.person import Person
from local.graph.tenant.registration import signed_in
from local.graph.tenant.tenant import Tenant


def sign_in(tenant: Tenant, key: str, attempt: Attempt) -> Outcome:
    """Decide an attempt, and write it down: the sign-in, and a pass that was used."""
    person = tenant.people.truth(key)
    subject = subject_of(tenant, person)
    outcome = decide(rules_of(tenant), subject, attempt)
    allowed = outcome.result is Result.ALLOWED
    after = signed_in(tenant, person, succeeded=allowed)
    issued = person.method_of(Kind.TEMPORARY_ACCESS_PASS)
    held = subject.credentials.intersection(attempt.credentials)
    if allowed and issued is not None and issued.kind in held:
        after = use_pass(tenant, after, issued)
    tenant.people.change(after)
    return outcome


def rules_of(tenant: Tenant) -> Rules:
    """What the tenant asks for now."""
    policies = tenant.policies
    return Rules(
        policies=tuple(policies.conditional_access.values()),
        strengths={**BUILT_IN, **policies.authentication_strengths},
        trusted_locations=frozenset(
            key for key, place in policies.named_locations.items() if place.get("isTrusted")
        ),
        security_defaults=policies.security_defaults,
    )


def subject_of(tenant: Tenant, person: Person) -> Subject:
    """What of a person decides their attempts now."""
    memberships = tenant.memberships_true()
    roles = memberships.roles_of(person.id)
    kind = person.external_kind
    elsewhere = kind is not None and kind.elsewhere
    upn = person.user_principal_name
    federation = None if elsewhere else tenant.organization.federation_of(upn)
    issued = person.method_of(Kind.TEMPORARY_ACCESS_PASS)
    own = _usable(tenant, person)
    if federation is not None:
        own.add(FEDERATED_MFA)
    if elsewhere and person.home_tenant_id is not None:
        own.add(HOME_MFA)
    return Subject(
        id=person.id,
        credentials=frozenset(own),
        external=kind,
        home_tenant=person.home_tenant_id,
        trust=trust_in(tenant.policies, person.home_tenant_id),
        federation=federation,
        groups=frozenset(group.id for group in memberships.groups_of(person.id)),
        roles=frozenset(role.id for role in roles if role.is_built_in),
        key_models=frozenset(
            str(method.fields["aaGuid"]).casefold()
            for method in person.methods
            if method.kind is Kind.FIDO2
        ),
        one_time_pass=issued is None or bool(issued.fields["isUsableOnce"]),
        registered=person.registered,
        enabled=bool(person.value("accountEnabled")),
        per_user_mfa_state=person.per_user_mfa_state,
        administrator=bool(roles),
        mailbox=person.mailbox,
    )


def _usable(tenant: Tenant, person: Person) -> set[str]:
    """What a person has and can present now."""
    own = {
        str(method.kind)
        for method in person.methods
        if method.kind is not Kind.TEMPORARY_ACCESS_PASS
        or usability(tenant, person, method) == EXPECTED
    }
    return own | {APP_PASSWORD} if person.app_passwords else own
