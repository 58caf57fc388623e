"""Puts the ledger among the admin's reports."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from touchpoints import views
from touchpoints.permissions import can_view_ledger


@hooks.register("register_admin_urls")
def on_register_admin_urls():
    """Addresses below /admin/."""
    mailings, deliveries = views.MailingListView, views.DeliveryListView
    return [
        path("messages/", mailings.as_view(), name="touchpoints_mailings"),
        path(
            "messages/results/",
            mailings.as_view(results_only=True),
            name="touchpoints_mailings_results",
        ),
        path("messages/<int:pk>/", views.MailingView.as_view(), name="touchpoints_mailing"),
        path("messages/deliveries/", deliveries.as_view(), name="touchpoints_deliveries"),
        path(
            "messages/deliveries/results/",
            deliveries.as_view(results_only=True),
            name="touchpoints_deliveries_results",
        ),
        path(
            "messages/deliveries/<int:pk>/",
            views.DeliveryView.as_view(),
            name="touchpoints_delivery",
        ),
        path(
            "messages/deliveries/<int:pk>/html/",
            views.delivery_html,
            name="touchpoints_delivery_html",
        ),
        path(
            "messages/deliveries/<int:pk>/again/",
            views.delivery_requeue,
            name="touchpoints_delivery_requeue",
        ),
        path(
            "messages/deliveries/<int:pk>/returned/",
            views.delivery_returned,
            name="touchpoints_delivery_returned",
        ),
        path("messages/addresses/", views.AddressListView.as_view(), name="touchpoints_addresses"),
        path(
            "messages/addresses/results/",
            views.AddressListView.as_view(results_only=True),
            name="touchpoints_addresses_results",
        ),
    ]


class LedgerMenuItem(MenuItem):
    """Shown to those who may look in."""

    def is_shown(self, request) -> bool:
        """Editors and administrators."""
        return can_view_ledger(request.user)


@hooks.register("register_reports_menu_item")
def on_register_reports_menu_item():
    """'Messages' and 'Deliveries' under Reports: the second is reached from the first."""
    return LedgerMenuItem(
        _("Messages"), reverse("touchpoints_mailings"), name="messages", icon_name="mail", order=600
    )


@hooks.register("register_reports_menu_item")
def on_register_deliveries_menu_item():
    """Who got what."""
    return LedgerMenuItem(
        _("Deliveries"),
        reverse("touchpoints_deliveries"),
        name="deliveries",
        icon_name="mail",
        order=610,
    )


@hooks.register("register_reports_menu_item")
def on_register_addresses_menu_item():
    """Who gets no mail."""
    return LedgerMenuItem(
        _("Addresses out of use"),
        reverse("touchpoints_addresses"),
        name="addresses",
        icon_name="mail",
        order=620,
    )
