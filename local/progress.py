"""Says what is going on: a spinner on a terminal, a line per step elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

Report = Callable[[str], None]

screen = Console(stderr=True)
"""For people. What machines read goes to standard output."""


class Tenths:
    """Tells how far a long step has got, ten times in all.

    Args:
        report: told each time.
        what: what is being done.
        of: how many of it there are.
    """

    def __init__(self, report: Report, what: str, of: int) -> None:
        self._report, self._what, self._of = report, what, of
        self._told = 0
        report(what)

    def reached(self, done: int) -> None:
        """So many are done."""
        tenths = done * 10 // self._of
        if tenths > self._told:
            self._told = tenths
            self._report(f"{self._what}: {done} of {self._of}")


@contextmanager
def steps(title: str) -> Iterator[Report]:
    """Give a function to tell each step with, as it begins."""
    if not screen.is_terminal:
        screen.print(title)
        yield lambda step: screen.print(f"  {step}", markup=False)
        return
    with screen.status(title) as status:
        yield lambda step: status.update(escape(step))
