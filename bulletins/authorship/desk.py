"""Desk lines about who writes: invitations to write along; stories that need an author."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulletins.desk import titles
from bulletins.models import Case, CoAuthorship
from bulletins.transitions.co_authors import JOINABLE
from network.localize import number_text
from network.models import Distributor, User
from network.permissions import holds, is_editor, is_member, managed_distributors, standing
from network.registry import DeskItem, desk_items

MINUTES = {"asked": 2, "name": 3}


def asked_items(user):
    """Stories that a colleague asks this person to write along. Two queries at most."""
    if not is_member(user):
        return
    firms = standing(user).distributor_ids
    if not firms:
        return
    rows = CoAuthorship.objects.open().filter(user=user, case__distributor__in=firms)
    rows = rows.filter(case__stage__in=JOINABLE)
    rows = list(rows.select_related("by", "case"))
    words = titles([row.case for row in rows]) if rows else {}
    for row in rows:
        yield DeskItem(
            title=words.get(row.case_id, row.case.number),
            language=row.case.source_language,
            what=_("%(name)s asks you to write it together. Accept, or decline.")
            % {"name": row.by.display_name},
            url=reverse("co_authorship", args=[row.pk]),
            since=row.at,
            minutes=MINUTES["asked"],
            state="submitted",
            state_label=_("Asked of you"),
            action=_("Answer"),
        )


def nameless_items(user):
    """A line for each author who left stories behind. Three queries at most."""
    if not is_member(user):
        return
    if not (managed_distributors(user) or is_editor(user) or holds(user, "lead")):
        return
    groups = list(
        Case.objects.to_name_by(user)
        .order_by()
        .values("author", "distributor")
        .annotate(count=Count("pk"), since=Min("since"))
        .order_by("since", "author", "distributor")
    )
    if not groups:
        return
    people = User.objects.in_bulk([row["author"] for row in groups])
    firms = Distributor.objects.in_bulk([row["distributor"] for row in groups])
    for row in groups:
        names = {
            "name": people[row["author"]].display_name,
            "count": number_text(row["count"]),
        }
        yield DeskItem(
            title=_("Stories of %(name)s") % names,
            what=ngettext(
                "%(name)s has left. %(count)s story needs a new author.",
                "%(name)s has left. %(count)s stories need a new author.",
                row["count"],
            )
            % names,
            url=reverse("authors_to_name") + f"#of-{row['author']}-{row['distributor']}",
            since=row["since"],
            minutes=MINUTES["name"],
            state="returned",
            state_label=firms[row["distributor"]].name,
            action=_("Name an author"),
        )


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_items.register("bulletins.co_authors", asked_items)
    desk_items.register("bulletins.authors", nameless_items)
