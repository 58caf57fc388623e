"""The demo's news, a regional supplement and a proposed story."""

import tomllib
from pathlib import Path

from bulletins.models import BulletinIssue, Case, IssueProposal, IssueStory, News, NewsText
from bulletins.models.regional import RegionalSupplement
from bulletins.transitions.news import publish_news, translate_news, write_news
from bulletins.transitions.regional import propose_story, publish_supplement, write_supplement
from gkc_site.demo.issues import months_from_now
from gkc_site.demo.languages import translator_and_reader
from gkc_site.demo.people import persona
from network.models import Region, User

FILE = Path(__file__).parent / "regional.toml"


def load_regional() -> int:
    """Make what is not there yet. Returns how many things were new."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))
    editor = User.objects.get(email=persona("ken")["email"])
    made = sum(load_news(row, by=editor) for row in rows["news"])
    return made + load_supplement(rows["supplement"], by=editor) + load_proposal(rows["proposal"])


def load_news(row: dict, *, by: User) -> int:
    """One item in five languages."""
    if NewsText.objects.filter(title=row["title"]["en"]).exists():
        return 0
    region = Region.objects.filter(slug=row["region"]).first()
    news: News = write_news(
        by=by,
        scope=("region", region.pk) if region else None,
        language="en",
        title=row["title"]["en"],
        text=row["text"]["en"],
    )
    for language in row["title"]:
        if language != "en":
            translator, _reader = translator_and_reader(language)
            translate_news(
                news,
                language,
                by=translator,
                title=row["title"][language],
                text=row["text"][language],
            )
    publish_news(news, by=by)
    return 1


def load_supplement(row: dict, *, by: User) -> int:
    """To the newest issue that is out."""
    issue = BulletinIssue.objects.released().order_by("-month").first()
    region = Region.objects.filter(slug=row["region"]).first()
    if issue is None or region is None or RegionalSupplement.objects.exists():
        return 0
    for language, title in row["title"].items():
        written = write_supplement(
            issue,
            by=by,
            scope=("region", region.pk),
            language=language,
            title=title,
            paragraphs=[row["text"][language]],
            seen=0,
        )
        publish_supplement(written, by=by)
    return 1


def load_proposal(row: dict) -> int:
    """The lead of the first area with a story to propose proposes it for the month after next."""
    if IssueProposal.objects.exists():
        return 0
    placed = IssueStory.objects.values("case")
    month = months_from_now(2)
    for lead in User.objects.holding("lead").order_by("pk"):
        case = (
            Case.objects.to_propose_by(lead)
            .filter(is_published=True)
            .exclude(pk__in=placed)
            .order_by("pk")
            .first()
        )
        if case is not None:
            propose_story(case, by=lead, month=month, sentence=row["sentence"])
            return 1
    return 0
