"""Texts that must not be kept or shown."""

from typing import NoReturn


class Secret:
    """A text that shows itself only to who asks for it by `reveal`.

    It can't be printed, logged, copied, pickled or encoded by accident.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is neither copied nor stored.")
