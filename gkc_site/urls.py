"""All addresses of the site. Language prefixes stand before everything a person reads."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from gkc_site import desk, health_views, views
from gkc_site.accounts import views as accounts_views
from gkc_site.accounts.urls import people_patterns
from gkc_site.api import api
from gkc_site.api import not_found as api_not_found
from gkc_site.people import views as people_views
from workshops.views import certificates

handler400 = "gkc_site.views.bad_request"
handler404 = "gkc_site.views.page_not_found"

urlpatterns = [
    path("healthz/live", health_views.live, name="health_live"),
    path("healthz/ready", health_views.ready, name="health_ready"),
    path("metrics", health_views.metrics, name="metrics"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("", views.root, name="root"),
    path("language/<str:code>/", views.choose_language, name="choose_language"),
    path(
        "admin/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailadmin_login",
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("gkc_site.accounts.urls")),
    path("", include("network.urls")),
    path("verify/", certificates.verify_form, name="verify_form"),
    path("verify/<str:code>/", certificates.verify, name="verify"),
    path("mail/", include("touchpoints.urls")),
    path("api/v1/", api.urls),
    re_path(r"^api/", api_not_found, name="api_not_found"),
]
urlpatterns += i18n_patterns(
    path("desk/", desk.desk, name="desk"),
    path("", include("bulletins.urls")),
    path("", include("silver_book.urls")),
    path("measures/", include("gkc_site.measures.urls")),
    path("people/", people_views.people, name="people"),
    path("people/mine/", people_views.people_mine, name="people_mine"),
    path("", include("workshops.urls")),
    path("people/", include(people_patterns)),
    # Wagtail's own sign-in knows no second factor.
    path("_util/login/", accounts_views.closed, name="wagtailcore_login"),
    path("", include("search.urls")),
    path("", include("review.urls")),
    path("", include("translations.urls")),
    path("", include(wagtail_urls)),
)
