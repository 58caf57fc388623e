"""Wagtail's workflow tasks for stories: they carry the admin's view, never the truth.

`on_action` calls our transition; the transition alone advances the workflow
(docs/adr/0002). Only the case's holder may act or edit.
"""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Task, TaskState

from bulletins.exceptions import TransitionRefused
from bulletins.permissions import why_not_decide


def _case_of(page):
    """Wagtail's workflow views hand over a bare Page."""
    return page.specific.case


class CaseTask(Task):
    """What the three steps share."""

    class Meta:
        abstract = True

    def user_can_access_editor(self, obj, user) -> bool:
        return _case_of(obj).holder_id == user.pk

    def locked_for_user(self, obj, user) -> bool:
        return _case_of(obj).holder_id != user.pk

    def get_actions(self, obj, user):
        """Wagtail's actions for the holder; the wording is the review desk's."""
        if _case_of(obj).holder_id != user.pk:
            return []
        return [
            ("approve", _("Approve"), False),
            ("reject", _("Request changes"), True),
            ("decline", _("Decline"), True),
        ]

    def on_action(self, task_state, user, action_name, **kwargs):
        """Hand the admin's button to the one transition that does it."""
        from bulletins.transitions import decide_case

        case = task_state.workflow_state.content_object.specific.case
        try:
            decide_case(
                case,
                decision={"reject": "request_changes"}.get(action_name, action_name),
                by=user,
                reason=kwargs.get("comment", ""),
                step=self.step,
            )
        except PermissionDenied as denied:
            # The admin answers a bare refusal by saying nothing of the reason.
            raise TransitionRefused(why_not_decide(user, case, self.step)) from denied

    def get_form_for_action(self, action):
        """Approving asks nothing; the others want their reason (Wagtail's comment form)."""
        return TaskStateCommentForm if action in ("reject", "decline") else None

    def user_can_lock(self, obj, user) -> bool:
        return False

    def user_can_unlock(self, obj, user) -> bool:
        return False

    def get_task_states_user_can_moderate(self, user, **kwargs):
        """Running states of pages whose case this person holds."""
        from bulletins.models import CaseStoryPage

        held = CaseStoryPage.objects.filter(case__holder=user).values_list("pk", flat=True)
        return TaskState.objects.filter(
            task=self.task_ptr,
            status=TaskState.STATUS_IN_PROGRESS,
            workflow_state__object_id__in=[str(pk) for pk in held],
        )


class ReviewStep(models.TextChoices):
    """The steps of a review, in order."""

    AREA = "area", _("area review")
    NEUTRAL = "neutral", _("neutral review")
    EDITING = "editing", _("editing")


class AreaReviewTask(CaseTask):
    """A campaigner of the review area."""

    step = ReviewStep.AREA

    class Meta:
        verbose_name = _("area review task")
        verbose_name_plural = _("area review tasks")


class NeutralReviewTask(CaseTask):
    """A campaigner of another region, without an interest in the outcome (R4)."""

    step = ReviewStep.NEUTRAL

    class Meta:
        verbose_name = _("neutral review task")
        verbose_name_plural = _("neutral review tasks")


class EditingTask(CaseTask):
    """The editors' last step: publish now, or ready with an issue."""

    step = ReviewStep.EDITING

    class Meta:
        verbose_name = _("editing task")
        verbose_name_plural = _("editing tasks")
