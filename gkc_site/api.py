"""The HTTP API, /api/v1/: routers of the rooms, one way to refuse, one limit of requests.

A room's `endpoints.py` holds its router; it is wired in ROUTERS below. Views
are exempt from CSRF checks: an operation that changes something must ask for
`ninja.security.django_auth`, which brings the check back. There is no page
that shows the description: those that exist load scripts from elsewhere,
which the site's Content-Security-Policy forbids.
"""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_ratelimit.core import get_usage
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.throttling import BaseThrottle

PROBLEM = "application/problem+json"
ROUTERS = {"/search": "search.endpoints.router"}


class PersonalThrottle(BaseThrottle):
    """So many requests a person, or an address where nobody is signed in (settings.API_RATE)."""

    def allow_request(self, request) -> bool:
        usage = get_usage(
            request, group="api", key="user_or_ip", rate=settings.API_RATE, increment=True
        )
        if usage is None or not usage["should_limit"]:
            return True
        request.api_wait_s = usage["time_left"]
        return False

    def wait(self):
        return None  # kept with the request: this object is everybody's


class SiteApi(NinjaAPI):
    """Ninja's, with every operation's refusals in the description."""

    def get_openapi_schema(self, **kwargs):
        """The description, refusals included."""
        schema = super().get_openapi_schema(**kwargs)
        schema["components"].setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in schema["paths"].values():
            for operation in path.values():
                for status, description in _REFUSALS.items():
                    operation["responses"][status] = {
                        "description": description,
                        "content": content,
                    }
                operation["responses"][429]["headers"] = {
                    "Retry-After": {
                        "description": "Seconds until the next request is answered.",
                        "schema": {"type": "integer"},
                    }
                }
        return schema


_REFUSALS = {
    422: "A parameter has a value that is not taken.",
    429: "Too many requests in a short time.",
}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "RFC 9457. Title and detail are in the language asked for.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "code": {"type": "string"}},
            },
        },
    },
}

api = SiteApi(
    title="Global Knowledge Center",
    version="1",
    description=(
        "Each answer holds what the asker may see: a visitor, or the member whose session"
        " cookie comes with the request. Refusals are problem documents (RFC 9457) in the"
        " language asked for by `lang`, the member's profile or `Accept-Language`, in this order."
    ),
    urls_namespace="api-v1",
    docs_url=None,
    docs_decorator=require_safe,
    throttle=[PersonalThrottle()],
)
for _prefix, _router in ROUTERS.items():
    api.add_router(_prefix, _router)


def problem(status: int, detail: str = "", **fields) -> HttpResponse:
    """A refusal as a problem document (RFC 9457) in the active language."""
    body = {"type": "about:blank", "title": _title(status), "status": status}
    if detail:
        body["detail"] = detail
    return JsonResponse(body | fields, status=status, content_type=PROBLEM)


def _title(status: int) -> str:
    titles = {
        400: _("The request cannot be read"),
        401: _("Please sign in"),
        403: _("You may not do this"),
        404: _("There is nothing at this address"),
        405: _("This address is not asked in this way"),
        422: _("A parameter cannot be used"),
        429: _("Too many requests in a short time"),
    }
    return titles.get(status) or _("Something went wrong here")


@api.exception_handler(ValidationError)
def on_invalid(request, error: ValidationError) -> HttpResponse:
    """Names the parameters; their codes are pydantic's."""
    found = [
        {"name": str(next((p for p in reversed(e["loc"]) if isinstance(p, str)), ""))}
        | {"code": e["type"]}
        for e in error.errors
    ]
    names = ", ".join(dict.fromkeys(item["name"] for item in found))
    detail = _("These parameters have values that cannot be used: %(names)s.") % {"names": names}
    return problem(422, detail, parameters=found)


@api.exception_handler(Throttled)
def on_throttled(request, error: Throttled) -> HttpResponse:
    """Says when to come back."""
    wait_s = max(1, request.api_wait_s)
    response = problem(429, _("Wait a minute, then try again. Nothing was changed."))
    response.headers["Retry-After"] = str(wait_s)
    return response


@api.exception_handler(HttpError)
def on_http_error(request, error: HttpError) -> HttpResponse:
    """What a room refused, in its words."""
    return problem(error.status_code, str(error))


def not_found(request) -> HttpResponse:
    """An address below /api/ that is none."""
    return problem(404)
