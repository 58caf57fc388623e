"""What Wagtail calls when a story's workflow has finished.

Wagtail imports this while its own models load, so nothing is imported at the top.
"""


def publish_approved_revision(workflow_state, user=None):
    """Never publish by itself: the transition that advanced the workflow does that.

    Stock Wagtail publishes whatever revision is newest (tested); ours refuses
    unless a transition of ours is running. Raises TransitionRefused.
    """
    from bulletins.transitions import check_inside_transition

    check_inside_transition()
