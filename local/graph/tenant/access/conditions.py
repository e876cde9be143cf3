"""Whether a Conditional Access policy applies to an attempt.

Of report-only and disabled policies nothing follows, and policies about workload identities never
concern people.

Source: https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
"""

from collections.abc import Collection, Mapping
from typing import Any

from local.graph.tenant.access.attempt import AUTHENTICATION_CONTEXT, USER_ACTION, Attempt
from local.graph.tenant.access.externals import names_kind
from local.graph.tenant.access.subject import Policy, Rules, Subject

_Part = Mapping[str, Any]


def applies(policy: Policy, rules: Rules, subject: Subject, attempt: Attempt) -> bool:
    """The policy is enabled and its conditions cover the attempt."""
    conditions = policy["conditions"]
    clients = conditions["clientAppTypes"]
    places = conditions["locations"]
    return (
        policy["state"] == "enabled"
        and conditions["clientApplications"] is None
        and _covers_person(conditions["users"], subject)
        and covers_app(conditions["applications"], attempt)
        and ("all" in clients or attempt.client in clients)
        and _covers_place(conditions["platforms"], "Platforms", {"all", attempt.platform})
        and (places is None or _covers_place(places, "Locations", _places(rules, attempt)))
        and _covers_risk(conditions["signInRiskLevels"], attempt.risk)
        and _covers_risk(conditions["userRiskLevels"], attempt.user_risk)
        and _covers_flag(conditions["insiderRiskLevels"], attempt.insider_risk)
        and _covers_flow(conditions["authenticationFlows"], attempt.flow)
        and _covers_device(conditions["devices"], attempt.device_matches)
    )


def _covers_person(users: _Part, subject: Subject) -> bool:
    def named(prefix: str) -> bool:
        people = users[f"{prefix}Users"]
        return (
            "All" in people
            or subject.id in people
            or (subject.external is not None and "GuestsOrExternalUsers" in people)
            or names_kind(
                users[f"{prefix}GuestsOrExternalUsers"], subject.external, subject.home_tenant
            )
            or not subject.groups.isdisjoint(users[f"{prefix}Groups"])
            or not subject.roles.isdisjoint(users[f"{prefix}Roles"])
        )

    return named("include") and not named("exclude")


def covers_app(applications: _Part, attempt: Attempt) -> bool:
    """The policy is about what the attempt is on: an application, a user action, a context."""
    app = attempt.app
    if app.startswith(USER_ACTION):
        return app in applications["includeUserActions"]
    if app.startswith(AUTHENTICATION_CONTEXT):
        context = app.removeprefix(AUTHENTICATION_CONTEXT)
        return context in applications["includeAuthenticationContextClassReferences"]
    names = {app, app.casefold(), *attempt.app_suites}
    chosen = applications["applicationFilter"]
    fits = chosen is not None and chosen["rule"] in attempt.app_matches
    by_filter = chosen["mode"] if fits else None
    included = applications["includeApplications"]
    return ("All" in included or not names.isdisjoint(included) or by_filter == "include") and not (
        by_filter == "exclude" or not names.isdisjoint(applications["excludeApplications"])
    )


def _covers_place(place: _Part | None, name: str, mine: Collection[str]) -> bool:
    if place is None:
        return True
    included = set(place[f"include{name}"])
    return not included.isdisjoint(mine) and set(place[f"exclude{name}"]).isdisjoint(mine)


def _places(rules: Rules, attempt: Attempt) -> set[str]:
    """Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network"""
    places = {"All", *attempt.locations}
    if attempt.location == "trusted" or not rules.trusted_locations.isdisjoint(places):
        places.add("AllTrusted")
    return places


def _covers_risk(levels: Collection[str], risk: str) -> bool:
    return not levels or (risk or "none") in levels


def _covers_flag(flags: str | None, mine: str) -> bool:
    return flags is None or mine in flags.split(",")


def _covers_flow(flows: _Part | None, flow: str) -> bool:
    """Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-authentication-flows"""
    return flows is None or _covers_flag(flows["transferMethods"], flow)


def _covers_device(devices: _Part | None, fits: Collection[str]) -> bool:
    """Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-condition-filters-for-devices"""
    chosen = None if devices is None else devices["deviceFilter"]
    return chosen is None or (chosen["rule"] in fits) == (chosen["mode"] == "include")
