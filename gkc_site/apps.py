"""Django's description of the site room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GkcSiteConfig(AppConfig):
    name = "gkc_site"
    verbose_name = _("Site")

    def ready(self):
        from gkc_site import signal_handlers  # noqa: F401 - connects the receivers
