"""Rows of readers' marks: any member who reads a text marks it; who keeps it answers."""

from review.models import Flag
from tests.permissions.table import LOGIN, Row

KEEPERS = "own_author co_author editor superuser"
SEE_REGION = (
    "author own_author co_author manager campaigner lead editor superuser"  # of the Middle East
)


def story(case_name: str):
    return lambda world: ["story", getattr(world, case_name).number]


def a_flag(case_name: str, by: str = "manager", **fields):
    def args(world):
        flag = Flag.objects.create(
            kind="story",
            key=getattr(world, case_name).number,
            language="en",
            title="A story",
            reason="Wrong date.",
            by=world.users[by],
            **fields,
        )
        return [flag.pk]

    return args


WORDS = {"reason": "The date is wrong.", "at": "background"}
ANSWER = {"outcome": "mended", "answer": "The date is right now."}
ROWS = [
    Row(
        "flag_raise",
        args=story("published"),
        query="?in=en",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 302},
        data=lambda world: WORDS,
    ),
    Row(
        "flag_raise",
        note="a story of one region",
        args=story("region_only"),
        query="?in=en",
        get={"visitor": LOGIN, SEE_REGION: 200, ...: 404},
        post={"visitor": LOGIN, SEE_REGION: 302, ...: 404},
        data=lambda world: WORDS,
    ),
    Row(
        "flag_raise",
        note="a story under review",
        args=story("in_review"),
        query="?in=en",
        get={"visitor": LOGIN, ...: 404},
        post={"visitor": LOGIN, ...: 404},
        data=lambda world: WORDS,
    ),
    Row(
        "flag_raise",
        note="nothing said",
        args=story("published"),
        query="?in=en",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 400},
    ),
    Row(
        "flag",
        args=a_flag("published"),
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, KEEPERS: 302, ...: 403},
        data=lambda world: ANSWER,
    ),
    Row(
        "flag",
        note="of a story of one region",
        args=a_flag("region_only"),
        get={"visitor": LOGIN, SEE_REGION: 200, ...: 404},
        post={
            "visitor": LOGIN,
            KEEPERS: 302,
            "author manager campaigner lead": 403,
            ...: 404,
        },
        data=lambda world: ANSWER,
    ),
    Row(
        "flags_about",
        args=story("region_only"),
        get={"visitor": LOGIN, SEE_REGION: 200, ...: 404},
        post={"visitor": LOGIN, ...: 405},
    ),
]
