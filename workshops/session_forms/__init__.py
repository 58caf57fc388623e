"""What a coordinator types about sessions, and the programmes they are of.

Days and hours are those of the wall clock where the session happens; a form
turns them into moments, and says so where the clocks jump over an hour.
"""

from workshops.session_forms.changes import (
    MergeForm,
    MoreSeatsForm,
    MoveForm,
    ReasonForm,
    RepeatForm,
    SeatsForm,
)
from workshops.session_forms.planning import SessionForm
from workshops.session_forms.writing import LetterForm, MaterialForm, MessageForm

__all__ = [
    "LetterForm",
    "MaterialForm",
    "MergeForm",
    "MessageForm",
    "MoreSeatsForm",
    "MoveForm",
    "ReasonForm",
    "RepeatForm",
    "SeatsForm",
    "SessionForm",
]
