"""All that may be true of a person, given what is known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.requirement import Extent, Requirement
from shared.domain.posture.defaults import covering
from shared.domain.posture.person import Person
from shared.domain.posture.registration import Readiness, readiness
from shared.domain.posture.tenant import Required

_Value = TypeVar("_Value")
_YES_OR_NO: Final = (False, True)
_FEDERATED: Final = frozenset({"federatedmultifactor"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One of the cases that may be true.

    Attributes:
        state: the per-user MFA state.
        defaults: whether security defaults are on for them.
        extent: how far policies and per-user MFA require MFA.
        readiness: what the person can do who is asked for it.
        elsewhere: whether they do it elsewhere.
        exempt: whether they are exempt.
    """

    state: PerUserMfaState
    defaults: bool
    extent: Extent
    readiness: Readiness
    elsewhere: bool
    exempt: bool


def cases(person: Person, required: Required) -> Iterator[Case]:
    """Every case that agrees with what is known."""
    on = covering(person.belonging, required.settings.security_defaults)
    for state in _either(person.state, PerUserMfaState):
        requirement = required.of(person.belonging, state)
        for elsewhere in _either(person.elsewhere, _YES_OR_NO):
            able = _able(person, requirement, required, elsewhere=elsewhere)
            for defaults in _either(on, _YES_OR_NO):
                for extent in range(requirement.least, requirement.most + 1):
                    for ready in sorted(able, key=lambda one: one.value):
                        for exempt in _either(person.exempt, _YES_OR_NO):
                            yield Case(
                                state=state,
                                defaults=defaults,
                                extent=Extent(extent),
                                readiness=ready,
                                elsewhere=elsewhere,
                                exempt=exempt,
                            )


def _able(
    person: Person, requirement: Requirement, required: Required, *, elsewhere: bool
) -> frozenset[Readiness]:
    policies = required.settings.policies
    perhaps = policies if isinstance(policies, Unknown) else requirement.perhaps
    if not elsewhere:
        return readiness(person.registration, requirement.strengths, perhaps)
    # Which methods they use there cannot be read.
    asked = [*requirement.strengths, *(() if isinstance(perhaps, Unknown) else perhaps)]
    if isinstance(perhaps, Unknown) or any(_FEDERATED not in one.combinations for one in asked):
        return frozenset({Readiness.READY, Readiness.UNMET})
    return frozenset({Readiness.READY})


def _either(known: _Value | Unknown, possible: Iterable[_Value]) -> Iterable[_Value]:
    return possible if isinstance(known, Unknown) else (known,)
