"""The abstract page that every page of the site is."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import cached_property
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from network import languages

# What the address of a page needs: a list of its languages reads no more.
ADDRESS = (
    *("path", "depth", "slug", "url_path", "title", "live", "translation_key"),
    *("content_type", "locale__language_code"),
)


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
            child = child.specific_deferred if rest else child.specific
            child._cached_parent_obj = self
            return child.route(request, rest)
        return self._route_elsewhere(request, slug, rest)

    def _child(self, slug: str) -> Page | None:
        """The child with this slug: one query, and another for its own table by `specific`
        unless only one kind of page can be here."""
        kinds = self.allowed_subpage_models()
        if len(kinds) == 1:
            return kinds[0].objects.child_of(self).filter(slug=slug).first()
        return self.get_children().filter(slug=slug).first()

    def _route_elsewhere(self, request, slug: str, rest: list[str]) -> RouteResult:
        """The same child in another language, by translation key."""
        parents = type(self).objects.filter(translation_key=self.translation_key)
        found = None
        for parent in parents:
            found = Page.objects.child_of(parent).filter(slug=slug).first()
            if found is not None:
                break
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

    def serve(self, request, *args, moved: bool = False, **kwargs):
        """Check the reader, then render, or lead to the page's own address: it holds the title."""
        if not self.may_be_read_by(request.user):
            if request.user.is_authenticated:
                raise Http404  # existence is not told either
            from django.contrib.auth.views import redirect_to_login  # needs the user model

            return redirect_to_login(request.get_full_path())
        if moved:
            return redirect(self.get_url(request), permanent=False)
        if self.empty_is_hidden and not self.numchild:
            raise Http404  # a room without content is not shown
        return super().serve(request, *args, **kwargs)

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

    @cached_property
    def live_translations(self) -> dict[str, "GkcPage"]:
        """Live pages of the same translation key by language, this one included. One query."""
        pages = (
            type(self)
            .objects.filter(translation_key=self.translation_key, live=True)
            .select_related("locale")
            .only(*ADDRESS)  # not twelve texts
        )
        return {page.locale.language_code: page for page in pages}


def _original(candidates: dict[str, Page]) -> Page | None:
    """The page that was written first, where none is in a language the reader reads."""
    return min(candidates.values(), key=lambda page: page.pk, default=None)
