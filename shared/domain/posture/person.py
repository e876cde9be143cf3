"""What has to be known of a person for a verdict."""

from dataclasses import dataclass

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.posture.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of a person.

    Attributes:
        belonging: what they are to the policies.
        state: their per-user MFA state.
        registration: what they have registered.
        elsewhere: whether they do their MFA elsewhere, and it is trusted here: with the identity
            provider of a federated domain, or in a guest's own organisation.
        exempt: whether an exemption is in force.
        break_glass: whether the account is kept for emergencies.
        in_grace: whether they were hired, or asked to register, so lately that they still may.
        overdue: whether an exemption of theirs is over, and they are not put back yet.
    """

    belonging: Belonging
    state: PerUserMfaState | Unknown
    registration: Registration | Unknown
    elsewhere: bool | Unknown = False
    exempt: bool | Unknown = False
    break_glass: bool = False
    in_grace: bool = False
    overdue: bool = False
