"""QuerySets of the review room."""

from django.db.models import Q, QuerySet


class ReviewQuerySet(QuerySet):
    """Reviews."""

    def open(self) -> "ReviewQuerySet":
        """Waiting for their reviewer."""
        return self.filter(decision="", voided_at__isnull=True)

    def of(self, obj) -> "ReviewQuerySet":
        """Those of one object."""
        return self.filter(**_pointing_at(obj))


class NoteQuerySet(QuerySet):
    """Notes."""

    def of(self, obj) -> "NoteQuerySet":
        """Those of one object."""
        return self.filter(**_pointing_at(obj))

    def readable_by(self, user, *, as_reviewer: bool) -> "NoteQuerySet":
        """Sent ones meant for the author, or all for a reviewer; unsent only one's own."""
        sent = Q(sent_at__isnull=False)
        if not as_reviewer:
            sent &= Q(audience="author")
        return self.filter(sent | Q(author=user))


class TranslationQuerySet(QuerySet):
    """Working translations."""

    def of(self, obj) -> "TranslationQuerySet":
        """Those of one object."""
        return self.filter(**_pointing_at(obj))


class FlagQuerySet(QuerySet):
    """Marks at defects."""

    def open(self) -> "FlagQuerySet":
        """Not answered yet."""
        return self.filter(outcome="")

    def about(self, kind: str, key: str) -> "FlagQuerySet":
        """Those of one text, in all its languages."""
        return self.filter(kind=kind, key=key)


def reviewed_by(user, model) -> QuerySet:
    """Ids of the objects of a model that this person has or had a turn at: a subquery."""
    from django.apps import apps
    from django.contrib.contenttypes.models import ContentType

    reviews = apps.get_model("review.Review").objects.filter(
        content_type=ContentType.objects.get_for_model(model), reviewer=user
    )
    return reviews.values("object_id")


def _pointing_at(obj) -> dict:
    from django.contrib.contenttypes.models import ContentType

    return {"content_type": ContentType.objects.get_for_model(obj), "object_id": obj.pk}
