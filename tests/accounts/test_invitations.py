"""Invitations: who may, what the mail says, and that a link works once."""

import datetime
import threading

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from gkc_site.accounts.models import Invitation
from gkc_site.accounts.transitions import (
    accept_invitation,
    invite,
    join_by_invitation,
    resend_invitation,
    revoke_invitation,
)
from network.exceptions import TransitionRefused
from network.models import Membership, User
from network.permissions import belongs_to, manages_distributor
from tests.factories import make_distributor, make_membership, make_user
from touchpoints.models import Delivery

pytestmark = pytest.mark.django_db
NEW = {
    "first_name": "Huda",
    "last_name": "",
    "password": "a sentence of my own",
    "language": "ar",
}


@pytest.fixture
def firm():
    return make_distributor(languages=["ar", "en"])


@pytest.fixture
def manager(firm):
    return make_user("manager", distributor=firm)


@pytest.fixture
def invitation(firm, manager):
    return invite(firm, "Huda@Firm.test", by=manager, language="ar", first_name="Huda")


def accept(invitation):
    return accept_invitation(invitation.token, **NEW)


def page(invitation):
    return reverse("invitation", args=[invitation.token])


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("manager", True),
        ("deputy", True),
        ("lead", True),
        ("administrator", True),
        ("colleague", False),
        ("other_manager", False),
        ("other_lead", False),
        ("editor", False),
    ],
)
def test_who_may_invite(firm, who, may):
    people = {
        "manager": lambda: make_user("manager", distributor=firm),
        "deputy": lambda: make_user(distributor=firm, contact="deputy"),
        "lead": lambda: make_user("lead", review_area=firm.review_area),
        "administrator": lambda: make_user("administrator"),
        "colleague": lambda: make_user(distributor=firm),
        "other_manager": lambda: make_user("manager", distributor=make_distributor()),
        "other_lead": lambda: make_user("lead", review_area=make_distributor().review_area),
        "editor": lambda: make_user("editor"),
    }
    by = people[who]()
    if may:
        assert invite(firm, "new@firm.test", by=by).state == "open"
        return
    with pytest.raises(PermissionDenied):
        invite(firm, "new@firm.test", by=by)
    assert not Invitation.objects.exists()


def test_the_mail_goes_to_the_invited_address_in_its_language(invitation):
    delivery = Delivery.objects.get()
    assert (delivery.address, delivery.language) == ("huda@firm.test", "ar")
    assert delivery.user is None
    assert invitation.token not in str(delivery.mailing.data)


def test_the_mail_holds_the_link(invitation):
    from touchpoints.tasks import send_due

    send_due()
    assert len(mail.outbox) == 1
    assert page(invitation) in mail.outbox[0].body


def test_accepting_makes_account_and_membership(client, firm, invitation):
    assert client.get(page(invitation)).status_code == 200
    response = client.post(page(invitation), NEW)
    assert response.status_code == 302
    user = User.objects.get(email="huda@firm.test")
    assert belongs_to(user, firm)
    assert user.interface_language == "ar"
    assert client.cookies["django_language"].value == "ar"
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/ar/"
    client.logout()
    assert client.get(page(invitation)).status_code == 410


def test_a_weak_password_makes_nothing(client, invitation):
    response = client.post(page(invitation), NEW | {"password": "1234567890"})
    assert response.status_code == 200
    assert response.context["form"].errors.get("password")
    assert not User.objects.filter(email="huda@firm.test").exists()


def test_a_used_link_is_refused(invitation):
    accept(invitation)
    with pytest.raises(TransitionRefused):
        accept(invitation)
    assert Membership.objects.filter(user__email="huda@firm.test").count() == 1


@pytest.mark.parametrize("state", ["expired", "revoked", "unknown"])
def test_a_closed_link_says_so_and_makes_nothing(client, manager, invitation, state):
    token = invitation.token
    if state == "expired":
        Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(minutes=1))
    elif state == "revoked":
        revoke_invitation(invitation, by=manager)
    else:
        token = "x" * 32
    response = client.post(reverse("invitation", args=[token]), NEW)
    assert response.status_code == 410
    assert response.context["state"] == state
    assert not User.objects.filter(email="huda@firm.test").exists()


def test_sending_again_ends_the_old_link_and_reopens_an_expired_one(client, manager, invitation):
    old = page(invitation)
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(days=1))
    resend_invitation(invitation, by=manager)
    invitation.refresh_from_db()
    assert client.get(old).status_code == 410
    assert client.get(page(invitation)).status_code == 200
    assert Delivery.objects.count() == 2


def test_an_accepted_invitation_is_neither_resent_nor_revoked(manager, invitation):
    accept(invitation)
    for change in (resend_invitation, revoke_invitation):
        with pytest.raises(TransitionRefused):
            change(invitation, by=manager)


def test_a_second_invitation_waits_for_the_first(firm, manager, invitation):
    with pytest.raises(TransitionRefused):
        invite(firm, "huda@firm.test", by=manager)
    accept(invitation)
    with pytest.raises(TransitionRefused):
        invite(firm, "huda@firm.test", by=manager)


def test_an_account_of_another_firm_joins_while_signed_in(client, firm, manager):
    other = make_distributor()
    person = make_user(distributor=other)
    made = invite(firm, person.email, by=manager)
    response = client.post(page(made), NEW)
    assert response.status_code == 200
    assert not belongs_to(person, firm)
    client.force_login(person, "gkc_site.accounts.backends.MemberBackend")
    assert client.post(page(made)).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert belongs_to(person, firm)
    assert belongs_to(person, other)


def test_another_persons_session_cannot_take_an_invitation(client, firm, manager):
    person, stranger = make_user(), make_user()
    made = invite(firm, person.email, by=manager)
    client.force_login(stranger, "gkc_site.accounts.backends.MemberBackend")
    assert client.post(page(made)).status_code == 200
    with pytest.raises(TransitionRefused):
        join_by_invitation(made.token, user=stranger)
    assert not belongs_to(User.objects.get(pk=stranger.pk), firm)


def test_an_invited_deputy_manages(firm, manager):
    made = invite(firm, "d@firm.test", by=manager, contact="deputy")
    assert manages_distributor(accept(made), firm)


def test_guessing_links_is_slowed_down(client, time_machine):
    # A minute that ends meanwhile would begin the count anew.
    time_machine.move_to(datetime.datetime.now(datetime.UTC), tick=False)
    answers = [
        client.get(reverse("invitation", args=[f"guess-{n}"])).status_code for n in range(22)
    ]
    assert answers[:20] == [410] * 20
    assert answers[20:] == [429, 429]


def in_two_threads(act) -> list:
    """Run `act` twice at once; each one's exception, or None."""
    barrier, results = threading.Barrier(2, timeout=90), []

    def run():
        try:
            barrier.wait()
            act()
            results.append(None)
        except Exception as error:
            results.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_a_link_opened_twice_at_once_is_used_once():
    firm = make_distributor()
    person = make_user()
    made = invite(firm, person.email, by=make_user("manager", distributor=firm))
    results = in_two_threads(lambda: join_by_invitation(made.token, user=person))
    assert set(results) == {None, TransitionRefused}
    assert Membership.objects.filter(user=person, distributor=firm).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_get_through():
    """If only one membership came out of this, the test above would prove nothing."""
    firm = make_distributor()
    person = make_user()
    made = invite(firm, person.email, by=make_user("manager", distributor=firm))
    both_read = threading.Barrier(2, timeout=90)

    def join_without_lock():
        stale = Invitation.objects.get(pk=made.pk)
        assert stale.state == "open"
        both_read.wait()
        with transaction.atomic():
            make_membership(User.objects.get(pk=person.pk), firm)
            Invitation.objects.filter(pk=made.pk).update(accepted_at=timezone.now())

    assert in_two_threads(join_without_lock) == [None, None]
    assert Membership.objects.filter(user=person, distributor=firm).count() == 2


def test_a_closed_account_is_not_invited_for_it_could_not_accept(firm, manager, invitation):
    person = accept(invitation)
    person.is_active = False
    person.save()
    Membership.objects.filter(user=person).delete()
    with pytest.raises(TransitionRefused):
        invite(firm, "HUDA@firm.test", by=manager)
    person.is_active = True
    person.save()
    assert invite(firm, "HUDA@firm.test", by=manager).state == "open"
