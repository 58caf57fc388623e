"""What search knows of this room: programmes and sessions that everybody may see."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.db.models.signals import post_delete
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.signals import page_published, page_unpublished

from network.languages import autonym, codes, names_of, unique
from network.localize import date_text
from network.models.places import country_name
from search.api import mark_key_changed
from search.contract import ELSEWHERE, EVERYONE, Document
from search.registry import DocumentType, among, register
from workshops.audience import version_audience, viewer_tokens
from workshops.models import Programme, ProgrammePage, Session


# --- programmes --------------------------------------------------------------------
def eligible_programmes() -> QuerySet[Programme]:
    """Those of the catalogue. Which of their languages: those whose page is live."""
    return Programme.objects.in_catalogue().select_related("distributor__country__review_area")


def programme_documents(programme: Programme) -> Iterator[Document]:
    """One for each live page. Queries: pages, topics."""
    yield from _programme_documents(programme, programme.pages.filter(live=True))


def programme_in_language(programme: Programme, language: str) -> Iterator[Document]:
    """That of one language's page: the others say nothing of it."""
    pages = programme.pages.filter(live=True, locale__language_code=language)
    yield from _programme_documents(programme, pages)


def _programme_documents(programme: Programme, pages: QuerySet) -> Iterator[Document]:
    topics = list(programme.topics.all())
    foreign = unique(_names_everywhere(programme, topics))
    for page in pages.select_related("locale"):
        with translation.override(page.language):
            names = [str(topic) for topic in topics]
            names += [str(step.label) for step in programme.steps]
            names += [str(one.label) for one in programme.audiences]
            names += [str(programme.get_level_display()), programme.name]
        elsewhere = [name for name in foreign if name not in names]
        yield Document(
            key=f"programme:{programme.pk}",
            language=page.language,
            title=page.title,
            body=page_text(page),
            url=page.url or "",
            values={
                "process": tuple(step.value for step in programme.steps),
                "topic": tuple(topic.slug for topic in topics),
                "language": (page.language,),
            },
            names="\n".join([*names, ELSEWHERE, *elsewhere]),
            audience=audience_of(programme),
        )


def audience_of(programme: Programme) -> tuple[str, ...]:
    """Everybody; of a distributor's version its own (`can_view_programme`)."""
    return version_audience(programme) if programme.distributor_id else (EVERYONE,)


def tokens(user) -> set[str]:
    """What a person holds of them."""
    return {EVERYONE} | viewer_tokens(user)


def page_text(page: ProgrammePage) -> str:
    """All words of a programme's page, a line a paragraph."""
    lines = [page.summary]
    for stream in (page.body, page.happens, page.before_after):
        for block in stream:
            lines += _lines(block.value)
    return "\n".join(line for line in lines if line)


def _lines(value) -> list[str]:
    if isinstance(value, str):
        return [value]
    if hasattr(value, "items"):
        return [line for inner in value.values() for line in _lines(inner)]
    return [line for inner in value for line in _lines(inner)]


def _names_everywhere(programme: Programme, topics: list) -> Iterator[str]:
    for topic in topics:
        yield from names_of(topic).values()
    for step in programme.steps:
        yield from step.names().values()


def visible_programmes(ids: Iterable[str], user) -> set[str]:
    """The catalogue, with the versions this person may see. One query."""
    return among(Programme.objects.in_catalogue().visible_to(user), ids)


# --- sessions ------------------------------------------------------------------------
def eligible_sessions() -> QuerySet[Session]:
    """Those that people may come to, of programmes in the catalogue; the sweep ends past ones."""
    return Session.objects.filter(
        state__in=["open", "confirmed"], programme__in=Programme.objects.in_catalogue()
    ).select_related(
        "programme__distributor__country__review_area",
        "country__region",
        "country__review_area",
    )


def session_documents(session: Session) -> Iterator[Document]:
    """One for each language the programme has a page in. One query."""
    yield from _session_documents(session, session.programme.pages.filter(live=True))


def session_in_language(session: Session, language: str) -> Iterator[Document]:
    """That of one language's page."""
    pages = session.programme.pages.filter(live=True, locale__language_code=language)
    yield from _session_documents(session, pages)


def _session_documents(session: Session, pages: QuerySet) -> Iterator[Document]:
    country = session.country
    place = (country.region or country.review_area) if country else None
    for page in pages.select_related("locale"):
        with translation.override(page.language):
            taught = ", ".join(autonym(code) for code in session.languages)
            where = [session.venue, session.city, str(country.name) if country else ""]
            body = "\n".join(
                [
                    _("%(first)s to %(last)s")
                    % {
                        "first": date_text(session.first_day),
                        "last": date_text(session.last_day),
                    },
                    ", ".join(part for part in where if part)
                    or str(session.get_place_kind_display()),
                    _("Taught in %(languages)s") % {"languages": taught},
                    page.summary,
                ]
            )
            names = [session.number, str(place or "")]
        elsewhere = [country_name(country.pk, code) for code in codes()] if country else []
        yield Document(
            key=f"session:{session.pk}",
            language=page.language,
            title=f"{page.title} · {session.number}",
            body=body,
            url=f"/{page.language}/workshops/sessions/{session.number}/",
            values={
                "region": (place.slug,) if place else (),
                "process": tuple(step.value for step in session.programme.steps),
                "language": (page.language,),
                "year": (str(session.first_day.year),),
            },
            date=session.first_day,
            audience=audience_of(session.programme),
            names="\n".join([*(name for name in names if name), ELSEWHERE, *unique(elsewhere)]),
        )


def visible_sessions(ids: Iterable[str], user) -> set[str]:
    """Open or confirmed ones of programmes that this person may see. One query."""
    return among(eligible_sessions().visible_to(user).select_related(None), ids)


register(
    DocumentType(
        name="programme",
        label=gettext_lazy("Workshop"),
        model=Programme,
        eligible=eligible_programmes,
        to_documents=programme_documents,
        in_language=programme_in_language,
        visible=visible_programmes,
        audiences=tokens,
    )
)
register(
    DocumentType(
        name="session",
        label=gettext_lazy("Workshop date"),
        model=Session,
        eligible=eligible_sessions,
        to_documents=session_documents,
        in_language=session_in_language,
        visible=visible_sessions,
        audiences=tokens,
    )
)


def on_programme_page_changed(sender, instance, **kwargs):
    """A language of a programme went live, went away or has other words: its dates too."""
    language = instance.language
    mark_key_changed(f"programme:{instance.programme_id}", language)
    for pk in Session.objects.filter(
        programme=instance.programme_id, state__in=["open", "confirmed"]
    ).values_list("pk", flat=True):
        mark_key_changed(f"session:{pk}", language)


for _signal in (page_published, page_unpublished, post_delete):
    _signal.connect(
        on_programme_page_changed, sender=ProgrammePage, dispatch_uid="workshops.search.page"
    )
