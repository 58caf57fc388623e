"""The Celery application. Tasks only drain tables; see docs/adr/0003."""

import os

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.embedded")

app = Celery("gkc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)  # carries the request id into the task
app.autodiscover_tasks()


@setup_logging.connect
def on_setup_logging(**kwargs):
    """Keep Django's logging configuration instead of Celery's."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)
