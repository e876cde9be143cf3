"""How an attempt ends."""

from collections.abc import Sequence

from local.graph.tenant.access.attempt import APP_PASSWORD, Attempt, ClientApp, Outcome, Result
from local.graph.tenant.access.conditions import applies
from local.graph.tenant.access.controls import is_block, is_satisfied
from local.graph.tenant.access.proof import Proof, best_proof, first_factors, prove
from local.graph.tenant.access.subject import FederatedMfa, Policy, Rules, Subject
from local.graph.tenant.methods import Kind
from local.graph.tenant.per_user_mfa import PerUserMfaState

_SECURITY_DEFAULTS = "securityDefaults"
_NO_RISK = frozenset({"", "none", "hidden"})
_LEGACY_FACTORS = frozenset({Kind.PASSWORD, APP_PASSWORD})


def decide(rules: Rules, subject: Subject, attempt: Attempt) -> Outcome:
    """How the attempt ends, and what decided it. Nothing is written down."""
    if not subject.enabled:
        return Outcome(Result.BLOCKED, "accountDisabled")
    held = subject.credentials.intersection(attempt.credentials)
    legacy = attempt.client.legacy
    if not held & (_LEGACY_FACTORS if legacy else first_factors(subject)):
        return Outcome(Result.BLOCKED, "credentials")
    policies = policies_for(rules, subject, attempt)
    for policy in policies:
        if is_block(policy):
            return Outcome(Result.BLOCKED, _by(policy))
    if legacy:
        outcome = _legacy(rules, subject, held, policies)
        opened = outcome.result is not Result.ALLOWED or _reaches_mailbox(subject, attempt)
        return outcome if opened else Outcome(Result.BLOCKED, "mailbox")
    return _modern(rules, subject, attempt, policies, prove(subject, held, attempt.satisfies))


def policies_for(rules: Rules, subject: Subject, attempt: Attempt) -> list[Policy]:
    """The enabled policies whose conditions cover the attempt."""
    return [policy for policy in rules.policies if applies(policy, rules, subject, attempt)]


def _legacy(
    rules: Rules, subject: Subject, held: frozenset[str], policies: Sequence[Policy]
) -> Outcome:
    if rules.security_defaults:
        return Outcome(Result.BLOCKED, _SECURITY_DEFAULTS)
    # Disabling per-user MFA is not known to end app passwords: they are taken to survive it.
    if APP_PASSWORD in held:
        return Outcome(Result.ALLOWED, APP_PASSWORD)
    state = subject.per_user_mfa_state
    app_password_needed = state is PerUserMfaState.ENFORCED or (
        state is PerUserMfaState.ENABLED and subject.registered
    )
    if app_password_needed:
        return Outcome(Result.BLOCKED, "perUserMfa")
    # Such a client tells nothing of its device and shows no terms: the password is all there is.
    proof = prove(subject, held & {Kind.PASSWORD})
    for policy in policies:
        if not is_satisfied(policy, rules, proof):
            return Outcome(Result.BLOCKED, _by(policy))
    return Outcome(Result.ALLOWED, "password")


def _modern(
    rules: Rules, subject: Subject, attempt: Attempt, policies: Sequence[Policy], proof: Proof
) -> Outcome:
    best = best_proof(subject, attempt.satisfies)
    for policy in policies:
        if not is_satisfied(policy, rules, proof):
            return _asked(subject, _by(policy), possible=is_satisfied(policy, rules, best))
    if proof.mfa:
        return Outcome(Result.ALLOWED, "mfa")
    if subject.per_user_mfa_state is not PerUserMfaState.DISABLED:
        return _asked(subject, "perUserMfa")
    # Security defaults ask administrators always, others when Microsoft sees a risk.
    if rules.security_defaults and (subject.administrator or attempt.risk not in _NO_RISK):
        return _asked(subject, _SECURITY_DEFAULTS)
    return Outcome(Result.ALLOWED, "password")


def _asked(subject: Subject, by: str, *, possible: bool = True) -> Outcome:
    if not possible:
        return Outcome(Result.BLOCKED, by)
    asked_elsewhere = subject.federation is FederatedMfa.ENFORCE or (
        subject.elsewhere and subject.trust.mfa
    )
    ready = subject.registered or asked_elsewhere
    return Outcome(Result.MFA_REQUIRED if ready else Result.REGISTRATION_REQUIRED, by)


def _reaches_mailbox(subject: Subject, attempt: Attempt) -> bool:
    """The mailbox is open to the client; who has none may use clients of other applications."""
    if subject.mailbox is None:
        return attempt.client is not ClientApp.ACTIVE_SYNC and attempt.protocol is None
    return not subject.mailbox.open.isdisjoint(attempt.protocols)


def _by(policy: Policy) -> str:
    return f"conditionalAccess:{policy['id']}"
