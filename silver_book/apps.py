"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SilverBookConfig(AppConfig):
    name = "silver_book"
    verbose_name = _("Silver Book")

    def ready(self):
        # Each of these registers what it holds.
        from silver_book import (  # noqa: F401
            askable,
            desk,
            figures,
            flaggable,
            home,
            messages,
            references,
            signal_handlers,
            translatables,
        )

        signal_handlers.connect()
        home.register()
        desk.register()
        flaggable.register()
        askable.register()
        figures.register()
        references.register()
