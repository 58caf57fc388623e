"""The permission table holds, and names every URL of the site."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from tests.permissions.table import ALLOWED, LOGIN, REFUSED, ROLES, rows
from tests.permissions.world import World

ROWS = rows()


def named_urls(resolver=None, namespaces=()):
    """Every URL name below a resolver, with its namespaces: 'wagtailimages:index'."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = namespaces + ((pattern.namespace,) if pattern.namespace else ())
            yield from named_urls(pattern, inner)
        elif pattern.name:
            yield ":".join([*namespaces, pattern.name])


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once; every request is rolled back to it, and it goes with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        made.prepare()
        yield made
        transaction.set_rollback(True)


def agrees(answer, expected) -> bool:
    """Whether an answer is the one expected; ALLOWED is every answer but a refusal."""
    if expected == ALLOWED:
        return answer not in (LOGIN, REFUSED, 403)
    return answer == expected


def ask(world, method, role, address, data, headers):
    """The answer a role gets: a status code, LOGIN or REFUSED. What it changed is undone."""
    client = world.client(role)
    with world.fresh_rates(role), transaction.atomic():
        response = getattr(client, method)(address, data, headers=headers)
        if hasattr(response, "streaming_content"):
            b"".join(response.streaming_content)  # a test client's file is closed by reading it
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse("account_login") + "?"):
        return LOGIN
    if response.status_code == 302 and location == reverse("wagtailadmin_home"):
        return REFUSED
    return response.status_code


def ask_all(world, row, method, address, data) -> list[str]:
    """What each role is told, where it is not what the row expects."""
    expected, wrong = row.expected(method), []
    for role in ROLES:
        for value in data.values():
            if hasattr(value, "seek"):
                value.seek(0)  # the role before has read the file to its end
        answer = ask(world, method, role, address, data, row.headers)
        if not agrees(answer, expected[role]):
            wrong.append(f"{method} {role}: {answer}, not {expected[role]}")
    return wrong


@pytest.mark.slow  # sixteen requests a row, twice
@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_each_role_gets_the_answer_of_the_table(world, row):
    with transaction.atomic():  # what the row needs is made once, and goes with the row
        address = reverse(row.name, args=row.args(world)) + row.query
        wrong = ask_all(world, row, "get", address, {})
        wrong += ask_all(world, row, "post", address, row.data(world))
        transaction.set_rollback(True)
    assert wrong == []


def test_every_url_of_the_site_has_a_row():
    assert set(named_urls()) - {row.name for row in ROWS} == set()


def test_every_row_names_a_url_of_the_site():
    assert {row.name for row in ROWS} - set(named_urls()) == set()


def test_no_two_rows_look_alike():
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_control_a_url_without_a_row_is_found():
    assert "account_login" in set(named_urls())
    assert "wagtailimages:index" in set(named_urls())


def test_the_page_in_docs_is_current():
    """Run `manage.py permission_page` after a change of the table."""
    call_command("permission_page", check=True)
