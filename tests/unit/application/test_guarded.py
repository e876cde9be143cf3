"""The guard before every write (safety rules S2, S6 and S8)."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.application.guarded import GuardedWrites
from shared.application.ports.leases import Lease
from shared.domain.authentication import PerUserMfaState
from shared.domain.control import Capability, Mode
from shared.domain.effects import Effect, SetMfaState
from shared.domain.errors import (
    LeaseLost,
    LifecycleError,
    Observing,
    ProtectedAccount,
    Stopped,
    StoreUnavailable,
)
from shared.domain.ids import UserId

PEOPLE = tuple(UserId(f"aaaaaaaa-0000-0000-0000-00000000000{n}") for n in range(4))


@dataclass
class Writes:
    """The port inside the guard: notes what reaches it."""

    done: list[tuple[UserId, Effect]] = field(default_factory=list)

    async def write(
        self,
        user: UserId,
        effect: Effect,
        *,
        capability: Capability,  # noqa: ARG002  (nothing in here may need it)
        lease: Lease,  # noqa: ARG002  (nothing in here may need it)
    ) -> None:
        """Note a write."""
        self.done.append((user, effect))


@dataclass
class SetModes:
    """Modes as the test sets them."""

    now: Mode

    async def mode(self, capability: Capability) -> Mode:  # noqa: ARG002  (there is one so far)
        """The mode."""
        return self.now


@dataclass
class TroubledLease:
    """A lease whose confirmation may fail."""

    trouble: LifecycleError | None
    subject: str
    fence: int = 1

    async def confirm(self) -> None:
        """Fail as the test says."""
        if self.trouble is not None:
            raise self.trouble


Attempt = tuple[UserId, Effect, Mode, LifecycleError | None]
attempts = st.lists(
    st.tuples(
        st.sampled_from([*PEOPLE, *(UserId(person.upper()) for person in PEOPLE)]),
        st.sampled_from([SetMfaState(state) for state in PerUserMfaState]),
        st.sampled_from(Mode),
        st.sampled_from([None, LeaseLost("Taken over."), StoreUnavailable("Down.")]),
    )
)


async def carry_out(
    protected: frozenset[UserId], sequence: list[Attempt]
) -> tuple[list[tuple[UserId, Effect]], list[type[LifecycleError] | None]]:
    """The writes that passed, and how each attempt ended."""
    inner, modes = Writes(), SetModes(Mode.OBSERVE)
    guarded = GuardedWrites(inner, modes=modes, protected=protected)
    outcomes: list[type[LifecycleError] | None] = []
    for user, effect, mode, trouble in sequence:
        modes.now = mode
        try:
            await guarded.write(
                user,
                effect,
                capability=Capability.ONBOARDING,
                lease=TroubledLease(trouble, subject=user),
            )
        except LifecycleError as error:
            outcomes.append(type(error))
        else:
            outcomes.append(None)
    return inner.done, outcomes


@given(protected=st.frozensets(st.sampled_from(PEOPLE)), sequence=attempts)
def test_only_an_allowed_write_passes(
    protected: frozenset[UserId], sequence: list[Attempt]
) -> None:
    """A write passes if and only if the mode is `act`, the lease held, the person unprotected."""
    passed, _ = asyncio.run(carry_out(protected, sequence))
    assert passed == [
        (user, effect)
        for user, effect, mode, trouble in sequence
        if mode is Mode.ACT and trouble is None and user.lower() not in protected
    ]


@pytest.mark.parametrize(
    ("protected", "mode", "trouble", "expected"),
    [
        (True, Mode.STOP, LeaseLost("Taken over."), ProtectedAccount),
        (True, Mode.ACT, None, ProtectedAccount),
        (False, Mode.STOP, LeaseLost("Taken over."), Stopped),
        (False, Mode.OBSERVE, LeaseLost("Taken over."), Observing),
        (False, Mode.ACT, LeaseLost("Taken over."), LeaseLost),
        (False, Mode.ACT, StoreUnavailable("Down."), StoreUnavailable),
        (False, Mode.ACT, None, None),
    ],
)
async def test_first_reason_is_told(
    protected: bool,  # noqa: FBT001  (a row of a table)
    mode: Mode,
    trouble: LifecycleError | None,
    expected: type[LifecycleError] | None,
) -> None:
    """A refusal for good comes before one that passes, so that nobody waits for nothing."""
    _, outcomes = await carry_out(
        frozenset(PEOPLE[:1] if protected else ()),
        [(PEOPLE[0], SetMfaState(PerUserMfaState.ENABLED), mode, trouble)],
    )
    assert outcomes == [expected]
