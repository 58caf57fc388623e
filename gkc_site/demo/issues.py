"""Makes the demo's issues: three released, one being prepared."""

import datetime
import tomllib
from pathlib import Path

from django.utils import timezone

from bulletins.models import BulletinIssue, Case, CaseStoryPage
from bulletins.models.issue import introduction_key
from bulletins.transitions import (
    add_story,
    introduce_story,
    plan_issue,
    release_issue,
    schedule_issue,
    write_issue,
)
from gkc_site.demo.languages import put_into
from gkc_site.demo.people import persona
from gkc_site.demo.story_files import StoryFile, story_files
from network.models import User

FILE = Path(__file__).parent / "issues.toml"


def load_issues() -> int:
    """Make the issues whose month has none yet. Returns how many."""
    editor = User.objects.get(email=persona("ken")["email"])
    files = {file.slug: file for file in story_files()}
    made = 0
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["issue"]:
        month = months_from_now(-row["months_ago"])
        cases = [case_of(files[slug]) for slug in row["stories"]]
        if BulletinIssue.objects.filter(month=month).exists() or any(
            hasattr(case, "in_issue") for case in cases
        ):
            continue
        make_issue(row, month, cases, by=editor)
        made += 1
    return made


def months_from_now(shift: int) -> datetime.date:
    """The first day of the month, `shift` months from this one."""
    today = timezone.localdate()
    months = today.year * 12 + today.month - 1 + shift
    return datetime.date(months // 12, months % 12 + 1, 1)


def first_tuesday(month: datetime.date) -> datetime.datetime:
    """When a month's issue goes out: on its first Tuesday, at 07:00 UTC."""
    first = datetime.datetime(month.year, month.month, 1, 7, tzinfo=datetime.UTC)
    return first + datetime.timedelta(days=(1 - first.weekday()) % 7)


def case_of(file: StoryFile) -> Case:
    """The story's case."""
    return CaseStoryPage.objects.filter(translation_key=file.key).first().case


def make_issue(row: dict, month: datetime.date, cases: list[Case], *, by: User) -> BulletinIssue:
    """Plan it, write it in five languages and, where the row says so, release it."""
    issue = plan_issue(by=by, month=month, title=row["title"]["en"], theme=row["theme"])
    write_issue(issue, by=by, title=row["title"]["en"], subject="", letter=[row["letter"]["en"]])
    introductions = {}
    for slug, case in zip(row["stories"], cases, strict=True):
        add_story(issue, case, by=by)
        introduce_story(issue, case, by=by, words=row["introduction"][slug]["en"])
        introductions[introduction_key(case.pk)] = row["introduction"][slug]
    page = issue.pages.get().get_latest_revision_as_object()
    for language in row["title"]:
        if language != "en":
            texts = {"title": row["title"][language]}
            texts |= {f"letter.{block.id}": row["letter"][language] for block in page.letter}
            texts |= {f"introductions.{key}": told[language] for key, told in introductions.items()}
            put_into(page, language, texts)
    if row["state"] == "released":
        soon = timezone.now() + datetime.timedelta(minutes=5)
        schedule_issue(issue, by=by, release_at=soon)
        release_issue(issue, by=by)
        out = first_tuesday(month)
        BulletinIssue.objects.filter(pk=issue.pk).update(release_at=out, released_at=out)
    return issue
