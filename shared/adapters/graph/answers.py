"""What Graph's answers look like, as far as we read them, and how they are read.

Only the fields that a decision needs are named; Graph may add others at any time. The SDK's own
models are not used: they cost 170 times the processor time and seconds of imports.
"""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

import msgspec

from shared.domain.errors.directory import MalformedAnswer

Id = Annotated[str, msgspec.Meta(min_length=1)]


class UserAnswer(msgspec.Struct, rename="camel"):
    """A user."""

    id: Id
    account_enabled: bool
    user_principal_name: str
    display_name: str | None = None
    user_type: str | None = None
    employee_id: str | None = None
    created_date_time: datetime | None = None
    sign_in_sessions_valid_from_date_time: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class SessionsAnswer(msgspec.Struct, rename="camel"):
    """Since when a user's sessions are valid."""

    sign_in_sessions_valid_from_date_time: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class RequirementsAnswer(msgspec.Struct, rename="camel"):
    """A user's sign-in requirements (beta)."""

    per_user_mfa_state: str | None = None


class SignInStateAnswer(msgspec.Struct, rename="camel"):
    """Whether a user can sign in, and since when with which password."""

    account_enabled: bool
    last_password_change_date_time: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class MethodAnswer(msgspec.Struct):
    """An authentication method; what tells of a passkey is there for passkeys only."""

    id: Id
    odata_type: str = msgspec.field(name="@odata.type")
    aa_guid: str | None = msgspec.field(name="aaGuid", default=None)
    model: str | None = None
    passkey_type: str | None = msgspec.field(name="passkeyType", default=None)


class ObjectAnswer(msgspec.Struct):
    """An object of the directory; a row with less than its id can't be read."""

    id: Id


class MemberAnswer(msgspec.Struct):
    """A member of a group, of whatever type."""

    id: Id
    odata_type: str = msgspec.field(name="@odata.type")


class HolderAnswer(msgspec.Struct, rename="camel"):
    """A line of a list of who holds, or may activate, something."""

    principal_id: Id


Item = TypeVar("Item")


class Page(msgspec.Struct, Generic[Item]):
    """A page of a list."""

    value: list[Item]
    next_link: str | None = msgspec.field(name="@odata.nextLink", default=None)


class SignInAnswer(msgspec.Struct, rename="camel"):
    """A user, as far as signing in goes."""

    account_enabled: bool
    user_principal_name: str
    user_type: str | None = None


class DomainAnswer(msgspec.Struct, rename="camel"):
    """A domain."""

    authentication_type: str


class PolicyTarget(msgspec.Struct):
    """Whom a configuration is about: a group, or everybody."""

    id: Id


class MethodConfiguration(msgspec.Struct, rename="camel"):
    """One method in the authentication methods policy; the lifetimes are those of passes."""

    id: Id
    state: str
    include_targets: list[PolicyTarget] | None = None
    exclude_targets: list[PolicyTarget] | None = None
    minimum_lifetime_in_minutes: int | None = None
    maximum_lifetime_in_minutes: int | None = None
    is_usable_once: bool | None = None


class SecurityDefaultsAnswer(msgspec.Struct, rename="camel"):
    """Whether security defaults are on."""

    is_enabled: bool


class MethodsPolicyAnswer(msgspec.Struct, rename="camel"):
    """The authentication methods policy."""

    authentication_method_configurations: list[MethodConfiguration]


class NewcomerAnswer(msgspec.Struct, rename="camel"):
    """A user, with what tells whether the account was used."""

    id: Id
    created_date_time: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    employee_id: str | None = None
    sign_in_activity: dict[str, object] | None = None
    last_password_change_date_time: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class OwnDomainAnswer(msgspec.Struct, rename="camel"):
    """A domain of the tenant; its id is its name."""

    id: Id
    is_verified: bool


class GroupAnswer(msgspec.Struct, rename="camel"):
    """What kind of group it is."""

    id: Id
    group_types: list[str]
    is_assignable_to_role: bool | None = None
    on_premises_sync_enabled: bool | None = None
    visibility: str | None = None


class GroupsAnswer(msgspec.Struct):
    """Those of the groups that were asked for to which somebody belongs."""

    value: list[Id]


class ErrorDetail(msgspec.Struct, rename="camel"):
    """The reason. The message is for comparing only: it may repeat what we sent."""

    code: str
    message: str = ""


class ErrorAnswer(msgspec.Struct):
    """Graph's error document."""

    error: ErrorDetail


Answer = TypeVar("Answer")


def read_answer(body: bytes, shape: type[Answer]) -> Answer:
    """The answer in a body.

    Raises:
        MalformedAnswer: the body is no JSON, or of another shape.
    """
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # Both messages name a place in the body and a type, never a value.
        raise MalformedAnswer(f"Not a {shape.__name__}: {type(error).__name__}.") from error
