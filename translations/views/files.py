"""A text as a PO file: written out for a translator's own tool, and taken in again."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from translations.exceptions import TranslationRefused
from translations.translating import files, writing
from translations.views.access import begun_page

REFUSED = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate_file(request, key, language):
    """Take a file in, and say what became of every entry that was not simply taken."""
    page, _entry = begun_page(request, key, language)
    writing.check_may_translate(page, language, request.user)
    context, status = {"original": page, "language": language}, 200
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            if sent is None:
                raise TranslationRefused(_("Choose a file first."))
            data = sent.read(files.MAX_BYTES + 1)
            context["report"] = files.take_file(page, language, data, by=request.user)
        except TranslationRefused as refusal:
            context["refusal"], status = str(refusal), REFUSED
    return render(request, "translations/file.html", context, status=status)


@login_required
@require_safe
def translate_file_out(request, key, language):
    """The file."""
    page, _entry = begun_page(request, key, language)
    data = files.write_file(page, language, by=request.user)
    name = f"{slugify(page.slug) or 'text'}.{language}.po"
    return HttpResponse(
        data,
        content_type="text/x-gettext-translation; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
