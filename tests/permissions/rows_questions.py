"""Rows of questions, of ratings and of the directory of people."""

from review.models import Question, Rating
from tests.permissions.table import LOGIN, Row

SEE_REGION = "author own_author co_author manager campaigner lead editor superuser"
NO_METHOD = {"visitor": LOGIN, ...: 405}


def story(case_name: str):
    return lambda world: ["story", getattr(world, case_name).number]


def a_question(case_name: str = "published", kind: str = "story", by: str = "trainer", **fields):
    """Asked by the trainer; the story's author has it."""

    def args(world):
        question = Question.objects.create(
            kind=kind,
            key=getattr(world, case_name).number,
            language="en",
            title="A story",
            text="Which dates?",
            text_language="en",
            by=world.users[by],
            owner=world.users["own_author"],
            area=world.area,
            **fields,
        )
        return [question.pk]

    return args


def a_rating(world):
    number = world.published.number
    reason = {"score": 4, "reason": "Clear."}
    Rating.objects.create(
        kind="story", key=number, language="en", title="A", by=world.users["trainer"], **reason
    )
    return ["story", number]


def to_own_author(world) -> dict:
    return {"do": "hand_on", "to": str(world.users["campaigner"].pk), "reason": "They know."}


ASK = {"text": "Which dates?", "written_in": "en"}
ANSWER = {"do": "answer", "answer": "The first of May.", "written_in": "en"}
ROWS = [
    Row("questions", get={"visitor": LOGIN, ...: 200}, post=NO_METHOD),
    Row(
        "question_ask",
        args=story("published"),
        query="?in=en",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 302},
        data=lambda world: ASK,
    ),
    Row(
        "question_ask",
        note="nothing asked",
        args=story("published"),
        query="?in=en",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 400},
    ),
    Row(
        "question_ask",
        note="at a story of one region",
        args=story("region_only"),
        query="?in=en",
        get={"visitor": LOGIN, SEE_REGION: 200, ...: 404},
        post={"visitor": LOGIN, SEE_REGION: 302, ...: 404},
        data=lambda world: ASK,
    ),
    Row(
        "question_ask",
        note="at a part of the form of a draft",
        args=lambda world: ["draft", world.draft.number],
        query="?in=en&at=causes",
        get={"visitor": LOGIN, "own_author co_author": 200, ...: 404},
        post={"visitor": LOGIN, "own_author co_author": 302, ...: 404},
        data=lambda world: ASK,
    ),
    Row(
        "question_ask",
        note="at a review area",
        args=lambda world: ["area", world.area.slug],
        query="?in=en",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 302},
        data=lambda world: ASK,
    ),
    Row(
        "question",
        args=a_question(),
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, "own_author": 302, ...: 403},
        data=lambda world: ANSWER,
    ),
    Row(
        "question",
        note="private, of a published story",
        args=a_question(is_private=True),
        get={"visitor": LOGIN, "own_author trainer": 200, ...: 404},
        post={"visitor": LOGIN, "own_author": 302, "trainer": 403, ...: 404},
        data=lambda world: ANSWER,
    ),
    Row(
        "question",
        note="of a story of one region",
        args=a_question("region_only", by="manager"),
        get={"visitor": LOGIN, SEE_REGION: 200, ...: 404},
        post={
            "visitor": LOGIN,
            "own_author": 302,
            "author co_author manager campaigner lead editor superuser": 403,
            ...: 404,
        },
        data=lambda world: ANSWER,
    ),
    Row(
        "question",
        note="of a draft",
        args=a_question("draft", "draft", by="co_author", is_private=True),
        get={"visitor": LOGIN, "own_author co_author": 200, ...: 404},
        post={"visitor": LOGIN, "own_author": 302, "co_author": 403, ...: 404},
        data=lambda world: ANSWER,
    ),
    Row(
        "question",
        note="handed on",
        args=a_question(),
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, "own_author editor superuser": 302, ...: 403},
        data=to_own_author,
    ),
    Row(
        "question",
        note="taken back",
        args=a_question(),
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, "trainer": 302, ...: 403},
        data=lambda world: {"do": "withdraw"},
    ),
    Row(
        "question",
        note="reminded on the day it was asked",
        args=a_question(),
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, "trainer": 400, ...: 403},
        data=lambda world: {"do": "remind"},
    ),
    Row(
        "question",
        note="put into a language that nobody here reads",
        args=a_question(),
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 403},
        data=lambda world: {"do": "translate", "part": "question", "to": "th", "translation": "x"},
    ),
    Row(
        "questions_about",
        args=story("region_only"),
        get={"visitor": LOGIN, SEE_REGION: 200, ...: 404},
        post=NO_METHOD,
    ),
    Row(
        "rate",
        args=story("region_only"),
        query="?in=en",
        get={"visitor": LOGIN, SEE_REGION: 200, ...: 404},
        post={"visitor": LOGIN, SEE_REGION: 302, ...: 404},
        data=lambda world: {"score": "3", "reason": "We use it."},
    ),
    Row("ratings", get={"visitor": LOGIN, "editor superuser": 200, ...: 403}, post=NO_METHOD),
    Row(
        "ratings_about",
        args=a_rating,
        get={"visitor": LOGIN, "editor superuser": 200, ...: 403},
        post=NO_METHOD,
    ),
    Row("people", get={"visitor": LOGIN, ...: 200}, post=NO_METHOD),
    Row("people_mine", get={"visitor": LOGIN, ...: 302}, post=NO_METHOD),
]
