"""The demo's workshops load whatever day it is: in an empty centre, so apart from the others."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gkc_site.demo.people import load_people
from gkc_site.demo.workshops import load_workshops

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("day", ["2026-02-27", "2026-12-30"])
def test_it_loads_on_any_day(settings, tmp_path, day):
    settings.GKC_HOME = tmp_path
    with time_machine.travel(datetime.datetime.fromisoformat(f"{day}T23:30:00+00:00")):
        load_people()
        with CaptureQueriesContext(connection):
            assert load_workshops() == (12, 24)
