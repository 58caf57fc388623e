"""Whether a transition of this room is running (`network.guard`)."""

from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from network.guard import Guard

GUARD = Guard(
    lambda: TransitionRefused(
        _("Stories and issues go live by their review or release only, not by this action.")
    )
)
inside_transition = GUARD.inside_transition
is_inside_transition = GUARD.is_inside_transition
check_inside_transition = GUARD.check_inside_transition
