"""Pages that go live, or off, by a transition of their room only."""

from django.db import models
from wagtail.models import Page

from network.guard import Guard


def changes_what_is_live(page) -> bool:
    """Whether saving the page would change what readers see. One query."""
    now = Page.objects.filter(pk=page.pk).values("live", "live_revision_id").first()
    return bool(now) and (
        now["live"] != page.live or now["live_revision_id"] != page.live_revision_id
    )


class LiveByTransition(models.Model):
    """Refuses a save that changes what readers see, wherever it comes from.

    Admin, API, scheduler, bulk action, copy and wagtail-localize all end in
    `save()`. Raises what the room's guard refuses with, outside a transition.
    """

    #: The room's guard.
    guard: Guard
    #: The field that names what the page tells, in one language once.
    told_by: str

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """One more query outside a transition."""
        if not self.guard.is_inside_transition() and self._changes_what_is_live():
            self.guard.check_inside_transition()
        super().save(*args, **kwargs)

    def save_revision(self, *args, overwrite_revision=None, **kwargs):
        """Always a new one: a revision that somebody judged, agreed to or froze stays as it was.

        Wagtail's admin lets whoever wrote the newest save over it.
        """
        return super().save_revision(*args, **kwargs)

    def _changes_what_is_live(self) -> bool:
        if self._state.adding:
            return bool(self.live or self.alias_of_id) or self._is_second()
        return changes_what_is_live(self)

    def _is_second(self) -> bool:
        """Whether the thing is told in this language already: a copy."""
        told = {self.told_by: getattr(self, self.told_by)}
        return type(self).objects.filter(locale=self.locale_id, **told).exists()
