"""A real Chromium against the live site."""

import os
import threading

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import sync_playwright

from tests.search.elasticsearch.server import (  # noqa: F401 - fixtures
    _indexes,
    _prefix,
    catch_up,
    elasticsearch_url,
    engine,
)

CHROMIUM = os.environ.get("GKC_CHROMIUM", "/usr/bin/chromium")
# Playwright's sync API keeps an event loop in this thread; Django would refuse its own queries.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="session")
def chromium():
    """One browser for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield browser
        browser.close()


class Traffic:
    """How many requests the live server is answering now."""

    def __init__(self):
        self.running = 0
        self.changed = threading.Condition()

    def on_started(self, **kwargs):
        with self.changed:
            self.running += 1

    def on_finished(self, **kwargs):
        with self.changed:
            self.running -= 1
            self.changed.notify_all()

    def wait_for_end(self, timeout_s: float = 60) -> None:
        """Raises AssertionError where a request does not end."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.running <= 0, timeout_s)


@pytest.fixture
def traffic():
    """Counts requests; connected after Django's own receivers, which close connections."""
    counted = Traffic()
    request_started.connect(counted.on_started)
    request_finished.connect(counted.on_finished)
    yield counted
    request_started.disconnect(counted.on_started)
    request_finished.disconnect(counted.on_finished)


@pytest.fixture
def device(chromium, live_server, transactional_db, traffic):
    """Make a browser profile of its own, such as a person's phone.

    Closed before the database is given back: a late save would write into it.
    """
    made = []

    def new(**options):
        made.append(chromium.new_context(**options))
        return made[-1]

    yield new
    for context in made:
        context.set_offline(True)
        context.close()
    traffic.wait_for_end()


@pytest.fixture
def sign_in(live_server):
    """Sign a person in through the form."""

    def do(page, user, language="en"):
        page.goto(f"{live_server.url}/accounts/login/?next=/{language}/desk/")
        page.fill("[name=login]", user.email)
        page.fill("[name=password]", PASSWORD)
        page.click("form[action*=login] button[type=submit]")
        page.wait_for_url(f"**/{language}/desk/")

    return do


@pytest.fixture
def search_follows(request):
    """What the worker does for search; with GKC_TEST_SEARCH=elasticsearch that server answers."""
    if os.environ.get("GKC_TEST_SEARCH") == "elasticsearch":
        return request.getfixturevalue("catch_up")
    return lambda: None
