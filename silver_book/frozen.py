"""Rows of an edition: written once, nobody changes or deletes them (`network.append_only`)."""

from network.append_only import AppendOnly, AppendOnlyQuerySet
from silver_book.exceptions import EditionFrozen

SAID = "an edition is frozen"  # by the database
FROZEN = {"said": SAID}
# The row of an edition is written last: from then on it takes no further text.
FROZEN_TEXT = FROZEN | {
    "may_come": "NOT EXISTS (SELECT 1 FROM silver_book_edition WHERE number = NEW.edition_id)"
}
# A file that waits or failed is built again.
FROZEN_FILE = FROZEN | {"may_change": "OLD.state <> 'done'", "may_go": "OLD.state <> 'done'"}


def _frozen(words: str) -> EditionFrozen:
    return EditionFrozen()


class FrozenQuerySet(AppendOnlyQuerySet):
    """Reads and inserts only. Raises EditionFrozen."""

    refusal = staticmethod(_frozen)


class FrozenRow(AppendOnly):
    """Saved when it is made, never again. Raises EditionFrozen."""

    RULES = FROZEN
    refusal = staticmethod(_frozen)

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True
