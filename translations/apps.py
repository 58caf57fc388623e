"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    name = "translations"
    verbose_name = _("Translations")

    def ready(self):
        from translations import checks, desk, signal_handlers  # noqa: F401  (registers its checks)

        signal_handlers.connect()
        desk.register()
