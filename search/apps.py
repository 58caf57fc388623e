"""Django's description of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self):
        from search import checks, counting  # noqa: F401 - checks register themselves

        counting.register()
        autodiscover_modules("search_documents")
        post_migrate.connect(on_post_migrate, sender=self)


def on_post_migrate(**kwargs):
    """Make the embedded index beside the tables it follows; a host's own file is made on use."""
    from search import engines

    if engines.embedded().is_transactional:
        engines.embedded().ensure_schema()
