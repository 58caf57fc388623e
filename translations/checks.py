"""System checks: what must not exist in the database of a site in twelve languages."""

from django.core.checks import Error, Tags, register
from django.db import OperationalError, ProgrammingError
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.models import LocaleSynchronization

from translations.registry import translatables


@register(Tags.database)
def check_no_aliases(app_configs=None, databases=None, **kwargs):
    """E001 for alias pages, E002 for locale synchronisation (`check --database default`)."""
    if not databases:
        return []
    errors = []
    try:
        aliases = Page.objects.filter(alias_of__isnull=False).count()
        synchronised = LocaleSynchronization.objects.count()
    except (OperationalError, ProgrammingError):
        return []  # before the first migration
    if aliases:
        errors.append(
            Error(
                f"{aliases} alias pages exist.",
                hint="Delete them: a missing language is answered by GkcPage.route.",
                id="translations.E001",
            )
        )
    if synchronised:
        errors.append(
            Error(
                "A locale is synchronised from another.",
                hint="Remove it under Settings, Locales: it fills the tree with alias pages.",
                id="translations.E002",
            )
        )
    return errors


@register()
def check_one_text_a_place(app_configs=None, **kwargs):
    """E003: a rich text holds several strings at one place; words are kept one a place."""
    errors = []
    for entry in translatables():
        for field in entry.model._meta.get_fields():
            rich = isinstance(field, RichTextField) or (
                isinstance(field, StreamField) and _holds_rich_text(field.stream_block)
            )
            if rich:
                errors.append(
                    Error(
                        f"{entry.model.__name__}.{field.name} holds rich text.",
                        hint="Use blocks of plain text, one paragraph each.",
                        id="translations.E003",
                    )
                )
    return errors


def _holds_rich_text(block) -> bool:
    if isinstance(block, blocks.RichTextBlock):
        return True
    children = list(getattr(block, "child_blocks", {}).values())
    if hasattr(block, "child_block"):
        children.append(block.child_block)
    return any(_holds_rich_text(child) for child in children)
