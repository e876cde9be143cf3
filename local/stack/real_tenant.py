"""The local stack over a real tenant: only Microsoft Graph and Entra ID are real then."""

from collections.abc import Mapping
from typing import Final

_PASSED_ON: Final = (
    # Where azure-identity looks for an app registration.
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "MFA_CLOUD",
    "MFA_BREAK_GLASS_IDS",
    "MFA_IDENTITIES",
)


def missing_sign_in(environment: Mapping[str, str]) -> list[str]:
    """What azure-identity needs of the environment and does not find there."""
    proofs = ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH")
    missing = [name for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID") if name not in environment]
    if not any(proof in environment for proof in proofs):
        missing.append(proofs[0])
    return missing


def real_tenant_settings(tenant_id: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that turn the app from the simulated tenant to a real one.

    Args:
        tenant_id: the tenant.
        environment: the caller's own; the app registration to sign in with stands there, since a
            person's sign-in holds no application roles.
    """
    return {
        "MFA_TENANT_ID": tenant_id,
        "MFA_IDENTITY": "developer",
        "GRAPH_BASE_URL": "",
        "MFA_BREAK_GLASS_IDS": "",
        "MFA_IDENTITIES": "",
        **{name: environment[name] for name in _PASSED_ON if name in environment},
    }
