"""A programme is archived with its history, or kept by what is ahead; and taken up again."""

import datetime

import pytest
from django.utils import timezone

from tests.factories.network import make_user
from tests.factories.workshops import make_home, make_programme, make_session, make_trainee
from tests.workshops.outbox import told
from touchpoints.models import Delivery
from workshops.exceptions import TransitionRefused
from workshops.models import EligibilityWatch, Programme, Session
from workshops.transitions import (
    archive_programme,
    ask_exception,
    change_programme,
    open_session,
    plan_session,
    unarchive_programme,
    watch,
    withdraw_version,
)
from workshops.transitions.tailoring import tailor

pytestmark = pytest.mark.django_db


def test_archiving_answers_everybody_and_takes_versions_and_plans_along(coordinator):
    parent = make_programme("parent", name="Parent", min_years=9)
    firm = make_home("asia")
    version = tailor(parent, firm, "en", by=coordinator)
    trainer = make_user("trainer")
    session = plan_session(
        parent,
        by=coordinator,
        seats=3,
        languages=["en"],
        days=[(timezone.now(), timezone.now() + datetime.timedelta(hours=90))],
        trainers=[trainer],
    )
    wisher, asker = make_trainee(), make_trainee()
    watch(parent, wisher)
    asked = ask_exception(parent, asker, words="Please")
    Delivery.objects.all().delete()
    archive_programme(parent, by=coordinator, reason="The book covers it.")
    for one in (parent, version, session, asked):
        one.refresh_from_db()
    assert parent.is_archived
    assert version.is_archived
    assert session.state == "cancelled"
    assert (asked.state, asked.reason) == ("refused", "The book covers it.")
    assert told(wisher) == ["programme_archived"]
    assert told(asker) == ["exception_answered"]
    assert told(trainer) == ["session_cancelled"]
    assert parent.events.last().reason == "The book covers it."
    archive_programme(parent, by=coordinator, reason="Again")  # nothing more
    assert parent.events.filter(verb="archive").count() == 1
    for change in (
        lambda: change_programme(parent, {"days": 1}, by=coordinator),
        lambda: unarchive_programme(version, by=coordinator),
    ):
        with pytest.raises(TransitionRefused, match="up"):
            change()
    unarchive_programme(parent, by=coordinator)
    unarchive_programme(version, by=coordinator)
    assert Programme.objects.current().filter(pk__in=[parent.pk, version.pk]).count() == 2
    assert [event.verb for event in parent.events.all()] == ["archive", "unarchive"]


def test_what_keeps_a_programme_from_being_archived(coordinator):
    first = make_programme("first", name="First")
    second = make_programme("second", name="Second", requires=[first])
    version = tailor(second, make_home("asia"), "en", by=coordinator)
    with pytest.raises(TransitionRefused, match=r"Second.* ask for it"):
        archive_programme(first, by=coordinator)
    ahead = make_session(version)  # of its distributor's version
    with pytest.raises(TransitionRefused, match="still ahead"):
        archive_programme(second, by=coordinator)
    running = make_session(first, in_days=-0.1, state="confirmed")
    Session.objects.filter(pk=ahead.pk).update(state="cancelled")
    archive_programme(second, by=coordinator)
    with pytest.raises(TransitionRefused, match="still ahead"):
        archive_programme(first, by=coordinator)
    Session.objects.filter(pk=running.pk).update(state="done")
    archive_programme(first, by=coordinator)
    planned = make_session(first, state="planned")
    with pytest.raises(TransitionRefused, match="no longer given"):
        open_session(planned, by=coordinator)


def test_a_version_that_is_withdrawn_and_taken_up_again_keeps_its_history(coordinator):
    parent, firm = make_programme(min_years=9), make_home("asia")
    version = tailor(parent, firm, "en", by=coordinator)
    person = make_trainee(firm)
    EligibilityWatch.objects.create(user=person, programme=version)
    withdraw_version(version, by=coordinator)
    assert told(person) == ["programme_archived"]
    assert tailor(parent, firm, "en", by=coordinator) == version
    verbs = [event.verb for event in version.events.all()]
    assert verbs == ["make", "archive", "unarchive"]
