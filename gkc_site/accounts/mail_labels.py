"""What the mail settings call each optional kind of message, and under which heading it stands."""

from django.utils.translation import gettext_lazy as _

from touchpoints.registry import name_kinds

LABELS = {
    "bulletins.case_submitted": _("A story of mine was submitted"),
    "bulletins.case_moved": _("A story of mine moves on"),
    "bulletins.changes_requested": _("Changes are asked of a story of mine"),
    "bulletins.case_declined": _("A story of mine was declined"),
    "bulletins.appeal_answered": _("My appeal against a decline is answered"),
    "bulletins.appeal_known": _("An appeal against a decline of mine is answered"),
    "bulletins.case_revived": _("A story of mine was brought back"),
    "bulletins.lasting_asked": _("Whether the results of a story of mine last"),
    "bulletins.case_published": _("A story of mine was published"),
    "bulletins.case_withdrawn": _("A story of mine was withdrawn"),
    "bulletins.edit_to_confirm": _("An editor changed a story of mine"),
    "bulletins.notes_sent": _("Notes on a story of mine"),
    "bulletins.response_adopted": _("Somebody takes over a story of mine"),
    "bulletins.note_answered": _("Answers to my notes"),
    "bulletins.review_assigned": _("A review is given to me"),
    "bulletins.review_moved": _("A review in my area moved to somebody else"),
    "bulletins.edit_objected": _("An author objects to my edit"),
    "bulletins.author_left": _("An author of my distributor has left"),
    "bulletins.consent_asked": _("My distributor is asked to open a story to everyone"),
    "bulletins.clearance_asked": _("A story may be opened to everyone"),
    "bulletins.response_handed": _("An answer is handed to me"),
    "bulletins.response_results": _("What came of a practice that we took over"),
    "bulletins.proposal_made": _("A story is proposed for an issue"),
    "bulletins.proposal_answered": _("Answers to my proposals for an issue"),
    "bulletins.invitation_answered": _("Answers of authors whom I invited"),
    "silver_book.local_to_review": _("A local text waits for my review"),
    "translations.text_assigned": _("A translation is given to me"),
    "translations.question_asked": _("Questions of translators"),
    "translations.question_answered": _("Answers to questions of translators"),
    "review.flag_raised": _("A reader marks a defect in a text of mine"),
    "review.flag_answered": _("Answers to defects that I marked"),
    "review.question_asked": _("A reader asks me a question"),
    "review.question_due": _("A question to me is due"),
    "review.question_late": _("A question in my area is late"),
    "review.question_answered": _("Answers to my questions"),
    "review.question_translated": _("A question or answer of mine is translated"),
}

# In the order of the page. A kind stands under the heading with the longest beginning of its
# name: 'bulletins.review_assigned' under Review, what is new in a room under the room's own.
HEADINGS = (
    (_("Stories"), ("bulletins.",)),
    (_("Responses"), ("bulletins.response_",)),
    (
        _("Review"),
        (
            *("bulletins.review_", "bulletins.note_", "bulletins.edit_objected"),
            *("bulletins.appeal_known", "bulletins.clearance_"),
        ),
    ),
    (_("Bulletin"), ("bulletins.issue_", "bulletins.proposal_", "bulletins.invitation_")),
    (_("Questions and answers"), ("review.question_",)),
    (_("Marks at defects"), ("review.",)),
    (_("Silver Book"), ("silver_book.",)),
    (_("Workshops"), ("workshops.",)),
    (_("Translations"), ("translations.",)),
    (_("Network"), ("",)),
)


def heading_of(name: str) -> int:
    """The place in HEADINGS of a kind's heading."""
    return max(
        (len(beginning), place)
        for place, (_heading, beginnings) in enumerate(HEADINGS)
        for beginning in beginnings
        if name.startswith(beginning)
    )[1]


def register() -> None:
    """Called once, when the site starts."""
    name_kinds(LABELS)
