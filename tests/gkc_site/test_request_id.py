"""The id of a request goes with the task that it queues."""

import threading

import pytest
import structlog
from celery.contrib.testing.worker import start_worker

from gkc_site.celery import app

seen = []
done = threading.Event()


@app.task(name="tests.note_context")
def note_context():
    seen.append(structlog.contextvars.get_contextvars())
    done.set()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_task_logs_under_the_request_that_queued_it():
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=90):
        with structlog.contextvars.bound_contextvars(request_id="request-7"):
            note_context.apply_async()
            assert done.wait(timeout=90)
    assert [context["request_id"] for context in seen] == ["request-7"]
