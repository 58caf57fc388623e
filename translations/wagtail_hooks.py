"""The admin's part of this room: the glossary, the way to the translators' list, closed reports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail_localize.views.report import TranslationsReportView

from network.deleting import InUseDeleteView
from network.languages import codes
from network.permissions import is_editor
from translations.forms import TermForm, TermTextForm, TermTextFormSet
from translations.models import Term
from translations.permissions import can_edit_glossary, can_edit_term, can_see_desk


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


class GlossaryKeepers(EditorsOnly):
    """Editors and administrators everything; translators the words of their languages."""

    def user_has_permission(self, user, action):
        if action in ("add", "delete"):
            return can_edit_term(user)
        return can_edit_glossary(user)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_permission(user, action)

    def user_has_any_permission_for_instance(self, user, actions, instance):
        return self.user_has_any_permission(user, actions)


class TermIndexView(IndexView):
    """The list, looked through by any form in any language."""

    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("texts")

    def search_queryset(self, queryset):
        return queryset.matching(self.search_query) if self.is_searching else queryset


class TextsPanel(InlinePanel):
    """A term's languages, in forms that know who writes."""

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name] |= {
            "form": TermTextForm,
            "formset": TermTextFormSet,
            "inherit_kwargs": ["for_user"],
        }
        return options


def _english(term) -> str:
    text = term.text_in("en")
    return text.preferred if text else ""


def _languages(term) -> str:
    held = {text.language for text in term.texts.all() if text.forms}
    return " ".join(code for code in codes() if code in held)


class TermViewSet(ModelViewSet):
    """The glossary: a term with its forms, definition and words to avoid in each language."""

    model = Term
    icon = "openquote"
    menu_label = _("Glossary")
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    delete_view_class = InUseDeleteView
    menu_order = 310
    index_view_class = TermIndexView
    list_display = [
        "key",
        Column("english", label=_("English"), accessor=_english),
        Column("languages", label=_("Languages"), accessor=_languages),
    ]
    search_fields = ["key"]  # says that there is a search; TermIndexView does it
    edit_handler = ObjectList(
        [
            FieldPanel("key"),
            TextsPanel(
                "texts",
                label=_("Language"),
                panels=[
                    FieldPanel("language"),
                    FieldPanel("forms"),
                    FieldPanel("definition"),
                    FieldPanel("avoid"),
                ],
            ),
        ],
        base_form_class=TermForm,
    )

    @property
    def permission_policy(self):
        return GlossaryKeepers(self.model)


@hooks.register("register_admin_viewset")
def glossary_viewset():
    """Who keeps it: translations.permissions."""
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
