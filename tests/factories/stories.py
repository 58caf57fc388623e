"""Cases, their pages, and issues. Stages are set directly: transitions have their own tests."""

import datetime
import itertools
import uuid

from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale

from bulletins.guard import inside_transition
from bulletins.models import (
    BulletinIndexPage,
    BulletinIssue,
    BulletinIssuePage,
    Case,
    CaseStoryPage,
    IssueStory,
    StoryIndexPage,
)
from network.models import User
from tests.factories.network import make_distributor, make_user

_numbers = itertools.count(1)


def paragraphs(*texts: str) -> list[dict]:
    """A StreamField value of paragraphs, each with its own id."""
    return [{"type": "paragraph", "value": text, "id": str(uuid.uuid4())} for text in texts]


def make_case(
    distributor=None,
    author: User | None = None,
    language: str = "en",
    title: str = "First reply within an hour",
    *,
    stage: str = "draft",
    published: bool = False,
    audience: str = "network",
    cleared: bool | None = None,
    topics: tuple = (),
    page_fields: dict | None = None,
    **fields,
) -> Case:
    """A case with its source page (`case.source_page()`).

    `published` sets the stage and makes the page live. A public case is
    cleared unless `cleared` says otherwise. `page_fields` go to the page.
    """
    distributor = distributor or make_distributor()
    author = author or make_user(distributor=distributor)
    now = timezone.now()
    if published:
        stage = "published"
        fields.setdefault("published_at", now)
    if stage != "draft":
        fields.setdefault("submitted_at", now)
        fields.setdefault("region", distributor.country.region)
        fields.setdefault("review_area", distributor.country.review_area)
    if cleared if cleared is not None else audience == "public":
        fields.setdefault("cleared_at", now)
        fields.setdefault("cleared_by", author)
    case = Case.objects.create(
        number=fields.pop("number", f"{now:%Y}-{next(_numbers):04}"),
        distributor=distributor,
        author=author,
        source_language=language,
        audience=audience,
        stage=stage,
        is_published=published,
        since=fields.pop("since", now),
        **fields,
    )
    case.topics.set(topics)
    make_story_page(case, language, title, live=published, **(page_fields or {}))
    return case


def make_story_page(
    case: Case, language: str, title: str, *, live: bool | None = None, **fields
) -> CaseStoryPage:
    """The case's page in a language, under that language's story index."""
    index = StoryIndexPage.objects.get(locale__language_code=language)
    fields.setdefault("summary", "")
    page = CaseStoryPage(
        case=case,
        title=title,
        slug=fields.pop("slug", f"{case.number}-{slugify(title)}".strip("-")),
        locale=Locale.objects.get(language_code=language),
        live=case.is_published if live is None else live,
        **fields,
    )
    other = case.pages.first()
    if other is not None:
        page.translation_key = other.translation_key
    with inside_transition():  # a page goes live by a transition only
        return index.add_child(instance=page)


def make_issue(
    month: datetime.date = datetime.date(2026, 11, 1),
    *,
    cases: tuple = (),
    released: bool = False,
    languages: tuple[str, ...] = ("en",),
    created_by: User | None = None,
    title: str = "Best Practice Bulletin",
) -> BulletinIssue:
    """An issue with its stories in order and a page in each language."""
    now = timezone.now()
    issue = BulletinIssue.objects.create(
        month=month,
        number=month.year * 12 + month.month,
        stage="released" if released else "planned",
        released_at=now if released else None,
        created_by=created_by or make_user("editor"),
    )
    for order, case in enumerate(cases):
        IssueStory.objects.create(issue=issue, case=case, sort_order=order)
    key = uuid.uuid4()
    for language in languages:
        index = BulletinIndexPage.objects.get(locale__language_code=language)
        page = BulletinIssuePage(
            issue=issue,
            title=title,
            subject=title,
            slug=f"{month:%Y-%m}",
            translation_key=key,
            locale=Locale.objects.get(language_code=language),
            live=released,
        )
        with inside_transition():
            index.add_child(instance=page)
    return issue
