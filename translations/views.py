"""The translators' list, the second reader's page, and what changed in an original."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail_localize.models import TranslationSource

from network.languages import autonym, codes
from translations import api
from translations.exceptions import TranslationRefused
from translations.permissions import can_see_desk
from translations.registry import translatables
from translations.worklist import Work, offers_for, paragraphs, work_for


def address_of(work: Work) -> str:
    """Where the work is done: words in wagtail-localize's editor, reading on our page."""
    if work.kind in ("write", "update") and work.target is not None:
        return reverse("wagtailadmin_pages:edit", args=[work.target.pk])
    return reverse("translate_read", args=[work.page.translation_key, work.language])


@login_required
@require_safe
def translate_desk(request):
    """Texts to read, to write, to bring up to date and to begin."""
    if not can_see_desk(request.user):
        raise PermissionDenied
    work = [(item, address_of(item)) for item in work_for(request.user)]
    context = {
        "groups": [
            (title, [row for row in work if row[0].kind == kind])
            for kind, title in (
                ("read", _("To read as second person")),
                ("update", _("The original has changed")),
                ("write", _("To translate")),
                ("wait", _("Waiting for a second person")),
            )
        ],
        "offers": offers_for(request.user),
        "is_empty": not work,
    }
    return render(request, "translations/desk.html", context)


@login_required
@require_POST
def translate_begin(request, key, language):
    """Open a text for translation and go to the editor."""
    page = _source_page(request, key, language)[0]
    try:
        target = api.begin_translation(page, language, by=request.user)
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("translate_desk")
    return redirect("wagtailadmin_pages:edit", target.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate_read(request, key, language):
    """A text beside its original; its second reader confirms it, and it goes live."""
    page, entry = _source_page(request, key, language)
    if not entry.may_read_second(request.user, page, language):
        raise PermissionDenied
    target = api.find_target(page, language)
    if target is None:
        raise Http404
    if request.method == "POST":
        try:
            _confirm(request, entry, page, target, language)
        except TranslationRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("translate_read", key, language)
        return redirect("translate_desk")
    source = TranslationSource.objects.get(object_id=key)
    rows = paragraphs(source, language)
    unread = [row for row in rows if row.is_unread]
    context = {
        "original": page,
        "language": language,
        "rows": rows,
        "unread": len(unread),
        "own": sum(row.by == request.user for row in unread),
        "missing": sum(row.state == "missing" for row in rows),
        "can_confirm": any(row.by != request.user for row in unread),
        "seen": api.reading_hash(key, language),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[target.pk]),
    }
    return render(request, "translations/read.html", context)


def _confirm(request, entry, page, target, language) -> None:
    """Confirm, publish where that is possible, and say what happened."""
    key = page.translation_key
    is_whole = api.confirm_reading(
        key, language, by=request.user, seen=request.POST.get("seen", "")
    )
    if not is_whole or not api.is_complete(key, language):
        messages.success(
            request, _("Your reading is noted. Some paragraphs still wait for somebody else.")
        )
    elif entry.publish(target, request.user):
        messages.success(request, _("Read and published in %(language)s.") % _named(language))
    else:
        messages.success(
            request,
            _("Read. The text in %(language)s goes live together with its original.")
            % _named(language),
        )


@require_safe
def translation_changes(request, key, language):
    """Where a text readers see is behind its original: the paragraphs, old and new."""
    source = TranslationSource.objects.filter(object_id=key).select_related("locale").first()
    if source is None or language not in codes():
        raise Http404
    page = source.get_source_instance()
    target = api.find_target(page, language)
    if target is None or not (page.live and target.live and page.may_be_read_by(request.user)):
        raise Http404
    rows = [row for row in paragraphs(source, language, as_read=True) if row.state != "current"]
    context = {"original": page, "target": target, "language": language, "rows": rows}
    return render(request, "translations/changes.html", context)


def _source_page(request, key, language):
    """The source page, where this person may translate it; 404 otherwise."""
    if language not in codes():
        raise Http404
    for entry in translatables():
        page = entry.open_to(request.user).filter(translation_key=key).first()
        if page is not None and page.locale.language_code != language:
            return page, entry
    raise Http404


def _named(language: str) -> dict:
    return {"language": autonym(language)}
