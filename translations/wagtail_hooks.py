"""The admin's part of this room: the glossary, the way to the translators' list, closed reports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail_localize.views.report import TranslationsReportView

from network.permissions import is_editor
from translations.models import Term
from translations.permissions import can_see_desk


class EditorsOnly(BasePermissionPolicy):
    """Editors, whatever the action."""

    def user_has_permission(self, user, action):
        return is_editor(user)

    def user_has_any_permission(self, user, actions):
        return is_editor(user)

    def user_has_permission_for_instance(self, user, action, instance):
        return is_editor(user)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return is_editor(user)

    def users_with_any_permission(self, actions):
        return type(self).editors()

    def users_with_any_permission_for_instance(self, actions, instance):
        return type(self).editors()

    @staticmethod
    def editors():
        from network.models import User

        return User.objects.holding("editor")


class TermViewSet(ModelViewSet):
    """The glossary: a term with its forms, definition and words to avoid in each language."""

    model = Term
    icon = "openquote"
    menu_label = _("Glossary")
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    menu_order = 310
    list_display = ["key"]
    search_fields = ["key"]
    panels = [
        FieldPanel("key"),
        InlinePanel(
            "texts",
            label=_("Language"),
            panels=[
                FieldPanel("language"),
                FieldPanel("forms"),
                FieldPanel("definition"),
                FieldPanel("avoid"),
            ],
        ),
    ]


@hooks.register("register_admin_viewset")
def glossary_viewset():
    """Who keeps it follows the groups (gkc_site.bootstrap.GROUPS)."""
    return TermViewSet("term")


# wagtail-localize's report lists every text's title to whoever enters the admin;
# a translator may not see a story of another region (R18).
TranslationsReportView.permission_policy = EditorsOnly(Term)
TranslationsReportView.permission_required = "view"


class TranslateMenuItem(MenuItem):
    """To the list of texts to translate and to read, outside the admin."""

    def is_shown(self, request):
        return can_see_desk(request.user)


@hooks.register("register_admin_menu_item")
def translate_menu_item():
    return TranslateMenuItem(
        _("Translate"), reverse("translate_desk"), icon_name="globe", order=300
    )


@hooks.register("construct_reports_menu")
def hide_report_from_translators(request, menu_items):
    """The report is the editors'."""
    if not is_editor(request.user):
        menu_items[:] = [item for item in menu_items if "localize/reports" not in item.url]
