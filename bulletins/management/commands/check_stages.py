"""`manage.py check_stages`: hold every case against its events; exit 1 when any differ."""

import sys

from django.core.management.base import BaseCommand

from bulletins.models import Case
from bulletins.projection import wrong_cases


class Command(BaseCommand):
    """See bulletins.projection."""

    help = "Compare stage, holder and since of all cases with their events; --repair rewrites them."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true")

    def handle(self, *args, repair: bool, **options):
        wrong = wrong_cases()
        for case, said in wrong:
            self.stdout.write(f"{case.number}: has {case.stage}, events say {said.stage}")
            if repair:
                Case.objects.filter(pk=case.pk).update(
                    stage=said.stage,
                    holder_id=said.holder_id,
                    since=said.since,
                    is_published=said.is_published,
                )
        self.stdout.write(f"{len(wrong)} differ")
        if wrong and not repair:
            sys.exit(1)
