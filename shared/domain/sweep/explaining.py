"""Says in words what made a verdict another one, and what became of an enrolment."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.posture.meanings import Meaning
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.outcomes import Outcome

CAUSES: Final[Mapping[Cause, Meaning]] = MappingProxyType(
    {
        Cause.NEW_PERSON: Meaning(
            "The person was not there in the run before.", "See their reasons."
        ),
        Cause.POLICIES: Meaning(
            "Conditional Access, security defaults, named locations or authentication strengths"
            " were changed.",
            "See who edited which policy in Entra ID's audit log.",
        ),
        Cause.GROUPS: Meaning(
            "The person joined or left a group that a policy names.",
            "Where that is not meant: put them back, or have the policy cover them.",
        ),
        Cause.ROLES: Meaning(
            "The person was given or lost a directory role.", "See whether the role is meant."
        ),
        Cause.STATE: Meaning(
            "The per-user MFA state was changed.",
            "Where nobody here has changed it: see who did in Entra ID's audit log.",
        ),
        Cause.METHODS: Meaning(
            "The person registered a method or lost one.",
            "Have them register again where protection was lost.",
        ),
        Cause.EXEMPTION: Meaning(
            "An exemption was granted or has ended.", "Nothing has to be done where that was meant."
        ),
        Cause.GRACE: Meaning(
            "The time that new people have for registering has begun or is up.",
            "Where it is up: remind them, or enforce.",
        ),
        Cause.LICENCE: Meaning(
            "The tenant has no licence for the registration report any more.",
            "Renew Entra ID P1 or P2; without it nobody can tell what people have registered.",
        ),
        Cause.TRUST: Meaning(
            "MFA that the person does elsewhere became trusted here, or is not any more.",
            "See the federated domains and the cross-tenant access settings.",
        ),
        Cause.BREAK_GLASS: Meaning(
            "The account was put on the list of those for emergencies, or taken off.",
            "See whether that is meant: GET /api/protected.",
        ),
        Cause.READING: Meaning(
            "Something could not be read, or can be read again; what changed meanwhile nobody saw.",
            "See the problems of the run.",
        ),
        Cause.GONE: Meaning("The account was deleted or blocked.", "Nothing has to be done."),
        Cause.SEVERAL: Meaning(
            "Several things changed at once, none of which alone explains it.",
            "Compare the reasons with those before: GET /api/users/{objectId}/history.",
        ),
    }
)
"""What each cause means, and what to do about it."""

OUTCOMES: Final[Mapping[Outcome, Meaning]] = MappingProxyType(
    {
        Outcome.PLANNING: Meaning(
            "The enrolment looks at everybody again.", "Nothing has to be done yet."
        ),
        Outcome.HELD: Meaning(
            "They are more than a run may have taken up by itself, and nobody is yet.",
            "An Approver reads the plan and agrees: POST /api/compliance/runs/{runId}/approve.",
        ),
        Outcome.ENROLLING: Meaning(
            "A case is opened for each of them, so many a day.", "Nothing has to be done."
        ),
        Outcome.DONE: Meaning(
            "Everybody has a case, or needs none any more.",
            "What became of each: GET /api/enrolments/{caseId}/people.",
        ),
        Outcome.LAPSED: Meaning(
            "Nobody agreed to it in time, and nobody was taken up.",
            "Nothing has to be done: each run asks anew for whom it finds.",
        ),
        Outcome.CANCELLED: Meaning(
            "It was called off; nobody else is taken up.",
            "Nothing has to be done: each run asks anew for whom it finds.",
        ),
        Outcome.PARKED: Meaning(
            "It can't go on by itself.", "See why, and take it up again: GET /api/parked."
        ),
        Outcome.UNKNOWN: Meaning(
            "What became of it nobody can tell: its case is gone, or can't be read.",
            "See the log for `enrolment.unreadable`.",
        ),
    }
)
"""What became of whom a run had taken up again, and what to do about it."""
