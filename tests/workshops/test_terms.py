"""Those enrolled are told of another last moment to cancel, another fee, another language."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories.workshops import make_enrolment, make_session
from tests.workshops.outbox import mails
from workshops.models import EnrolmentEvent
from workshops.transitions import edit_session, move_session

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_other_terms_are_told_without_another_calendar_entry(coordinator, trainer):
    last = timezone.now() + 20 * DAY
    session = make_session(cancel_until=last, fee_amount=Decimal(50), fee_currency="EUR")
    session.trainers.add(trainer)
    seat = make_enrolment(session)

    def changed(**fields) -> dict[str, tuple[str, int]]:
        edit_session(session, by=coordinator, **fields)
        return {
            mail.to[0]: (" ".join(mail.body.split()), len(mail.attachments)) for mail in mails()
        }

    assert changed(cancel_until=last, fee_amount=Decimal("50.00"), minimum=1) == {}
    said, files = changed(cancel_until=last - 15 * DAY).pop(seat.user.email)
    assert "Something is new about" in said
    assert "Now you can give the seat up until" in said
    assert "fee" not in said
    assert files == 0
    for fields, words in (
        ({"cancel_until": None}, "Now you can give the seat up until it begins."),
        ({"fee_amount": Decimal(75)}, "Now the fee is 75 EUR a person."),
        ({"fee_amount": Decimal(0)}, "Now it costs nothing."),
        ({"languages": ["en", "ja"]}, "Now it is taught in:"),
    ):
        found = changed(**fields)
        assert words in found[seat.user.email][0]
        # What it costs and until when one may leave is not the trainer's.
        assert (trainer.email in found) == ("languages" in fields)
    session.refresh_from_db()
    assert session.sequence == 0
    assert EnrolmentEvent.objects.filter(verb="change_terms").count() == 5


def test_a_move_names_the_terms_that_move_along(coordinator):
    session = make_session(cancel_until=timezone.now() + 20 * DAY)
    make_enrolment(session)
    move_session(session, session.first_day + 7 * DAY, by=coordinator)
    (mail,) = mails()
    said = " ".join(mail.body.split())
    assert "has another time or place" in said
    assert "Now you can give the seat up until" in said
    assert len(mail.attachments) == 1
