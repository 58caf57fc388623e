"""Write docs/permissions.md from the permission table."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Write docs/permissions.md from the table in tests/permissions (needs a checkout)."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say whether it is current")

    def handle(self, *args, check: bool, **options):
        try:
            from tests.permissions.page import text
        except ImportError as missing:
            raise CommandError("The table stands in tests/, which is not here.") from missing
        page = Path(settings.BASE_DIR) / "docs/permissions.md"
        if check:
            if not page.exists() or page.read_text(encoding="utf-8") != text():
                raise CommandError("docs/permissions.md is out of date: manage.py permission_page")
            return
        page.parent.mkdir(exist_ok=True)
        page.write_text(text(), encoding="utf-8")
