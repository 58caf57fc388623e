"""The page on which one says what mail one wants."""

import pytest
from django.urls import reverse

from gkc_site.accounts.mail_labels import HEADINGS, LABELS, heading_of
from tests.factories.network import make_distributor, make_user
from touchpoints.registry import kinds
from touchpoints.transitions import choose_mail

COPY, MOVED = "bulletins.issue_copy", "bulletins.case_moved"


def shown(page) -> dict[str, dict]:
    """Each line by the name of its kind."""
    return {line["name"]: line for _heading, lines in page.context["groups"] for line in lines}


@pytest.mark.django_db
def test_mail_settings_keep_what_is_ticked(client):
    user = make_user(distributor=make_distributor())
    client.force_login(user)
    page = client.get(reverse("mail_settings"))
    assert shown(page)[COPY]["wanted"] is False
    client.post(reverse("mail_settings"), {"shown": [COPY], "want": [COPY]})
    assert user.mail_choices.get(kind=COPY).is_wanted
    assert shown(page)[MOVED] == {
        "name": MOVED,
        "label": "A story of mine moves on",
        "wanted": True,
    }
    choose_mail(user, {MOVED: False})  # by a link in a mail
    assert shown(client.get(reverse("mail_settings")))[MOVED]["wanted"] is False
    client.post(reverse("mail_settings"), {"shown": [COPY], "none": "1"})
    assert user.mail_choices.get(kind="").is_wanted is False


@pytest.mark.django_db
def test_lines_stand_under_headings_each_once(client):
    client.force_login(make_user(distributor=make_distributor()))
    page = client.get(reverse("mail_settings"))
    headings = [str(heading) for heading, _lines in page.context["groups"]]
    assert headings == [str(heading) for heading, _beginnings in HEADINGS]
    body = page.content.decode()
    assert [body.count(f">{heading}</legend>") for heading in headings] == [1] * len(headings)
    names = [line["name"] for _heading, lines in page.context["groups"] for line in lines]
    assert len(names) == len(set(names)) == body.count('name="shown"')
    under = {
        str(heading): {line["name"] for line in lines} for heading, lines in page.context["groups"]
    }
    assert {MOVED, "bulletins.consent_asked"} <= under["Stories"]
    assert {"bulletins.review_assigned", "bulletins.clearance_asked"} <= under["Review"]
    assert under["Network"] == {"gkc_site.visit_logged"}


def test_every_room_has_a_heading_of_its_own():
    """What falls through to the last one is the site's."""
    last = len(HEADINGS) - 1
    assert {kind.name.split(".")[0] for kind in kinds() if heading_of(kind.name) == last} <= {
        "accounts",
        "gkc_site",
        "network",
        "touchpoints",
    }


def test_the_names_of_the_mail_settings_are_those_of_kinds_without_their_own():
    assert set(LABELS) <= {kind.name for kind in kinds() if kind.optional and not kind.label}
