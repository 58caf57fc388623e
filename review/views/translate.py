"""The working translation: paragraph by paragraph beside the original, for a reviewer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.exceptions import ChangeRefused
from network.languages import autonym, codes
from review.models import ReviewNote, WorkingTranslation
from review.permissions import is_at_desk, may_translate
from review.registry import Reviewable
from review.rounds import source_hash
from review.transitions import write_working_translation
from review.views.desk import find


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request, number):
    """Text and notes in `?to=`; a person writes what they are entitled to."""
    user = request.user
    reviewable, obj = find(number, lambda r: _reached(r, user))
    language = _language(request, reviewable, obj)
    writes_text, at_desk = may_translate(user, obj), is_at_desk(user, obj)
    groups = _groups(reviewable, obj, user, language, writes_text=writes_text, at_desk=at_desk)
    if request.method == "POST":
        try:
            _save(request, obj, groups, language, writes_text=writes_text)
        except ChangeRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The working translation is saved."))
            here = reverse("review_translate", args=[number])
            return redirect(f"{here}?to={language}")
    context = {
        "obj": obj,
        "number": number,
        "title": reviewable.title(obj),
        "language": reviewable.language(obj),
        "to": language,
        "languages": [(code, autonym(code)) for code in codes()],
        "groups": groups,
        "at_desk": at_desk,
        "follow_url": "" if at_desk else reviewable.follow_url(obj),
    }
    return render(request, "review/translate.html", context)


@transaction.atomic
def _save(request, obj, groups: list[dict], language: str, *, writes_text: bool) -> None:
    typed = {name for name in request.POST if name.startswith("text-")}
    if not writes_text and any(not name.startswith("text-note:") for name in typed):
        raise PermissionDenied
    for group in groups:
        for row in group["rows"]:
            text = request.POST.get(f"text-{row['anchor']}")
            if text is None or text.strip() == row["text"].strip():
                continue
            write_working_translation(
                obj,
                by=request.user,
                anchor=row["anchor"],
                source=row["source"],
                language=language,
                text=text,
            )


def _reached(reviewable: Reviewable, user) -> QuerySet:
    """What a person may read at the desk, translate, or wrote."""
    ids = [
        rows.values("pk").order_by()
        for rows in (
            reviewable.at_desk(user),
            reviewable.to_translate(user),
        )
    ]
    model = reviewable.model._default_manager
    return model.filter(pk__in=ids[0]) | model.filter(pk__in=ids[1])


def _language(request, reviewable: Reviewable, obj) -> str:
    """The asked one; else the first that the present reviewer reads."""
    asked = request.POST.get("to") or request.GET.get("to") or ""
    if asked in codes():
        return asked
    holder = reviewable.holder(obj)
    own = holder.reading_languages if holder else request.user.reading_languages
    return next((code for code in own if code != reviewable.language(obj)), "en")


def _groups(
    reviewable: Reviewable, obj, user, language: str, *, writes_text: bool, at_desk: bool
) -> list[dict]:
    """Parts with their rows, then the notes this person reads in other languages."""
    made = {
        row.anchor: row
        for row in WorkingTranslation.objects.of(obj).filter(language=language).select_related("by")
    }
    revision = reviewable.revision(obj)
    groups = []
    for part in reviewable.render(obj, revision, user):
        rows = [
            _row(item.anchor, item.source, reviewable.language(obj), made, writes_text, item.label)
            for item in part.items
            if item.source
        ]
        if rows:
            groups.append({"title": part.title, "number": part.number, "rows": rows})
    notes = (
        ReviewNote.objects.of(obj)
        .readable_by(user, as_reviewer=at_desk)
        .filter(sent_at__isnull=False)
        .exclude(language=language)
        .select_related("author")
    )
    rows = [
        _row(f"note:{n.pk}", n.text, n.language, made, True, n.author.display_name) for n in notes
    ]
    if rows:
        groups.append({"title": _("Notes and answers"), "number": None, "rows": rows})
    return groups


def _row(anchor, source, source_language, made, may_write, label) -> dict:
    row = made.get(anchor)
    return {
        "anchor": anchor,
        "source": source,
        "language": source_language,
        "label": label,
        "text": row.text if row else "",
        "by": row.by.display_name if row else "",
        "at": row.at if row else None,
        "is_stale": bool(row) and row.source_hash != source_hash(source),
        "may_write": may_write,
    }
