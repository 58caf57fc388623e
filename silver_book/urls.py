"""Addresses of the book beside its pages, all below the language prefix."""

from django.urls import path

from silver_book import edition_desk, edition_views
from silver_book.views import book, glossary, local

urlpatterns = [
    path("practices/", book.practice_matrix, name="practice_matrix"),
    path("practices/<str:step>/<str:element>/", book.practice_cell, name="practice_cell"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("glossary/<slug:key>/", glossary.glossary_term, name="glossary_term"),
    path("local-edition/", local.local_editions, name="local_editions"),
    path("local-edition/text/<int:pk>/", local.local_text, name="local_text"),
    path("local-edition/write/<uuid:section>/<str:anchor>/", local.local_write, name="local_write"),
    path("local-edition/<str:code>/", local.local_edition, name="local_edition"),
    path("desk/book/", book.book_desk, name="book_desk"),
    path("desk/book/editions/", edition_desk.edition_desk, name="edition_desk"),
    path("desk/book/editions/new/", edition_desk.edition_new, name="edition_new"),
    path(
        "desk/book/editions/new/<str:language>/",
        edition_desk.edition_new_changes,
        name="edition_new_changes",
    ),
    path(
        "desk/book/editions/files/<int:pk>/",
        edition_desk.edition_build_again,
        name="edition_build_again",
    ),
    path("desk/book/<int:pk>/", book.book_publish, name="book_publish"),
    path("desk/book/compared/<int:pk>/", book.book_settle, name="book_settle"),
    path("section-changes/<str:key>/", edition_views.section_changes, name="section_changes"),
    path("editions/", edition_views.edition_list, name="edition_list"),
    path("editions/pictures/<str:key>/", edition_views.edition_picture, name="edition_picture"),
    path("editions/<int:number>/", edition_views.edition_detail, name="edition_detail"),
    path(
        "editions/<int:number>/<str:language>/",
        edition_views.edition_contents,
        name="edition_contents",
    ),
    path(
        "editions/<int:number>/<str:language>/changes/",
        edition_views.edition_changes,
        name="edition_changes",
    ),
    path(
        "editions/<int:number>/<str:language>/glossary/",
        edition_views.edition_glossary,
        name="edition_glossary",
    ),
    path(
        "editions/<int:number>/<str:language>/sections/<str:key>/",
        edition_views.edition_section,
        name="edition_section",
    ),
    path(
        "editions/<int:number>/<str:language>/files/<str:kind>/",
        edition_views.edition_file,
        name="edition_file",
    ),
]
