"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = _("Workshops")

    def ready(self):
        # Each of these registers what it holds.
        from workshops import (  # noqa: F401
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

        askable.register()
        flaggable.register()
        figures.register()
        desk.connect()
        home.register()
        references.register()
        signal_handlers.connect()
