"""Pages that go live, or off, by a transition only."""

from django.db import models

from bulletins.guard import check_inside_transition, is_inside_transition


class LiveByTransition(models.Model):
    """Refuses a save that changes what readers see, wherever it comes from.

    Admin, API, scheduler, bulk action, copy and wagtail-localize all end in
    `save()`. Raises TransitionRefused outside a transition.
    """

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """One more query outside a transition."""
        if not is_inside_transition() and self._changes_what_is_live():
            check_inside_transition()
        super().save(*args, **kwargs)

    def _changes_what_is_live(self) -> bool:
        if self._state.adding:
            return bool(self.live)
        now = type(self).objects.filter(pk=self.pk).values("live", "live_revision_id").first()
        return bool(now) and (
            now["live"] != self.live or now["live_revision_id"] != self.live_revision_id
        )

    def delete(self, *args, **kwargs):
        """Raises TransitionRefused outside a transition: a page is a case's record."""
        check_inside_transition()
        return super().delete(*args, **kwargs)
