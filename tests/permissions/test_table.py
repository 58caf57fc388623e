"""The permission table holds, and names every URL of the site."""

import pytest
from django.core.management import call_command
from django.urls import URLResolver, get_resolver

from tests.permissions.asking import wrong_answers
from tests.permissions.rows_admin import ROWS as ADMIN
from tests.permissions.table import rows

ADMIN_IDS = {row.id for row in ADMIN}
ROWS = rows()  # the admin's are asked in test_table_admin.py, by another process


def named_urls(resolver=None, namespaces=()):
    """Every URL name below a resolver, with its namespaces: 'wagtailimages:index'."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = namespaces + ((pattern.namespace,) if pattern.namespace else ())
            yield from named_urls(pattern, inner)
        elif pattern.name:
            yield ":".join([*namespaces, pattern.name])


@pytest.mark.slow  # sixteen requests a row, twice
@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.id) for row in ROWS if row.id not in ADMIN_IDS]
)
def test_each_role_gets_the_answer_of_the_table(world, row):
    assert wrong_answers(world, row) == []


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
