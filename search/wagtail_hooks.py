"""Search in the admin: picks stay, the report of readers' queries goes, refusals are reported."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from search import admin_views
from search.permissions import can_view_refusals


@hooks.register("register_admin_urls")
def on_register_admin_urls():
    """Addresses below /admin/."""
    refusals = admin_views.RefusalListView
    return [
        path("search-refusals/", refusals.as_view(), name="search_refusals"),
        path(
            "search-refusals/results/",
            refusals.as_view(results_only=True),
            name="search_refusals_results",
        ),
        path("search-refusals/<int:pk>/", admin_views.RefusalView.as_view(), name="search_refusal"),
        path(
            "search-refusals/<int:pk>/again/",
            admin_views.refusal_retry,
            name="search_refusal_retry",
        ),
    ]


class RefusalsMenuItem(MenuItem):
    """Shown to those who may look in."""

    def is_shown(self, request) -> bool:
        """Administrators."""
        return can_view_refusals(request.user)


@hooks.register("register_reports_menu_item")
def on_register_reports_menu_item():
    """Under Reports."""
    return RefusalsMenuItem(
        _("Refused by search"),
        reverse("search_refusals"),
        name="search-refusals",
        icon_name="warning",
        order=620,
    )


@hooks.register("construct_reports_menu")
def hide_search_terms(request, menu_items):
    """Nothing is recorded, so the report would be empty for ever."""
    menu_items[:] = [item for item in menu_items if item.name != "search-terms"]
