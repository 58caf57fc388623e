"""The desk: what is to be done by language and chapter, text by text, and who does it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from network.languages import codes
from network.models import User
from translations import api
from translations.exceptions import TranslationRefused
from translations.permissions import (
    can_answer_questions,
    can_assign,
    can_see_desk,
    translator_languages,
)
from translations.translating.assigning import assign, give_back
from translations.views.access import address_of, named, source_page
from translations.worklist import (
    OFFERED,
    languages_of,
    matrix,
    offers_for,
    open_questions,
    translators_by_language,
    work_for,
)

SHOWN = 50  # texts of a kind on one page


@login_required
@require_safe
@never_cache
def translate_desk(request):
    """Texts to read, to write, to bring up to date and to begin; `?language=`, `?group=`."""
    user = request.user
    if not can_see_desk(user):
        raise PermissionDenied
    languages = languages_of(user)
    work, offers = work_for(user, languages), offers_for(user, languages)
    language, group = request.GET.get("language", ""), request.GET.get("group", "")
    table = matrix(work, offers, languages)

    def is_shown(item) -> bool:
        return (not language or item.language == language) and (
            not group or item.group.key == group
        )

    shown = [item for item in work if is_shown(item)]
    mine = set(translator_languages(user))
    offered = [item for item in offers if is_shown(item) and (language or item.language in mine)]
    people = translators_by_language(languages) if can_assign(user) else {}
    context = {
        "languages": languages,
        "language": language if language in languages else "",
        "group": next((row.group for row in table if row.group.key == group), None),
        "table": [
            (
                row.group,
                [
                    (code, row.cells[code], urlencode({"language": code, "group": row.group.key}))
                    for code in languages
                ],
            )
            for row in table
        ],
        "totals": [
            (code, sum(row.cells[code].words for row in table), urlencode({"language": code}))
            for code in languages
        ],
        "groups": [
            (title, found[:SHOWN], len(found))
            for title, found in (
                (title, [_line(item, people) for item in shown if item.kind == kind])
                for kind, title in (
                    ("read", _("To read as second person")),
                    ("update", _("The original has changed")),
                    ("write", _("To translate")),
                    ("wait", _("Waiting for a second person")),
                )
            )
        ],
        "offers": offered[:OFFERED],
        "more_offers": max(len(offered) - OFFERED, 0),
        "is_empty": not shown,
        "can_assign": can_assign(user),
        "mine": mine,
        "questions": open_questions(user) if can_answer_questions(user) else [],
        "query": request.GET.urlencode(),
        "can_take_group": bool(group and language in mine),
    }
    return render(request, "translations/desk.html", context)


def _line(item, people: dict) -> dict:
    """A text, where it is worked on, and to whom it may be given."""
    others = [person for person in people.get(item.language, []) if person != item.translator]
    return {"work": item, "url": address_of(item), "people": others if item.is_writing else []}


@login_required
@require_POST
def translate_begin(request, key, language):
    """Open a text for translation and go to it."""
    page = source_page(request, key, language)[0]
    try:
        api.begin_translation(page, language, by=request.user)
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("translate_desk")
    return redirect("translate_text", key, language)


@login_required
@require_POST
def translate_assign(request, key, language):
    """Take a text, give it to a translator (`to`), or give it back (`to` empty)."""
    page = source_page(request, key, language)[0]
    try:
        told = _assign(page, language, request)
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect(_back(request))


def _assign(page, language, request) -> str:
    to = request.POST.get("to", "")
    if not to:
        give_back(page, language, by=request.user)
        return _("The text is anybody's of its language again.")
    assign(page, language, _person(to, request.user), by=request.user)
    if str(request.user.pk) == to:
        return _("The text is yours: you find it under “Waiting for you”.")
    return _("The translator is told.")


@login_required
@require_POST
def translate_take_group(request, language):
    """Take every text of a chapter or kind that nobody has, in a language of one's own."""
    if language not in codes():
        raise Http404
    if language not in translator_languages(request.user):
        raise PermissionDenied
    group = request.POST.get("group", "")
    wanted = [*work_for(request.user, [language]), *offers_for(request.user, [language])]
    taken = 0
    for item in wanted:
        if item.group.key != group or item.translator is not None:
            continue
        if item.is_writing or item.kind == "begin":
            try:
                assign(item.page, language, request.user, by=request.user)
            except TranslationRefused:
                continue  # somebody was faster
            taken += 1
    told = ngettext("%(count)s text is yours now.", "%(count)s texts are yours now.", taken)
    messages.success(request, told % (named(language) | {"count": taken}))
    query = urlencode({"language": language, "group": group})
    return redirect(f"{reverse('translate_desk')}?{query}")


def _person(pk: str, user) -> User:
    if pk == str(user.pk):
        return user
    found = User.objects.filter(pk=pk, is_active=True).first() if pk.isdigit() else None
    if found is None:
        raise TranslationRefused(_("This person does not translate this text."))
    return found


def _back(request) -> str:
    """To the list as it was shown."""
    query = request.POST.get("query", "")
    return f"{reverse('translate_desk')}?{query}" if query else reverse("translate_desk")
