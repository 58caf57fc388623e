"""Receivers that keep clocks as the network moves them. They only wire."""

from network.signals import absence_changed
from review.chasing import recompute
from review.clocks import recompute_for
from review.models import Question


def on_absence_changed(sender, user, **kwargs):
    """Days away move the person's clocks and questions, within the same transaction."""
    recompute_for(user)
    recompute(Question.objects.filter(owner=user))


def connect() -> None:
    """Called once, from the app's ready()."""
    absence_changed.connect(on_absence_changed, dispatch_uid="review.on_absence_changed")
