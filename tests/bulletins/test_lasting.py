"""Does it last? Asked once after ninety days; the answer stands with its date."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bulletins.exceptions import AnswerIncomplete, TransitionRefused
from bulletins.models import Case, LastingCheck
from bulletins.projection import wrong_cases
from bulletins.transitions import answer_lasting, ask_whether_it_lasts, withdraw_case
from network.registry import desk_items
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db
AFTER = datetime.timedelta(days=90)


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


def told() -> int:
    return Delivery.objects.filter(mailing__kind="bulletins.lasting_asked").count()


@pytest.mark.slow
def test_asked_once_on_the_day_and_never_of_what_is_off(stories):
    case, off = stories.published("BR"), stories.published("BR")
    withdraw_case(off, by=off.author, reason="Wrong figures.")
    day = case.published_at + AFTER
    assert ask_whether_it_lasts(day - datetime.timedelta(seconds=1)) == 0
    assert ask_whether_it_lasts(day) == 1
    # A sweep that ran late, or twice, finds nothing more to ask.
    assert ask_whether_it_lasts(day + AFTER) == 0
    assert (told(), LastingCheck.objects.get().case) == (1, case)


@pytest.mark.slow
def test_the_answer_with_a_worse_figure_stands_on_the_story(client, stories):
    case = stories.published("BR")
    key = str(case.results.get().measure_key)
    Case.objects.filter(pk=case.pk).update(published_at=timezone.now() - AFTER)
    ask_whether_it_lasts()
    [item] = [i for i in desk_items(case.author) if i.url.endswith("/lasting/")]
    assert item.due
    client.force_login(case.author)
    form = reverse("case_lasting", args=[case.number])
    assert "3.4" in client.get(form).content.decode()
    today = f"{timezone.localdate():%Y-%m-%d}"
    without = client.post(form, {"answer": "worse", "words": "A clerk left."})
    assert without.status_code == 422
    assert "A clerk left." in without.content.decode()
    given = {"answer": "worse", f"now-{key}": "7.5", "words": "A clerk left."}
    assert client.post(form, given).status_code == 422  # no day
    assert client.post(form, given | {f"now-{key}": "many"}).status_code == 422
    assert client.post(form, given | {"measured_on": today}).status_code == 302
    check = LastingCheck.objects.get()
    assert (check.answer, check.figures, check.answered_by) == ("worse", {key: "7.5"}, case.author)
    page = client.get(case.source_page().get_url()).content.decode()
    assert "They are worse by now." in page
    assert "7.5" in page.split('id="lasting"')[1][:900]
    assert "A clerk left." in page
    assert not [i for i in desk_items(case.author) if i.url.endswith("/lasting/")]
    case.refresh_from_db()
    with pytest.raises(TransitionRefused, match="answered already"):
        answer_lasting(case, by=case.author, answer="holds")
    assert case.events.last().verb == "lasting"
    assert wrong_cases() == []


def test_only_authors_answer_and_only_in_their_own_rows(stories):
    case = stories.published("BR")
    with pytest.raises(TransitionRefused, match="Nobody asks"):
        answer_lasting(case, by=case.author, answer="holds")
    ask_whether_it_lasts(case.published_at + AFTER)
    for person in (make_user(), stories.net["editors"][0], make_user(distributor=case.distributor)):
        with pytest.raises(PermissionDenied):
            answer_lasting(case, by=person, answer="holds")
    with pytest.raises(TransitionRefused, match="no longer in the story"):
        answer_lasting(case, by=case.author, answer="holds", figures={"other": 1})
    tomorrow = timezone.localdate() + datetime.timedelta(days=2)
    key = str(case.results.get().measure_key)
    for wrong in ({"answer": "perhaps"}, {"answer": "better"}):
        with pytest.raises(AnswerIncomplete):
            answer_lasting(case, by=case.author, **wrong)
    with pytest.raises(AnswerIncomplete):
        answer_lasting(
            case, by=case.author, answer="better", figures={key: 2}, measured_on=tomorrow
        )
    answer_lasting(case, by=case.author, answer="not_measured", words="The system is gone.")


@pytest.mark.slow
def test_editors_see_what_is_not_answered_in_the_same_queries(client, stories):
    editor = stories.net["editors"][0]
    client.force_login(editor)
    address, counts = reverse("lasting_open"), []
    for _round in range(2):
        for _one in range(1 if not counts else 2):
            stories.published("BR")
        Case.objects.update(published_at=timezone.now() - 2 * AFTER)
        ask_whether_it_lasts(timezone.now() - AFTER)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page = client.get(address)
        counts.append(len(seen))
    assert len(page.context["rows"]) == 3
    assert all(row["is_late"] and row["shown"].title for row in page.context["rows"])
    assert counts[0] == counts[1]
    [item] = [i for i in desk_items(editor) if i.url == address]
    assert "3 authors" in item.what
