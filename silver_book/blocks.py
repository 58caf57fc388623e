"""Blocks of the book. A paragraph's id is its identity in every language."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

PROSE = [("paragraph", blocks.RichTextBlock(label=_("Paragraph"), features=["bold", "link"]))]
