"""Atom and JSON Feed, by language and region: /<lang>/feeds/stories.atom?region=africa.

The public address shows what visitors may see, whoever asks, so that it can be
cached. A member's own address carries a secret (touchpoints.FeedToken) and shows
what that member may see; it is revoked in the mail settings.
"""

import datetime
import hashlib
import json

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_ratelimit.core import is_ratelimited

from bulletins.feeding import FeedItem, FeedSource, feed_source
from network import languages
from network.permissions import is_member
from network.places import place_of
from touchpoints.api import owner_of_feed
from touchpoints.rendering import absolute

KEPT_S = 300  # programs that ask more often get the same from their own cache
BEGINNING = datetime.datetime(2002, 7, 1, tzinfo=datetime.UTC)  # of a feed without entries


@require_safe
def feed(request, name: str, form: str):
    """What everybody may read."""
    return _answer(request, _source(name, form), form, AnonymousUser(), is_public=True)


@require_safe
def personal_feed(request, token: str, name: str, form: str):
    """What the owner of the address may read: 410 once it is revoked or the account closed."""
    if is_ratelimited(request, group="feeds", key="ip", rate=settings.API_RATE, increment=True):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    owner = owner_of_feed(token)
    if owner is None:
        raise Http404
    if not is_member(owner):
        return HttpResponse(
            _("This address was revoked."), status=410, content_type="text/plain; charset=utf-8"
        )
    return _answer(request, _source(name, form), form, owner, is_public=False)


def _source(name: str, form: str) -> FeedSource:
    source = feed_source(name)
    if source is None or form not in FORMS:
        raise Http404
    return source


def _answer(request, source: FeedSource, form: str, user, *, is_public: bool):
    language = translation.get_language()
    region = None
    if slug := request.GET.get("region"):
        region = place_of(slug)
        if region is None:
            raise Http404
    items = source.items(user, language, region)
    content_type, write = FORMS[form]
    site = str(settings.SITE_NAME)
    title = f"{site}: {source.title}" + (f", {region.name}" if region else "")
    query = f"?region={region.word}" if region else ""
    body = write(
        items,
        title=title,
        language=languages.tag(language),
        home=absolute(f"/{language}/"),
        address=absolute(request.path) + query,
        key=_tag(f"feed:{source.name}:{language}" + (f":{region.word}" if region else "")),
    )
    changed = max((item.updated for item in items), default=BEGINNING)
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed.timestamp())
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, max_age=KEPT_S, public=is_public, private=not is_public)
    return get_conditional_response(request, etag, int(changed.timestamp()), response)


def _tag(key: str) -> str:
    """A tag URI (RFC 4151): the same for ever, whatever the addresses are."""
    return f"tag:{settings.GKC_MAIL_DOMAIN},2026:{key}"


class _Atom(Atom1Feed):
    """With the language of each entry, and a fixed time where there is none."""

    def item_attributes(self, item):
        """Words that are not in the feed's language say so."""
        own = item["words_language"]
        return {} if own == self.feed["language"] else {"xml:lang": own}

    def latest_post_date(self):
        """Not the moment of asking: an empty feed stays the same."""
        return super().latest_post_date() if self.items else BEGINNING


def _atom(items: list[FeedItem], *, title, language, home, address, key) -> bytes:
    made = _Atom(
        title=title,
        link=home,
        description="",
        language=language,
        feed_url=address,
        feed_guid=key,
        author_name=str(settings.SITE_NAME),
    )
    for item in items:
        made.add_item(
            title=item.title,
            link=item.url,
            description=item.summary,
            author_name=item.author or None,
            pubdate=item.published,
            updateddate=item.updated,
            unique_id=_tag(item.key),
            categories=item.topics,
            words_language=item.language,
        )
    return made.writeString("utf-8").encode()


def _json(items: list[FeedItem], *, title, language, home, address, key) -> bytes:
    entries = []
    for item in items:
        entry = {
            "id": _tag(item.key),
            "url": item.url,
            "title": item.title,
            "content_text": item.summary,
            "date_published": item.published.isoformat(),
            "date_modified": item.updated.isoformat(),
            "language": item.language,
        }
        if item.author:
            entry["authors"] = [{"name": item.author}]
        if item.topics:
            entry["tags"] = list(item.topics)
        entries.append(entry)
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": address,
        "language": language,
        "items": entries,
    }
    return json.dumps(made, ensure_ascii=False).encode()


FORMS = {
    "atom": ("application/atom+xml; charset=utf-8", _atom),
    "json": ("application/feed+json; charset=utf-8", _json),
}
