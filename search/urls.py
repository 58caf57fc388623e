"""The search page's addresses, below the language prefix."""

from django.urls import path

from search import views

urlpatterns = [
    path("search/", views.search_page, name="search"),
    path("search/complete/", views.search_complete, name="search_complete"),
    path("search/languages/", views.search_languages, name="search_languages"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]
