"""Write what a case has announced, request by request."""

from dataclasses import dataclass
from functools import partial

from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.effects import Effect
from shared.domain.effects.methods import PreferMethod, RemoveMethods
from shared.domain.errors.directory import MethodStillNeeded
from shared.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class WriteEffect:
    """Asks the directory for an effect. Each request passes the guards on its own.

    Attributes:
        writes: the guarded port.
    """

    writes: DirectoryWrites

    async def __call__(
        self,
        user: UserId,
        effect: Effect,
        *,
        capability: Capability,
        lease: Lease,
        spender: Spender,
        approved: bool,
    ) -> None:
        """Ask for it. A return proves nothing: read it back.

        Methods are removed one after the other, and what is refused because others have to go first
        is tried again when they are gone; then another default is chosen.

        Raises:
            MethodStillNeeded: the directory keeps one of the methods in any order.
            LifecycleError: as the port says. What was done before stays done.
        """
        ask = partial(
            self.writes.write,
            user,
            capability=capability,
            lease=lease,
            spender=spender,
            approved=approved,
        )
        if not isinstance(effect, RemoveMethods):
            await ask(effect)
            return
        left, preference = list(effect.each()), effect.preference
        while left:
            refused = []
            for removal in left:
                try:
                    await ask(removal)
                except MethodStillNeeded as error:
                    refused.append((removal, error))
            if len(refused) == len(left):
                if preference is None:
                    raise refused[0][1]
                await ask(PreferMethod(preference, effect.impact))
                preference = None
            left = [removal for removal, _ in refused]
