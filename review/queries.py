"""QuerySets of the review room."""

import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone


class ReviewQuerySet(QuerySet):
    """Reviews."""

    def open(self) -> "ReviewQuerySet":
        """Waiting for their reviewer."""
        return self.filter(decision="", voided_at__isnull=True)

    def of(self, obj) -> "ReviewQuerySet":
        """Those of one object."""
        return self.filter(**_pointing_at(obj))

    def late(self, now: datetime.datetime | None = None) -> "ReviewQuerySet":
        """Open ones whose reviewer's days are over."""
        return self.open().filter(due__lt=now or timezone.now())


class ClockQuerySet(QuerySet):
    """Clocks."""

    def running(self) -> "ClockQuerySet":
        """Not over: the reviewer has not decided, or the author not answered."""
        return self.filter(ended_at__isnull=True)

    def waiting(self) -> "ClockQuerySet":
        """Not begun: the reviewer cannot read the thing yet."""
        return self.running().filter(started_at__isnull=True)

    def to_tell(self, now: datetime.datetime) -> "ClockQuerySet":
        """Those with a notice that falls due by now, as last computed."""
        return self.running().filter(next_at__lte=now)

    def late(self, now: datetime.datetime | None = None) -> "ClockQuerySet":
        """Running, and past their last day."""
        return self.running().filter(due__lt=now or timezone.now())


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

    def requested(self) -> "NoteQuerySet":
        """Changes asked of the author: sent to them with a review that returned the object."""
        return self.filter(
            audience="author",
            sent_at__isnull=False,
            in_reply_to__isnull=True,
            review__decision="request_changes",
        )


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


class QuestionQuerySet(QuerySet):
    """Questions."""

    def open(self) -> "QuestionQuerySet":
        """Neither answered nor taken back."""
        return self.filter(answered_at__isnull=True, withdrawn_at__isnull=True)

    def kept(self) -> "QuestionQuerySet":
        """Not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def shown(self) -> "QuestionQuerySet":
        """Those that every reader of their text reads."""
        return self.kept().filter(is_private=False)

    def about(self, kind: str, key: str) -> "QuestionQuerySet":
        """Those at one text, in all its languages."""
        return self.filter(kind=kind, key=key)

    def waiting_for(self, user) -> "QuestionQuerySet":
        """Open ones that a person is to answer: their own, and late ones they lead."""
        return self.open().filter(Q(owner=user) | Q(escalated_to=user))

    def late(self, now: datetime.datetime | None = None) -> "QuestionQuerySet":
        """Open ones whose owner's days are over."""
        return self.open().filter(due__lt=now or timezone.now())

    def asked_from(self, country) -> "QuestionQuerySet":
        """Asked by members of a country's distributors."""
        return self.filter(country=country)

    def to_tell(self, now: datetime.datetime) -> "QuestionQuerySet":
        """Those with a notice that falls due by now, and those that nobody has."""
        return self.open().filter(Q(next_at__lte=now) | Q(owner__isnull=True))

    def with_people(self) -> "QuestionQuerySet":
        """With all the names that a list shows."""
        return self.select_related("by", "owner", "answered_by", "escalated_to")


def involves(user) -> Q:
    """Whether a question is a person's own business: what `can_view_question` asks first."""
    return Q(by=user) | Q(owner=user) | Q(escalated_to=user) | Q(answered_by=user)


class RatingQuerySet(QuerySet):
    """Ratings of usefulness."""

    def about(self, kind: str, key: str) -> "RatingQuerySet":
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
