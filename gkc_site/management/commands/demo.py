"""`manage.py demo`: add the demo content. Safe to run again; only adds what is missing."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gkc_site.demo.board import load_board
from gkc_site.demo.book import load_book, load_edition
from gkc_site.demo.issues import load_issues
from gkc_site.demo.languages import load_languages
from gkc_site.demo.months import load_months
from gkc_site.demo.months.issues import load_readings
from gkc_site.demo.people import load_people
from gkc_site.demo.questions import load_questions
from gkc_site.demo.regional import load_regional
from gkc_site.demo.responses import load_responses
from gkc_site.demo.stories import load_stories
from gkc_site.demo.visits import load_visits
from gkc_site.demo.workshops import load_workshops
from gkc_site.demo.workshops.after import load_after
from gkc_site.demo.workshops.history import load_history


class Command(BaseCommand):
    """See gkc_site.demo."""

    help = "Load invented people and stories told from the sources (idempotent)."

    def handle(self, *args, **options):
        if not settings.DEMO_MODE:
            raise CommandError("Demo content is for demo mode only (GKC_DEMO=1).")
        load_people()
        self.stdout.write("people: loaded")
        cases = load_stories()
        self.stdout.write(f"stories: {len(cases)} new")
        self.stdout.write(f"translations: {load_languages()} new")
        # The earlier months first: issues are numbered as they come out.
        self.stdout.write(f"earlier months: {load_months()} stories new")
        self.stdout.write(f"issues: {load_issues()} new")
        self.stdout.write(f"issues read: {load_readings()} new")
        self.stdout.write(f"news, supplements and proposals: {load_regional()} new")
        self.stdout.write(f"responses: {load_responses()} new")
        self.stdout.write(f"limits and coaching notes: {load_board()} new")
        self.stdout.write(f"notes of visits: {load_visits()} new")
        self.stdout.write(f"book: {load_book()} new")
        self.stdout.write(f"editions: {load_edition()} new")
        self.stdout.write(f"questions: {load_questions()} new")
        programmes, sessions = load_workshops()
        self.stdout.write(f"workshops: {programmes} programmes, {sessions} dates new")
        self.stdout.write(f"workshops past: {load_history()} new")
        self.stdout.write(f"certificates: {load_after()} new")
