"""The tenant's Conditional Access policies, from Microsoft Graph."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from shared.adapters.graph.answers import GrantAnswer, Page, PolicyAnswer
from shared.adapters.graph.calls.tenant import LIST_POLICIES
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.domain.authentication import Unknown
from shared.domain.conditional_access import ConditionalAccess, Grant, SignInPolicy
from shared.domain.errors.directory import PermissionMissing, RequestRejected
from shared.domain.ids import GroupId

_LASTS: Final = timedelta(minutes=1)
_ON: Final = "enabled"
_MFA: Final = "mfa"
_EVERYBODY_EVERYWHERE: Final = {
    "clientAppTypes": ["all"],
    "applications": {"includeApplications": ["All"]},
}


class GraphPolicies:
    """The port `Policies`.

    Args:
        client: talks to Graph.
        monotonic: seconds that never go back.
    """

    def __init__(self, client: GraphClient, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._monotonic = monotonic
        self._read: tuple[float, list[PolicyAnswer] | Unknown] | None = None
        self._reading = asyncio.Lock()

    async def conditional_access(self) -> ConditionalAccess | Unknown:
        """What the policies that are switched on require of everybody in a group."""
        on = await self._switched_on()
        if isinstance(on, Unknown):
            return on
        return ConditionalAccess(
            requires_mfa=any(_mentions_mfa(policy.grant_controls) for policy in on),
            groups=frozenset(
                group
                for policy in on
                if _always_mfa(policy.grant_controls)
                for group in _groups_without_exception(policy.conditions)
            ),
        )

    async def switched_on(self) -> tuple[SignInPolicy, ...] | Unknown:
        """The policies that are switched on, as they are; a minute old at most."""
        on = await self._switched_on()
        return on if isinstance(on, Unknown) else tuple(map(_policy, on))

    async def _switched_on(self) -> list[PolicyAnswer] | Unknown:
        # Graph answers one such request a second: workers side by side wait for the same answer.
        async with self._reading:
            now = self._monotonic()
            if self._read is None or now - self._read[0] >= _LASTS.total_seconds():
                self._read = (now, await self._list())
            return self._read[1]

    async def _list(self) -> list[PolicyAnswer] | Unknown:
        """`GET /v1.0/identity/conditionalAccess/policies`."""
        try:
            policies = await read_pages(self._client, LIST_POLICIES, {}, Page[PolicyAnswer])
        except (PermissionMissing, RequestRejected) as error:
            return Unknown(error.detail)
        return [policy for policy in policies if policy.state == _ON]


def _policy(answer: PolicyAnswer) -> SignInPolicy:
    """A policy in the words of the domain."""
    grant = answer.grant_controls
    if grant is None:
        return SignInPolicy(conditions=_said(answer.conditions), grant=None)
    strength = grant.authentication_strength
    return SignInPolicy(
        conditions=_said(answer.conditions),
        grant=Grant(
            all_needed=grant.operator == "AND",
            controls=frozenset(grant.built_in_controls),
            strength_is_mfa=None if strength is None else strength.requirements_satisfied == _MFA,
            others=len(grant.custom_authentication_factors) + len(grant.terms_of_use),
        ),
    )


def _mentions_mfa(grant: GrantAnswer | None) -> bool:
    return grant is not None and (
        _MFA in grant.built_in_controls or grant.authentication_strength is not None
    )


def _always_mfa(grant: GrantAnswer | None) -> bool:
    """Whether there is no way past MFA: an alternative to it is one.

    A strength is MFA where it says so; one that an administrator made may take a single factor.
    https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy
    """
    if grant is None:
        return False
    strength = grant.authentication_strength
    is_mfa = strength is not None and strength.requirements_satisfied == _MFA
    if not (is_mfa or _MFA in grant.built_in_controls):
        return False
    ways = len(grant.built_in_controls) + len(grant.custom_authentication_factors)
    ways += len(grant.terms_of_use) + (strength is not None)
    return grant.operator == "AND" or ways == 1


def _groups_without_exception(conditions: Mapping[str, Any]) -> list[GroupId]:
    """Whom a policy names, where it names groups, excludes nobody and knows no condition."""
    said = _said(conditions)
    users = said.pop("users", {})
    if said != _EVERYBODY_EVERYWHERE or set(users) != {"includeGroups"}:
        return []
    return [GroupId(group.casefold()) for group in users["includeGroups"]]


def _said(condition: Mapping[str, Any]) -> dict[str, Any]:
    """A condition without what it leaves open."""
    inner = {
        name: _said(value) if isinstance(value, dict) else value
        for name, value in condition.items()
    }
    return {name: value for name, value in inner.items() if value not in (None, [], {})}
