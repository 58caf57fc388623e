"""What happened to an issue, and what was corrected after its release. Both only grow."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bulletins.models.case import Case
from bulletins.models.issue import BulletinIssue
from network.append_only import AppendOnly


class IssueEvent(AppendOnly):
    """A step of an issue; `verb` is the transition's name, `case` the story it was about."""

    issue = models.ForeignKey(BulletinIssue, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=24)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="issue_events"
    )
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of an issue")
        verbose_name_plural = _("events of issues")

    def __str__(self) -> str:
        return f"{self.issue_id} {self.verb}"


class Correction(AppendOnly):
    """A correction after the release, shown with its date on the issue's or the story's page.

    `words`: language code → note; English always has one. A material one is mailed.
    """

    issue = models.ForeignKey(BulletinIssue, on_delete=models.PROTECT, related_name="corrections")
    # Empty: the letter or the issue as a whole.
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )
    words = models.JSONField(default=dict)
    is_material = models.BooleanField(_("material"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.issue_id} {self.at:%Y-%m-%d}"

    def in_language(self, code: str) -> tuple[str, str]:
        """(note, its language): the language asked for, or English."""
        return (self.words[code], code) if self.words.get(code) else (self.words["en"], "en")
