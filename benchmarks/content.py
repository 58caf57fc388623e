"""Prepares a home folder for the benchmark and says what to ask of it.

    GKC_HOME=… python -m benchmarks.content [--stories 5000]

Without stories: tables, demo content, the bare page. With them: so many
published stories more, copies of the demo's under numbers and titles of their
own. Prints, as JSON, the addresses to ask and a member's session cookie.
"""

import argparse
import datetime
import itertools
import json
import os
import sys
import uuid

YEARS = tuple(range(2006, 2026))
FIRST = 4001  # of each year: the demo's own stories stand below
BATCH = 500
TRANSLATED_EACH = 4  # every fourth copy has all languages of its pattern, the others English
BARE_TEXT = "<p>" + "Parts are picked the evening before, one tray for each order. " * 40 + "</p>"
WORDS_OF_ONE, WORDS_OF_MANY = "Saudi parts fire", "dealers"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=0)
    stories = parser.parse_args().stories
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    if stories:
        import django

        django.setup()
        from django.db import transaction

        with transaction.atomic():
            copy_stories(stories)
            index(stories)
        check_tree()
    else:
        from gkc_site.runner import prepare

        prepare.main()
        make_bare_page()
    json.dump(what_to_ask(), sys.stdout)


def make_bare_page() -> None:
    """Below the English home, at /en/bare/."""
    from benchmarks.barepage.models import BarePage
    from gkc_site.models import HomePage

    home = HomePage.objects.get(locale__language_code="en")
    if not BarePage.objects.exists():
        home.add_child(
            instance=BarePage(title="Bare", slug="bare", body=BARE_TEXT, locale=home.locale)
        )


def copy_stories(number: int) -> None:
    """So many published stories from the demo's, each in the languages its pattern has."""
    from bulletins.models import Case, CaseEvent, CaseResult, CaseStoryPage

    patterns = list(Case.objects.filter(is_published=True).prefetch_related("topics", "results"))
    pages_of = {
        case.pk: list(CaseStoryPage.objects.filter(case=case, live=True).select_related("locale"))
        for case in patterns
    }
    chosen = list(itertools.islice(itertools.cycle(patterns), number))
    cases = Case.objects.bulk_create(
        [case_like(pattern, n) for n, pattern in enumerate(chosen)], batch_size=BATCH
    )
    pairs = list(zip(cases, chosen, strict=True))
    through = Case.topics.through
    through.objects.bulk_create(
        (through(case=case, topic=topic) for case, like in pairs for topic in like.topics.all()),
        batch_size=BATCH,
    )
    CaseResult.objects.bulk_create(
        (
            like_row(row, case=case, measure_key=uuid.uuid4())
            for case, like in pairs
            for row in like.results.all()
        ),
        batch_size=BATCH,
    )
    CaseEvent.objects.bulk_create(
        (
            CaseEvent(case=case, verb="publish", new=case.stage, by=case.author, at=case.since)
            for case in cases
        ),
        batch_size=BATCH,
    )
    add_pages(
        [
            (case, page)
            for n, (case, like) in enumerate(pairs)
            for page in pages_of[like.pk]
            if n % TRANSLATED_EACH == 0 or page.locale.language_code == "en"
        ]
    )


def like_row(row, **changed):
    """An unsaved copy of a row."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.local_concrete_fields}
    values.pop(row._meta.pk.attname, None)
    copy = type(row)(**values)
    for name, value in changed.items():
        setattr(copy, name, value)
    return copy


def case_like(pattern, n: int):
    """The n-th story: its number and day spread over YEARS."""
    year = YEARS[n % len(YEARS)]
    day = datetime.datetime(year, 1, 1, 9, tzinfo=datetime.UTC)
    day += datetime.timedelta(days=n // len(YEARS) % 360)
    return like_row(
        pattern,
        number=f"{year}-{FIRST + n // len(YEARS):04}",
        published_at=day,
        submitted_at=day,
        since=day,
        approved_revision_id=None,
        consent_revision_id=None,
    )


def add_pages(wanted: list[tuple]) -> None:
    """Pages like the given ones under the index of their language, with valid tree paths."""
    from django.db.models.query import QuerySet
    from django.utils.text import slugify
    from wagtail.models import Page

    from bulletins.models import CaseStoryPage, StoryIndexPage

    indexes = {i.locale_id: i for i in StoryIndexPage.objects.select_related("locale")}
    steps = {key: last_step(index) for key, index in indexes.items()}
    keys: dict[int, uuid.UUID] = {}
    parts = []
    for case, like in wanted:
        index = indexes[like.locale_id]
        steps[like.locale_id] += 1
        page = like_row(like.page_ptr if hasattr(like, "page_ptr") else like)
        page.path = Page._get_path(index.path, index.depth + 1, steps[like.locale_id])
        page.depth, page.numchild = index.depth + 1, 0
        page.title = page.draft_title = f"{like.title} ({case.number})"
        page.slug = f"{case.number}-{slugify(like.title, allow_unicode=True)}"[:200]
        page.url_path = f"{index.url_path}{case.number[:4]}/{page.slug}/"
        page.translation_key = keys.setdefault(case.pk, uuid.uuid4())
        page.latest_revision_id = page.live_revision_id = page.alias_of_id = None
        page.first_published_at = page.last_published_at = case.published_at
        parts.append((page, case, like))
    Page.objects.bulk_create([page for page, _case, _like in parts], batch_size=100)
    # bulk_create refuses tables with a parent; their own half is a plain table.
    own = CaseStoryPage._meta.local_concrete_fields
    rows = []
    for page, case, like in parts:
        row = CaseStoryPage(**{f.attname: getattr(like, f.attname) for f in own})
        row.page_ptr_id, row.case_id = page.pk, case.pk
        rows.append(row)
    for first in range(0, len(rows), BATCH):
        QuerySet(CaseStoryPage)._insert(rows[first : first + BATCH], fields=own, using="default")
    for found in indexes.values():
        below = Page.objects.filter(path__startswith=found.path, depth=found.depth + 1)
        Page.objects.filter(pk=found.pk).update(numchild=below.count())


def last_step(index) -> int:
    """The last child's place below the index; 0 where there is none."""
    last = index.get_last_child()
    return type(index)._str2int(last.path[-index.steplen :]) if last else 0


def index(number: int) -> None:
    """Write the new stories into the search index, as a publication does."""
    from bulletins.models import Case
    from search.api import mark_changed

    for case in Case.objects.order_by("-pk")[:number]:
        mark_changed(case)


def check_tree() -> None:
    """Raises AssertionError where the copied pages broke the tree."""
    from wagtail.models import Page

    problems = Page.find_problems()
    if any(problems):
        raise AssertionError(f"the page tree is broken: {[len(found) for found in problems]}")


def what_to_ask() -> dict:
    """Addresses by name, and the session of a member without a mandate."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils.http import urlencode

    from bulletins.models import BulletinIssue, Case
    from network.models import User

    case = Case.objects.filter(is_published=True, audience="public").order_by("pk").first()
    issue = BulletinIssue.objects.filter(stage="released").order_by("-month").first()
    member = (
        User.objects.filter(is_active=True, mandates=None, memberships__contact="")
        .exclude(memberships=None)
        .order_by("pk")
        .first()
    )
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    return {
        "addresses": {
            "bare": "/en/bare/",
            "story": case.pages.get(locale__language_code="en").url,
            "home": "/en/",
            "issue": issue.pages.get(locale__language_code="en").url,
            "search, few": f"/en/search/?{urlencode({'q': WORDS_OF_ONE})}",
            "search, many": f"/en/search/?{urlencode({'q': WORDS_OF_MANY})}",
        },
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
        "stories": Case.objects.filter(is_published=True).count(),
    }


if __name__ == "__main__":
    main()
