"""Who does MFA elsewhere, from Microsoft Graph: federated domains, guests, certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from shared.adapters.graph.answers import Id, Page, read_answer
from shared.adapters.graph.calls.sweep import (
    DOMAINS,
    FEDERATION,
    METHODS_POLICY,
    PARTNERS,
    TRUST,
)
from shared.adapters.graph.sweep.sending import Lists, PacedGraph
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Named, Users

_FEDERATED: Final = "federated"
_BY_PROVIDER: Final = "enforcemfabyfederatedidp"
_BY_ENTRA: Final = "rejectmfabyfederatedidp"
_CERTIFICATE: Final = "x509certificate"
_OFF: Final = "disabled"
_ONE_FACTOR: Final = "x509certificatesinglefactor"
_EVERYBODY: Final = "all_users"
_GROUP: Final = "group"
_PERHAPS: Final = "The provider's MFA is accepted where it does any, which Graph does not tell."
_ROLLOUT: Final = (
    "Who is in a Staged Rollout signs in here in spite of the provider, and no application may read"
    " who that is."
)
_PARTNERS_DIFFER: Final = (
    "It is trusted of some organisations, and Graph does not tell which one a guest is from."
)


class DomainAnswer(msgspec.Struct, rename="camel"):
    """A domain of the tenant; its id is its name."""

    id: Id
    authentication_type: str
    is_verified: bool | None = None


class FederationAnswer(msgspec.Struct, rename="camel"):
    """How a federated domain's identity provider and Entra ID share the work."""

    federated_idp_mfa_behavior: str | None = None


class TrustAnswer(msgspec.Struct, rename="camel"):
    """What is trusted of other organisations; what is not told is not."""

    is_mfa_accepted: bool | None = None


class DefaultAnswer(msgspec.Struct, rename="camel"):
    """What holds for every organisation that is not named."""

    inbound_trust: TrustAnswer | None


class PartnerAnswer(msgspec.Struct, rename="camel"):
    """What holds for one other organisation; where it tells no trust, the default's holds."""

    inbound_trust: TrustAnswer | None = None


class MethodsAnswer(msgspec.Struct, rename="camel"):
    """The authentication methods policy, each configuration with what only its type has."""

    authentication_method_configurations: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Federated:
    """The federated domains whose provider does every MFA, and those that may do some."""

    trusted: tuple[str, ...] | Unknown = ()
    doubtful: Mapping[str, Unknown] = field(default_factory=dict)


async def read_federated(lists: Lists, *, staged_rollout: bool | None) -> Federated:
    """`GET /v1.0/domains`, and `GET /v1.0/domains/{id}/federationConfiguration` of each such.

    https://learn.microsoft.com/graph/api/resources/internaldomainfederation

    Args:
        lists: reads lists.
        staged_rollout: whether people of federated domains are in a Staged Rollout; None where
            nobody has said so. Graph tells people alone, and no application:
            https://learn.microsoft.com/graph/api/list-featurerolloutpolicies
    """
    domains = await lists.read(DOMAINS, Page[DomainAnswer])
    if isinstance(domains, Unknown):
        return Federated(trusted=domains)
    trusted: list[str] = []
    doubtful: dict[str, Unknown] = {}
    for domain in domains:
        if domain.authentication_type.lower() != _FEDERATED or domain.is_verified is False:
            continue
        name = domain.id.casefold()
        found = await lists.read(FEDERATION, Page[FederationAnswer], domain=domain.id)
        if isinstance(found, Unknown):
            doubtful[name] = found
            continue
        said = {(one.federated_idp_mfa_behavior or "").lower() for one in found}
        if said == {_BY_PROVIDER} and staged_rollout is False:
            trusted.append(name)
        elif said == {_BY_PROVIDER}:
            doubtful[name] = Unknown(_ROLLOUT)
        elif said != {_BY_ENTRA}:
            doubtful[name] = Unknown(_PERHAPS)
    return Federated(trusted=tuple(sorted(trusted)), doubtful=doubtful)


async def read_home_trust(graph: PacedGraph, lists: Lists) -> bool | Unknown:
    """`GET /v1.0/policies/crossTenantAccessPolicy/default` and `.../partners`.

    https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicyconfigurationpartner

    Raises:
        LifecycleError: as `GraphClient.send`.
    """
    partners = await lists.read(PARTNERS, Page[PartnerAnswer])
    default = _accepts(read_answer(await graph.send(TRUST, {}), DefaultAnswer).inbound_trust)
    if isinstance(partners, Unknown):
        return partners
    own = [one.inbound_trust for one in partners if one.inbound_trust is not None]
    if any(_accepts(trust) is not default for trust in own):
        return Unknown(_PARTNERS_DIFFER)
    return default


def _accepts(trust: TrustAnswer | None) -> bool:
    return trust is not None and trust.is_mfa_accepted is True


async def read_certificates(graph: PacedGraph) -> tuple[Users, ...]:
    """`GET /v1.0/policies/authenticationMethodsPolicy`: whose certificates may count as MFA.

    https://learn.microsoft.com/graph/api/resources/x509certificateauthenticationmethodconfiguration

    Raises:
        LifecycleError: as `GraphClient.send`.
    """
    told = read_answer(await graph.send(METHODS_POLICY, {}), MethodsAnswer)
    return tuple(
        Users(
            included=_targets(one.get("includeTargets")),
            excluded=_targets(one.get("excludeTargets")),
        )
        for one in told.authentication_method_configurations
        if str(one.get("id")).lower() == _CERTIFICATE
        and str(one.get("state")).lower() != _OFF
        and _may_be_two_factors(one.get("authenticationModeConfiguration"))
    )


def _targets(told: object) -> Named:
    """Whom it names; of one that is not understood nobody can tell whether it names somebody."""
    groups: set[str] = set()
    strange = not isinstance(told, list)
    for one in told if isinstance(told, list) else ():
        key = one.get("id") if isinstance(one, Mapping) else None
        is_group = key is not None and str(one.get("targetType")).lower() == _GROUP
        groups |= {str(key).lower()} if is_group else set()
        strange |= not is_group
    return Named(
        everybody=_EVERYBODY in groups,
        groups=frozenset(groups - {_EVERYBODY}),
        unrecognised=strange,
    )


def _may_be_two_factors(told: object) -> bool:
    """Whether any certificate may count as two factors: unless each is said to be one alone."""
    if not isinstance(told, Mapping):
        return True
    rules = told.get("rules") or []
    modes = [told.get("x509CertificateAuthenticationDefaultMode")]
    modes += [
        rule.get("x509CertificateAuthenticationMode") if isinstance(rule, Mapping) else None
        for rule in (rules if isinstance(rules, list) else [None])
    ]
    return {str(mode).lower() for mode in modes} != {_ONE_FACTOR}
