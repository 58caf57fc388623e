"""Participants are written to after the session as well."""

import pytest

from tests.factories.workshops import make_enrolment
from tests.workshops.after import attend, make_past, people_of
from tests.workshops.desk_pages import at, confirm
from tests.workshops.outbox import told

pytestmark = pytest.mark.django_db


def test_who_attended_and_who_did_not_come_are_written_to(browser, trainer):
    session = make_past(trainers=[trainer])
    came, missed = people_of(session, 2)
    attend(session, [came, missed], by=trainer, absent=[missed])
    gone = make_enrolment(session, state="cancelled")
    address = at("session_message", session.number)
    page = browser.get(address).content.decode()
    assert '<option value="attended" selected>' in page
    assert missed.user.display_name in page
    assert gone.user.display_name not in page

    def write(to: str, **more):
        number = len(told(came.user)) + len(told(missed.user))
        once = f"00000000-0000-4000-8000-{number:012}"
        data = {"once": once, "to": to, "subject-en": "Slides", "body-en": "Here they are."}
        confirm(browser, address, data | more)
        return [told(row.user).count("to_participants") for row in (came, missed, gone)]

    assert write("attended") == [1, 0, 0]
    assert write("no_show") == [1, 1, 0]
    assert write("chosen", person=[missed.user_id, gone.user_id]) == [1, 2, 0]
