"""Sign-in for real: through axes and allauth, by e-mail and password."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from network.models import User
from tests.factories import make_distributor, make_user
from tests.factories.network import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def member():
    return make_user(
        distributor=make_distributor(), email="omar@firm.test", interface_language="fa"
    )


def sign_in(client, email="omar@firm.test", password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password}, **more)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_member_signs_in_and_reads_in_their_language(client, member):
    response = sign_in(client, email="Omar@Firm.test")
    assert response.status_code == 302
    assert is_signed_in(client)
    assert client.cookies["django_language"].value == "fa"
    assert client.get("/").headers["Location"] == "/fa/"


def test_sign_in_returns_to_the_thing(client, member):
    target = reverse("profile")
    response = client.post(LOGIN, {"login": member.email, "password": PASSWORD, "next": target})
    assert response.headers["Location"] == target
    away = client.post(
        LOGIN, {"login": member.email, "password": PASSWORD, "next": "https://evil.test/"}
    )
    assert "evil" not in away.headers["Location"]


def test_a_wrong_password_and_an_unknown_address_look_alike(client, member):
    wrong = sign_in(client, password="wrong")
    unknown = sign_in(client, email="nobody@firm.test", password="wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert not is_signed_in(client)


def test_eight_failures_pause_sign_in_for_this_address_only(client, member):
    answers = [sign_in(client, password="wrong").status_code for _ in range(8)]
    assert answers == [200] * 7 + [429]
    assert sign_in(client).status_code == 429
    assert not is_signed_in(client)
    assert sign_in(client, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_another_persons_sign_in_is_not_paused(client, member):
    make_user(email="mei@firm.test")
    for _ in range(9):
        sign_in(client, password="wrong")
    assert sign_in(client, email="mei@firm.test").status_code == 302


def test_a_closed_account_cannot_sign_in(client, member):
    User.objects.update(is_active=False)
    sign_in(client)
    assert not is_signed_in(client)


def test_the_system_user_cannot_sign_in(client):
    system = User.objects.get(is_system=True)
    system.set_password(PASSWORD)
    system.save()
    sign_in(client, email=system.email)
    assert not is_signed_in(client)


@pytest.mark.parametrize(("demo_mode", "may"), [(True, True), (False, False)])
def test_demo_logins_work_in_demo_mode_only(client, settings, demo_mode, may):
    make_user(email="editor@gkc.example")
    settings.DEMO_MODE = demo_mode
    sign_in(client, email="editor@gkc.example")
    assert is_signed_in(client) is may


def test_a_demo_session_ends_with_demo_mode(client, settings):
    make_user(email="editor@gkc.example")
    sign_in(client, email="editor@gkc.example")
    assert client.get(reverse("profile")).status_code == 200
    settings.DEMO_MODE = False
    assert client.get(reverse("profile")).status_code == 302


def test_nobody_signs_up(client):
    client.post("/accounts/signup/", {"email": "x@firm.test", "password1": "a sentence of my own"})
    assert not User.objects.filter(email="x@firm.test").exists()


def test_the_admins_sign_in_is_ours(client, member):
    response = client.get("/admin/login/?next=/admin/pages/")
    assert response.headers["Location"] == "/accounts/login/?next=/admin/pages/"
    sign_in(client)
    assert client.get("/admin/").status_code == 403  # not round in a circle


def test_a_reset_link_comes_in_the_persons_language_and_works_once(client, member):
    assert client.post("/accounts/password/reset/", {"email": member.email}).status_code == 302
    body = mail.outbox[0].body
    link = next(word for word in body.split() if "/password/reset/key/" in word)
    path = link[link.index("/accounts/") :]
    form = client.get(path, follow=True)
    new = {"password1": "another sentence of mine", "password2": "another sentence of mine"}
    assert client.post(form.redirect_chain[-1][0], new).status_code == 302
    client.logout()
    assert sign_in(client, password="another sentence of mine").status_code == 302
    client.logout()
    assert client.get(path, follow=True).context["token_fail"]


def test_a_reset_for_an_unknown_address_answers_the_same(client, member):
    known = client.post("/accounts/password/reset/", {"email": member.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@firm.test"})
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]


def test_resets_are_slowed_down(client, member):
    answers = {
        client.post("/accounts/password/reset/", {"email": f"{n}@firm.test"}).status_code
        for n in range(25)
    }
    assert answers == {302, 429}


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "كلمة المرور هذه قصيرة"), ("fa", "این گذرواژه کوتاه است")]
)
def test_a_short_password_is_refused_in_the_readers_language(language, words):
    with translation.override(language), pytest.raises(ValidationError) as refused:
        validate_password("short")
    assert words in refused.value.messages[0]
