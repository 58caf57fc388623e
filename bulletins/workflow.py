"""What Wagtail calls when a story's workflow has finished (WAGTAIL_FINISH_WORKFLOW_ACTION)."""


def publish_approved_revision(workflow_state, user=None):
    """Publish nothing: the transition that advanced the workflow publishes what was approved.

    Stock Wagtail publishes whatever revision is newest (tested). Raises
    TransitionRefused where no transition of ours is running. Wagtail imports
    this module while its own models load, so ours are imported inside.
    """
    from bulletins.guard import check_inside_transition

    check_inside_transition()
