"""How useful readers find a text (R11): rate it; editors read it by region."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Avg, Count, Max
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.core import is_ratelimited

from network.exceptions import ChangeRefused
from network.languages import codes
from network.models import Country
from network.permissions import is_member
from review.asking import rate as rate_text
from review.models import Rating, Usefulness
from review.models.ratings import MAX_RATING_REASON
from review.permissions import can_rate, can_read_ratings
from review.registry import askable_of

RATE = "30/h"  # ratings a person
A_PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request, kind: str, key: str):
    """The form, with what this reader said before."""
    if not is_member(request.user):
        return redirect_to_login(request.get_full_path())
    language = request.GET.get("in", "")
    askable = askable_of(kind)
    thing = askable.find(key, language) if askable and language in codes() else None
    if thing is None or not can_rate(request.user, kind, thing):
        raise Http404
    earlier = Rating.objects.about(kind, key).filter(by=request.user).first()
    score = str(earlier.score) if earlier else ""
    reason, error, status = earlier.reason if earlier else "", "", 200
    if request.method == "POST":
        score, reason = request.POST.get("score", ""), request.POST.get("reason", "")
        try:
            if is_ratelimited(request, group="rating", key="user", rate=RATE, increment=True):
                error, status = _("That is many in an hour. Send this one later."), 429
            else:
                number = int(score) if score in {"1", "2", "3", "4"} else 0
                rate_text(
                    kind, key, language=language, score=number, reason=reason, by=request.user
                )
                messages.success(request, _("Thank you. The editors read it."))
                return redirect(askable.url(thing))
        except ChangeRefused as refusal:
            error, status = str(refusal), 400
    context = {
        "title": askable.title(thing),
        "language": language,
        "scores": [(str(value), label) for value, label in reversed(Usefulness.choices)],
        "score": score,
        "reason": reason,
        "earlier": earlier,
        "error": error,
        "longest": MAX_RATING_REASON,
        "back": askable.url(thing),
    }
    return render(request, "review/rate.html", context, status=status)


@login_required
@require_safe
def ratings(request):
    """Every rated text with its readers' word, and the same by region. For editors."""
    if not can_read_ratings(request.user):
        raise PermissionDenied
    texts = (
        Rating.objects.values("kind", "key")
        .annotate(n=Count("pk"), mean=Avg("score"), name=Max("title"), last=Max("at"))
        .order_by("-n", "kind", "key")
    )
    page = Paginator(texts, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [row | {"mean": round(row["mean"], 1)} for row in page.object_list]
    context = {"regions": by_region(Rating.objects.all()), "page_of": page}
    return render(request, "review/ratings.html", context)


@login_required
@require_safe
def ratings_about(request, kind: str, key: str):
    """One text: by region, and every reader's reason. For editors."""
    if not can_read_ratings(request.user):
        raise PermissionDenied
    rows = Rating.objects.about(kind, key)
    first = rows.first()
    if first is None:
        raise Http404
    reasons = Paginator(rows.select_related("by", "country").order_by("-at", "-pk"), A_PAGE)
    context = {
        "title": first.title,
        "regions": by_region(rows),
        "page_of": reasons.get_page(request.GET.get("page")),
    }
    return render(request, "review/ratings_about.html", context)


def by_region(rows) -> list[dict]:
    """Region scope (the home region, or the review area where there is none) → number and mean.

    Two queries.
    """
    found: dict[tuple, dict] = {}
    counts = rows.order_by().values("country").annotate(n=Count("pk"), mean=Avg("score"))
    counts = list(counts)
    countries = Country.objects.select_related("region", "review_area").in_bulk(
        [row["country"] for row in counts if row["country"]]
    )
    for row in counts:
        country = countries.get(row["country"])
        place = (country.region or country.review_area) if country else None
        key = (type(place).__name__, place.pk) if place else ("", 0)
        entry = found.setdefault(key, {"place": place, "n": 0, "sum": 0.0})
        entry["n"] += row["n"]
        entry["sum"] += row["mean"] * row["n"]
    for entry in found.values():
        entry["mean"] = round(entry["sum"] / entry["n"], 1)
    return sorted(found.values(), key=lambda entry: (-entry["n"], str(entry["place"])))
