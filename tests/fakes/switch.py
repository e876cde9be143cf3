"""What all fakes of the store share: they can be down."""

from shared.domain.errors.storage import StoreUnavailable


class Switch:
    """A store that can be switched off.

    Attributes:
        down: True while it does not answer.
    """

    def __init__(self) -> None:
        self.down = False

    def reach(self) -> None:
        """Fail where the store is down.

        Raises:
            StoreUnavailable: it is down.
        """
        if self.down:
            raise StoreUnavailable("The fake store is down.")
