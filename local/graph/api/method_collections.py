"""The typed collections of authentication methods: list, get and delete, each kind by its path."""

from collections.abc import Callable
from dataclasses import dataclass

from local.graph.api import permissions as may
from local.graph.api.authentication_methods import method_not_found, shown_method
from local.graph.api.listing import context_of
from local.graph.api.messages import GraphAnswer, Version
from local.graph.api.query import check_options
from local.graph.api.routing import BETA_ONLY, BOTH, Call
from local.graph.tenant.methods import PHONES, Kind, Method
from local.graph.tenant.registration import remove_method

PREFIX = "/users/{user}/authentication"


@dataclass(frozen=True)
class Collection:
    """A path under `/users/{id}/authentication` and what is in it.

    Attributes:
        scope: the `UserAuthMethod-` permission of its kind; None = no permission of its own.
        singular: the path is the method itself, without an id.
        deletable: the service deletes it.
    """

    name: str
    kinds: frozenset[Kind]
    scope: str | None
    versions: frozenset[Version] = BOTH
    singular: bool = False
    deletable: bool = True

    @property
    def path(self) -> str:
        """The template of the collection."""
        return f"{PREFIX}/{self.name}"

    @property
    def readers(self) -> frozenset[str]:
        """The permissions of which one reads it."""
        return may.METHODS_READ | self._scopes("Read", "ReadWrite")

    @property
    def writers(self) -> frozenset[str]:
        """The permissions of which one changes it."""
        return may.METHODS_WRITE | self._scopes("ReadWrite")

    def _scopes(self, *rights: str) -> frozenset[str]:
        scope = self.scope
        return frozenset(f"UserAuthMethod-{scope}.{right}.All" for right in rights if scope)


PHONE_METHODS = Collection("phoneMethods", PHONES, "Phone")
EMAIL_METHODS = Collection("emailMethods", frozenset({Kind.EMAIL}), "Email")
PASS_METHODS = Collection(
    "temporaryAccessPassMethods", frozenset({Kind.TEMPORARY_ACCESS_PASS}), "TAP"
)

COLLECTIONS = (
    PHONE_METHODS,
    EMAIL_METHODS,
    PASS_METHODS,
    Collection(
        "microsoftAuthenticatorMethods",
        frozenset({Kind.MICROSOFT_AUTHENTICATOR}),
        "MicrosoftAuthApp",
    ),
    Collection("softwareOathMethods", frozenset({Kind.SOFTWARE_OATH}), "SoftwareOATH"),
    Collection("hardwareOathMethods", frozenset({Kind.HARDWARE_OATH}), "HardwareOATH", BETA_ONLY),
    Collection("fido2Methods", frozenset({Kind.FIDO2}), "Passkey"),
    Collection("windowsHelloForBusinessMethods", frozenset({Kind.WINDOWS_HELLO}), "WindowsHello"),
    Collection("platformCredentialMethods", frozenset({Kind.PLATFORM_CREDENTIAL}), "PlatformCred"),
    Collection("externalAuthenticationMethods", frozenset({Kind.EXTERNAL}), "External"),
    Collection("qrCodePinMethod", frozenset({Kind.QR_CODE_PIN}), "QR", BETA_ONLY, singular=True),
    Collection("passwordMethods", frozenset({Kind.PASSWORD}), None, deletable=False),
)


def list_collection(collection: Collection) -> Callable[[Call], GraphAnswer]:
    """GET the methods of one collection."""

    def handler(call: Call) -> GraphAnswer:
        check_options(call.request.query, frozenset())
        person = call.tenant.people.seen(call.parameters["user"])
        context = f"users('{person.id}')/authentication/{collection.name}"
        rows = [
            shown_method(call.tenant, person, method, call.request.version)
            for method in person.methods
            if method.kind in collection.kinds
        ]
        return GraphAnswer(200, {"@odata.context": context_of(call, context), "value": rows})

    return handler


def get_from(collection: Collection) -> Callable[[Call], GraphAnswer]:
    """GET one method."""

    def handler(call: Call) -> GraphAnswer:
        check_options(call.request.query, frozenset())
        person = call.tenant.people.seen(call.parameters["user"])
        method = find(person.methods, collection, call.parameters.get("method"))
        context = f"users('{person.id}')/authentication/{collection.name}/$entity"
        row = shown_method(call.tenant, person, method, call.request.version)
        return GraphAnswer(200, {"@odata.context": context_of(call, context), **row})

    return handler


def delete_from(collection: Collection) -> Callable[[Call], GraphAnswer]:
    """DELETE one method: 204; what is gone already is a 404."""

    def handler(call: Call) -> GraphAnswer:
        person = call.tenant.people.seen(call.parameters["user"])
        held = call.tenant.people.truth(person.id).methods
        method = find(held, collection, call.parameters.get("method"))
        remove_method(call.tenant, person.id, method, call.request.caller.app_id)
        return GraphAnswer(204)

    return handler


def find(methods: tuple[Method, ...], collection: Collection, key: str | None) -> Method:
    """The method of a collection with an id; without one, the only one.

    Raises:
        GraphError: 404.
    """
    for method in methods:
        if method.kind in collection.kinds and key in {None, method.id}:
            return method
    raise method_not_found()
