"""Reads a page as a browser does: its elements, and what a person sees of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"meta", "link", "br", "img", "input", "hr", "base"})
_UNSEEN: Final = frozenset({"style", "script", "title"})


@dataclass
class Page(HTMLParser):
    """A page that was read.

    Attributes:
        elements: each element with its attributes, in order.
        texts: the text of each table cell, list item, heading or paragraph, with its element.
        open_elements: those that were never closed.
    """

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    open_elements: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open_elements.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is empty."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        assert self.open_elements.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        if self.open_elements:
            self.texts.append((self.open_elements[-1], data))

    @property
    def names(self) -> set[str]:
        """The names of all elements."""
        return {name for name, _ in self.elements}

    @property
    def seen(self) -> str:
        """All that a person reads."""
        return "".join(text for element, text in self.texts if element not in _UNSEEN)

    def inside(self, element: str) -> list[str]:
        """The texts that stand in elements of this name."""
        return [text for name, text in self.texts if name == element]

    def attributes(self, name: str) -> list[str]:
        """What an attribute is, wherever it stands."""
        return [found[name] for _, found in self.elements if name in found]


def read(document: str) -> Page:
    """The page of a document."""
    page = Page()
    page.feed(document)
    page.close()
    return page
