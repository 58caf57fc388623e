"""Addresses below /mail/, without a language prefix: they stand in mails and at mail services."""

from django.conf import settings
from django.urls import include, path

from touchpoints import mail_views

urlpatterns = [
    path("stop/<str:signed>/", mail_views.stop, name="mail_stop"),
    path("addresses/<int:pk>/restore/", mail_views.restore, name="mail_address_restore"),
]
if settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns.append(path("events/", include("anymail.urls")))
