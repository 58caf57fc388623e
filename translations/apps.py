"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    name = "translations"
    verbose_name = _("Translations")

    def ready(self):
        from translations import (  # noqa: F401  (they register themselves)
            checks,
            desk,
            messages,
            signal_handlers,
        )

        signal_handlers.connect()
        desk.register()
