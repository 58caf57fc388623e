"""`manage.py extract_messages`: bring locale/*/django.po in step with the code."""

from django.conf import settings
from django.core.management.base import BaseCommand

from gkc_site.catalogs.extract import update_catalogs


class Command(BaseCommand):
    """Adds new texts, keeps translations of the same msgid, drops what the code lost."""

    help = "Extract texts into the message catalogs, without the gettext binaries."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument(
            "languages", nargs="*", help="language codes; every one that has a catalog, by default"
        )

    def handle(self, *args, languages, **options):
        from gkc_site.catalogs import catalog_path

        names = [(code, name) for code, name in settings.LANGUAGES if code != "en"]
        wanted = set(languages) | set(settings.GKC_COMPLETE_LANGUAGES)
        chosen = [
            (code, name)
            for code, name in names
            if (code in wanted if languages else code in wanted or catalog_path(code).exists())
        ]
        if languages:
            chosen = [pair for pair in chosen if pair[0] in languages]
        for code, missing in update_catalogs(chosen).items():
            self.stdout.write(f"{code}: {missing} texts to translate")
