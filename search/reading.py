"""The languages a person reads, chosen once: members in their profile, visitors in a cookie."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from network.languages import codes, unique
from network.permissions import is_member
from network.transitions import change_profile

COOKIE = "gkc_reading_languages"
_YEAR_S = 365 * 24 * 3600
# For a visitor who has chosen none.
_STANDARD = ["en"]


def further_languages(request: HttpRequest, language: str) -> list[str]:
    """Languages this person reads besides the page's, best first."""
    if is_member(request.user):
        read = request.user.reading_languages
    else:
        kept = request.COOKIES.get(COOKIE)
        read = _STANDARD if kept is None else kept.split(".")
    return [code for code in unique(read) if code in codes() and code != language]


def keep_languages(request: HttpRequest, response: HttpResponse, chosen: Iterable[str]) -> None:
    """Remember the choice; an order made in the profile stays."""
    chosen = [code for code in codes() if code in set(chosen)]
    if is_member(request.user):
        user = request.user
        held = [code for code in user.further_languages if code in chosen]
        further = [code for code in unique([*held, *chosen]) if code != user.interface_language]
        change_profile(user, further_languages=further)
        return
    response.set_cookie(
        COOKIE,
        ".".join(chosen),
        max_age=_YEAR_S,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
