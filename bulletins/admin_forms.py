"""What the Wagtail admin's story editor shows beside the fields."""

from wagtail.admin.panels import Panel

from bulletins.permissions import can_review_case
from review.models import ReviewNote
from review.rounds import threads


class NotesPanel(Panel):
    """The review's notes, read only: they are written and answered at the review desk.

    Wagtail's own comments are off: they cannot point at a KPI row, have no
    audience and no round, and go with their user.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "bulletins/admin/notes_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.case_id) and super().is_shown()

        def get_context_data(self, parent_context=None):
            """Two queries."""
            context = super().get_context_data(parent_context)
            case, user = self.instance.case, self.request.user
            rows = ReviewNote.objects.of(case).select_related("author")
            rows = rows.readable_by(user, as_reviewer=can_review_case(user, case))
            found = threads(rows)
            return context | {
                "case": case,
                "threads": [thread for here in found.values() for thread in here],
            }
