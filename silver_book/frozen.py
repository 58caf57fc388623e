"""Rows that are written once: nobody changes or deletes them.

The database refuses as well (triggers of migration 0005), for whatever goes
around the models. A later migration that rebuilds one of these tables on
SQLite drops its triggers and must make them again; a test asks for them.
"""

from django.db import models

from silver_book.exceptions import EditionFrozen


class FrozenQuerySet(models.QuerySet):
    """Reads and inserts only."""

    def update(self, **values):
        raise EditionFrozen()

    def bulk_update(self, *args, **kwargs):
        raise EditionFrozen()

    def delete(self):
        raise EditionFrozen()

    delete.queryset_only = True

    def bulk_create(self, objs, *args, update_conflicts=False, **kwargs):
        if update_conflicts:
            raise EditionFrozen()
        return super().bulk_create(objs, *args, **kwargs)


class FrozenRow(models.Model):
    """Saved when it is made, never again. Raises EditionFrozen."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """An insert, or a refusal."""
        if not self._state.adding:
            raise EditionFrozen()
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args, **kwargs):
        raise EditionFrozen()
