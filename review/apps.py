"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    name = "review"
    verbose_name = _("Review")

    def ready(self):
        from review import (  # noqa: F401  (messages register their kinds)
            clock_messages,
            desk,
            figures,
            messages,
            question_desk,
            question_messages,
            signal_handlers,
        )

        desk.register()
        figures.register()
        question_desk.register()
        signal_handlers.connect()
