"""Words of the report."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from markupsafe import Markup, escape

from shared.domain.alive import Shown
from shared.domain.posture.exposure import Exposure
from shared.domain.posture.judging import Door
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.totals import NoMeans

VERDICTS: Final = {
    Verdict.PROTECTED: "Protected",
    Verdict.WEAK: "Weak",
    Verdict.UNPROTECTED: "Unprotected",
    Verdict.EXEMPT: "Exempt",
    Verdict.UNKNOWN: "Unknown",
}
"""The verdicts, in the order of the bars."""
DOORS: Final = {Door.BLOCKED: "Blocked", Door.OPEN: "Open", Door.UNKNOWN: "Unknown"}
DOOR_KINDS: Final = {
    Door.BLOCKED: Verdict.PROTECTED,
    Door.OPEN: Verdict.UNPROTECTED,
    Door.UNKNOWN: Verdict.UNKNOWN,
}
"""A door looks like the verdict that comes nearest to it."""
LEDGER: Final = {
    Shown.NONE: (Verdict.PROTECTED, "None"),
    Shown.ALIVE: (Verdict.UNPROTECTED, "Some"),
    Shown.UNKNOWN: (Verdict.UNKNOWN, "Unknown"),
}
"""What the ledger shows, and the verdict that it looks like."""
EXPOSURES: Final = {
    Exposure.NONE: (Verdict.PROTECTED, "No"),
    Exposure.EXPOSED: (Verdict.UNPROTECTED, "Exposed"),
    Exposure.UNKNOWN: (Verdict.UNKNOWN, "Unknown"),
}
"""Whether app passwords are a way in, the same way."""
METHODS: Final[Mapping[Means | NoMeans, str]] = {
    Means.PASSKEY: "Passkey",
    Means.WINDOWS_HELLO: "Windows Hello",
    Means.PLATFORM_CREDENTIAL: "Platform credential (macOS)",
    Means.CERTIFICATE: "Certificate",
    Means.AUTHENTICATOR_PASSWORDLESS: "Authenticator, passwordless",
    Means.AUTHENTICATOR_PUSH: "Authenticator, notification",
    Means.SOFTWARE_OATH: "Code of an app",
    Means.HARDWARE_OATH: "Code of a token",
    Means.EXTERNAL: "Method of another provider",
    Means.MOBILE_PHONE: "Mobile phone",
    Means.ALTERNATE_PHONE: "Alternate phone",
    Means.OFFICE_PHONE: "Office phone",
    Means.PASS: "Temporary Access Pass",
    Means.EMAIL: "E-mail (password reset only)",
    Means.SECURITY_QUESTION: "Security questions (password reset only)",
    Means.QR_CODE: "QR code",
    Means.UNRECOGNISED: "Something that is not known here",
    NoMeans.NONE: "Nothing at all",
    NoMeans.UNKNOWN: "Nobody can tell",
}
"""The methods, the strongest first."""
_HIDDEN: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def shown(text: str) -> Markup:
    """A name as it is, in any script; what would hide or turn round text is shown by its number."""
    return Markup("<bdi>{}</bdi>").format(_visible(text))


def address(text: str) -> Markup:
    """A sign-in name: the person stands before the domain, whatever script they are written in."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(_visible(text))


def _visible(text: str) -> Markup:
    return Markup().join(
        Markup('<span class="code-point">U+{:04X}</span>').format(ord(one))
        if one in _TURNING or unicodedata.category(one) in _HIDDEN
        else escape(one)
        for one in text
    )


def day(at: datetime) -> str:
    """A day: `22 November 2026`."""
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """A moment: `22 November 2026, 02:00 UTC`."""
    return f"{day(at)}, {at:%H:%M} UTC"
