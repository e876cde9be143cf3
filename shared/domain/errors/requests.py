"""Why a webhook or an operator's request is not taken."""

from shared.domain.errors import Disposition, LifecycleError


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
    """A webhook of a source that an operator has suspended, or a pass for what it has asked for."""

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
