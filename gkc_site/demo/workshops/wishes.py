"""Who cannot come yet: wishes and exceptions for the demand view, each asked for by a person."""

import datetime

from django.utils import timezone

from gkc_site.demo.people import persona
from network.exceptions import ChangeRefused
from network.models import User
from workshops.models import EligibilityWatch, ExceptionRequest, Programme
from workshops.transitions import ask_exception, grant_exception, refuse_exception, watch

WATCHED = {
    "supply-and-demand": ("lucas", "dao", "huda", "wanjiru", "somchai"),
    "lexus-brand-study": ("dao", "beatriz", "aoi"),
}
# Person, programme, their words, the coordinator's reason; and granted for so many days,
# 0 for refused, None for not answered yet.
ASKED = (
    (
        "omar",
        "supply-and-demand",
        "I led the parts depot for nine years and bring our order figures along.",
        "Your depot’s figures are what the course works with.",
        180,
    ),
    (
        "nadia",
        "supply-and-demand",
        "My manager would like me to come this year.",
        "Come to the TWSM workshop first: the course builds on its exercises.",
        0,
    ),
    (
        "mariam",
        "lexus-brand-study",
        "I translate the brand’s texts and have read all of them.",
        "",
        None,
    ),
)


def load_wishes() -> int:
    """Wishes where there are none. Returns how many were made."""
    if EligibilityWatch.objects.exists() or ExceptionRequest.objects.exists():
        return 0
    coordinator, made = _person("patricia"), 0
    for key, people in WATCHED.items():
        programme = Programme.objects.get(key=key)
        for name in people:
            made += _try(watch, programme, _person(name)) is not None
    for name, key, words, reason, days in ASKED:
        programme = Programme.objects.get(key=key)
        asked = _try(ask_exception, programme, _person(name), words=words)
        if asked is None:
            continue
        made += 1
        if days:
            until = timezone.localdate() + datetime.timedelta(days=days)
            grant_exception(asked, by=coordinator, reason=reason, until=until)
        elif days == 0:
            refuse_exception(asked, by=coordinator, reason=reason)
    return made


def _try(change, *args, **words):
    """None for somebody to whom the programme is open by now."""
    try:
        return change(*args, **words)
    except ChangeRefused:
        return None


def _person(key: str) -> User:
    return User.objects.get(email=persona(key)["email"])
