"""A word that changes with the book."""

import uuid

from django.db import models


class BookStamp(models.Model):
    """One row. Another `value` says that some text went live, off, or elsewhere.

    Never a number that counts: a transaction that is taken back must not
    leave a value that comes again for other contents.
    """

    ONLY = 1

    value = models.CharField(max_length=32)

    @classmethod
    def current(cls) -> str:
        """The value; '' where there is none. One query."""
        rows = cls.objects.filter(pk=cls.ONLY).values_list("value", flat=True)
        return next(iter(rows), "")

    @classmethod
    def renew(cls) -> None:
        """Inside the transaction of the change. One query, two the first time."""
        value = uuid.uuid4().hex
        if not cls.objects.filter(pk=cls.ONLY).update(value=value):
            cls.objects.bulk_create([cls(pk=cls.ONLY, value=value)], ignore_conflicts=True)

    def __str__(self) -> str:
        return self.value
