"""Records of the bulletins: see the module of each."""

from bulletins.models.case import Audience, Case, CaseEvent, CaseResult, Stage
from bulletins.models.draft import DraftInput
from bulletins.models.issue import (
    BulletinIndexPage,
    BulletinIssue,
    BulletinIssuePage,
    IssueStage,
    IssueStory,
)
from bulletins.models.reading import ReadMark
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
    "WillTry",
    "Via",
    "ResponseResult",
    "ResponseChange",
    "Response",
    "Reason",
    "HandOver",
    "Choice",
    "AreaReviewTask",
    "Audience",
    "BulletinIndexPage",
    "BulletinIssue",
    "BulletinIssuePage",
    "Case",
    "CaseEvent",
    "CaseResult",
    "CaseStoryPage",
    "DraftInput",
    "EditingTask",
    "IssueStage",
    "IssueStory",
    "NeutralReviewTask",
    "ReadMark",
    "Stage",
    "StoryIndexPage",
]
