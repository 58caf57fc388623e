"""What no browser of ours sends, and what is typed by mistake: refused in words."""

import pytest
from django.urls import reverse

from bulletins.issue_forms import PlanForm, ReleaseForm
from bulletins.parts import FORMS
from bulletins.parts.base import Sheet
from bulletins.parts.draft import Draft
from bulletins.transitions import revise_case, save_typed, start_case
from tests.bulletins.typed import WHOLE
from tests.factories.network import make_distributor, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    firm = make_distributor()
    return start_case(by=make_user(distributor=firm), distributor=firm, language="en")


def type_in(case, part, **data):
    kept = save_typed(case, part, data, by=case.author, seen=Draft(case).version(part))
    revise_case(case, case.author)
    return kept


@pytest.mark.parametrize(
    ("part", "field", "typed", "error"),
    [
        ("background", "seen_day", "x", "Write day and year in digits."),
        ("background", "seen_year", "99999", "Write day and year in digits."),
        ("background", "place_seen", "p" * 201, None),
        ("situation", "situation", "s" * 20_001, None),
        ("title", "summary", "s" * 501, None),
        ("check", "topics", ["nonsense"], None),
    ],
)
def test_what_a_field_refuses_stays_in_it_with_its_error(case, part, field, typed, error):
    type_in(case, part, **WHOLE[part])  # the page has an accepted text already
    type_in(case, part, **WHOLE[part] | {field: typed})
    draft = Draft(case)
    assert draft.typed(part)[field] == typed
    found = [sentence for _control, sentence in draft.form(part, checked=True).problems()]
    assert len(found) == 1
    if error:
        assert found == [error]
    assert draft.progress()[part] == "work"


def test_text_that_an_editor_changed_since_is_shown(case):
    type_in(case, "title", **WHOLE["title"])
    page = case.source_page().get_latest_revision_as_object()
    page.summary = "Shorter."
    page.save_revision()
    assert Draft(case).typed("title")["summary"] == "Shorter."


@pytest.mark.parametrize(
    "monthly",
    ["0000-05 3", "9999-12 3", "2026-05 " + "9" * 40, "2026-05 1.23456", "2026-05 31,5,"],
)
def test_monthly_values_that_are_none_are_said_at_their_row(monthly):
    typed = WHOLE["happened"] | {"results-0-monthly": monthly}
    form = FORMS["happened"](typed, Sheet("en"))
    assert [target for target, _sentence in form.problems()] == ["results-0-monthly"]


def test_more_months_than_a_figure_shows_are_refused():
    lines = "\n".join(f"{2000 + n // 12}-{n % 12 + 1:02} {n}" for n in range(121))
    form = FORMS["happened"](WHOLE["happened"] | {"results-0-monthly": lines}, Sheet("en"))
    assert form.problems() == [("results-0-monthly", "Row 1: Give at most 120 months.")]


def test_more_rows_than_the_sheet_has_are_refused():
    typed = {f"causes-{n}-{key}": "x" for n in range(7) for key in ("name", "why1")}
    form = FORMS["causes"](typed, Sheet("en"))
    assert form.problems() == [("set-causes", "At most 6 rows fit here. Remove the others.")]


def test_a_key_that_is_none_gives_way_to_the_rows_own():
    own = "0f8fad5b-d9cb-469f-a165-70867728950f"
    typed = WHOLE["happened"] | {"results-0-key": "mine", "results-0-id": own}
    (row,) = FORMS["happened"](typed, Sheet("en")).accepted()["results"]
    assert row["value"]["measure_key"] == own


@pytest.mark.parametrize("number", ["²", "x", "", "9" * 30])
def test_a_picture_that_is_no_number_is_no_picture(number):
    typed = WHOLE["check"] | {"pictures-0-image": number}
    assert FORMS["check"](typed, Sheet("en")).accepted()["pictures"] == []


def test_buttons_and_versions_that_are_none_change_nothing(client, case):
    client.force_login(case.author)
    address = reverse("share_part", args=[case.number, "target"])
    answer = client.post(address, WHOLE["target"] | {"version": "²", "remove": "gap-²"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    client.logout()
    client.post(address, WHOLE["target"] | {"version": "²", "target": "Another"})
    client.force_login(case.author)
    assert client.get(address).status_code in (200, 409)


@pytest.mark.parametrize("moment", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_release_at_the_end_of_the_calendar_is_refused(moment):
    form = ReleaseForm({"release_at": moment}, time_zone="Pacific/Kiritimati")
    assert form.errors == {"release_at": ["Enter a date and a time of this century."]}


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "1999-12"])
def test_an_issue_is_of_this_century(month):
    form = PlanForm({"month": month, "title": "Old"})
    assert form.errors == {"month": ["Enter a month, for example 2026-12."]}
