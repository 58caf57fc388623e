"""Probes and monitors learn which part is not ready, and strangers learn no figures."""

import datetime
import re

import pytest
from celery import Celery
from django.utils import timezone

from gkc_site import health
from gkc_site.models import Heartbeat
from gkc_site.tasks import heartbeat
from search.models import ConsumerVersion, SearchDocument
from touchpoints.models import Delivery, Mailing

pytestmark = pytest.mark.django_db


def ago(seconds):
    return timezone.now() - datetime.timedelta(seconds=seconds)


def set_heartbeat(at):
    Heartbeat.objects.update_or_create(name=Heartbeat.BEAT)
    Heartbeat.objects.update(at=at)


def checks(client):
    return client.get("/healthz/ready").json()["checks"]


def test_live_answers_without_a_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz/live").content == b"ok"


def test_ready_when_every_part_is(client):
    heartbeat()
    SearchDocument.objects.update(changed_at=timezone.now())  # not since the template was made
    answer = client.get("/healthz/ready")
    assert {name: found["ok"] for name, found in answer.json()["checks"].items()} == {
        "database": True,
        "migrations": True,
        "broker": True,
        "beat": True,
        "ledger": True,
        "index": True,
    }
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_not_ready_before_the_first_beat(client):
    Heartbeat.objects.all().delete()
    assert client.get("/healthz/ready").status_code == 503
    assert checks(client)["beat"] == {"ok": False, "lag_s": None}


@pytest.mark.parametrize(("age_s", "is_ok"), [(50, True), (70, False)])
def test_the_age_of_the_beat_counts(client, age_s, is_ok):
    set_heartbeat(ago(age_s))
    assert checks(client)["beat"]["ok"] is is_ok


@pytest.mark.parametrize(
    ("state", "due_s", "lag_s"),
    [("queued", 200, 200), ("queued", 400, 400), ("queued", -60, 0), ("sent", 400, 0)],
)
def test_the_ledger_lags_by_its_oldest_due_delivery(client, state, due_s, lag_s):
    Delivery.objects.create(
        mailing=Mailing.objects.create(kind="test", object_key="a.b:1"),
        language="en",
        state=state,
        due_at=ago(due_s),
    )
    found = checks(client)["ledger"]
    assert found["lag_s"] == pytest.approx(lag_s, abs=5)
    assert found["ok"] is (lag_s < 300)


def test_an_index_lags_by_what_its_consumer_has_not_done(client, settings):
    """Elasticsearch behind does not take a host out of service: the host's own index answers."""
    settings.SEARCH_ENGINE = "elasticsearch"
    SearchDocument.objects.all().delete()
    document = SearchDocument.objects.create(key="story:1", language="en", version=3)
    SearchDocument.objects.update(changed_at=ago(90))
    followed = ConsumerVersion.objects.create(
        consumer="elasticsearch", key="story:1", language="en", done_version=2
    )
    ConsumerVersion.objects.create(
        consumer="embedded@gone", key="story:1", language="en", done_version=1
    )
    found = checks(client)["elasticsearch"]
    assert found == {"ok": True, "lag_s": pytest.approx(90, abs=5)}
    followed.done_version = document.version
    followed.save()
    assert checks(client)["elasticsearch"] == {"ok": True, "lag_s": 0.0}


def test_a_missing_migration_is_seen(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", set())
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="gkc_site").order_by("name").last().delete()
    assert checks(client)["migrations"]["ok"] is False


def test_a_broker_that_is_gone_is_seen_and_hides_nothing(client, monkeypatch):
    heartbeat()
    monkeypatch.setattr(health, "app", Celery("gone", broker="redis://127.0.0.1:1/0"))
    found = checks(client)
    assert found["broker"]["ok"] is False
    assert found["database"]["ok"] is True


def test_metrics_tell_the_lag_to_this_machine(client):
    beat = ago(30)
    set_heartbeat(beat)
    text = client.get("/metrics").content.decode()
    assert 'gkc_ready{part="beat"} 1.0' in text
    (lag_s,) = re.findall(r'gkc_lag_seconds\{part="beat"\} ([\d.]+)', text)
    # A busy machine takes its time to answer.
    assert 30 <= float(lag_s) < (timezone.now() - beat).total_seconds() + 1
    assert "django_http_requests_before_middlewares_total" in text


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_AUTHORIZATION": "Bearer right"}, 200),
    ],
)
def test_metrics_without_a_token_are_for_this_machine(client, extra, status):
    assert client.get("/metrics", **extra).status_code == status


@pytest.mark.parametrize(("given", "status"), [("right", 200), ("wrong", 403), ("é", 403)])
def test_metrics_with_a_token_want_the_token(client, settings, given, status):
    settings.METRICS_TOKEN = "right"
    extra = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {given}"}
    assert client.get("/metrics", **extra).status_code == status
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 403
