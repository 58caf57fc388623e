"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SilverBookConfig(AppConfig):
    name = "silver_book"
    verbose_name = _("Silver Book")
