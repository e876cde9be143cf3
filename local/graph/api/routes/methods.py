"""What people authenticate with, and the policy about it."""

from local.graph.api import authentication_methods, method_writes, methods_policy, requirements
from local.graph.api import permissions as may
from local.graph.api.method_collections import (
    COLLECTIONS,
    EMAIL_METHODS,
    PASS_METHODS,
    PHONE_METHODS,
    PREFIX,
    delete_from,
    get_from,
    list_collection,
)
from local.graph.api.routing import BETA_ONLY, Area, Route

_METHODS = Area.AUTHENTICATION_METHODS
_POLICY = "/policies/authenticationMethodsPolicy"
_CONFIGURATION = f"{_POLICY}/authenticationMethodConfigurations/{{configuration}}"
_REQUIREMENTS = f"{PREFIX}/requirements"
_PREFERENCES = f"{PREFIX}/signInPreferences"

_WRITES = (
    ("POST", PHONE_METHODS, "", method_writes.add_phone),
    ("PATCH", PHONE_METHODS, "/{method}", method_writes.change_phone),
    ("POST", EMAIL_METHODS, "", method_writes.add_email),
    ("PATCH", EMAIL_METHODS, "/{method}", method_writes.change_email),
    ("POST", PASS_METHODS, "", method_writes.add_pass),
)

ROUTES = (
    Route(
        "GET",
        f"{PREFIX}/methods",
        authentication_methods.list_methods,
        may.METHODS_READ,
        _METHODS,
    ),
    Route(
        "GET",
        f"{PREFIX}/methods/{{method}}",
        authentication_methods.get_method,
        may.METHODS_READ,
        _METHODS,
    ),
    *(
        Route(
            "GET",
            known.path,
            get_from(known) if known.singular else list_collection(known),
            known.readers,
            _METHODS,
            known.versions,
        )
        for known in COLLECTIONS
    ),
    *(
        Route(
            "GET",
            f"{known.path}/{{method}}",
            get_from(known),
            known.readers,
            _METHODS,
            known.versions,
        )
        for known in COLLECTIONS
        if not known.singular
    ),
    *(
        Route(
            "DELETE",
            known.path if known.singular else f"{known.path}/{{method}}",
            delete_from(known),
            known.writers,
            _METHODS,
            known.versions,
        )
        for known in COLLECTIONS
        if known.deletable
    ),
    *(
        Route(method, f"{known.path}{rest}", handler, known.writers, _METHODS)
        for method, known, rest, handler in _WRITES
    ),
    *(
        Route(method, path, handler, permissions, _METHODS, BETA_ONLY)
        for method, path, handler, permissions in (
            ("GET", _REQUIREMENTS, requirements.get_requirements, may.REQUIREMENTS_READ),
            ("PATCH", _REQUIREMENTS, requirements.update_requirements, may.REQUIREMENTS_WRITE),
            ("GET", _PREFERENCES, method_writes.get_preferences, may.METHODS_READ),
            ("PATCH", _PREFERENCES, method_writes.change_preferences, may.METHODS_WRITE),
        )
    ),
    Route("GET", _POLICY, methods_policy.get_policy, may.METHODS_POLICY_READ, _METHODS),
    Route(
        "GET",
        _CONFIGURATION,
        methods_policy.get_configuration,
        may.METHODS_POLICY_READ,
        _METHODS,
    ),
    Route(
        "PATCH",
        _CONFIGURATION,
        methods_policy.change_configuration,
        may.REQUIREMENTS_WRITE,
        _METHODS,
    ),
)
