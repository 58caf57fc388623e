"""A text at work: paragraph by paragraph, saved as one types. Works without script."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network.localize import moment_text
from translations.aids.glossary import Glossary
from translations.exceptions import TranslationRefused
from translations.models import Assignment, FormerWords
from translations.side_by_side import Unit, help_at, units, warnings
from translations.translating import drafting, writing
from translations.translating.asking import ask
from translations.translating.writing import Typed
from translations.views.access import begun_page

CONFLICT = 409


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def translate_text(request, key, language):
    """The text; `?at=` opens a paragraph, `?only=todo` leaves out what is done."""
    return _Desk(request, key, language).answer()


class _Desk:
    """One request about a text at work."""

    def __init__(self, request, key, language):
        self.request, self.language = request, language
        self.page, self.entry = begun_page(request, key, language)
        writing.check_may_translate(self.page, language, request.user)

    def answer(self):
        if self.request.method == "POST":
            return self._post()
        found = self._units()
        asked = self.request.GET.get("at", "")
        if asked and asked not in {unit.key for unit in found}:
            raise Http404
        if self.request.htmx and asked:
            return self._fragment([_of(found, asked)], open_key=asked)
        return self._show(found, asked)

    def _units(self) -> list[Unit]:
        return units(self.page, self.language, self.request.user)

    def _show(self, found: list[Unit], asked: str = "", status: int = 200):
        now = _of(found, asked) or next((unit for unit in found if not unit.is_done), None)
        if now is not None:
            help_at(now, self.page, self.language, self.request.user)
        only = self.request.GET.get("only") == "todo"
        context = self._context(found) | {
            "units": [unit for unit in found if not only or not unit.is_done or unit.is_open],
            "only_todo": only,
            "holder": Assignment.objects.filter(
                object_key=self.page.translation_key, language=self.language
            )
            .select_related("translator")
            .first(),
        }
        return render(self.request, "translations/text.html", context, status=status)

    def _context(self, found: list[Unit]) -> dict:
        done = sum(unit.is_done for unit in found)
        return {
            "original": self.page,
            "language": self.language,
            "from_language": self.page.locale.language_code,
            "total": len(found),
            "done": done,
            "left": len(found) - done,
            "changed": sum(unit.state == "stale" for unit in found),
            "missing": sum(unit.state in ("missing", "draft") for unit in found),
            "unread": any(unit.is_unread for unit in found),
            "can_draft": drafting.can_draft(self.page, self.language),
            "here": self._url(),
        }

    def _fragment(self, shown: list[Unit], *, open_key: str = "", found=None):
        """Some units alone, for htmx: the first in its place, the others beside."""
        for unit in shown:
            if unit.key == open_key:
                help_at(unit, self.page, self.language, self.request.user)
        context = self._context(found or self._units()) | {
            "units": shown,
            "with_progress": found is not None,
            "is_fragment": True,  # the page's own place for messages is not drawn again
        }
        return render(self.request, "translations/parts/units.html", context)

    # --- pressing a button ---------------------------------------------------------------
    def _post(self):
        place = self.request.POST.get("place", "")
        unit = _of(self._units(), place)
        if unit is None:
            raise Http404
        action = self.request.POST.get("action", "done")
        try:
            if action.startswith("use-"):
                return self._use(unit, action)
            if action == "theirs":
                paths = [line.paragraph.path for line in unit.lines]
                writing.drop_typed(self.page, self.language, paths, by=self.request.user)
                return self._open(place)
            if action == "keep":
                self._keep(unit)
                messages.success(self.request, _("Kept. The paragraph is not done yet."))
                return self._open(place)
            return self._done(unit)
        except TranslationRefused as refusal:
            messages.error(self.request, str(refusal))
            return self._open(place)

    def _typed(self, unit: Unit) -> dict[str, Typed]:
        """Path → what was posted for it."""
        post = self.request.POST
        return {
            line.paragraph.path: Typed(post[f"text-{n}"], post.get(f"seen-{n}", ""))
            for n, line in enumerate(unit.lines)
            if post.get(f"path-{n}") == line.paragraph.path and f"text-{n}" in post
        }

    def _done(self, unit: Unit):
        given = self._typed(unit)
        result = writing.finish(self.page, self.language, given, by=self.request.user)
        found = self._units()
        here = _of(found, unit.key)
        if result.overtaken:
            if self.request.htmx:
                return self._fragment([here], open_key=unit.key, found=found)
            return self._show(found, unit.key, status=CONFLICT)
        if result.empty and not result.done:
            messages.warning(self.request, _("Write the translation first."))
            return self._open(unit.key)
        following = found[found.index(here) + 1 :] + found
        following = next((one for one in following if not one.is_done), None)
        if self.request.htmx:
            shown = [here] if following in (None, here) else [here, following]
            return self._fragment(shown, open_key=following.key if following else "", found=found)
        return redirect(self._url(following.key if following else unit.key))

    def _keep(self, unit: Unit) -> None:
        for n, line in enumerate(unit.lines):
            typed = self._typed(unit).get(line.paragraph.path)
            if typed is not None:
                writing.keep_typed(
                    self.page,
                    self.language,
                    line.paragraph.path,
                    typed,
                    number=_number(self.request.POST.get(f"number-{n}")),
                    by=self.request.user,
                )

    def _use(self, unit: Unit, action: str):
        """Put words of the memory or former ones into the field; nothing is done yet."""
        self._keep(unit)
        _use, kind, pk, n = [*action.split("-"), "", "", ""][:4]
        line = unit.lines[int(n)] if n.isdigit() and int(n) < len(unit.lines) else None
        if line is None or not pk.isdigit():
            raise Http404
        path, user = line.paragraph.path, self.request.user
        if kind == "former":
            row = FormerWords.objects.filter(
                pk=pk, object_key=self.page.translation_key, language=self.language, path=path
            ).first()
            words = row.text if row else None
        else:
            help_at(unit, self.page, self.language, user)
            offered = {suggestion.pk: suggestion.target for suggestion in line.suggestions}
            words = offered.get(int(pk))
        if words is None:
            raise Http404
        typed = Typed(words, line.paragraph.version)
        # Another number than any: what stood in the field is kept as former words.
        writing.keep_typed(self.page, self.language, path, typed, number=-1, by=user)
        return self._open(unit.key)

    def _open(self, place: str):
        if self.request.htmx:
            found = self._units()
            return self._fragment([_of(found, place)], open_key=place, found=found)
        return redirect(self._url(place))

    def _url(self, place: str = "") -> str:
        url = reverse("translate_text", args=[self.page.translation_key, self.language])
        return f"{url}?at={place}#u-{place}" if place else url


def _of(found: list[Unit], key: str) -> Unit | None:
    return next((unit for unit in found if unit.key == key), None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else 0


@login_required
@require_POST
@never_cache
def translate_save(request, key, language):
    """Keep what is typed in one field. Answers with a line for it: saved, and what to look at."""
    page, _entry = begun_page(request, key, language)
    n = request.POST.get("n", "0")
    path = request.POST.get(f"path-{n}", "")
    typed = Typed(request.POST.get(f"text-{n}", ""), request.POST.get(f"seen-{n}", ""))
    try:
        kept = writing.keep_typed(
            page,
            language,
            path,
            typed,
            number=_number(request.POST.get(f"number-{n}")),
            by=request.user,
        )
    except TranslationRefused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    found = next(
        line
        for unit in units(page, language, request.user)
        for line in unit.lines
        if line.paragraph.path == path
    )
    source = found.paragraph.source
    hints = Glossary(page.locale.language_code, language).hints(source, typed.text)
    context = {
        "n": n,
        "number": kept.number,
        "line": found,
        "unit_key": found.paragraph.place.key,
        "warnings": warnings(hints, source, typed.text),
        "is_overtaken": kept.is_overtaken,
        "language": language,
        "saved": _("Saved %(time)s") % {"time": moment_text(kept.at)},
    }
    return render(request, "translations/parts/saved.html", context)


@login_required
@require_POST
def translate_ask(request, key, language):
    """Ask the editors about a paragraph."""
    page, _entry = begun_page(request, key, language)
    place = request.POST.get("place", "")
    try:
        ask(page, language, place, request.POST.get("text", ""), by=request.user)
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The editors are asked. The answer appears at the paragraph."))
    url = reverse("translate_text", args=[key, language])
    return redirect(f"{url}?at={place}#u-{place}" if place.replace("-", "").isalnum() else url)


@login_required
@require_POST
def translate_draft(request, key, language):
    """Let the machine draft one paragraph (`place`) or all that have no words."""
    page, _entry = begun_page(request, key, language)
    place = request.POST.get("place", "")
    paths = None
    if place:
        unit = _of(units(page, language, request.user), place)
        if unit is None:
            raise Http404
        paths = [line.paragraph.path for line in unit.lines]
    try:
        made = drafting.draft(page, language, paths, by=request.user)
    except TranslationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        told = ngettext(
            "A machine drafted %(count)s paragraph. Nothing of it goes live before you "
            "and a second person have read it.",
            "A machine drafted %(count)s paragraphs. Nothing of them goes live before you "
            "and a second person have read them.",
            made,
        )
        messages.success(request, told % {"count": made})
    url = reverse("translate_text", args=[key, language])
    return redirect(f"{url}?at={place}#u-{place}" if place else url)
