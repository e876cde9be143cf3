"""Authentication methods and passes."""

from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call

PREFER_METHOD: Final = Call(
    operation="method.prefer",
    method=Method.PATCH,
    # Beta only: https://learn.microsoft.com/graph/api/authentication-update
    template="{+baseurl}/beta/users/{user}/authentication/signInPreferences",
    role="UserAuthenticationMethod.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)

LIST_METHODS: Final = Call(
    operation="methods.list",
    method=Method.GET,
    # v1.0 leaves hardware OATH tokens and QR codes out: who has nothing else would look
    # unregistered. To v1.0 when it knows them.
    template="{+baseurl}/beta/users/{user}/authentication/methods",
    role="UserAuthenticationMethod.Read.All",
    success=frozenset({200}),
)

REGISTER_PHONE: Final = Call(
    operation="phone.write",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/authentication/phoneMethods",
    role="UserAuthMethod-Phone.ReadWrite.All",
    success=frozenset({200, 201}),
    writes=True,
)

REGISTER_EMAIL: Final = Call(
    operation="email.write",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/authentication/emailMethods",
    role="UserAuthMethod-Email.ReadWrite.All",
    success=frozenset({200, 201}),
    writes=True,
)

CREATE_PASS: Final = Call(
    operation="pass.create",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/authentication/temporaryAccessPassMethods",
    role="UserAuthMethod-TAP.ReadWrite.All",
    success=frozenset({200, 201}),
    writes=True,
)

DELETE_PASS: Final = Call(
    operation="pass.delete",
    method=Method.DELETE,
    template="{+baseurl}/v1.0/users/{user}/authentication/temporaryAccessPassMethods/{pass}",
    role="UserAuthMethod-TAP.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)
