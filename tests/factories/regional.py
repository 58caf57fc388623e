"""Proposals, invitations, supplements and news. Set directly: transitions have their own tests."""

import datetime

from django.utils import timezone

from bulletins.models import (
    AuthorInvitation,
    IssueProposal,
    News,
    NewsText,
    RegionalSupplement,
)
from tests.factories.network import make_user
from tests.factories.stories import make_case, make_issue, paragraphs


def make_news(
    title: str = "Parts week",
    *,
    region=None,
    review_area=None,
    language: str = "en",
    out: bool = True,
    text: str = "The parts week begins on Monday.",
    by=None,
    **fields,
) -> News:
    """An item with its original; shown now unless `out` says otherwise."""
    by = by or make_user("editor")
    news = News.objects.create(
        region=region,
        review_area=review_area,
        source_language=language,
        by=by,
        published_at=timezone.now() - datetime.timedelta(hours=1) if out else None,
        **fields,
    )
    NewsText.objects.create(news=news, language=language, title=title, text=text, by=by)
    return news


def make_supplement(
    issue=None,
    *,
    region=None,
    review_area=None,
    language: str = "en",
    title: str = "Near us",
    out: bool = True,
    by=None,
) -> RegionalSupplement:
    """A region's page of an issue; published unless `out` says otherwise."""
    return RegionalSupplement.objects.create(
        issue=issue or make_issue(released=True),
        region=region,
        review_area=review_area,
        language=language,
        title=title,
        body=paragraphs(f"{title}: what is new in the region."),
        by=by or make_user("editor"),
        published_at=timezone.now() if out else None,
    )


def make_invitation(
    author, distributor, by, sentence: str = "How you cut the queue"
) -> AuthorInvitation:
    """A lead's invitation to a member of a distributor."""
    return AuthorInvitation.objects.create(
        area=distributor.review_area,
        distributor=distributor,
        author=author,
        by=by,
        sentence=sentence,
    )


def make_proposal(
    case=None, by=None, month: datetime.date = datetime.date(2030, 12, 1)
) -> IssueProposal:
    """A lead's proposal of a published story."""
    case = case or make_case(published=True)
    return IssueProposal.objects.create(
        case=case,
        month=month,
        area=case.review_area,
        sentence="Every workshop has this queue.",
        by=by or make_user("lead", review_area=case.review_area),
    )
