"""The programme desk: what is given, made, changed, archived with its history."""

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.languages import autonym, reading_order
from workshops import when
from workshops.exceptions import FieldsRefused, StaleForm, TransitionRefused
from workshops.models import Programme, ProgrammePage, Session
from workshops.permissions import can_change_programme, can_make_programme, coordinates_any
from workshops.seats import count_seats
from workshops.session_forms.programme import ArchiveForm, ProgrammeForm, candidates
from workshops.titles import titles_for
from workshops.transitions import (
    archive_programme,
    change_programme,
    foresee_archiving,
    make_programme,
    unarchive_programme,
)
from workshops.transitions.programmes import mark_of, newest_words, source_page, state_of
from workshops.transitions.publishing import SOURCE_LANGUAGE
from workshops.views.coordinating.programme_words import conflicts, history_of

LOG = 30  # newest events
MOST_LANGUAGES = 3  # besides English, in the form


@login_required
@require_safe
@never_cache
def programme_list(request):
    """Programmes that this person coordinates, current ones first. Four queries or so."""
    user = request.user
    if not coordinates_any(user):
        raise PermissionDenied
    ahead = Q(sessions__state__in=["open", "confirmed"], sessions__starts_at__gt=timezone.now())
    current = Q(versions__archived_at__isnull=True, versions__isnull=False)
    found = Programme.objects.coordinated_by(user).select_related("distributor")
    # A version stands below its programme, but where the programme is not this person's.
    above = Programme.objects.coordinated_by(user).values("pk")
    found = found.exclude(parent__in=above).annotate(
        ahead=Count("sessions", filter=ahead, distinct=True),
        kept=Count("versions", filter=current, distinct=True),
    )
    rows = list(found.order_by("name"))
    titles = titles_for(rows, reading_order(user))
    live = set(
        ProgrammePage.objects.filter(live=True, programme__in=rows).values_list(
            "programme", flat=True
        )
    )
    lines = [{"programme": one, "title": titles[one.pk], "is_live": one.pk in live} for one in rows]
    lines.sort(key=lambda line: line["title"].title.casefold())
    context = {
        "current": [line for line in lines if not line["programme"].is_archived],
        "archived": [line for line in lines if line["programme"].is_archived],
        "may_make": can_make_programme(user),
    }
    return render(request, "workshops/programmes/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_new(request):
    """A new programme: in the catalogue at once, or a draft that only its team knows."""
    if not can_make_programme(request.user):
        raise PermissionDenied
    titles = titles_for(candidates(None), reading_order(request.user))
    languages = further_languages(request.user)
    form = ProgrammeForm(request.POST or None, titles=titles, languages=languages)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = make_programme(
                    form.values(),
                    by=request.user,
                    key=form.cleaned_data["key"],
                    once=form.cleaned_data["once"],
                    show=request.POST.get("do") != "draft",
                )
            except TransitionRefused as refusal:
                status = say(form, refusal)
            else:
                messages.success(request, _("Made. Write its text next, or plan a session."))
                return redirect("programme_edit", made.key)
    return render(request, "workshops/programmes/new.html", {"form": form}, status=status)


def programme_of(request, key: str) -> Programme:
    """One that this person may change, archived or not. Raises Http404."""
    rows = Programme.objects.select_related("parent", "distributor")
    found = get_object_or_404(rows, key=key)
    if not can_change_programme(request.user, found):
        raise Http404
    return found


def say(form, refusal: TransitionRefused) -> int:
    """Put a refusal where it belongs in the form; returns the answer's status."""
    if not isinstance(refusal, FieldsRefused):
        form.add_error(None, str(refusal))
        return 409
    for name, sentences in refusal.errors.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
    return 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_edit(request, key: str):
    """All that a programme says of itself; a form from before another's change is not taken, and
    what was typed stays."""
    programme = programme_of(request, key)
    user, languages = request.user, further_languages(request.user)
    state = state_of(programme, languages if programme.parent_id is None else ())
    titles = titles_for([programme, *candidates(programme)], reading_order(user))
    form = _form(request, programme, state, titles, languages)
    status, differing = 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_programme(
                    programme,
                    form.values(),
                    by=user,
                    seen=form.cleaned_data["seen"] or None,
                    show=request.POST.get("do") == "show",
                )
            except StaleForm as refusal:
                status = say(form, refusal)
                differing = conflicts(state, _as_state(form), user)
                # Sent again, it is sent over what is shown beside it.
                form.data = form.data.copy()
                form.data["seen"] = mark_of(state)
            except TransitionRefused as refusal:
                status = say(form, refusal)
            else:
                messages.success(
                    request, _("Saved. Whoever it opens to by that is told within minutes.")
                )
                return redirect("programme_edit", key)
    context = {"form": form, "differing": differing} | _beside(programme, user, titles)
    return render(request, "workshops/programmes/edit.html", context, status=status)


def further_languages(user) -> list[str]:
    """Those besides English in which this person may name a programme: that they read."""
    return [code for code in user.reading_languages if code != SOURCE_LANGUAGE][:MOST_LANGUAGES]


def _form(request, programme: Programme, state: dict, titles, languages) -> ProgrammeForm:
    initial = state | {
        "seen": mark_of(state),
        "requires": [one.pk for one in programme.requires.all()],
        "topics": [one.pk for one in programme.topics.all()],
    }
    data = request.POST or None
    return ProgrammeForm(
        data, initial=initial, programme=programme, titles=titles, languages=languages
    )


def _as_state(form: ProgrammeForm) -> dict:
    """What was typed, as `state_of` names it."""
    found = form.values()
    found["requires"] = sorted(one.key for one in found["requires"])
    found["topics"] = sorted(one.slug for one in found["topics"])
    for code, words in found.pop("words").items():
        found |= {f"{name}_{code}": text for name, text in words.items()}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in found.items()
    }


def _beside(programme: Programme, user, titles) -> dict:
    """What stands around the form."""
    page = source_page(programme)
    live = programme.pages.filter(live=True).select_related("locale")
    live = sorted(live, key=lambda one: one.language)
    versions = list(
        programme.versions.select_related("distributor").order_by("distributor__name", "pk")
    )
    return {
        "programme": programme,
        "title": titles[programme.pk],
        "parent": titles_for([programme.parent], reading_order(user))[programme.parent_id]
        if programme.parent_id
        else None,
        "page": page,
        "is_live": page is not None and page.live,
        "has_draft": page is not None and page.live and page.has_unpublished_changes,
        "has_lab": page is not None and bool(newest_words(page).lessons),
        "names": [
            {"code": one.language, "name": autonym(one.language), "title": one.title}
            for one in live
            if page is None or one.pk != page.pk
        ],
        "versions": versions,
        "ahead": programme.sessions.upcoming().count(),
        "history": history_of(programme, user, LOG),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def programme_archive(request, key: str):
    """What archiving meets and does, then it is done: only as it was shown."""
    programme = programme_of(request, key)
    if programme.is_archived:
        return redirect("programme_edit", key)
    form, status = ArchiveForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                archive_programme(
                    programme,
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                    seen=request.POST.get("seen", ""),
                )
            except TransitionRefused as refusal:
                status = say(form, refusal)
            else:
                messages.success(request, _("Archived. Its history stays."))
                return redirect("programme_edit", key)
    effects = foresee_archiving(programme)
    order = reading_order(request.user)
    sessions = [*effects.sessions, *effects.planned]
    named = [*effects.required_by, *effects.versions, *(one.programme for one in sessions)]
    titles = titles_for([programme, *named], order)
    context = {
        "programme": programme,
        "title": titles[programme.pk],
        "form": form,
        "effects": effects,
        "sessions": _lines(effects.sessions, titles),
        "planned": _lines(effects.planned, titles),
        "required_by": [(one, titles[one.pk]) for one in effects.required_by],
        "versions": [(one, titles[one.pk]) for one in effects.versions],
    }
    return render(request, "workshops/programmes/archive.html", context, status=status)


def _lines(sessions: tuple[Session, ...], titles) -> list[dict]:
    seats = count_seats(sessions)
    return [
        {
            "session": one,
            "title": titles[one.programme_id],
            "days": when.days_text(one),
            "place": when.place_text(one),
            "seats": seats[one.pk],
        }
        for one in sessions
    ]


@login_required
@require_POST
def programme_unarchive(request, key: str):
    """Given again, as it was."""
    programme = programme_of(request, key)
    try:
        unarchive_programme(programme, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken up again. It stands in the catalogue as it was."))
    return redirect("programme_edit", key)
