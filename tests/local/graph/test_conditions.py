"""Conditions of policies: what an attempt must be for a policy to apply, and what is written.

https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.local.graph.policies import POLICIES, add_policy, policy_body, sign_in
from tests.stands.graph import GraphControl

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_APP = str(uuid4())
_RULE = "device.isCompliant -eq True"
_FILTER = {"deviceFilter": {"mode": "include", "rule": _RULE}}
_ALL_BUT_FILTERED = {"deviceFilter": {"mode": "exclude", "rule": _RULE}}
_APP_RULE = 'CustomSecurityAttribute.Ours_tier -eq "high"'
_ASKED, _NOT_ASKED = "mfa-required", "allowed"


def _app_filter(mode: str) -> dict[str, str]:
    return {"mode": mode, "rule": _APP_RULE}


@pytest.mark.parametrize(
    ("conditions", "attempt", "result"),
    [
        ({"userRiskLevels": ["high"]}, {}, _NOT_ASKED),
        ({"userRiskLevels": ["high"]}, {"userRisk": "medium"}, _NOT_ASKED),
        ({"userRiskLevels": ["high"]}, {"userRisk": "high"}, _ASKED),
        ({"userRiskLevels": ["high"]}, {"risk": "high"}, _NOT_ASKED),
        ({"signInRiskLevels": ["none"]}, {}, _ASKED),
        ({"signInRiskLevels": ["none"]}, {"risk": "none"}, _ASKED),
        ({"signInRiskLevels": ["none"]}, {"risk": "low"}, _NOT_ASKED),
        ({"insiderRiskLevels": "moderate,elevated"}, {"insiderRisk": "elevated"}, _ASKED),
        ({"insiderRiskLevels": "moderate,elevated"}, {"insiderRisk": "minor"}, _NOT_ASKED),
        ({"insiderRiskLevels": "minor"}, {}, _NOT_ASKED),
        ({"platforms": {"includePlatforms": ["all"]}}, {"platform": "chromeOS"}, _ASKED),
        ({"platforms": {"includePlatforms": ["iOS", "windows"]}}, {}, _NOT_ASKED),
        (
            {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["iOS"]}},
            {"platform": "iOS"},
            _NOT_ASKED,
        ),
        ({"devices": _FILTER}, {}, _NOT_ASKED),
        ({"devices": _FILTER}, {"deviceMatches": ["another rule"]}, _NOT_ASKED),
        ({"devices": _FILTER}, {"deviceMatches": [_RULE]}, _ASKED),
        ({"devices": _ALL_BUT_FILTERED}, {"deviceMatches": [_RULE]}, _NOT_ASKED),
        ({"devices": _ALL_BUT_FILTERED}, {}, _ASKED),
        ({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}, {}, _NOT_ASKED),
        (
            {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}},
            {"flow": "deviceCodeFlow"},
            _ASKED,
        ),
        (
            {"authenticationFlows": {"transferMethods": "deviceCodeFlow,authenticationTransfer"}},
            {"flow": "authenticationTransfer"},
            _ASKED,
        ),
    ],
)
def test_a_condition_covers_what_it_names(
    control: GraphControl,
    graph: httpx.Client,
    *,
    conditions: dict[str, Any],
    attempt: dict[str, Any],
    result: str,
) -> None:
    """Risks, platforms, device filters, flows: all that are named, or the policy is silent."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    add_policy(graph, {"includeUsers": [user]}, **conditions)
    assert sign_in(control, user, **attempt) == result


@pytest.mark.parametrize(
    ("applications", "attempt", "result"),
    [
        ({"includeApplications": [_APP]}, {"app": _APP.upper()}, _ASKED),
        ({"includeApplications": [_APP.upper()]}, {"app": _APP}, _ASKED),
        ({"includeApplications": [_APP]}, {"app": str(uuid4())}, _NOT_ASKED),
        ({"includeApplications": ["None"]}, {"app": _APP}, _NOT_ASKED),
        ({"includeApplications": ["Office365"]}, {"app": _APP}, _NOT_ASKED),
        (
            {"includeApplications": ["Office365"]},
            {"app": _APP, "appSuites": ["Office365"]},
            _ASKED,
        ),
        (
            {"includeApplications": ["MicrosoftAdminPortals"]},
            {"appSuites": ["Office365"]},
            _NOT_ASKED,
        ),
        (
            {"includeApplications": ["All"], "excludeApplications": ["Office365"]},
            {"app": _APP, "appSuites": ["Office365"]},
            _NOT_ASKED,
        ),
        ({"applicationFilter": _app_filter("include")}, {"app": _APP}, _NOT_ASKED),
        (
            {"applicationFilter": _app_filter("include")},
            {"app": _APP, "appMatches": [_APP_RULE]},
            _ASKED,
        ),
        (
            {"includeApplications": [_APP], "applicationFilter": _app_filter("include")},
            {"app": _APP},
            _ASKED,
        ),
        (
            {"includeApplications": ["All"], "applicationFilter": _app_filter("exclude")},
            {"appMatches": [_APP_RULE]},
            _NOT_ASKED,
        ),
        (
            {"includeApplications": ["All"], "applicationFilter": _app_filter("exclude")},
            {},
            _ASKED,
        ),
        (
            {"includeAuthenticationContextClassReferences": ["c1", "c99"]},
            {"app": "urn:context:c99"},
            _ASKED,
        ),
        (
            {"includeAuthenticationContextClassReferences": ["c1"]},
            {"app": "urn:context:c2"},
            _NOT_ASKED,
        ),
        ({"includeAuthenticationContextClassReferences": ["c1"]}, {"app": _APP}, _NOT_ASKED),
        ({"includeApplications": ["All"]}, {"app": "urn:context:c1"}, _NOT_ASKED),
        (
            {"includeUserActions": ["urn:user:registerdevice"]},
            {"app": "urn:user:registerdevice"},
            _ASKED,
        ),
        ({"includeUserActions": ["urn:user:registerdevice"]}, {"app": _APP}, _NOT_ASKED),
    ],
)
def test_a_policy_is_about_applications_or_actions_or_contexts(
    control: GraphControl,
    graph: httpx.Client,
    *,
    applications: dict[str, Any],
    attempt: dict[str, Any],
    result: str,
) -> None:
    """Ids, suites and filters are of applications; an action or a context is none of them."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    add_policy(graph, {"includeUsers": [user]}, applications=applications)
    assert sign_in(control, user, **attempt) == result


def test_every_condition_is_read_as_it_was_written(graph: httpx.Client) -> None:
    """Graph's names; flags in one text, in Graph's order; ids in small letters."""
    conditions = {
        "userRiskLevels": ["high", "none"],
        "signInRiskLevels": ["low", "hidden"],
        "insiderRiskLevels": "elevated, minor",
        "devices": _FILTER,
        "authenticationFlows": {"transferMethods": "authenticationTransfer,deviceCodeFlow"},
        "applications": {
            "includeApplications": [_APP.upper()],
            "applicationFilter": _app_filter("include"),
        },
    }
    policy = add_policy(graph, {"includeUsers": ["All"]}, **conditions)
    read = graph.get(f"{POLICIES}/{policy}").json()["conditions"]
    assert {name: read[name] for name in conditions if name != "applications"} == {
        **{name: conditions[name] for name in ("userRiskLevels", "signInRiskLevels", "devices")},
        "insiderRiskLevels": "minor,elevated",
        "authenticationFlows": {"transferMethods": "deviceCodeFlow,authenticationTransfer"},
    }
    assert read["applications"]["includeApplications"] == [_APP]
    assert read["applications"]["applicationFilter"] == _app_filter("include")
    change: dict[str, Any] = {"conditions": {"insiderRiskLevels": None, "userRiskLevels": []}}
    assert graph.patch(f"{POLICIES}/{policy}", json=change).status_code == 204
    after = graph.get(f"{POLICIES}/{policy}").json()["conditions"]
    assert after == {**read, "insiderRiskLevels": None, "userRiskLevels": []}


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"userRiskLevels": ["severe"]}, 400),
        ({"platforms": {"excludePlatforms": ["iOS"]}}, 501),
        ({"locations": {"excludeLocations": ["AllTrusted"]}}, 501),
        ({"insiderRiskLevels": ["minor"]}, 400),
        ({"insiderRiskLevels": "minor,huge"}, 400),
        ({"insiderRiskLevels": ""}, 400),
        ({"devices": {"deviceFilter": {"mode": "include"}}}, 400),
        ({"devices": {"deviceFilter": {"mode": "only", "rule": _RULE}}}, 400),
        ({"devices": {"deviceFilter": {"mode": "include", "rule": " "}}}, 400),
        ({"authenticationFlows": {"transferMethods": "pigeon"}}, 400),
        ({"authenticationFlows": {"transferMethods": "none"}}, 501),
        ({"applications": {"includeApplications": ["All", _APP]}}, 400),
        ({"applications": {"includeApplications": ["x"]}}, 400),
        (
            {"applications": {"includeApplications": ["All"], "excludeApplications": ["All"]}},
            400,
        ),
        ({"applications": {"applicationFilter": _app_filter("exclude")}}, 400),
        (
            {
                "applications": {
                    "includeApplications": ["All"],
                    "applicationFilter": _app_filter("include"),
                }
            },
            501,
        ),
        ({"applications": {"includeAuthenticationContextClassReferences": ["c100"]}}, 400),
        (
            {
                "applications": {
                    "includeApplications": ["All"],
                    "includeAuthenticationContextClassReferences": ["c1"],
                }
            },
            400,
        ),
        ({"servicePrincipalRiskLevels": ["high"]}, 400),
        ({"clientApplications": {"includeServicePrincipals": [_APP]}}, 400),
    ],
)
def test_a_condition_that_is_none_is_refused(
    graph: httpx.Client, conditions: dict[str, Any], status: int
) -> None:
    """400 for what Graph refuses, 501 for what it takes and nobody documents."""
    body = policy_body({"includeUsers": ["All"]}, **conditions)
    assert graph.post(POLICIES, json=body).status_code == status


@pytest.mark.parametrize(
    "attempt", [{"risk": "huge"}, {"flow": "x"}, {"satisfies": ["mfa"]}, {"locations": ["x"]}]
)
def test_an_attempt_that_is_none_is_a_mistake(
    control: GraphControl, attempt: dict[str, Any]
) -> None:
    """Nobody is let through by a word that nothing knows."""
    user = control.create_user()["id"]
    assert control.request("POST", f"users/{user}/sign-in", attempt).status_code == 400


def test_a_policy_about_workload_identities_never_concerns_people(
    control: GraphControl, graph: httpx.Client
) -> None:
    """https://learn.microsoft.com/entra/identity/conditional-access/workload-identity"""
    user = control.create_user()["id"]
    workloads = {
        "clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]},
        "servicePrincipalRiskLevels": ["high"],
    }
    block = {"operator": "OR", "builtInControls": ["block"]}
    made = graph.post(POLICIES, json=policy_body(None, block, **workloads))
    assert made.status_code == 201, made.text
    assert made.json()["conditions"]["users"]["includeUsers"] == ["None"]
    assert sign_in(control, user) == "allowed"
    assert graph.post(POLICIES, json=policy_body(None, **workloads)).status_code == 400
    assert graph.post(POLICIES, json=policy_body(None)).status_code == 400
