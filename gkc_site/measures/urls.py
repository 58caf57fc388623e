"""Addresses of the figures, below the language prefix."""

from django.urls import path

from gkc_site.measures import brief_views, flow_views, journey_views, views

urlpatterns = [
    path("", views.measures, name="measures"),
    path("figures.csv", views.measures_csv, name="measures_csv"),
    path("flow/", flow_views.flow, name="flow"),
    path("flow.csv", flow_views.flow_csv, name="flow_csv"),
    path("journey/", journey_views.journey, name="journey"),
    path("journey.csv", journey_views.journey_csv, name="journey_csv"),
    path("journey.pdf", journey_views.journey_pdf, name="journey_pdf"),
    path("journey/<slug:step>/", journey_views.journey_list, name="journey_list"),
    path("brief/", brief_views.country_briefs, name="country_briefs"),
    path("brief/<slug:code>/", brief_views.country_brief, name="country_brief"),
    path("brief/<slug:code>.pdf", brief_views.country_brief_pdf, name="country_brief_pdf"),
    path("visits/<int:pk>/propose/", brief_views.visit_propose, name="visit_propose"),
    path("visits/<int:pk>/begin/", brief_views.visit_begin, name="visit_begin"),
]
