"""One person: what Graph shows of them, and what it does not show."""

from datetime import UTC, datetime

import msgspec

from local.graph.tenant.access.externals import ExternalKind, external_kind
from local.graph.tenant.mailboxes import Mailbox
from local.graph.tenant.methods import FACTS, Kind, Method
from local.graph.tenant.per_user_mfa import PerUserMfaState
from local.graph.tenant.user_properties import PROPERTIES, PropertyValue, empty_value


class AppPassword(msgspec.Struct, frozen=True, kw_only=True):
    """An app password; Graph shows none of them.

    Attributes:
        created: RFC 3339.
    """

    name: str
    created: str


class SignIns(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Graph's `signInActivity`: the last attempts, RFC 3339. Absent = never.

    Attributes:
        last: the last interactive attempt, failures too.
        successful: the last one that succeeded.

    Raises:
        ValueError: one of them is no moment, or has no offset.
    """

    last: str | None = msgspec.field(name="lastSignInDateTime", default=None)
    successful: str | None = msgspec.field(name="lastSuccessfulSignInDateTime", default=None)

    def __post_init__(self) -> None:
        if any(moment.tzinfo is None for moment in self._stated()):
            raise ValueError("an attempt to sign in has an offset")

    @property
    def at(self) -> datetime:
        """When the last attempt was."""
        return max(self._stated(), default=datetime.min.replace(tzinfo=UTC))

    def _stated(self) -> list[datetime]:
        return [datetime.fromisoformat(one) for one in (self.last, self.successful) if one]

    def after(self, at: str, *, succeeded: bool) -> "SignIns":
        """The activity after one more attempt."""
        return SignIns(last=at, successful=at if succeeded else self.successful)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is true of one person. A change makes a new value.

    Attributes:
        id: the object id.
        properties: the stored Graph properties, without `id`; absent = never set.
        per_user_mfa_state: the per-user MFA state.
        enabled_before: the state was `enabled` or `enforced` at some time.
        methods: the registered methods, oldest first; the password is one of them.
        default_method: the id of the method that is asked for first, if there is one.
        remembered_devices: browsers on which MFA is not asked for again.
        sign_ins: the activity after each attempt to sign in, oldest first; empty = never.
        mailbox: None = they have none.
        home_tenant_id: where an external belongs, which Graph does not tell; None = in no Entra
            tenant.
    """

    id: str
    properties: dict[str, PropertyValue]
    methods: tuple[Method, ...]
    manager_id: str | None = None
    per_user_mfa_state: PerUserMfaState = PerUserMfaState.DISABLED
    enabled_before: bool = False
    default_method: str | None = None
    app_passwords: tuple[AppPassword, ...] = ()
    remembered_devices: tuple[str, ...] = ()
    sign_ins: tuple[SignIns, ...] = ()
    mailbox: Mailbox | None = None
    home_tenant_id: str | None = None

    @property
    def external_kind(self) -> ExternalKind | None:
        """What kind of guest or external they are; None = an ordinary member."""
        return external_kind(
            self.user_principal_name,
            *(self.value(name) for name in ("userType", "creationType", "externalUserState")),
        )

    def activity(self, until: datetime | None = None) -> SignIns | None:
        """The attempts to sign in, as far as `until` goes; None = none."""
        known = [one for one in self.sign_ins if until is None or one.at <= until]
        return known[-1] if known else None

    def value(self, name: str) -> PropertyValue:
        """The value of a Graph property, as Graph shows it.

        Raises:
            KeyError: the directory has no such property.
        """
        if name == "id":
            return self.id
        known = PROPERTIES[name]
        return self.properties.get(name, empty_value(known))

    @property
    def user_principal_name(self) -> str:
        """The sign-in name."""
        return str(self.properties["userPrincipalName"])

    @property
    def is_agent(self) -> bool:
        """It is an agent's user and nobody's: Graph's derived type `agentUser`."""
        return self.properties.get("identityParentId") is not None

    @property
    def registered(self) -> bool:
        """The person has a method that satisfies MFA."""
        return any(method.strong for method in self.methods)

    def method_of(self, kind: Kind) -> Method | None:
        """The first method of a kind."""
        return next((method for method in self.methods if method.kind is kind), None)

    @property
    def preference(self) -> str | None:
        """The default method as `userPreferredMethodForSecondaryAuthentication` names it."""
        return next(
            (
                FACTS[method.kind].preference
                for method in self.methods
                if method.id == self.default_method
            ),
            None,
        )
