"""What the book tells people, each kind with its audience (R18)."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Mandate, User
from silver_book.models import LocalText
from silver_book.permissions import can_write_local
from touchpoints.registry import Kind, Message, register


def campaigners_of(scope: tuple[str, int]) -> QuerySet[User]:
    """Those who write a scope's local texts: equals `can_write_local` (tested). One query."""
    kind, pk = scope
    if kind == "region":
        held = Q(review_area__countries__region=pk) | Q(region=pk) | Q(country__region=pk)
    else:
        held = Q(review_area=pk, review_area__countries__region__isnull=True)
        held |= Q(country__review_area=pk, country__region__isnull=True)
    mandates = Mandate.objects.current().filter(held, role__in=("campaigner", "lead"))
    return User.objects.filter(pk__in=mandates.values("user"))


def keepers(local: LocalText, data) -> QuerySet[User]:
    """The region's campaigners and leads."""
    return campaigners_of(local.scope)


def words_to_review(local: LocalText, data, user) -> Message | None:
    """Passed over once the text was looked at, or is gone."""
    if local.review_since is None or local.removed_at or not can_write_local(user, local.scope):
        return None
    return Message(
        subject=_("The standard changed: a local text of %(place)s") % {"place": local.place},
        lines=(
            _(
                "A paragraph of the Silver Book changed in meaning. "
                "Your region has a text of its own there:"
            ),
            local.text,
            _("Change it, or say that it is still right. Until then it is marked for readers."),
        ),
        url=reverse("local_text", args=[local.pk]),
        action=_("Compare the two"),
    )


TO_REVIEW = register(
    Kind(
        "silver_book.local_to_review",
        keepers,
        gettext_lazy("the region’s campaigners"),
        words_to_review,
    )
)
