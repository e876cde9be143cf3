"""What a policy asks for, and whether a proof meets it.

Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant
"""

from local.graph.tenant.access.proof import Proof
from local.graph.tenant.access.strengths import reaches
from local.graph.tenant.access.subject import Policy, Rules

_AFTER_MFA = frozenset({"passwordChange"})
"""Who is asked for these is asked for MFA first."""


def is_block(policy: Policy) -> bool:
    """The policy lets nobody in."""
    grant = policy["grantControls"]
    return grant is not None and "block" in grant["builtInControls"]


def is_satisfied(policy: Policy, rules: Rules, proof: Proof) -> bool:
    """The grant controls are met; a policy with session controls alone asks for nothing."""
    grant = policy["grantControls"]
    if grant is None:
        return True
    met = [_is_met(control, proof) for control in grant["builtInControls"]]
    if grant["authenticationStrength"] is not None:
        met.append(reaches(rules.strengths[grant["authenticationStrength"]["id"]], proof))
    named = [name for name in ("termsOfUse", "customAuthenticationFactors") if grant[name]]
    met += [name in proof.controls for name in named]
    return any(met) if grant["operator"] == "OR" else all(met)


def _is_met(control: str, proof: Proof) -> bool:
    if control == "mfa":
        return proof.mfa
    return control in proof.controls and (proof.mfa or control not in _AFTER_MFA)
