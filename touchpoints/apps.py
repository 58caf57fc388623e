"""Django's description of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TouchpointsConfig(AppConfig):
    name = "touchpoints"
    verbose_name = _("Touch-points")

    def ready(self) -> None:
        from touchpoints import checks, signal_handlers  # noqa: F401  (registers them)
