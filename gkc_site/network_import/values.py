"""What the kinds of rows share: a change, a value that cannot be taken, a value that must be."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gkc_site.network_import.files import SheetRow


@dataclass(frozen=True)
class Change:
    """What an import does to one thing; `fields` empty for a new one."""

    kind: str
    code: str
    is_new: bool
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.is_new:
            return f"+ {self.kind} {self.code}"
        return f"~ {self.kind} {self.code}: {', '.join(self.fields)}"


class Wrong(Exception):
    """A value that cannot be taken: column, message."""


def needed(row: SheetRow, column: str) -> str:
    """The value. Raises Wrong where it is empty."""
    if not row[column]:
        raise Wrong(column, _("This must be filled."))
    return row[column]
