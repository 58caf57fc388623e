"""Deleting in the admin: what is still in use stays, and the admin says what uses it."""

from django.contrib import messages
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import DeleteView

from network.localize import list_text


class InUseMixin:
    """For a DeleteView of Wagtail: it knows of protected uses by its reference index alone, which
    holds none of ours, and answers with a server error."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except (ProtectedError, RestrictedError) as refusal:
            messages.error(
                self.request,
                _("“%(name)s” was not deleted: it is still in use. It is named by: %(users)s.")
                % {"name": self.object, "users": list_text(_kinds(refusal))},
            )
            return HttpResponseRedirect(self.get_delete_url())


def _kinds(refusal: ProtectedError | RestrictedError) -> list[str]:
    """What names it, each kind once."""
    rows = getattr(refusal, "protected_objects", None) or refusal.restricted_objects
    return sorted({str(row._meta.verbose_name_plural) for row in rows})


class InUseDeleteView(InUseMixin, DeleteView):
    """Of an object that others may name."""
