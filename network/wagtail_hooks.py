"""The network in the admin: its pages, a warning of gaps, and words for its history."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.documents.permissions import permission_policy as document_policy

from network.deleting import InUseDeleteView
from network.languages import codes
from network.models import (
    Country,
    Dealer,
    Distributor,
    Mandate,
    Measure,
    Region,
    ReviewArea,
    Topic,
)
from network.reports import DocumentTextListView

ACTIONS = [
    ("network.join", _("Join"), _("Joined a distributor")),
    ("network.leave", _("Leave"), _("Left a distributor")),
    ("network.close_account", _("Close account"), _("Account closed")),
    ("network.reopen_account", _("Reopen account"), _("Account reopened")),
    ("network.name_contact", _("Name contact"), _("Place among the contacts changed")),
    ("network.confirm_post", _("Confirm post"), _("Post and experience confirmed")),
    ("network.grant_mandate", _("Grant mandate"), _("Mandate granted")),
    ("network.enter_absence", _("Enter days away"), _("Days away entered")),
    ("network.remove_absence", _("Remove days away"), _("Days away removed")),
    ("network.set_clocks", _("Set clock lengths"), _("Clock lengths set")),
    ("network.end_mandate", _("End mandate"), _("Mandate ended")),
]


@hooks.register("register_log_actions")
def register_network_actions(actions):
    """Every change of people leaves a line."""
    for name, label, message in ACTIONS:
        actions.register_action(name, label, message)


def names_of(model) -> list[str]:
    """The columns of a translated name, in the site's order."""
    return [build_localized_fieldname("name", code) for code in codes()]


class _NetworkViewSet(ModelViewSet):
    """Who may do what follows the groups (gkc_site.bootstrap.GROUPS)."""

    add_to_reference_index = False
    copy_view_enabled = False
    delete_view_class = InUseDeleteView


class RegionViewSet(_NetworkViewSet):
    model = Region
    icon = "site"
    form_fields = ["slug", *names_of(Region), "sort_order"]
    list_display = ["name", "slug"]


class ReviewAreaViewSet(_NetworkViewSet):
    model = ReviewArea
    icon = "group"
    form_fields = [
        "slug",
        *names_of(ReviewArea),
        "neighbour",
        "area_days",
        "neutral_days",
        "author_days",
        "sort_order",
    ]
    list_display = ["name", "neighbour", "area_days", "neutral_days"]


class CountryViewSet(_NetworkViewSet):
    model = Country
    icon = "globe"
    form_fields = ["code", "review_area", "region", "languages", "weekend"]
    list_display = ["code", "name", "review_area", "region"]
    list_filter = ["review_area", "region"]


class DistributorViewSet(_NetworkViewSet):
    model = Distributor
    icon = "home"
    form_fields = ["code", *names_of(Distributor), "country", "languages", "is_active"]
    list_display = ["name", "code", "country", "is_active"]
    list_filter = ["country", "is_active"]
    search_fields = ["code", "name_en"]


class DealerViewSet(_NetworkViewSet):
    model = Dealer
    icon = "home"
    form_fields = ["code", "name", "city", "distributor", "is_active"]
    list_display = ["name", "code", "city", "distributor", "is_active"]
    list_filter = ["distributor"]
    search_fields = ["code", "name", "city"]


class MandateViewSet(_NetworkViewSet):
    model = Mandate
    icon = "key"
    form_fields = [
        "user",
        "role",
        "scope",
        "region",
        "review_area",
        "country",
        "distributor",
        "language",
        "since",
        "until",
        "field",
        "nomination_note",
        "deputy",
    ]
    list_display = ["user", "role", "scope", "since", "until"]
    list_filter = ["role", "review_area"]


class TopicViewSet(_NetworkViewSet):
    model = Topic
    icon = "tag"
    form_fields = ["slug", *names_of(Topic)]
    list_display = ["name", "slug"]


class MeasureViewSet(_NetworkViewSet):
    model = Measure
    icon = "order"
    form_fields = ["slug", *names_of(Measure), "unit", "better"]
    list_display = ["name", "unit", "better"]


class NetworkViewSets(ModelViewSetGroup):
    menu_label = _("Network")
    menu_icon = "globe"
    menu_order = 300
    items = (
        DistributorViewSet,
        DealerViewSet,
        MandateViewSet,
        TopicViewSet,
        MeasureViewSet,
        RegionViewSet,
        ReviewAreaViewSet,
        CountryViewSet,
    )


@hooks.register("register_admin_viewset")
def register_network():
    return NetworkViewSets()


class MissingRegions(Component):
    """R22: every home region has a member; a gap is shown to whoever works in the admin."""

    order = 50
    template_name = "network/admin/missing_regions.html"

    def get_context_data(self, parent_context):
        return {
            "regions": Region.objects.without_members(),
            "without_campaigner": Region.objects.without_campaigners(),
        }


@hooks.register("construct_homepage_panels")
def warn_of_missing_regions(request, panels):
    panels.append(MissingRegions())


# --- text of files -------------------------------------------------------------
@hooks.register("register_admin_urls")
def register_document_texts():
    """Addresses below /admin/."""
    view = DocumentTextListView
    return [
        path("file-texts/", view.as_view(), name="network_document_texts"),
        path(
            "file-texts/results/",
            view.as_view(results_only=True),
            name="network_document_texts_results",
        ),
    ]


class DocumentTextMenuItem(MenuItem):
    """Shown to whoever works with documents."""

    def is_shown(self, request) -> bool:
        """As the list of documents itself."""
        return document_policy.user_has_any_permission(request.user, ["add", "change", "delete"])


@hooks.register("register_reports_menu_item")
def register_document_text_report():
    """'Text of files' under Reports."""
    return DocumentTextMenuItem(
        _("Text of files"),
        reverse("network_document_texts"),
        name="file-texts",
        icon_name="doc-full",
        order=620,
    )
