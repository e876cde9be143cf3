"""Write what a case has announced, request by request."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease
from shared.domain.authentication import ALTERNATE_MOBILE, MOBILE
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.effects import Effect
from shared.domain.effects.methods import PreferMethod, RemoveMethod, RemoveMethods
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

        Methods are removed one after the other. Where the directory keeps one because it is the
        default, what stays becomes the default; where nothing that stays can be it, the others go
        first.

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
        left, preferences = effect.each(), list(effect.preferences())
        while left:
            kept: dict[RemoveMethod, MethodStillNeeded] = {}
            for removal in left:
                refusal = _waits(removal, kept) or await _refusal(ask, removal)
                if refusal is not None and effect.preference in preferences[:1]:
                    await ask(PreferMethod(preferences.pop(0), effect.impact))
                    refusal = await _refusal(ask, removal)
                if refusal is not None:
                    kept[removal] = refusal
            if len(kept) == len(left):
                if not preferences:
                    raise next(iter(kept.values()))
                await ask(PreferMethod(preferences.pop(0), effect.impact))
            left = tuple(kept)


def _waits(
    removal: RemoveMethod, kept: Mapping[RemoveMethod, MethodStillNeeded]
) -> MethodStillNeeded | None:
    """Why it need not be asked for yet: a mobile stays for as long as the alternate one."""
    if removal.method_id != MOBILE:
        return None
    return next((why for one, why in kept.items() if one.method_id == ALTERNATE_MOBILE), None)


async def _refusal(
    ask: Callable[[RemoveMethod], Awaitable[None]], removal: RemoveMethod
) -> MethodStillNeeded | None:
    try:
        await ask(removal)
    except MethodStillNeeded as error:
        return error
    return None
