"""News: written, translated, shown until a day, taken off again."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import TransitionRefused
from bulletins.models import News, NewsText
from bulletins.permissions import can_translate_news, can_write_news
from network.languages import codes
from search.api import mark_changed

LONGEST = 2000  # characters of an item: more is a story or a letter


def write_news(
    news: News | None = None,
    *,
    by,
    scope: tuple[str, int] | None,
    language: str,
    title: str,
    text: str,
    expires_on: datetime.date | None = None,
) -> News:
    """Write an item, or change it, in the language it was first written in.

    Its translations stay and are marked as made for an earlier original.
    Raises PermissionDenied for another scope than one's own.
    """
    if not can_write_news(by, scope) or (news is not None and not can_write_news(by, news.scope)):
        raise PermissionDenied
    with transaction.atomic():
        if news is None:
            found = News(source_language=_known(language), by=by)
        else:
            found = News.objects.select_for_update(of=("self",)).get(pk=news.pk)
        found.region_id = scope[1] if scope and scope[0] == "region" else None
        found.review_area_id = scope[1] if scope and scope[0] == "area" else None
        found.expires_on = expires_on
        found.save()
        _put(found, found.source_language, title, text, by=by, made_for="")
        mark_changed(found)
    return found


def translate_news(news: News, language: str, *, by, title: str, text: str) -> NewsText:
    """Its words in another language. They are shown at once: an item is a few lines.

    Raises PermissionDenied, or TransitionRefused for its own language.
    """
    if not can_translate_news(by, news, language):
        raise PermissionDenied
    with transaction.atomic():
        found = News.objects.select_for_update(of=("self",)).get(pk=news.pk)
        if _known(language) == found.source_language:
            raise TransitionRefused(_("This text was written in this language."))
        source = found.texts.get(language=found.source_language)
        row = _put(found, language, title, text, by=by, made_for=source.fingerprint)
        mark_changed(found)
    return row


def publish_news(news: News, *, by) -> None:
    """Readers of its scope see it from now on."""
    _show(news, by=by, at=timezone.now())


def hide_news(news: News, *, by) -> None:
    """Take it off again; it can be published anew."""
    _show(news, by=by, at=None)


def _show(news: News, *, by, at) -> None:
    if not can_write_news(by, news.scope):
        raise PermissionDenied
    with transaction.atomic():
        found = News.objects.select_for_update(of=("self",)).get(pk=news.pk)
        today = timezone.now().astimezone(datetime.UTC).date()
        if at is not None and found.expires_on is not None and found.expires_on < today:
            raise TransitionRefused(_("Its last day is over. Choose a later one first."))
        if bool(found.published_at) != bool(at):
            found.published_at = at
            found.save(update_fields=["published_at"])
            mark_changed(found)
    news.refresh_from_db()


def _known(language: str) -> str:
    if language not in codes():
        raise TransitionRefused(_("News are written in one of the twelve languages."))
    return language


def _put(news: News, language: str, title: str, text: str, *, by, made_for: str) -> NewsText:
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    if not title or not text:
        raise TransitionRefused(_("News have a title and a text."))
    if len(title) > 150 or len(text) > LONGEST:
        raise TransitionRefused(_("This is too long for news. Shorten it, then save."))
    row, _made = NewsText.objects.update_or_create(
        news=news,
        language=language,
        defaults={"title": title, "text": text, "made_for": made_for, "by": by},
    )
    return row
