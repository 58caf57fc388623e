"""Rows of what a region runs itself, of news, and of an issue's languages and corrections."""

from tests.factories.regional import make_invitation, make_news, make_proposal, make_supplement
from tests.factories.stories import make_issue
from tests.permissions.rows_bulletins_issues import desk, issue_of
from tests.permissions.table import LOGIN, Row

HERE = "author own_author co_author manager campaigner lead"  # members in the story's region
WRITERS = "lead editor superuser"


def only(roles: str, answer: int, others: int = 403) -> dict:
    """These roles get the answer; a visitor the sign-in page."""
    return {"visitor": LOGIN, roles: answer, ...: others}


def region(world):
    """The home region of the story's country."""
    return world.distributor.country.region


def invitation(world):
    """Own author is asked by the lead."""
    made = make_invitation(world.users["own_author"], world.distributor, world.users["lead"])
    return [made.pk]


def supplement_address(world):
    """A planned issue's supplement for the region, in Arabic."""
    return [make_issue().pk, f"region-{region(world).pk}", "ar"]


def regional_news(*more):
    """An item for the region, and what follows its key."""

    def args(world):
        return [make_news(region=region(world), by=world.users["lead"]).pk, *more]

    return args


def released(*more):
    """A released issue's key."""

    def args(world):
        return [make_issue(released=True).pk, *more]

    return args


TEXT = {"title": "Parts week", "text": "It begins on Monday."}

ROWS = [
    Row(
        "issue_theme",
        get=desk(405),
        post=desk(302),
        args=issue_of(),
        data=lambda world: {"theme": "Parts"},
    ),
    Row("issue_languages", get=desk(200), post=desk(422), args=issue_of(), note="none chosen"),
    Row("issue_proposals", get=desk(200), post=desk(405)),
    Row(
        "proposal_answer",
        get=desk(405),
        post=desk(302),
        args=lambda world: [make_proposal().pk],
        data=lambda world: {"answer": "later"},
    ),
    Row(
        "issue_correct",
        get=desk(405),
        post=desk(302),
        args=released(),
        data=lambda world: {"words_en": "It was 61, not 16."},
    ),
    Row("region_desk", get=only("lead", 200), post=only("lead", 405)),
    Row("region_propose", get=only("lead", 405), post=only("lead", 422), note="nothing typed"),
    Row("region_invite", get=only("lead", 405), post=only("lead", 422), note="nothing typed"),
    Row("region_take_back", get=only("lead", 405), post=only("lead", 302), args=invitation),
    Row(
        "supplement_write",
        get=only(WRITERS, 200),
        post=only(WRITERS, 422),
        args=supplement_address,
        note="nothing typed",
    ),
    Row(
        "supplement_hide",
        get={"visitor": LOGIN, ...: 405},
        post=only(WRITERS, 302),
        args=lambda world: [make_supplement(region=region(world)).pk],
    ),
    Row(
        "author_invitation",
        get=only("own_author lead editor superuser", 200, 404),
        post={"visitor": LOGIN, ...: 405},
        args=invitation,
    ),
    Row(
        "author_invitation_start",
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "own_author": 302, "lead editor superuser": 403, ...: 404},
        args=invitation,
        data=lambda world: {"language": "ar"},
    ),
    Row(
        "author_invitation_decline",
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, "own_author": 302, "lead editor superuser": 403, ...: 404},
        args=invitation,
        data=lambda world: {"reason": "No time this month."},
    ),
    Row("news_list", get={"visitor": LOGIN, ...: 200}, post={"visitor": LOGIN, ...: 405}),
    Row(
        "news_item",
        get={"visitor": LOGIN, ...: 200},
        post={"visitor": LOGIN, ...: 405},
        args=lambda world: [make_news().pk],
        note="for everybody",
    ),
    Row(
        "news_item",
        get=only(f"{HERE} editor superuser", 200, 404),
        post={"visitor": LOGIN, ...: 405},
        args=regional_news(),
        note="of a region",
    ),
    Row(
        "news_item",
        get={"visitor": LOGIN, ...: 404},
        post={"visitor": LOGIN, ...: 405},
        args=lambda world: [make_news(out=False).pk],
        note="draft",
    ),
    Row(
        "news_desk",
        get=only(f"{WRITERS} translator", 200),
        post=only(f"{WRITERS} translator", 405),
    ),
    Row("news_new", get=only(WRITERS, 200), post=only(WRITERS, 422), note="nothing typed"),
    Row(
        "news_write",
        get=only(WRITERS, 200),
        post=only(WRITERS, 422),
        args=regional_news(),
        note="nothing typed",
    ),
    Row(
        "news_translate",
        get=only(f"{WRITERS} translator", 200),
        post=only(f"{WRITERS} translator", 302),
        args=regional_news("ja"),
        data=lambda world: TEXT,
    ),
    Row(
        "news_change",
        get=only(f"{WRITERS} translator", 405),
        post=only(WRITERS, 302),
        args=regional_news("hide"),
    ),
    Row(
        "issue_pdf",
        get=200,
        post=405,
        args=lambda world: [make_issue(released=True).month.year, 11],
    ),
]
