"""The ledger in the Wagtail admin: mailings, deliveries, the mail itself."""

import django_filters
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import DetailView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView

from network.languages import autonym
from network.models import Distributor
from touchpoints.exceptions import RequeueRefused, ReturnRefused
from touchpoints.ledger import letter_of
from touchpoints.models import Delivery, DeliveryState, Mailing, Suppression
from touchpoints.permissions import can_record_return, can_requeue_delivery, can_view_ledger
from touchpoints.queries import reached_by_distributor
from touchpoints.registry import kind, kinds
from touchpoints.transitions import REQUEUABLE, record_return, requeue


def kind_choices() -> list[tuple[str, str]]:
    """Kinds by name, for the filters."""
    return sorted((kind.name, kind.name) for kind in kinds())


def audience_of(mailing: Mailing) -> str:
    """For whom the kind is, in words; empty for one the site no longer knows."""
    try:
        return str(kind(mailing.kind).audience_label)
    except KeyError:
        return ""


class LedgerMixin:
    """Only those who answer for messages look in."""

    def dispatch(self, request, *args, **kwargs):
        """Refuse the others."""
        if not can_view_ledger(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class MailingFilterSet(WagtailFilterSet):
    """Mailings by kind and state of any of their deliveries."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kind_choices)
    state = django_filters.ChoiceFilter(
        label=_("Has deliveries"), choices=DeliveryState.choices, method="with_state"
    )

    class Meta:
        model = Mailing
        fields = ["kind"]

    def with_state(self, queryset, name, value):
        """Mailings with at least one delivery in this state."""
        rows = Delivery.objects.filter(state=value)
        return queryset.filter(pk__in=rows.values("mailing_id"))


class MailingListView(LedgerMixin, ReportView):
    """What was told, newest first."""

    model = Mailing
    page_title = _("Messages")
    header_icon = "mail"
    filterset_class = MailingFilterSet
    index_url_name = "touchpoints_mailings"
    index_results_url_name = "touchpoints_mailings_results"
    columns = [
        TitleColumn("kind", label=_("Kind"), url_name="touchpoints_mailing"),
        Column("audience", label=_("For whom"), accessor=audience_of),
        Column("object_key", label=_("About")),
        Column("sent", label=_("Sent")),
        Column("waiting", label=_("Waiting")),
        Column("missed", label=_("Not delivered")),
        DateColumn("created_at", label=_("When")),
    ]

    def get_queryset(self):
        """With the numbers of their deliveries; newest first."""
        return Mailing.objects.annotate(
            sent=Count("deliveries", filter=Q(deliveries__state="sent")),
            waiting=Count("deliveries", filter=Q(deliveries__state="queued")),
            missed=Count("deliveries", filter=~Q(deliveries__state__in=["sent", "queued"])),
        ).order_by("-pk")


class DeliveryFilterSet(WagtailFilterSet):
    """Deliveries by what one looks for when somebody says 'I got nothing'."""

    mailing__kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kind_choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=DeliveryState.choices)
    language = django_filters.ChoiceFilter(label=_("Language"), choices=settings.LANGUAGES)
    distributor = django_filters.ModelChoiceFilter(
        label=_("Distributor"), queryset=Distributor.objects.order_by("name")
    )
    address = django_filters.CharFilter(label=_("Address"), lookup_expr="icontains")
    mailing = django_filters.NumberFilter(label=_("Number of the message"))

    class Meta:
        model = Delivery
        fields = ["mailing__kind", "state", "language", "distributor", "address", "mailing"]


class DeliveryListView(LedgerMixin, ReportView):
    """Who was told, newest first."""

    model = Delivery
    page_title = _("Deliveries")
    header_icon = "mail"
    filterset_class = DeliveryFilterSet
    index_url_name = "touchpoints_deliveries"
    index_results_url_name = "touchpoints_deliveries_results"
    columns = [
        TitleColumn(
            "receiver",
            label=_("Receiver"),
            accessor=lambda row: row.address or row.distributor or row.user or "–",
            url_name="touchpoints_delivery",
        ),
        Column("kind", label=_("Kind"), accessor="mailing.kind"),
        Column("distributor", label=_("Distributor")),
        Column("language", label=_("Language"), accessor=lambda row: autonym(row.language)),
        Column("state", label=_("State"), accessor="get_state_display"),
        Column("reason", label=_("Reason"), accessor=lambda row: translated(row.reason)),
        DateColumn("sent_at", label=_("Sent")),
    ]

    def get_queryset(self):
        """With what the columns show; newest first."""
        rows = Delivery.objects.select_related("mailing", "user", "distributor")
        return rows.order_by("-pk")


def translated(reason: str) -> str:
    """A reason of the ledger in the reader's language."""
    return gettext(reason) if reason else ""


class MailingView(LedgerMixin, WagtailAdminTemplateMixin, DetailView):
    """One mailing: every distributor as reached, or not with the reason."""

    model = Mailing
    template_name = "touchpoints/admin/mailing.html"
    header_icon = "mail"
    _show_breadcrumbs = True

    def get_page_title(self):
        """Its kind."""
        return self.object.kind

    def get_breadcrumbs_items(self):
        """Below the list."""
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("touchpoints_mailings"), "label": gettext("Messages")},
            {"url": "", "label": self.object.kind},
        ]

    def get_context_data(self, **kwargs):
        """The states' numbers, and the distributors."""
        reaches = reached_by_distributor(self.object)
        numbers = self.object.deliveries.values_list("state").annotate(Count("pk"))
        missed = sum(reach.state == "not_reached" for reach in reaches)
        summary = ngettext(
            "%(count)s distributor was not reached.",
            "%(count)s distributors were not reached.",
            missed,
        ) % {"count": missed}
        return super().get_context_data(
            reaches=[
                (reach, [translated(reason) for reason in reach.reasons]) for reach in reaches
            ],
            numbers=[(DeliveryState(state).label, number) for state, number in numbers],
            summary=summary,
            audience=audience_of(self.object),
            deliveries_url=f"{reverse('touchpoints_deliveries')}?mailing={self.object.pk}",
            **kwargs,
        )


class DeliveryView(LedgerMixin, WagtailAdminTemplateMixin, DetailView):
    """One delivery with its mail."""

    queryset = Delivery.objects.select_related("mailing", "user", "distributor")
    template_name = "touchpoints/admin/delivery.html"
    header_icon = "mail"
    _show_breadcrumbs = True

    def get_page_title(self):
        """Who it is for."""
        return str(self.object.address or self.object.distributor or "–")

    def get_breadcrumbs_items(self):
        """Below its mailing."""
        mailing = self.object.mailing
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("touchpoints_mailings"), "label": gettext("Messages")},
            {"url": reverse("touchpoints_mailing", args=[mailing.pk]), "label": mailing.kind},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs):
        """The mail, and whether it can be tried again."""
        delivery = self.object
        letter = letter_of(delivery)
        return super().get_context_data(
            letter=letter,
            note=translated(letter.note),
            reason=translated(delivery.reason),
            language=autonym(delivery.language),
            can_record_return=delivery.state == DeliveryState.SENT
            and can_record_return(self.request.user),
            can_requeue=delivery.state in REQUEUABLE and can_requeue_delivery(self.request.user),
            **kwargs,
        )


@require_safe
def delivery_html(request, pk: int):
    """The mail's HTML part alone, for the frame of the page above."""
    if not can_view_ledger(request.user):
        raise PermissionDenied
    rows = Delivery.objects.select_related("mailing", "user", "distributor")
    return HttpResponse(letter_of(get_object_or_404(rows, pk=pk)).html)


@require_POST
def delivery_requeue(request, pk: int):
    """Send a failed one again."""
    delivery = get_object_or_404(Delivery, pk=pk)
    try:
        requeue(delivery, by=request.user)
    except RequeueRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("The delivery is queued again."))
    return redirect("touchpoints_delivery", pk=pk)


@require_POST
def delivery_returned(request, pk: int):
    """Write down that the mail came back."""
    delivery = get_object_or_404(Delivery, pk=pk)
    words = " ".join(request.POST.get("words", "").split())[:500]
    try:
        record_return(delivery, by=request.user, hard="hard" in request.POST, words=words)
    except ReturnRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("Written down: the mail came back."))
    return redirect("touchpoints_delivery", pk=pk)


class AgainColumn(Column):
    """Who corrected it, or a button that does."""

    cell_template_name = "touchpoints/admin/again_cell.html"

    def get_cell_context_data(self, instance, parent_context):
        """The form needs the page's token and address."""
        context = super().get_cell_context_data(instance, parent_context)
        context["csrf_token"] = parent_context.get("csrf_token")
        return context


class AddressListView(LedgerMixin, ReportView):
    """Addresses out of use, newest first; those that were corrected stay as history."""

    model = Suppression
    page_title = _("Addresses out of use")
    header_icon = "mail"
    index_url_name = "touchpoints_addresses"
    index_results_url_name = "touchpoints_addresses_results"
    columns = [
        Column("address", label=_("Address")),
        Column("why", label=_("Why"), accessor="get_why_display"),
        Column("words", label=_("In the server's words")),
        DateColumn("since", label=_("Since")),
        AgainColumn("lifted_by", label=_("Used again")),
        DateColumn("lifted_at", label=_("When")),
    ]

    def get_queryset(self):
        """Newest first, those in force on top."""
        rows = Suppression.objects.select_related("lifted_by")
        return rows.order_by(F("lifted_at").desc(nulls_first=True), "-since")
