"""A mail service's webhook: mounted only with a secret, refused without it, and read whole."""

import base64
import importlib
import json

import pytest
from anymail.exceptions import AnymailWebhookValidationFailure
from django.test import RequestFactory
from django.urls import URLResolver

from tests.factories.network import make_distributor, make_user
from touchpoints import urls
from touchpoints.api import tell
from touchpoints.models import Suppression
from touchpoints.sending import send_due

SECRET = "service:long and random"


def mounted() -> list[str]:
    importlib.reload(urls)
    return [str(entry.pattern) for entry in urls.urlpatterns if isinstance(entry, URLResolver)]


def test_without_a_secret_there_is_no_address(settings):
    settings.ANYMAIL = {}
    assert mounted() == []
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert mounted() == ["events/"]
    settings.ANYMAIL = {}
    mounted()


@pytest.mark.django_db
def test_postmarks_bounce_is_believed_with_the_secret_alone(settings, news):
    from anymail.webhooks.postmark import PostmarkTrackingWebhookView

    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    firm = make_distributor()
    user = make_user(distributor=firm)
    row = tell("tests.news", firm).deliveries.get()
    send_due()
    body = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "esp-own-name",
        "Email": user.email,
        "Description": "The server was unable to deliver your message",
        "Details": "smtp;550 5.1.1 The email account does not exist.",
        "BouncedAt": "2026-12-01T10:00:00Z",
        "Metadata": {"delivery": str(row.key)},
    }
    view = PostmarkTrackingWebhookView.as_view()

    def post(secret: str) -> int:
        authorization = "Basic " + base64.b64encode(secret.encode()).decode()
        request = RequestFactory().post(
            "/mail/events/postmark/tracking/",
            json.dumps(body),
            content_type="application/json",
            HTTP_AUTHORIZATION=authorization,
        )
        return view(request).status_code

    with pytest.raises(AnymailWebhookValidationFailure):  # Django answers it with 400
        post("guess:guess")
    row.refresh_from_db()
    assert row.state == "sent"
    assert post(SECRET) == 200
    row.refresh_from_db()
    assert (row.state, row.returned_at.isoformat()) == ("bounced", "2026-12-01T10:00:00+00:00")
    assert Suppression.objects.get().address == user.email
