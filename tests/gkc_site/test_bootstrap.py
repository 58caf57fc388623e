"""Bootstrap makes what every installation needs, once."""

import pytest
from django.conf import settings
from wagtail.models import Page, Site

from bulletins.models import StoryIndexPage
from gkc_site.bootstrap import bootstrap
from gkc_site.models import HomePage
from network.models import User

pytestmark = pytest.mark.django_db


def test_each_language_has_home_and_indexes():
    assert HomePage.objects.count() == len(settings.LANGUAGES)
    addresses = {page.url for page in StoryIndexPage.objects.all()}
    assert addresses == {f"/{code}/stories/" for code, _name in settings.LANGUAGES}


def test_a_second_bootstrap_changes_nothing():
    before = list(Page.objects.values_list("pk", "title", "path", "numchild"))
    bootstrap()
    assert list(Page.objects.values_list("pk", "title", "path", "numchild")) == before
    assert User.objects.filter(is_system=True).count() == 1
    assert Site.objects.count() == 1
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_finds_the_bootstrap_too():
    assert HomePage.objects.exists()
    HomePage.objects.all().update(title="changed")


@pytest.mark.django_db(transaction=True)
def test_and_leaves_it_for_the_next():
    assert not HomePage.objects.filter(title="changed").exists()
