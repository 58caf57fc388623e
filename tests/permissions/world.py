"""One person of each role around one story, made once for the whole table."""

from contextlib import contextmanager
from functools import cached_property

from django.core.cache import cache
from django.test import Client

from gkc_site.home import GLANCE_KEPT_S, glance_key
from network.models import Country, User
from tests.factories import (
    make_case,
    make_distributor,
    make_mandate,
    make_membership,
    make_user,
)


class World:
    """The story is from Saudi Arabia (Middle East); the neutral campaigner works in Germany."""

    def __init__(self):
        country = Country.objects.get(pk="SA")
        self.area = country.review_area
        self.distributor = make_distributor("table-sa", country=country)
        self.other = make_distributor("table-de", country=Country.objects.get(pk="DE"))
        # The area's campaigners work for another firm, or they could not decide (R5).
        self.neighbour = make_distributor("table-ae", country=Country.objects.get(pk="AE"))
        self.users = {
            "visitor": None,
            "reader": self._person("reader", self.other),
            "author": self._person("author", self.distributor),
            "own_author": self._person("own_author", self.distributor),
            "co_author": self._person("co_author", self.distributor),
            "manager": self._person("manager", self.distributor, contact="first"),
            "campaigner": self._holder("campaigner", self.neighbour, review_area=self.area),
            "neutral": self._holder(
                "campaigner", self.other, "neutral", review_area=self.other.review_area
            ),
            "lead": self._holder("lead", self.neighbour, review_area=self.area),
            "translator": self._holder("translator", self.other, language="ja"),
            "editor": self._holder("editor"),
            "trainer": self._holder("trainer", self.other),
            "coordinator": self._holder("coordinator", self.other),
            "executive": self._holder("executive"),
            "administrator": self._holder("administrator"),
            "superuser": self._person("superuser", is_superuser=True, is_staff=True),
        }
        make_mandate(self.users["translator"], "translator", language="ar")
        self._sessions = {}
        self._glances = {}
        self._handler = Client().handler

    def _person(self, role: str, distributor=None, contact: str = "", **fields) -> User:
        user = make_user(email=f"{role}@table.example", first_name=role, **fields)
        if distributor is not None:
            make_membership(user, distributor, contact)
        return user

    def _holder(self, role: str, distributor=None, name: str = "", **scope) -> User:
        user = self._person(name or role, distributor)
        make_mandate(user, role, **scope)
        return user

    def client(self, role: str) -> Client:
        """A browser of that person, signed in; a new one each time."""
        client = Client(raise_request_exception=False)
        client.handler = self._handler  # middleware is set up once, as in a server
        user = self.users[role]
        if user is not None:
            if role not in self._sessions:
                client.force_login(user, "gkc_site.accounts.backends.MemberBackend")
                self._sessions[role] = client.cookies["sessionid"].value
            client.cookies["sessionid"] = self._sessions[role]
        return client

    @contextmanager
    def fresh_rates(self, role: str):
        """A request that no rate limit has counted before: to the limits all are one person.

        What waits for the person stays known, as it does in a browser for a minute:
        counted anew it would be half of all the table costs.
        """
        cache.clear()
        user = self.users[role]
        if user is None:
            yield
            return
        key = glance_key(user)
        cache.set(key, self._glances.get(role, {}), GLANCE_KEPT_S)
        yield
        self._glances[role] = cache.get(key) or self._glances.get(role, {})

    @cached_property
    def draft(self):
        """Own author's draft."""
        return self._case("A draft")

    @cached_property
    def in_review(self):
        """Submitted, waiting in the area review."""
        return self._case("In review", stage="area_review")

    @cached_property
    def published(self):
        """Published for the whole network."""
        return self._case("Published", published=True)

    @cached_property
    def region_only(self):
        """Published for the Middle East only."""
        return self._case("Region only", published=True, audience="region")

    @cached_property
    def public(self):
        """Published and cleared for everyone."""
        return self._case("Public", published=True, audience="public")

    def _case(self, title: str, **fields):
        case = make_case(
            distributor=self.distributor, author=self.users["own_author"], title=title, **fields
        )
        case.co_authors.add(self.users["co_author"])
        return case

    def prepare(self) -> None:
        """Make what is cached above and sign everybody in, before any rollback."""
        for name in ("draft", "in_review", "published", "region_only", "public"):
            getattr(self, name)
        for role in self.users:
            self.client(role)
