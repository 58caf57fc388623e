"""A word that the glossary would not use is told at its field, and is in nobody's way (R19)."""

import pytest

from bulletins.models import Stage
from tests.bulletins.test_share import author, case, net, part_url, post  # noqa: F401  (fixtures)
from translations.models import Term, TermText

pytestmark = pytest.mark.django_db
HINT = "“blorp”: where you mean “zorb”, write “zorb”."


@pytest.fixture(autouse=True)
def zorb():
    term = Term.objects.create(key="zorb")
    TermText.objects.create(term=term, language="en", forms=["zorb"], avoid=["blorp"])


def test_the_better_word_stands_at_the_field(author, case):  # noqa: F811
    post(author, case, "title", "save", title="The blorp", summary="A zorb.")
    page = author.get(part_url(case, "title")).text
    assert page.count(HINT) == 1
    assert page.index('name="title"') < page.index(HINT) < page.index('name="summary"')


def test_it_stands_at_a_rows_field_too(author, case):  # noqa: F811
    post(author, case, "target", "save", target="", **{"gap-0-what": "A blorp"})
    assert HINT in author.get(part_url(case, "target")).text


def test_it_stops_nobody(author, case):  # noqa: F811
    answer = post(author, case, "title", title="The blorp", summary="A blorp it is.")
    assert answer.status_code == 302
    assert answer.url == part_url(case, "background")
    case.refresh_from_db()
    assert case.stage == Stage.DRAFT


def test_a_customer_is_not_a_dealer(author, case):  # noqa: F811
    text = TermText.objects.get(term__key="dealer", language="en")
    text.avoid = ["customer"]
    text.save()
    post(author, case, "title", "save", title="Our customer is served", summary="x")
    page = author.get(part_url(case, "title")).text
    assert "“customer”: where you mean “dealer”, write “dealer”." in page
