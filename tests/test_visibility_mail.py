"""Who meets a story in mail: what was queued is looked at again when it is sent."""

import pytest

from bulletins.transitions import withdraw_case
from network.transitions import leave
from tests.factories import make_case, make_issue, make_membership
from tests.visibility import WORD, Scene
from touchpoints.api import tell
from touchpoints.sending import send_due

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def scene():
    return Scene()


def issue_mail(scene, mailoutbox, change) -> str:
    """The body of an issue's mail to a contact, sent after `change` to its story."""
    case = make_case(scene.firm, scene.people["author"], title=f"{WORD} story", published=True)
    other = make_case(scene.firm, scene.people["author"], title="Another story", published=True)
    issue = make_issue(cases=(case, other), released=True)
    tell("bulletins.issue", issue)
    change(case)
    send_due()
    to = scene.people["manager"].email
    [mail] = [m for m in mailoutbox if m.to == [to] and "Another story" in m.body]
    return mail.body + mail.alternatives[0][0]


def make_region_only(case):
    """As an editor's correction of the row would; the transition refuses it within an issue."""
    type(case).objects.filter(pk=case.pk).update(audience="region")


def test_a_story_withdrawn_since_the_release_is_in_no_later_mail(scene, mailoutbox):
    editor = scene.people["editor"]
    text = issue_mail(scene, mailoutbox, lambda case: withdraw_case(case, by=editor, reason="x"))
    assert WORD not in text


def test_a_story_for_its_region_since_the_release_is_in_no_later_mail(scene, mailoutbox):
    assert WORD not in issue_mail(scene, mailoutbox, make_region_only)


def test_control_the_mail_names_a_story_that_stays(scene, mailoutbox):
    assert WORD in issue_mail(scene, mailoutbox, lambda case: None)


@pytest.mark.parametrize("leaves", [False, True])
def test_a_co_author_who_left_gets_no_mail_queued_before(scene, mailoutbox, leaves):
    case = make_case(
        scene.firm, scene.people["author"], title=f"{WORD} story", stage="changes_requested"
    )
    person = scene.people["elsewhere"]
    place = make_membership(person, scene.firm)
    case.co_authors.add(person)
    tell("bulletins.changes_requested", case, reason="Which dates?")
    if leaves:
        leave(place, by=scene.people["manager"])
    send_due()
    got = [m for m in mailoutbox if m.to == [person.email] and WORD in m.subject]
    assert len(got) == (0 if leaves else 1)
