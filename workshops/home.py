"""What the workshops give to the main navigation."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from network import registry
from network.registry import Menu
from workshops.catalogue import has_content
from workshops.models import ProgrammePage


def register() -> None:
    """Called once, when the room starts."""
    registry.menus.register("workshops", menus)


def menus(user) -> Iterator[Menu]:
    """The catalogue, once it holds a programme."""
    if has_content(ProgrammePage):
        yield Menu(label=_("Workshops"), url=catalogue_address, order=40)


def catalogue_address() -> str:
    """The catalogue in the reader's language."""
    return f"/{get_language()}/workshops/"
