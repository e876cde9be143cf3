"""What Microsoft Graph answers, or does not."""

from shared.domain.errors import Disposition, LifecycleError


class Throttled(LifecycleError):
    """Microsoft Graph asked us to slow down."""

    code = "throttled"
    disposition = Disposition.DEFER
    remedy = "None: the work goes on by itself when Graph lets it."


class DirectoryUnavailable(LifecycleError):
    """Microsoft Graph did not answer, or answered with a server error."""

    code = "directory-unavailable"
    disposition = Disposition.DEFER
    remedy = "See whether Microsoft reports an incident; the work goes on by itself."


class MalformedAnswer(LifecycleError):
    """Microsoft Graph answered something that can't be read."""

    code = "malformed-answer"
    disposition = Disposition.DEFER
    remedy = "See whether a proxy stands between the app and Graph; the work is tried again."


class AccountNotVisible(LifecycleError):
    """Microsoft Graph does not know an object id that it gave us before.

    Replication may lag behind, or the account was deleted meanwhile: only time tells the two apart.
    """

    code = "account-not-visible"
    disposition = Disposition.DEFER
    remedy = "See whether the account was deleted; the work is tried again."


class StateUnknown(LifecycleError):
    """A read succeeded but does not say what is true. Unknown is never taken for 'no'."""

    code = "state-unknown"
    disposition = Disposition.DEFER
    remedy = "Look at the person in the Entra admin center; the read is tried again."


class PrivilegesUnreadable(LifecycleError):
    """Nobody can tell whether a person is privileged: a look-up of roles or groups was refused.

    Once the attempts are used up, the person counts as privileged.
    """

    code = "privileges-unreadable"
    disposition = Disposition.DEFER
    remedy = "Grant the role that the detail names; until then everybody counts as privileged."


class MethodStillNeeded(LifecycleError):
    """Microsoft Graph removes this authentication method only after others of the person."""

    code = "method-still-needed"
    disposition = Disposition.DEFER
    remedy = "None: it is tried again when the others are gone."


class PermissionMissing(LifecycleError):
    """Microsoft Graph refused the call: the app's identity lacks an application role."""

    code = "permission-missing"
    disposition = Disposition.PARK
    remedy = "Grant the named role with infra/grant_graph_roles.py, then replay."


class RequestRejected(LifecycleError):
    """Microsoft Graph called our request wrong."""

    code = "request-rejected"
    disposition = Disposition.PARK
    remedy = "Report it with the request id; replay when mended."


class LicenceMissing(RequestRejected):
    """Microsoft Graph refused the call because the tenant lacks the premium licence for it."""

    code = "licence-missing"
    remedy = "None: what needs the licence does not exist in a tenant without it."


class MembersHidden(LifecycleError):
    """A group hides who belongs to it: Microsoft Graph answers as if nobody did."""

    code = "members-hidden"
    disposition = Disposition.PARK
    remedy = "Grant `Member.Read.Hidden` to the app's identity, or name another group."


class MethodNotRemovable(LifecycleError):
    """The person has an authentication method that no known call removes."""

    code = "method-not-removable"
    disposition = Disposition.PARK
    remedy = "Remove the method in the portal, then replay the case."


class ChangeUnverified(LifecycleError):
    """A change was written but an hour later still could not be read back."""

    code = "change-unverified"
    disposition = Disposition.PARK
    remedy = "Look at the person's state in the Entra admin center, then replay."


class GroupUnusable(LifecycleError):
    """A group that a setting or an enrolment names is gone, or its members can't be used."""

    code = "group-unusable"
    disposition = Disposition.PARK
    remedy = (
        "In a setting, name a security group with assigned, visible members and no role; replay."
    )
