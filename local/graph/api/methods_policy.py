"""`/policies/authenticationMethodsPolicy`: which method is allowed to whom, within what limits."""

from collections.abc import Mapping
from typing import Any

from local.graph.api.errors import GraphError, bad_method_request
from local.graph.api.listing import context_of
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.policies import ONE_FACTOR, TWO_FACTORS, TYPE_NAMES

_POLICY = "policies/authenticationMethodsPolicy"
_CONFIGURATIONS = "authenticationMethodConfigurations"
_SHORTEST_LIFETIME, _LONGEST_LIFETIME = 10, 43_200
_SHORTEST_PASS, _LONGEST_PASS = 8, 48


def get_policy(call: Call) -> GraphAnswer:
    """GET the policy with the configuration of every method."""
    check_options(call.request.query, frozenset())
    return GraphAnswer(
        200,
        {
            "@odata.context": context_of(call, "authenticationMethodsPolicy"),
            "id": "authenticationMethodsPolicy",
            "displayName": "Authentication Methods Policy",
            "description": "The tenant-wide policy that controls which methods are allowed.",
            "policyVersion": "1.5",
            "policyMigrationState": "migrationComplete",
            _CONFIGURATIONS: list(call.tenant.policies.methods.values()),
        },
    )


def get_configuration(call: Call) -> GraphAnswer:
    """GET the configuration of one method."""
    check_options(call.request.query, frozenset())
    context = context_of(call, f"{_POLICY}/{_CONFIGURATIONS}/$entity")
    return GraphAnswer(200, {"@odata.context": context, **_configuration(call)})


def change_configuration(call: Call) -> GraphAnswer:
    """PATCH the configuration of one method: 204. `@odata.type` must be there and fit."""
    old, given = _configuration(call), call.request.json_object()
    name = old["id"]
    if given.pop("@odata.type", None) not in {TYPE_NAMES[name], TYPE_NAMES[name][1:]}:
        raise bad_method_request("The @odata.type of the configuration is missing or another's.")
    given.pop("id", None)
    for key, value in given.items():
        if key not in old or not _same_shape(old[key], value):
            raise bad_method_request(f"Invalid value specified for '{key}'.")
    new = {**old, **given}
    _check(call, new)
    call.tenant.report.keep_up()
    call.tenant.policies.methods[name] = new
    call.tenant.record("Authentication Methods Policy Update", name, call.request.caller.app_id)
    return GraphAnswer(204)


def _configuration(call: Call) -> dict[str, Any]:
    wanted = call.parameters["configuration"].casefold()
    for name, configuration in call.tenant.policies.methods.items():
        if name.casefold() == wanted:
            return configuration
    raise GraphError(404, "resourceNotFound", "Resource not found.", repeat_inside=True)


def _same_shape(old: object, value: object) -> bool:
    return type(old) is type(value)


def _check(call: Call, new: Mapping[str, Any]) -> None:
    """Refuse states, targets and limits that the service does not take.

    Raises:
        GraphError: 400.
    """
    if new["state"] not in {"enabled", "disabled"}:
        raise bad_method_request("The state must be enabled or disabled.")
    for target in (*new["includeTargets"], *new["excludeTargets"]):
        known = isinstance(target, dict) and target.get("targetType") == "group"
        if not known or not (target["id"] == "all_users" or call.tenant.is_group(target["id"])):
            raise bad_method_request("A target must be a group that exists, or all_users.")
    if new["id"] == "x509Certificate":
        _check_modes(new["authenticationModeConfiguration"])
    if new["id"] == "temporaryAccessPass":
        least, most = new["minimumLifetimeInMinutes"], new["maximumLifetimeInMinutes"]
        lifetimes = (_SHORTEST_LIFETIME, least, new["defaultLifetimeInMinutes"], most)
        ordered = list(lifetimes) == sorted(lifetimes) and most <= _LONGEST_LIFETIME
        if not ordered or not _SHORTEST_PASS <= new["defaultLength"] <= _LONGEST_PASS:
            raise bad_method_request("The lifetimes or the length are outside what is allowed.")


def _check_modes(told: Mapping[str, Any]) -> None:
    """Refuse factors and rules of certificates that there are none of.

    Raises:
        GraphError: 400.
    """
    rules = told.get("rules", [])
    modes = [told.get("x509CertificateAuthenticationDefaultMode")]
    modes += [rule.get("x509CertificateAuthenticationMode") for rule in rules]
    kinds = {rule.get("x509CertificateRuleType") for rule in rules}
    if not {*modes} <= {ONE_FACTOR, TWO_FACTORS} or not kinds <= {"issuerSubject", "policyOID"}:
        raise bad_method_request("Invalid value specified for 'authenticationModeConfiguration'.")
