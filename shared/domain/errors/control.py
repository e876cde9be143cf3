"""What settings and operators do not let happen now."""

from shared.domain.errors import Disposition, LifecycleError


class SettingsInvalid(LifecycleError):
    """Settings are missing or wrong; the detail names each of them."""

    code = "settings-invalid"
    disposition = Disposition.REDELIVER
    remedy = "Set what the detail names, then restart the app."


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
