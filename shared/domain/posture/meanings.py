"""What each reason code means for an administrator, and what mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.posture.reasons import ReasonCode, Verdict


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code in words.

    Attributes:
        text: what is true of the person.
        remedy: what mends it; where nothing is to be mended, that.
    """

    text: str
    remedy: str


_FINE: Final = "Nothing has to be done."

VERDICTS: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.PROTECTED: "MFA is required, and the person has what it takes: at every sign-in,"
        " but where `security-defaults-at-risk` is all that requires it.",
        Verdict.WEAK: "It is required, but there is a way around it, or the person has too little"
        " for it.",
        Verdict.EXEMPT: "An exemption that was granted for a time is in force.",
        Verdict.UNPROTECTED: "Nothing requires MFA of an ordinary sign-in.",
        Verdict.UNKNOWN: "What would decide it could not be read.",
    }
)
"""What each verdict means."""

MEANINGS: Final[Mapping[ReasonCode, Meaning]] = MappingProxyType(
    {
        ReasonCode.PER_USER_ENFORCED: Meaning(
            "Per-user MFA is enforced.",
            "Nothing has to be done. Microsoft advises to require MFA by Conditional Access"
            " instead.",
        ),
        ReasonCode.CONDITIONAL_ACCESS: Meaning(
            "Conditional Access policies let no sign-in with a modern client pass without MFA.",
            _FINE,
        ),
        ReasonCode.SECURITY_DEFAULTS: Meaning(
            "The person holds a role of which security defaults ask for MFA at every sign-in.",
            _FINE,
        ),
        ReasonCode.SECURITY_DEFAULTS_AT_RISK: Meaning(
            "Security defaults ask for MFA when Microsoft sees a risk, not at every sign-in.",
            "Nothing has to be done. Who wants MFA at every sign-in needs Conditional Access.",
        ),
        ReasonCode.PHISHING_RESISTANT: Meaning(
            "The person has a method that nobody can phish.", _FINE
        ),
        ReasonCode.REGISTERED_ELSEWHERE: Meaning(
            "The person does MFA with another identity provider or in another organisation, and"
            " it is trusted here.",
            "Nothing has to be done here; see now and then whether that trust is still meant.",
        ),
        ReasonCode.EXEMPT: Meaning(
            "An exemption was granted for a time, and is in force.",
            "It ends by itself. To end it now: DELETE /api/exemptions/{caseId}.",
        ),
        ReasonCode.IN_GRACE: Meaning(
            "The person is new, or was asked to register lately, and still has time.",
            "Nothing has to be done before their time is up; they do not count as a finding.",
        ),
        ReasonCode.ENABLED_NOT_ENFORCED: Meaning(
            "Per-user MFA is enabled but not enforced: old clients get in with the password.",
            "Have the person enforced: POST /api/enrolments.",
        ),
        ReasonCode.GAP: Meaning(
            "MFA is required of some sign-ins, and others get around it.",
            "Close the gap that the detail names, in the policies' conditions and exclusions.",
        ),
        ReasonCode.NOT_REGISTERED: Meaning(
            "MFA is required, but nothing is registered: whoever holds the password registers"
            " first.",
            "Have the person register: POST /api/enrolments, with a Temporary Access Pass where"
            " they have no other method.",
        ),
        ReasonCode.NOT_CAPABLE: Meaning(
            "What the person has registered, the tenant does not let them use.",
            "Allow the method to the person in the authentication methods policy, or have them"
            " register one that is allowed.",
        ),
        ReasonCode.ONE_MACHINE_ONLY: Meaning(
            "The only method is bound to one machine; anywhere else there is none.",
            "Have the person register the Authenticator app or a passkey too.",
        ),
        ReasonCode.PASS_ONLY: Meaning(
            "There is a Temporary Access Pass and nothing that stays once it has expired.",
            "Have the person register a method while the pass is good.",
        ),
        ReasonCode.TELEPHONY_ONLY: Meaning(
            "The person has SMS or voice calls only, which Microsoft retires on 1 February 2027, in"
            " national clouds later. From then on whoever holds the password is asked to register.",
            "Have the person register the Authenticator app or a passkey before that day.",
        ),
        ReasonCode.STRENGTH_NOT_MET: Meaning(
            "A policy asks for an authentication strength that the person's methods do not reach.",
            "Have the person register a method of that strength; the detail names it.",
        ),
        ReasonCode.BREAK_GLASS_NOT_RESISTANT: Meaning(
            "An account for emergencies has no phishing-resistant method.",
            "Register a passkey or a certificate for it, and keep it in a safe place.",
        ),
        ReasonCode.NOT_REQUIRED: Meaning(
            "Nothing asks for MFA at an ordinary sign-in: the password is enough.",
            "Include the person in a policy that requires MFA, or enrol them: POST"
            " /api/enrolments.",
        ),
        ReasonCode.NO_TRUSTED_IPS_ASSUMED: Meaning(
            "An assumption beside the other reasons, which changes no verdict: the MFA service"
            " settings name no trusted IPs, from which nobody is asked for MFA. No API tells, and"
            " nobody has attested it.",
            "See the service settings of per-user MFA, and attest what they say: the setting"
            " MFA_TRUSTED_IPS.",
        ),
        ReasonCode.EXEMPTION_OVERDUE: Meaning(
            "An exemption of theirs is over, and MFA has not been put back yet.",
            "Its case puts it back and is tried again and again: see what it waits for,"
            " GET /api/cases?state=overdue.",
        ),
        ReasonCode.UNSEEN: Meaning(
            "The list of people broke off before this person.",
            "See the problems of the run; the next run reads everybody anew.",
        ),
        ReasonCode.UNKNOWN_STATE: Meaning(
            "The per-user MFA state could not be read.",
            "Check the permission Policy.ReadWrite.AuthenticationMethod and the detail.",
        ),
        ReasonCode.UNKNOWN_REGISTRATION: Meaning(
            "What the person has registered could not be read, or nobody here knows it.",
            "Check the permission and the licence for the registration report. Of a new account"
            " the report tells within a day.",
        ),
        ReasonCode.UNKNOWN_DEFAULTS: Meaning(
            "Whether security defaults are on could not be read.",
            "Check the permission Policy.Read.All and the detail.",
        ),
        ReasonCode.UNKNOWN_COVERAGE: Meaning(
            "Whether the Conditional Access policies cover the person nobody can tell.",
            "See what the detail names: a group that can't be read, a condition that is not known"
            " here, or policies that could not be read.",
        ),
        ReasonCode.UNKNOWN_STRENGTH: Meaning(
            "Whether the person's methods reach the authentication strength nobody can tell.",
            "See which key models the strength allows, and which the person has.",
        ),
        ReasonCode.UNKNOWN_EXEMPTION: Meaning(
            "Whether an exemption is in force could not be read.",
            "See whether the tables answer: GET /api/health.",
        ),
        ReasonCode.UNKNOWN_ELSEWHERE: Meaning(
            "Whether MFA that the person does elsewhere is trusted here could not be read.",
            "See what the detail names: domains, cross-tenant access or certificates. Where no"
            " federated person is in a Staged Rollout, attest it: the setting MFA_STAGED_ROLLOUT.",
        ),
    }
)
"""What each reason code means."""
