"""Every way in which work can fail, and what becomes of the message that asked for it.

`docs/errors.md` is generated from this tree.
"""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class Disposition(StrEnum):
    """What happens to the message whose work failed."""

    REDELIVER = "redeliver"
    """Raise: the broker delivers it again, and dead-letters it in the end."""
    DEFER = "defer"
    """Send a scheduled copy of it and settle this one."""
    PARK = "park"
    """Keep it for a human, with the reason."""
    REFUSE = "refuse"
    """Say no for good, on the record."""


class LifecycleError(Exception):
    """A failure that the system knows how to treat.

    Attributes:
        code: the reason, as it stands in cases, events and problem documents.
        disposition: what becomes of the message.
        uses_attempt: whether a DEFER counts against the bounded number of attempts.
        remedy: what the operator can do next.
    """

    code: ClassVar[str]
    disposition: ClassVar[Disposition]
    uses_attempt: ClassVar[bool] = True
    remedy: ClassVar[str]

    def __init__(self, detail: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        """How long the other side asked us to wait, where it said so."""


# --- Passing trouble: try again later ---------------------------------------------------------


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


class StoreUnavailable(LifecycleError):
    """Table Storage did not answer in time."""

    code = "store-unavailable"
    disposition = Disposition.DEFER
    remedy = "See whether the storage account is reachable; the work goes on by itself."


class StoreDenied(StoreUnavailable):
    """Table Storage refused the app's identity."""

    code = "store-denied"
    remedy = "Grant the identity its role on that table; it takes some minutes to hold."


class BrokerUnavailable(LifecycleError):
    """Service Bus did not take a message in time."""

    code = "broker-unavailable"
    disposition = Disposition.DEFER
    remedy = "See whether the namespace is reachable; the recovery timer sends what is due."


class PassUnanswered(LifecycleError):
    """Microsoft Graph was asked for a pass, and the pass did not reach us.

    What may have been made is removed; only then is there another one.
    """

    code = "pass-unanswered"
    disposition = Disposition.DEFER
    remedy = "Collect it again in half a minute."


class Conflict(LifecycleError):
    """Somebody else changed the record between our read and our write."""

    code = "conflict"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "None: the work starts again from the new state."


class LeaseHeld(LifecycleError):
    """Another worker is busy with the same person."""

    code = "lease-held"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "None: the work goes on when the other worker is done."


class LeaseLost(LifecycleError):
    """This worker was too slow: its lease on the person has passed to another."""

    code = "lease-lost"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "None: the worker that holds the lease goes on."


class Stopped(LifecycleError):
    """The capability is stopped, or its control row can't be read."""

    code = "stopped"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "Start the capability again: PUT /api/control."


class Observing(LifecycleError):
    """A write was asked for while the capability only observes."""

    code = "observing"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "Let the capability act: PUT /api/control."


class BreakGlassMissing(LifecycleError):
    """Fewer than two break-glass entries resolve to accounts, so nothing may be changed."""

    code = "break-glass-missing"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "Name two existing accounts: MFA_BREAK_GLASS_IDS or PUT /api/protected/{userId}."


class MethodStillNeeded(LifecycleError):
    """Microsoft Graph removes this authentication method only after others of the person."""

    code = "method-still-needed"
    disposition = Disposition.DEFER
    remedy = "None: it is tried again when the others are gone."


# --- A human has to look -----------------------------------------------------------------------


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


class StoreRefused(LifecycleError):
    """What was to be stored breaks a limit of Table Storage."""

    code = "store-refused"
    disposition = Disposition.PARK
    remedy = "Report it with the detail; replay when mended."


class UnreadableRow(LifecycleError):
    """A stored row is not what this version of the app writes."""

    code = "unreadable-row"
    disposition = Disposition.PARK
    remedy = "Restore the row that the detail names, or deploy the version that wrote it."


class AttemptsUsedUp(LifecycleError):
    """The trouble did not pass within the bounded number of attempts."""

    code = "attempts-used-up"
    disposition = Disposition.PARK
    remedy = "Mend what the reason names, then replay."


class AccountNotFound(LifecycleError):
    """The directory has no such account, and the time to wait for it is over."""

    code = "account-not-found"
    disposition = Disposition.PARK
    remedy = "See whether HR sent the right name and whether provisioning works, then replay."


class IdentityMismatch(LifecycleError):
    """The account belongs to another employee than the event says."""

    code = "identity-mismatch"
    disposition = Disposition.PARK
    remedy = "Find out whom the sign-in name belongs to; correct HR or the directory, then replay."


class DateImplausible(LifecycleError):
    """An event's date is so far away that it is more likely a mistake."""

    code = "date-implausible"
    disposition = Disposition.PARK
    remedy = "Ask HR. Replaying the case takes the date as it is; cancelling it drops the event."


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
    """A group that a setting names is gone, or its members can't be written or read back."""

    code = "group-unusable"
    disposition = Disposition.PARK
    remedy = "Name a security group with assigned, visible members that holds no role; replay."


class ContactGone(LifecycleError):
    """The contact data was to be registered and is no longer kept."""

    code = "contact-gone"
    disposition = Disposition.PARK
    remedy = "The person registers by themselves; replay the case."


class MalformedMessage(LifecycleError):
    """A queue message that is none of ours."""

    code = "malformed-message"
    disposition = Disposition.PARK
    remedy = "Find the sender. There is nothing to replay."


class CaseMissing(LifecycleError):
    """A message names a case that does not exist."""

    code = "case-missing"
    disposition = Disposition.PARK
    remedy = "Find out who sent it. Cases are never deleted before their retention ends."


class DeadLettered(LifecycleError):
    """The broker gave a message up after too many deliveries."""

    code = "dead-lettered"
    disposition = Disposition.PARK
    remedy = "Look for the error in the logs by the case id; replay when mended."


# --- No, for good ------------------------------------------------------------------------------


class ProtectedAccount(LifecycleError):
    """A break-glass account. It is never changed."""

    code = "protected-account"
    disposition = Disposition.REFUSE
    remedy = "Change it by hand if it must be: see your break-glass procedure."


class ExcludedAccount(LifecycleError):
    """The person is on the list of exclusions, and their entry has not expired."""

    code = "excluded-account"
    disposition = Disposition.REFUSE
    remedy = "Ask the entry's owner, who stands in GET /api/exclusions."


class ServiceAccount(LifecycleError):
    """An account that directory synchronisation made for itself: nobody can register a method."""

    code = "service-account"
    disposition = Disposition.REFUSE
    remedy = "Restrict where it may sign in from with Conditional Access."


class TooFewAdministrators(LifecycleError):
    """Fewer than two unblocked, registered Global Administrators would be left."""

    code = "too-few-administrators"
    disposition = Disposition.REFUSE
    remedy = "Have another Global Administrator register first."


class GuestAccount(LifecycleError):
    """A guest. Its home organisation answers for its MFA."""

    code = "guest-account"
    disposition = Disposition.REFUSE
    remedy = "Require MFA of guests with Conditional Access."


class AccountDisabled(LifecycleError):
    """The account is blocked, and the time to wait for it is over."""

    code = "account-disabled"
    disposition = Disposition.REFUSE
    remedy = "Unblock the account and have HR send the event again under a new id."


class IllegalTransition(LifecycleError):
    """The case can't go from its state to the one asked for."""

    code = "illegal-transition"
    disposition = Disposition.REFUSE
    remedy = "Read the case: it is over, or not there yet."


class NotApproved(LifecycleError):
    """A second person has to agree before the person is changed."""

    code = "not-approved"
    disposition = Disposition.DEFER
    remedy = "None: the case asks for an approval by itself."


class OwnApproval(LifecycleError):
    """A person wanted to approve what they have a part in."""

    code = "own-approval"
    disposition = Disposition.REFUSE
    remedy = "Have somebody approve it who neither asked for it nor is meant by it."


class PlanChanged(LifecycleError):
    """An approval was given for something else than what the case would do."""

    code = "plan-changed"
    disposition = Disposition.REFUSE
    remedy = "Read the case again and approve the planHash that it has now."


class NotReady(LifecycleError):
    """A pass was asked for while the case does not wait for the person to register."""

    code = "not-ready"
    disposition = Disposition.REFUSE
    remedy = "Read the case; collect the pass when it is waiting-registration or overdue."


class AlreadyRegistered(LifecycleError):
    """A pass was asked for somebody who has a method of their own."""

    code = "already-registered"
    disposition = Disposition.REFUSE
    remedy = "Have them sign in with what they have. Where it is lost, ask for a reset."


class OwnPass(LifecycleError):
    """A pass was asked for by somebody who has a part in the case."""

    code = "own-pass"
    disposition = Disposition.REFUSE
    remedy = "Have somebody collect it who neither asked for the case, approved it nor is meant."


class PassNeedsApproval(LifecycleError):
    """A pass was asked for a privileged person, and nobody has approved the case."""

    code = "pass-needs-approval"
    disposition = Disposition.REFUSE
    remedy = "Have another person approve the case, then collect the pass within eight hours."


class PassNotAllowed(LifecycleError):
    """The tenant's policy lets the person have no Temporary Access Pass."""

    code = "pass-not-allowed"
    disposition = Disposition.REFUSE
    remedy = "Change the authentication methods policy, or register the person in another way."


class RegistersElsewhere(LifecycleError):
    """The person signs in with a certificate or at another identity provider."""

    code = "registers-elsewhere"
    disposition = Disposition.REFUSE
    remedy = "Have them register where they sign in; a pass would not help."


class PassesUsedUp(LifecycleError):
    """A case has had as many passes as it may."""

    code = "passes-used-up"
    disposition = Disposition.REFUSE
    remedy = "Find out what became of the passes. Who lost what they registered needs a reset."


class TooManyPasses(LifecycleError):
    """One person has collected as many passes as they may in an hour."""

    code = "too-many-passes"
    disposition = Disposition.REFUSE
    remedy = "Have somebody else collect it, or wait."


class InvalidSignature(LifecycleError):
    """A webhook whose signature is missing, wrong or too old."""

    code = "invalid-signature"
    disposition = Disposition.REFUSE
    remedy = "Compare the secret at the sender with ours, and the sender's clock with the time."


class UnknownSource(LifecycleError):
    """A webhook from a source that is not configured."""

    code = "unknown-source"
    disposition = Disposition.REFUSE
    remedy = "Configure the source, or correct the address at the sender."


class SourceSuspended(LifecycleError):
    """A webhook from a source that an operator has suspended."""

    code = "source-suspended"
    disposition = Disposition.REFUSE
    remedy = "Rotate its secret, then let it in again: PUT /api/control."


class BodyTooLarge(LifecycleError):
    """A request whose body is larger than any that we understand."""

    code = "body-too-large"
    disposition = Disposition.REFUSE
    remedy = "Send one event a request; 256 KiB is the most."


class VolumeExceeded(LifecycleError):
    """A source has sent as many new events today as its profile allows."""

    code = "volume-exceeded"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "See whether its events are genuine. Raise dailyVolume, or have it send them again."


class NotSignedIn(LifecycleError):
    """A route for people was called without a signed-in person."""

    code = "not-signed-in"
    disposition = Disposition.REFUSE
    remedy = "Sign in with Entra ID and send the token."


class RoleMissing(LifecycleError):
    """The signed-in person lacks the app role that the route asks for."""

    code = "role-missing"
    disposition = Disposition.REFUSE
    remedy = "Have the app role assigned in Entra ID, then sign in again."


class InvalidEvent(LifecycleError):
    """A webhook whose body is not what the contract says."""

    code = "invalid-event"
    disposition = Disposition.REFUSE
    remedy = "Correct the body as the detail says and send it again."


class IdempotencyConflict(LifecycleError):
    """A known event id came again with other content."""

    code = "idempotency-conflict"
    disposition = Disposition.REFUSE
    remedy = "Send what changed as an event of its own, with a new id."


class InvalidRequest(LifecycleError):
    """An operator's request that is not what the contract says."""

    code = "invalid-request"
    disposition = Disposition.REFUSE
    remedy = "Correct the request as the detail says."


class NotFound(LifecycleError):
    """An operator asked for something that does not exist."""

    code = "not-found"
    disposition = Disposition.REFUSE
    remedy = "See whether the id is complete."


class FixedBySetting(LifecycleError):
    """A break-glass account that a setting names; no registry takes it away or restates it."""

    code = "fixed-by-setting"
    disposition = Disposition.REFUSE
    remedy = "Change MFA_BREAK_GLASS_IDS and deploy."


class EntryWouldEndEarlier(LifecycleError):
    """A change that makes an entry end earlier is a removal, and that takes two people."""

    code = "entry-would-end-earlier"
    disposition = Disposition.REFUSE
    remedy = "Ask for its removal: DELETE, by two Admins; then add it anew."


class NotReplayable(LifecycleError):
    """A parked message that was kept only in redacted form."""

    code = "not-replayable"
    disposition = Disposition.REFUSE
    remedy = "Have its sender send it again."


class SettingsInvalid(LifecycleError):
    """Settings are missing or wrong; the detail names each of them."""

    code = "settings-invalid"
    disposition = Disposition.REDELIVER
    remedy = "Set what the detail names, then restart the app."
