"""Says what is going on: a spinner on a terminal, a line per step elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

screen = Console(stderr=True)
"""For people. What machines read goes to standard output."""


@contextmanager
def steps(title: str) -> Iterator[Callable[[str], None]]:
    """Give a function to tell each step with, as it begins."""
    if not screen.is_terminal:
        screen.print(title)
        yield lambda step: screen.print(f"  {step}", markup=False)
        return
    with screen.status(title) as status:
        yield lambda step: status.update(escape(step))
