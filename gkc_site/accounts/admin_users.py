"""Wagtail's user pages over our user: no user name, no superuser tick, no groups by hand.

Groups follow the mandates, accounts begin with an invitation, and closing one
goes through the same function as everywhere.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import DeleteView, EditView, UserViewSet

from network.deleting import InUseMixin
from network.exceptions import TransitionRefused
from network.models import User
from network.transitions import close_account, reopen_account

FIELDS = ["email", "first_name", "last_name", "interface_language", "time_zone"]


class _NoRank:
    """Rank is given by mandates; a superuser is made at the command line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("is_superuser", "groups"):
            self.fields.pop(name, None)

    @property
    def password_enabled(self):
        # Its owner sets the password by the link in the mail.
        return False

    def _clean_fields(self):
        super()._clean_fields()
        if "email" in self.cleaned_data:
            self.cleaned_data["email"] = User.objects.normalize_email(self.cleaned_data["email"])


class MemberCreationForm(_NoRank, UserCreationForm):
    """A member without an invitation: superusers only."""

    class Meta(UserCreationForm.Meta):
        fields = FIELDS


class MemberEditForm(_NoRank, UserEditForm):
    """Address, names, language, and whether the account is open."""

    class Meta(UserEditForm.Meta):
        fields = [*FIELDS, "is_active"]

    def __init__(self, *args, editing_self=False, **kwargs):
        super().__init__(*args, **kwargs)
        if editing_self:
            del self.fields["is_active"]


class MemberEditView(EditView):
    """Only a superuser changes a superuser: their address is the way to their password."""

    def dispatch(self, request, *args, **kwargs):
        if (self.object.is_superuser or self.object.is_system) and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except TransitionRefused as refusal:
            form.add_error("is_active", str(refusal))
            self.produced_error_message = str(refusal)
            return self.form_invalid(form)

    def save_instance(self):
        was_open = User.objects.get(pk=self.object.pk).is_active
        wanted = self.form.cleaned_data.get("is_active", was_open)
        with transaction.atomic():
            self.form.instance.is_active = was_open
            user = super().save_instance()
            if wanted != was_open:
                (reopen_account if wanted else close_account)(user, by=self.request.user)
                user.refresh_from_db()
        return user


class MemberDeleteView(InUseMixin, DeleteView):
    """Who has done anything here stays: their account is closed instead."""


class MemberViewSet(UserViewSet):
    """The list of people among the admin's settings."""

    edit_view_class = MemberEditView
    delete_view_class = MemberDeleteView

    def get_form_class(self, for_update=False):
        return MemberEditForm if for_update else MemberCreationForm
