"""What presented credentials prove: MFA or not, and by which of Graph's method modes.

Source: https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths,
for externals https://learn.microsoft.com/entra/identity/authentication/
concept-authentication-strength-external-users, for federated domains
https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strength-how-it-works
"""

from collections.abc import Collection
from dataclasses import dataclass

from local.graph.tenant.access.attempt import FEDERATED_MFA, HOME_MFA
from local.graph.tenant.access.subject import FederatedMfa, Subject
from local.graph.tenant.methods import FACTS, PHONES, Kind

PASSWORDLESS = frozenset({Kind.FIDO2, Kind.WINDOWS_HELLO, Kind.PLATFORM_CREDENTIAL})
_FIRST = frozenset({Kind.PASSWORD, Kind.TEMPORARY_ACCESS_PASS}) | PASSWORDLESS
_WITHOUT_PASSWORD = PASSWORDLESS | {Kind.TEMPORARY_ACCESS_PASS}
_SECOND = frozenset(kind for kind in Kind if FACTS[kind].strong and kind not in PASSWORDLESS)
_SECOND_OF_EXTERNALS = frozenset({Kind.MICROSOFT_AUTHENTICATOR, Kind.SOFTWARE_OATH}) | PHONES
_MODES: dict[str, tuple[str, ...]] = {
    Kind.MICROSOFT_AUTHENTICATOR: ("microsoftAuthenticatorPush",),
    Kind.SOFTWARE_OATH: ("softwareOath",),
    Kind.HARDWARE_OATH: ("hardwareOath",),
    Kind.MOBILE: ("sms", "voice"),
    Kind.ALTERNATE_MOBILE: ("voice",),
    Kind.OFFICE: ("voice",),
    Kind.FIDO2: ("fido2",),
    Kind.WINDOWS_HELLO: ("windowsHelloForBusiness",),
    Kind.PLATFORM_CREDENTIAL: ("windowsHelloForBusiness",),
    Kind.QR_CODE_PIN: ("qrCodePin",),
}
_DEVICES = frozenset({"compliantDevice", "domainJoinedDevice"})
_NOT_FOR_EXTERNALS = frozenset({"approvedApplication", "compliantApplication", "passwordChange"})


@dataclass(frozen=True)
class Proof:
    """What is proven.

    Attributes:
        mfa: it is MFA.
        modes: Graph's `authenticationMethodModes` that are met.
        key_models: the `aaGuid`s of the keys behind `fido2`; None = whichever is wanted.
        unnamed_mfa: MFA by a method that nobody names: another organisation did it.
        controls: the controls other than MFA that are fulfilled.
    """

    mfa: bool = False
    modes: frozenset[str] = frozenset()
    key_models: frozenset[str] | None = frozenset()
    unnamed_mfa: bool = False
    controls: frozenset[str] = frozenset()


def first_factors(subject: Subject) -> frozenset[str]:
    """The credentials with which the person begins a modern sign-in."""
    if subject.elsewhere:
        return frozenset({Kind.PASSWORD, HOME_MFA})
    return _FIRST | {FEDERATED_MFA}


def good_for_mfa(subject: Subject) -> frozenset[str]:
    """The credentials that are MFA, the second factors together with a first one."""
    if subject.elsewhere:
        # Where MFA at home is believed, it is asked for there and nowhere else.
        return frozenset({HOME_MFA}) if subject.trust.mfa else _SECOND_OF_EXTERNALS
    match subject.federation:
        case None:
            return _SECOND | _WITHOUT_PASSWORD
        case FederatedMfa.ACCEPT:
            return _SECOND | _WITHOUT_PASSWORD | {FEDERATED_MFA}
        case FederatedMfa.ENFORCE:
            return _WITHOUT_PASSWORD | {FEDERATED_MFA}
        case FederatedMfa.REJECT:
            return _SECOND | _WITHOUT_PASSWORD


def prove(subject: Subject, held: Collection[str], satisfies: Collection[str] = ()) -> Proof:
    """What these credentials of the person prove."""
    good = good_for_mfa(subject).intersection(held)
    return Proof(
        mfa=bool(good),
        modes=_modes(subject, held, good),
        key_models=subject.key_models,
        unnamed_mfa=HOME_MFA in good,
        controls=_believed(subject, satisfies),
    )


def best_proof(subject: Subject, satisfies: Collection[str] = ()) -> Proof:
    """What the person could prove after registering whatever is wanted."""
    good = good_for_mfa(subject)
    held = good | first_factors(subject)
    passes = {"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"}
    modes = _modes(subject, held, good)
    if HOME_MFA in good:
        modes |= {mode for some in _MODES.values() for mode in some}
    return Proof(
        mfa=True,
        modes=modes if subject.elsewhere else modes | passes,
        key_models=None,
        unnamed_mfa=HOME_MFA in good,
        controls=_believed(subject, satisfies),
    )


def _modes(subject: Subject, held: Collection[str], good: Collection[str]) -> frozenset[str]:
    modes = {mode for kind in good for mode in _MODES.get(kind, ())}
    if subject.elsewhere:
        # Strengths are for externals who authenticate with Entra ID; the others reach none.
        first = {"password", "federatedSingleFactor"}
        return frozenset(modes | first) if subject.home_tenant else frozenset()
    if Kind.QR_CODE_PIN in held:
        modes.update(_MODES[Kind.QR_CODE_PIN])
    if Kind.TEMPORARY_ACCESS_PASS in good:
        once = subject.one_time_pass
        modes.add("temporaryAccessPassOneTime" if once else "temporaryAccessPassMultiUse")
    if Kind.PASSWORD in held or FEDERATED_MFA in held:
        modes.add("password" if subject.federation is None else "federatedSingleFactor")
    if FEDERATED_MFA in good:
        modes.add("federatedMultiFactor")
    return frozenset(modes)


def _believed(subject: Subject, satisfies: Collection[str]) -> frozenset[str]:
    """Source: https://learn.microsoft.com/entra/external-id/authentication-conditional-access"""
    controls = frozenset(satisfies)
    if not subject.elsewhere:
        return controls
    trusted = {
        "compliantDevice": subject.trust.compliant_device,
        "domainJoinedDevice": subject.trust.hybrid_device,
    }
    unbelieved = {name for name in _DEVICES if not trusted[name]}
    return controls - unbelieved - _NOT_FOR_EXTERNALS
