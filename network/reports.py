"""What the admin reports of the network's files."""

import django_filters
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.documents.permissions import permission_policy

from network.models import DocumentText, TextState, UnreadReason


class DocumentTextFilterSet(WagtailFilterSet):
    """By what became of them."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=TextState.choices)
    reason = django_filters.ChoiceFilter(label=_("Reason"), choices=UnreadReason.choices)

    class Meta:
        model = DocumentText
        fields = ["state", "reason"]


class DocumentTextListView(ReportView):
    """Which files search reads, and why not the others. Seen by whoever works with documents."""

    model = DocumentText
    page_title = _("Text of files")
    header_icon = "doc-full"
    permission_policy = permission_policy
    any_permission_required = ["add", "change", "delete"]
    filterset_class = DocumentTextFilterSet
    index_url_name = "network_document_texts"
    index_results_url_name = "network_document_texts_results"
    columns = [
        TitleColumn(
            "title",
            label=_("File"),
            accessor="document.title",
            url_name="wagtaildocs:edit",
            id_accessor="document_id",
        ),
        Column("state", label=_("State"), accessor="get_state_display"),
        Column("reason", label=_("Reason"), accessor="get_reason_display"),
        Column("detail", label=_("Detail"), accessor="detail"),
        Column("pages", label=_("Pages"), accessor="pages"),
        BooleanColumn("is_cut", label=_("Only its beginning")),
        DateColumn("read_at", label=_("Read on")),
    ]

    def get_queryset(self):
        """What failed first, then the newest; without the texts."""
        failed_first = Case(When(state=TextState.FAILED, then=0), default=1)
        rows = DocumentText.objects.select_related("document").defer("text")
        return rows.order_by(failed_first, "-read_at", "-pk")
