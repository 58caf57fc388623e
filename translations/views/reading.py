"""The second reader's page, publishing without one, and what changed in an original."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail_localize.models import TranslationSource

from network.languages import codes
from translations import api
from translations.aids.paragraphs import paragraphs
from translations.exceptions import TranslationRefused
from translations.permissions import can_publish_first_reading
from translations.side_by_side import add_warnings, units
from translations.translating.first_reading import publish_first_reading, second_readers
from translations.views.access import begun_page, named, source_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate_read(request, key, language):
    """A text beside its original; its second reader confirms it, and it goes live."""
    page, entry = source_page(request, key, language)
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
    return render(request, "translations/read.html", _context(request, entry, page, language))


def _context(request, entry, page, language) -> dict:
    key, user = page.translation_key, request.user
    found = units(page, language, user)
    add_warnings(found, page, language)
    rows = [line.paragraph for unit in found for line in unit.lines]
    to_read = [row for row in rows if (row.is_unread or row.first_only) and not row.drafted_by]
    missing = sum(row.state == "missing" for row in rows)
    drafts = sum(row.state == "draft" for row in rows)
    writers = {row.by.pk if row.by else None for row in to_read}
    can_go_first = (
        bool(to_read)
        and not missing
        and not drafts
        and any(row.is_unread for row in to_read)
        and can_publish_first_reading(user)
        and writers != {user.pk}
        and not second_readers(page, language, writers)
    )
    return {
        "original": page,
        "language": language,
        "units": found,
        "unread": len(to_read),
        "own": sum(row.by == user for row in to_read),
        "missing": missing,
        "drafts": drafts,
        "can_confirm": any(row.by != user for row in to_read),
        "can_go_first": can_go_first,
        "first_only": any(row.first_only for row in rows),
        "can_translate": entry.may_translate(user, page, language),
        "seen": api.reading_hash(key, language),
    }


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
        messages.success(request, _("Read and published in %(language)s.") % named(language))
    else:
        messages.success(
            request,
            _("Read. The text in %(language)s goes live together with its original.")
            % named(language),
        )


@login_required
@require_POST
def translate_first_reading(request, key, language):
    """An editor publishes what only its translator read: the language has nobody else."""
    page, _entry = begun_page(request, key, language)
    try:
        is_live = publish_first_reading(page, language, by=request.user)
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("translate_read", key, language)
    if is_live:
        told = _("Published in %(language)s. Readers see “First reading only” until it is read.")
    else:
        told = _(
            "The text in %(language)s goes live together with its original, "
            "marked “First reading only”."
        )
    messages.success(request, told % named(language))
    return redirect("translate_desk")


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
