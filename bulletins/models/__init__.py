"""Records of the bulletins: see the module of each."""

from bulletins.models.authorship import CoAuthorship, Partaking
from bulletins.models.case import AMONG_AUTHORS, Audience, Case, CaseEvent, CaseResult, Stage
from bulletins.models.draft import DraftInput
from bulletins.models.flow import CoachingNote, StageLimit
from bulletins.models.issue import (
    BulletinIndexPage,
    BulletinIssue,
    BulletinIssuePage,
    IssueStage,
    IssueStory,
)
from bulletins.models.issue_log import Correction, IssueEvent
from bulletins.models.lasting import LastingCheck, Lasts
from bulletins.models.news import News, NewsText
from bulletins.models.reach import HandDelivery, IssueOpening
from bulletins.models.reading import ReadMark
from bulletins.models.regional import (
    Answer,
    AuthorInvitation,
    IssueProposal,
    ProposalAnswer,
    RegionalSupplement,
)
from bulletins.models.responses import (
    Choice,
    HandOver,
    Reason,
    Response,
    ResponseChange,
    ResponseResult,
    Via,
    WillTry,
)
from bulletins.models.story import CaseStoryPage, StoryIndexPage
from bulletins.models.tasks import AreaReviewTask, EditingTask, NeutralReviewTask

__all__ = [
    "AMONG_AUTHORS",
    "CoAuthorship",
    "Partaking",
    "Answer",
    "AreaReviewTask",
    "Audience",
    "AuthorInvitation",
    "BulletinIndexPage",
    "BulletinIssue",
    "BulletinIssuePage",
    "Case",
    "CaseEvent",
    "CaseResult",
    "CaseStoryPage",
    "Choice",
    "CoachingNote",
    "Correction",
    "DraftInput",
    "EditingTask",
    "HandDelivery",
    "HandOver",
    "IssueEvent",
    "IssueOpening",
    "IssueProposal",
    "IssueStage",
    "IssueStory",
    "LastingCheck",
    "Lasts",
    "NeutralReviewTask",
    "News",
    "NewsText",
    "ProposalAnswer",
    "ReadMark",
    "Reason",
    "RegionalSupplement",
    "Response",
    "ResponseChange",
    "ResponseResult",
    "Stage",
    "StageLimit",
    "StoryIndexPage",
    "Via",
    "WillTry",
]
