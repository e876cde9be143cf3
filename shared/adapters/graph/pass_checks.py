"""What decides whether a pass would help a person, from Microsoft Graph."""

from datetime import timedelta
from typing import Final

import msgspec

from shared.adapters.graph.answers import (
    DomainAnswer,
    GroupsAnswer,
    MethodConfiguration,
    MethodsPolicyAnswer,
    SignInAnswer,
    read_answer,
)
from shared.adapters.graph.calls.groups import CHECK_GROUPS
from shared.adapters.graph.calls.people import READ_SIGN_IN
from shared.adapters.graph.calls.tenant import READ_DOMAIN, READ_METHODS_POLICY
from shared.adapters.graph.client import GraphClient
from shared.domain.accounts import NoAccount
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import AccountNotVisible, MalformedAnswer
from shared.domain.ids import UserId
from shared.domain.passes.collecting import SignIn
from shared.domain.passes.methods_policy import PASSES, MethodRule, MethodsPolicy, PassLimits

_MOST_GROUPS: Final = 20
"""How many groups Graph takes in one question."""
_FEDERATED: Final = {"managed": False, "federated": True}


class GraphPassChecks:
    """The port `PassChecks` on Microsoft Graph."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def sign_in(self, user: UserId) -> SignIn | NoAccount:
        """How a person signs in. `GET /v1.0/users/{id}`, then `GET /v1.0/domains/{domain}`."""
        try:
            body = await self._client.send(READ_SIGN_IN, {"user": user})
        except AccountNotVisible:
            return NoAccount()
        found = read_answer(body, SignInAnswer)
        return SignIn(
            enabled=found.account_enabled,
            guest=(found.user_type or "").casefold() == "guest",
            federated=await self._is_federated(found.user_principal_name.rpartition("@")[2]),
        )

    async def _is_federated(self, domain: str) -> bool | Unknown:
        try:
            body = await self._client.send(READ_DOMAIN, {"domain": domain})
        except AccountNotVisible:
            return Unknown("Graph does not know the domain of the person's sign-in name.")
        kind = read_answer(body, DomainAnswer).authentication_type
        unknown = Unknown("Graph's answer names no kind of sign-in that we know for the domain.")
        return _FEDERATED.get(kind.casefold(), unknown)

    async def policy(self) -> MethodsPolicy:
        """The authentication methods policy. `GET /v1.0/policies/authenticationMethodsPolicy`."""
        body = await self._client.send(READ_METHODS_POLICY, {})
        found = read_answer(body, MethodsPolicyAnswer).authentication_method_configurations
        by_id = {one.id.casefold(): one for one in found}
        rules = {name: _rule(one) for name, one in by_id.items()}
        # A cloud without the method (China) does not list it.
        rules.setdefault(PASSES, MethodRule(enabled=False, included=_NOBODY, excluded=_NOBODY))
        return MethodsPolicy(rules=rules, limits=_limits(by_id.get(PASSES)))

    async def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Which of these groups a person is in. `POST /v1.0/users/{id}/checkMemberGroups`."""
        asked, found = sorted(among), set[str]()
        for start in range(0, len(asked), _MOST_GROUPS):
            question = msgspec.json.encode({"groupIds": asked[start : start + _MOST_GROUPS]})
            body = await self._client.send(CHECK_GROUPS, {"user": user}, question)
            found |= {group.lower() for group in read_answer(body, GroupsAnswer).value}
        return frozenset(found)


_NOBODY: Final = frozenset[str]()


def _rule(configuration: MethodConfiguration) -> MethodRule:
    return MethodRule(
        enabled=configuration.state.casefold() == "enabled",
        included=frozenset(target.id.lower() for target in configuration.include_targets or ()),
        excluded=frozenset(target.id.lower() for target in configuration.exclude_targets or ()),
    )


def _limits(configuration: MethodConfiguration | None) -> PassLimits:
    if configuration is None:
        return PassLimits(shortest=timedelta(0), longest=timedelta(0), once_only=True)
    shortest = configuration.minimum_lifetime_in_minutes
    longest = configuration.maximum_lifetime_in_minutes
    if shortest is None or longest is None or configuration.is_usable_once is None:
        raise MalformedAnswer("methods-policy.read: the limits of passes are missing.")
    return PassLimits(
        shortest=timedelta(minutes=shortest),
        longest=timedelta(minutes=longest),
        once_only=configuration.is_usable_once,
    )
