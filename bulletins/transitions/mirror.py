"""Keeps Wagtail's workflow in step with the case: the admin's view, never the truth."""

from wagtail.models import TaskState, Workflow

from bulletins.models import AreaReviewTask, EditingTask, NeutralReviewTask

TASK_OF = {"area": AreaReviewTask, "neutral": NeutralReviewTask, "editing": EditingTask}


def show_step(page, step: str, *, by) -> None:
    """Let Wagtail's workflow stand at a step, whatever it showed before.

    Going forward approves the task that is passed; going back starts anew,
    the earlier steps skipped.
    """
    wanted = TASK_OF[step].objects.get().pk
    state = page.current_workflow_state
    if state is not None and _is_behind(state, wanted):
        end(page, by=by)
        state = None
    if state is None:
        state = Workflow.objects.get(name="Case story").start(page, user=by)
    elif state.status == state.STATUS_NEEDS_CHANGES:
        state.resume(user=by)
        state.refresh_from_db()
    while state.current_task_state.task_id != wanted:
        state.current_task_state.specific.approve(user=by)
        state.refresh_from_db()


def show_returned(page, *, by, comment: str) -> None:
    """The author has it: the current task was rejected."""
    state = page.current_workflow_state
    if state is not None and state.status == state.STATUS_IN_PROGRESS:
        state.current_task_state.specific.reject(user=by, comment=comment)


def finish(page, *, by) -> None:
    """All steps are done."""
    state = page.current_workflow_state
    while state is not None and state.status == state.STATUS_IN_PROGRESS:
        state.current_task_state.specific.approve(user=by)
        state.refresh_from_db()


def end(page, *, by) -> None:
    """The way ended early: declined, withdrawn or started anew."""
    state = page.current_workflow_state
    if state is not None:
        state.cancel(user=by)


def _is_behind(state, wanted: int) -> bool:
    """Whether the wanted task was passed already in this workflow state."""
    if state.current_task_state is not None and state.current_task_state.task_id == wanted:
        return False
    return state.task_states.filter(task_id=wanted, status=TaskState.STATUS_APPROVED).exists()
