"""Addresses of the translators' list, the second reader's page and what changed."""

from django.urls import path

from translations import views

urlpatterns = [
    path("desk/translate/", views.translate_desk, name="translate_desk"),
    path(
        "desk/translate/<uuid:key>/<str:language>/begin/",
        views.translate_begin,
        name="translate_begin",
    ),
    path("desk/translate/<uuid:key>/<str:language>/", views.translate_read, name="translate_read"),
    path(
        "changes/<uuid:key>/<str:language>/", views.translation_changes, name="translation_changes"
    ),
]
