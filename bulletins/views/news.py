"""News: read by region; written by editors and leads, put into further languages by translators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bulletins.exceptions import TransitionRefused
from bulletins.models import News
from bulletins.permissions import (
    can_translate_news,
    can_write_news,
    leads_anywhere,
    led_scopes,
)
from bulletins.queries import of_scopes
from bulletins.regional_forms import NewsForm, NewsTextForm, cut
from bulletins.transitions.news import hide_news, publish_news, translate_news, write_news
from bulletins.views.region import scopes_of
from network.languages import codes
from network.permissions import is_editor
from network.places import places
from translations.permissions import translator_languages

A_PAGE = 20


# --- readers ---------------------------------------------------------------------------
@login_required
@require_safe
def news_list(request):
    """What is new for this reader, newest first; one region's where they choose it."""
    regions = places()
    chosen = next((one for one in regions if one.word == request.GET.get("region")), None)
    rows = News.objects.visible_to(request.user).with_texts()
    if chosen is not None:
        rows = rows.filter(chosen.rows())
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "news": [shown(item, request.user) for item in page.object_list],
        "list_page": page,
        "regions": regions,
        "chosen": chosen,
        "may_write": may_enter(request.user),
    }
    return render(request, "bulletins/news_list.html", context)


@login_required
@require_safe
def news_item(request, pk: int):
    """One item, for those of its scope while it is shown."""
    item = get_object_or_404(News.objects.visible_to(request.user).with_texts(), pk=pk)
    context = {
        "item": shown(item, request.user),
        "may_write": can_write_news(request.user, item.scope),
    }
    return render(request, "bulletins/news_item.html", context)


def shown(item: News, user) -> dict:
    """An item in the reader's best language. No query where its texts are at hand."""
    text = item.text_for(user)
    return {
        "news": item,
        "text": text,
        "paragraphs": cut(text.text),
        "is_foreign": text.language != get_language(),
    }


# --- writers ------------------------------------------------------------------------------
def may_enter(user) -> bool:
    """Whether a person writes or translates news at all."""
    return is_editor(user) or leads_anywhere(user) or bool(translator_languages(user))


def writers_only(view):
    """Signed in and an editor, lead or translator, else 403."""

    @login_required
    def checked(request, *args, **kwargs):
        if not may_enter(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def scope_choices(user) -> list[tuple[str, str]]:
    """For whom this person may write. Three queries."""
    if is_editor(user):
        every = [(place.slug, str(place.name)) for place in places()]
        return [("", _("The whole network")), *every]
    return [(key, str(place)) for key, place in scopes_of(user)]


@writers_only
@require_safe
def news_desk(request):
    """All items that this person writes or translates, newest first. Fixed queries."""
    rows = News.objects.with_texts().order_by("-pk")
    if not (is_editor(request.user) or translator_languages(request.user)):
        rows = rows.filter(of_scopes(led_scopes(request.user)))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [desk_row(item, request.user) for item in page.object_list],
        "list_page": page,
        "may_write": is_editor(request.user) or leads_anywhere(request.user),
    }
    return render(request, "bulletins/news_desk.html", context)


def desk_row(item: News, user) -> dict:
    """An item with the state of its languages and what this person may do. No query.

    A translator sees drafts as well: they are translated before they come out.
    """
    texts = {text.language: text for text in item.texts.all()}
    source = texts[item.source_language]
    return {
        "news": item,
        "source": source,
        "may_write": can_write_news(user, item.scope),
        "languages": [
            {
                "code": code,
                "state": "source"
                if code == item.source_language
                else "missing"
                if code not in texts
                else "current"
                if texts[code].made_for == source.fingerprint
                else "stale",
                "may": code != item.source_language and can_translate_news(user, item, code),
            }
            for code in codes()
        ],
    }


@writers_only
def news_write(request, pk: int | None = None):
    """A new item, or another wording of one's own."""
    item = get_object_or_404(News.objects.with_texts(), pk=pk) if pk else None
    choices = scope_choices(request.user)
    if not choices or (item is not None and not can_write_news(request.user, item.scope)):
        raise PermissionDenied
    initial = {"language": get_language()}
    if item is not None:
        source = item.source_text
        initial = {
            "title": source.title,
            "text": source.text,
            "expires_on": item.expires_on,
            "scope": "-".join(map(str, item.scope)) if item.scope else "",
        }
        if (initial["scope"], str(item.place or "")) not in choices and item.scope:
            choices = [*choices, (initial["scope"], str(item.place))]
    form = NewsForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        scopes=choices,
        is_new=item is None,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            saved = write_news(
                item,
                by=request.user,
                scope=data["scope"],
                language=data.get("language", ""),
                title=data["title"],
                text=data["text"],
                expires_on=data["expires_on"],
            )
            if request.POST.get("action") == "publish":
                publish_news(saved, by=request.user)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("news_desk")
    context = {"item": item, "form": form}
    return render(
        request, "bulletins/news_write.html", context, status=422 if form.is_bound else 200
    )


@writers_only
def news_translate(request, pk: int, language: str):
    """One language of an item, beside its original."""
    item = get_object_or_404(News.objects.with_texts(), pk=pk)
    if language not in codes() or language == item.source_language:
        raise Http404
    if not can_translate_news(request.user, item, language):
        raise PermissionDenied
    present = next((text for text in item.texts.all() if text.language == language), None)
    initial = {"title": present.title, "text": present.text} if present else {}
    form = NewsTextForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            translate_news(item, language, by=request.user, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("news_desk")
    source = item.source_text
    context = {
        "item": item,
        "form": form,
        "language": language,
        "source": source,
        "paragraphs": cut(source.text),
        "is_stale": present is not None and present.made_for != source.fingerprint,
    }
    return render(
        request, "bulletins/news_translate.html", context, status=422 if form.is_bound else 200
    )


@writers_only
@require_POST
def news_change(request, pk: int, action: str):
    """Publish an item, or take it off."""
    item = get_object_or_404(News, pk=pk)
    changes = {"publish": publish_news, "hide": hide_news}
    if action not in changes:
        raise Http404
    try:
        changes[action](item, by=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Readers see it now.") if action == "publish" else _("It is taken off.")
        )
    return redirect("news_desk")
