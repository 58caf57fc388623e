"""Settings, addresses, home, base templates, desk, bootstrap and demo; wires the rooms."""

from gkc_site.celery import app as celery_app

__all__ = ["celery_app"]
