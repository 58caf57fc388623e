"""What a programme is taught with, in versions; and which versions a session takes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network.languages import reading_order
from network.numbers import row_keys
from workshops.exceptions import TransitionRefused
from workshops.handouts import shown
from workshops.models import Material, Programme
from workshops.permissions import can_keep_materials
from workshops.session_forms import MaterialForm
from workshops.titles import titles_for
from workshops.transitions import (
    add_material,
    choose_materials,
    renew_material,
    withdraw_material,
)
from workshops.views.coordinating.preview import session_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def materials(request, key: str):
    """A programme's materials with all their versions; another is added below."""
    programme = _programme(request, key)
    form = MaterialForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _try(request, form, lambda given: _add(request, programme, given)):
            return redirect("materials", key)
    versions: dict = {}
    rows = programme.materials.select_related("document", "added_by").order_by("-version")
    for row in rows:
        versions.setdefault(row.material_key, []).append(row)
    named = shown(request, rows)
    title = titles_for([programme], reading_order(request.user))[programme.pk]
    context = {
        "programme": programme,
        "title": title,
        "form": form,
        "rows": [
            {
                "newest": named[found[0].pk],
                "older": [named[one.pk] for one in found[1:]],
                "is_withdrawn": found[0].withdrawn_at is not None,
            }
            for found in versions.values()
        ],
    }
    return render(request, "workshops/coordinating/materials.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def material_renew(request, pk: int):
    """The next version of a material."""
    newest = _material(request, pk)
    form = MaterialForm(request.POST or None, request.FILES or None, newest=newest)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _try(request, form, lambda given: _renew(request, newest, given)):
            return redirect("materials", newest.programme.key)
    context = {
        "form": form,
        "material": shown(request, [newest])[newest.pk],
        "programme": newest.programme,
    }
    return render(request, "workshops/coordinating/material.html", context, status=status)


@login_required
@require_POST
def material_withdraw(request, pk: int):
    """No new session takes it."""
    found = _material(request, pk)
    withdraw_material(found, by=request.user)
    messages.success(request, _("Withdrawn. Sessions that name it keep it."))
    return redirect("materials", found.programme.key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def session_materials(request, number: str):
    """Which versions this session is taught with; a newer one is marked."""
    session = session_of(request, number)
    family = [pk for pk in (session.programme_id, session.programme.parent_id) if pk]
    everything = Material.objects.filter(programme__in=family)
    rows = list(everything.select_related("document").order_by("material_key", "-version"))
    if request.method == "POST":
        picked = row_keys(request.POST.getlist("material"))
        try:
            chosen = [row for row in rows if row.pk in picked]
            choose_materials(session, chosen, by=request.user)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The session is taught with these."))
        return redirect("desk_session", number)
    held = set(session.materials.values_list("pk", flat=True))
    newest = set(everything.newest().values_list("pk", flat=True))
    named = shown(request, rows)
    context = {
        "session": session,
        "rows": [
            named[row.pk] | {"is_held": row.pk in held, "is_newest": row.pk in newest}
            for row in rows
            if row.pk in held or row.pk in newest
        ],
    }
    return render(request, "workshops/coordinating/session_materials.html", context)


def _programme(request, key: str) -> Programme:
    found = get_object_or_404(Programme, key=key)
    if not can_keep_materials(request.user, found):
        raise Http404
    return found


def _material(request, pk: int) -> Material:
    found = get_object_or_404(Material.objects.select_related("programme", "document"), pk=pk)
    if not can_keep_materials(request.user, found.programme):
        raise Http404
    return found


def _try(request, form: MaterialForm, change) -> bool:
    """Whether the change was made; else the form says why not."""
    given = {name: value for name, value in form.cleaned_data.items() if name != "upload"}
    given["upload"] = form.cleaned_data.get("upload")
    try:
        change(given)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refusal:  # the file was not taken
        form.add_error("upload" if "upload" in form.fields else None, refusal)
    except PermissionDenied:
        raise Http404 from None
    else:
        messages.success(request, _("Kept. New sessions take it; others when you say so."))
        return True
    return False


def _add(request, programme: Programme, given: dict) -> None:
    add_material(programme, by=request.user, **given)


def _renew(request, newest: Material, given: dict) -> None:
    renew_material(newest, by=request.user, **given)
