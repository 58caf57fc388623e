"""Documents that an index refused, in the Wagtail admin."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView

from network.languages import autonym
from search.models import DeadLetter
from search.permissions import can_retry_refusal, can_view_refusals
from search.refusals import try_again


class RefusalMixin:
    """Only those who look after the indexes look in."""

    def dispatch(self, request, *args, **kwargs):
        """Refuse the others."""
        if not can_view_refusals(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RefusalListView(RefusalMixin, ReportView):
    """What was refused, newest first."""

    model = DeadLetter
    page_title = _("Refused by search")
    header_icon = "warning"
    index_url_name = "search_refusals"
    index_results_url_name = "search_refusals_results"
    columns = [
        TitleColumn("key", label=_("Document"), url_name="search_refusal"),
        Column("language", label=_("Language"), accessor=lambda row: autonym(row.language)),
        Column("consumer", label=_("Index")),
        Column("error", label=_("Reason")),
        DateColumn("at", label=_("When")),
    ]

    def get_queryset(self):
        """Newest first."""
        return DeadLetter.objects.order_by("-at", "-pk")


class RefusalView(RefusalMixin, WagtailAdminTemplateMixin, DetailView):
    """One refused document with its reason."""

    model = DeadLetter
    template_name = "search/admin/refusal.html"
    header_icon = "warning"
    _show_breadcrumbs = True

    def get_page_title(self):
        """Which document."""
        return self.object.key

    def get_breadcrumbs_items(self):
        """Below the list."""
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("search_refusals"), "label": gettext("Refused by search")},
            {"url": "", "label": self.object.key},
        ]

    def get_context_data(self, **kwargs):
        """Whether it can be tried again."""
        return super().get_context_data(
            language=autonym(self.object.language),
            can_retry=can_retry_refusal(self.request.user),
            **kwargs,
        )


@require_POST
def refusal_retry(request, pk: int):
    """Try it again."""
    if not can_retry_refusal(request.user):
        raise PermissionDenied
    try_again(get_object_or_404(DeadLetter, pk=pk), by=request.user)
    messages.success(request, gettext("The document is sent again."))
    return redirect("search_refusals")
