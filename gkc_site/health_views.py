"""The addresses that probes and monitors ask. No language prefix, no session, no cache."""

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from gkc_site import health

LOOPBACK = {"127.0.0.1", "::1"}


@never_cache
@require_safe
def live(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request):
    """200 when every part is ready, else 503; which part, seconds behind, what goes on."""
    found = health.findings()
    is_ready = all(finding.is_ok for finding in found)
    body = {
        "ready": is_ready,
        "checks": {
            finding.name: {"ok": finding.is_ok, "lag_s": finding.lag_s}
            | ({"note": finding.note} if finding.note else {})
            for finding in found
        },
    }
    return JsonResponse(body, status=200 if is_ready else 503)


@never_cache
@require_safe
def metrics(request):
    """Prometheus' text format: django-prometheus' figures and our lags."""
    if not may_read_metrics(request):
        return HttpResponseForbidden()
    registry = CollectorRegistry()
    registry.register(HealthCollector())
    response = ExportToDjangoView(request)
    response.write(generate_latest(registry))
    return response


def may_read_metrics(request) -> bool:
    """The bearer of GKC_METRICS_TOKEN; without a token, this machine itself.

    A forwarded request comes from a proxy on this machine, not from it.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    is_forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not is_forwarded


class HealthCollector:
    """The findings of gkc_site.health as gauges."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        ok = GaugeMetricFamily("gkc_ready", "1 where the part is ready", labels=["part"])
        lag = GaugeMetricFamily("gkc_lag_seconds", "How far the part is behind", labels=["part"])
        for finding in health.findings():
            ok.add_metric([finding.name], float(finding.is_ok))
            if finding.lag_s is not None:
                lag.add_metric([finding.name], finding.lag_s)
        yield ok
        yield lag
