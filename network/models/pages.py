"""The abstract page that every page of the site is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from network import languages


@dataclass(frozen=True)
class Address:
    """Where a page is: for links on this site, and with the site's name."""

    url: str
    full_url: str


class GkcPage(Page):
    """A page that answers in the reader's best language and checks who reads it."""

    class Meta:
        abstract = True

    #: An entrance that answers 404 until something stands behind it.
    empty_is_hidden = False

    #: Below the parent's address: 'slug/' unless a page type says otherwise.
    def path_below_parent(self) -> str:
        """This page's part of the address, ending in '/'."""
        return f"{self.slug}/"

    def set_url_path(self, parent):
        """See `path_below_parent`."""
        if parent:
            self.url_path = parent.url_path + self.path_below_parent()
            return self.url_path
        return super().set_url_path(parent)

    def has_content(self) -> bool:
        """Whether something stands behind this entrance; asked where `empty_is_hidden`."""
        return bool(self.numchild)

    def may_be_read_by(self, user) -> bool:
        """Whether this person may read the live page. Public unless a page type says otherwise."""
        return True

    # --- routing ------------------------------------------------------------
    def child_slug(self, components: list[str]) -> tuple[str, list[str]]:
        """Split off the address parts that name a child; an index of years takes two."""
        return components[0], components[1:]

    def route(self, request, path_components):
        """Find the page, in the reader's language or the nearest one that exists.

        A missing translation answers 200 under the reader's own prefix with
        the best text there is; `request.gkc_fallback` then holds the page's
        real language.
        """
        if not path_components:
            if not self.live:
                raise Http404
            return RouteResult(self)
        slug, rest = self.child_slug(path_components)
        child = self._child(slug)
        if child is not None and (child.live or rest):
            # On the way to a page below, a page's own table has no say.
            found = child.specific_deferred if rest else child.specific
            found._cached_parent_obj, found.locale = self, child.locale
            return found.route(request, rest)
        return self._route_elsewhere(request, slug, rest)

    def _child(self, slug: str) -> Page | None:
        """The child with this slug: one query, and another for its own table by `specific`
        unless only one kind of page can be here."""
        kinds = self.allowed_subpage_models()
        if len(kinds) == 1:
            first, last = self._get_children_path_interval(self.path)
            children = kinds[0].objects.filter(path__range=(first, last), depth=self.depth + 1)
            # At most one, so neither order nor `child_of` and its conditions, which
            # took as long to build as all the rest.
            found = children.filter(slug=slug).select_related("locale").order_by()[:1]
            return next(iter(found), None)
        return self.get_children().select_related("locale").filter(slug=slug).first()

    def _route_elsewhere(self, request, slug: str, rest: list[str]) -> RouteResult:
        """The same child in another language, by translation key."""
        found = self._child_anywhere(slug)
        if found is None:
            raise Http404
        candidates = {
            page.locale.language_code: page
            for page in Page.objects.filter(
                translation_key=found.translation_key, live=True
            ).select_related("locale")
        }
        own = candidates.get(self.locale.language_code)
        if own is not None and not rest:
            # The address has another language's slug; the page exists here under its own.
            return RouteResult(own.specific, kwargs={"moved": True})
        order = languages.reading_order(request.user, first=self.locale.language_code)
        best = next((candidates[c] for c in order if c in candidates), None)
        best = best or _original(candidates)
        if best is None:
            raise Http404
        request.gkc_fallback = best.locale.language_code
        return best.specific.route(request, rest)

    def _child_anywhere(self, slug: str) -> Page | None:
        """The child with this slug under the first of this page's translations that has one. Two
        queries, however many languages there are: every address that is not there asks."""
        parents = list(type(self).objects.filter(translation_key=self.translation_key))
        below = Q()
        for parent in parents:
            first, last = parent._get_children_path_interval(parent.path)
            below |= Q(path__range=(first, last), depth=parent.depth + 1)
        found = {page.path[: -page.steplen]: page for page in Page.objects.filter(below, slug=slug)}
        return next((found[one.path] for one in parents if one.path in found), None)

    def serve(self, request, *args, moved: bool = False, **kwargs):
        """Check the reader, then render, or lead to the page's own address: it holds the title."""
        if not self.may_be_read_by(request.user):
            if request.user.is_authenticated:
                raise Http404  # existence is not told either
            from django.contrib.auth.views import redirect_to_login  # needs the user model

            return redirect_to_login(request.get_full_path())
        if moved:
            return redirect(self.get_url(request), permanent=False)
        if self.empty_is_hidden and not self.has_content():
            raise Http404  # a room without content is not shown
        return super().serve(request, *args, **kwargs)

    def get_url_parts(self, request=None):
        """Wagtail's, under the address of the settings.

        Its own site record says 'localhost' on every machine, and would say so
        to search engines.
        """
        parts = super().get_url_parts(request)
        return (parts[0], parts[1] and site_root(), parts[2]) if parts else parts

    # --- language -----------------------------------------------------------
    @cached_property
    def language(self) -> str:
        """The code of the language this page is written in."""
        return self.locale.language_code

    def reading_url(self, request=None) -> str:
        """This page's address under the reader's own prefix; see `route`. No query of its own."""
        url = self.get_url(request) or ""
        here = translation.get_language() or self.language
        return url.replace(f"/{self.language}/", f"/{here}/", 1)

    def live_paths(self, request=None) -> Iterable[tuple[str, str]]:
        """(language, tree address) of the live pages with the same translation key. One query."""
        pages = Page.objects.filter(translation_key=self.translation_key, live=True).order_by()
        return pages.values_list("locale__language_code", "url_path")

    def shared(self, request, name: tuple, make: Callable):
        """What `make` gives, the same for all readers of this page; `name` tells it from others.

        Made anew for a preview: a draft is nobody else's.
        """
        if request is None or getattr(request, "is_preview", False):
            return make()
        return self.kept_for_all(request, (self.pk, self.live_revision_id, *name), make)

    def kept_for_all(self, request, name: tuple, make: Callable):
        """See `shared`. A page type that knows when it changes keeps it; others make it anew."""
        return make()

    def live_addresses(self, request=None) -> dict[str, Address]:
        """Of the live pages with the same translation key, by language; this one included.

        One query, and no page objects: to make them took longer than the query.
        """
        mine = self._get_relevant_site_root_paths(request)
        if not mine:
            return {}  # no site leads here
        here = Site.find_for_request(request) if request is not None else None
        home = next((root for root in mine if here and root.site_id == here.pk), mine[0])
        is_local = here is not None and here.pk == home.site_id
        roots = {
            root.language_code: root.root_path
            for root in self._get_site_root_paths(request)
            if root.site_id == home.site_id
        }
        active = translation.get_language()
        found, below = {}, {}
        for code, url_path in self.live_paths(request):
            root = roots.get(code)
            if root is None or not url_path.startswith(root):
                continue
            rest = url_path[len(root) :]
            if rest not in below:  # most often the same in every language
                address = reverse("wagtail_serve", args=[rest])
                below[rest] = address.removeprefix(f"/{active}/")
            path = f"/{code}/{below[rest]}"
            full = f"{site_root()}{path}"
            found[code] = Address(url=path if is_local else full, full_url=full)
        return found


def site_root() -> str:
    """What every full address of the site begins with, as in its mails."""
    return settings.SITE_ADDRESS.rstrip("/")


def _original(candidates: dict[str, Page]) -> Page | None:
    """The page that was written first, where none is in a language the reader reads."""
    return min(candidates.values(), key=lambda page: page.pk, default=None)
