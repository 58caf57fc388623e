"""Wagtail's admin without its own workflow mails."""

from wagtail.admin.apps import WagtailAdminAppConfig


class GkcAdminConfig(WagtailAdminAppConfig):
    """Wagtail writes to people at once and in the wrong language; touchpoints writes instead."""

    def ready(self):
        super().ready()
        from wagtail.models import TaskState, WorkflowState
        from wagtail.signals import (
            task_submitted,
            workflow_approved,
            workflow_rejected,
            workflow_submitted,
        )

        for signal, sender, name in (
            (task_submitted, TaskState, "group_approval_task_submitted"),
            (workflow_submitted, WorkflowState, "workflow_state_submitted"),
            (workflow_rejected, WorkflowState, "workflow_state_rejected"),
            (workflow_approved, WorkflowState, "workflow_state_approved"),
        ):
            was_connected = signal.disconnect(
                sender=sender, dispatch_uid=f"{name}_email_notification"
            )
            if not was_connected:
                raise RuntimeError(f"Wagtail no longer sends {name}: find where its mails moved.")
