"""Receivers that keep wagtail-localize's own ways from losing words or going around a reader.

They only wire. `keep_stock_saves_out` replaces one method: wagtail-localize
sends no signal before it writes a target (its `save_target` stores the row
of a live page at once, source language over missing words).
"""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import (
    LocaleSynchronization,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from translations import api, assembly, carrying
from translations.registry import translatable_of


def on_segment_saved(sender, instance, created, raw=False, **kwargs):
    """A string is new at its place."""
    if created and not raw:
        carrying.note_new_segment(instance)


def on_segment_deleted(sender, instance, **kwargs):
    """A string left its place."""
    carrying.note_gone_segment(instance)


def on_words_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    """Somebody translated: in the editor, from a PO file, by our own call."""
    if not raw and (update_fields is None or "data" in update_fields):
        carrying.note_words(instance)


def on_source_saving(sender, instance, raw=False, update_fields=None, **kwargs):
    """A page that is not live yet is translated from its newest revision, not from its row."""
    if raw or (update_fields and "content_json" not in update_fields):
        return
    kind = ContentType.objects.get_for_id(instance.specific_content_type_id)
    model = kind.model_class()
    if translatable_of(model) is None:
        return
    page = model.objects.filter(
        translation_key=instance.object_id, locale_id=instance.locale_id
    ).first()
    if page is not None and not page.live:
        instance.content_json = assembly.text_to_translate(page).to_json()


def on_page_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    """A new revision of a text that is not live: its translations are marked at once."""
    if raw or translatable_of(sender) is None:
        return
    if update_fields and "latest_revision" in update_fields and not instance.live:
        assembly.refresh_source(instance)


def on_page_saving(sender, instance, raw=False, **kwargs):
    """No alias pages: an alias would show one language under another's address."""
    if not raw and isinstance(instance, Page) and instance.alias_of_id:
        raise PermissionDenied(_("Pages are translated here, not mirrored as aliases."))


def on_tree_synchronisation(sender, instance, raw=False, **kwargs):
    """No locale synchronisation: it fills trees with alias pages."""
    if not raw:
        raise PermissionDenied(_("Languages are not synchronised: each text has its translator."))


def on_translation_saving(sender, instance, raw=False, **kwargs):
    """A translation is not stopped: the page editor would take words that nobody keeps."""
    if not raw and not instance.enabled and carrying.is_ours(instance.source):
        raise PermissionDenied(_("A translation of this page cannot be stopped."))


def keep_stock_saves_out() -> None:
    """Let wagtail-localize write the pages of other rooms only; ours are assembled by `api`."""
    stock = TranslationSource.create_or_update_translation
    if getattr(stock, "is_ours", False):
        return

    def create_or_update_translation(self, locale, user=None, publish=True, **options):
        if not carrying.is_ours(self):
            return stock(self, locale, user=user, publish=publish, **options)
        if publish or user is None:
            raise PermissionDenied(
                _("A translation goes live when a second person has read it, not by this action.")
            )
        made = not self.object.has_translation(locale)
        translation = assembly.open_translation(self, locale)
        return api.save_draft(translation, by=user), made

    create_or_update_translation.is_ours = True
    TranslationSource.create_or_update_translation = create_or_update_translation


def connect() -> None:
    """Called once, from the app's ready()."""
    post_save.connect(on_segment_saved, StringSegment, dispatch_uid="translations.segment")
    post_delete.connect(on_segment_deleted, StringSegment, dispatch_uid="translations.gone")
    post_save.connect(on_words_saved, StringTranslation, dispatch_uid="translations.words")
    pre_save.connect(on_source_saving, TranslationSource, dispatch_uid="translations.source")
    pre_save.connect(on_translation_saving, Translation, dispatch_uid="translations.stop")
    pre_save.connect(
        on_tree_synchronisation, LocaleSynchronization, dispatch_uid="translations.synchronise"
    )
    post_save.connect(on_page_saved, dispatch_uid="translations.page")
    pre_save.connect(on_page_saving, dispatch_uid="translations.alias")
    keep_stock_saves_out()
