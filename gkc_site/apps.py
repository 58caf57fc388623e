"""Django's description of the site room."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class GkcSiteConfig(AppConfig):
    name = "gkc_site"
    verbose_name = _("Site")

    def ready(self):
        # Checks register themselves, receivers connect themselves.
        from gkc_site import checks, home, signal_handlers  # noqa: F401
        from gkc_site.measures import home as measures_home
        from gkc_site.measures import messages  # noqa: F401 - registers its kind
        from gkc_site.people import desk as people_desk

        home.register()
        measures_home.register()
        people_desk.register()
        if settings.DEMO_MODE:
            from gkc_site.demo import references

            references.register()
