"""Addresses of the translators' desk and of what changed in an original."""

from django.urls import path

from translations.views import asking, desk, files, reading, text

TEXT = "desk/translate/<uuid:key>/<str:language>/"

urlpatterns = [
    path("desk/translate/", desk.translate_desk, name="translate_desk"),
    path(
        "desk/translate/take/<str:language>/",
        desk.translate_take_group,
        name="translate_take_group",
    ),
    path(
        "desk/translate/questions/<int:pk>/", asking.translate_question, name="translate_question"
    ),
    path(f"{TEXT}begin/", desk.translate_begin, name="translate_begin"),
    path(f"{TEXT}translator/", desk.translate_assign, name="translate_assign"),
    path(TEXT, reading.translate_read, name="translate_read"),
    path(f"{TEXT}first-reading/", reading.translate_first_reading, name="translate_first_reading"),
    path(f"{TEXT}write/", text.translate_text, name="translate_text"),
    path(f"{TEXT}write/save/", text.translate_save, name="translate_save"),
    path(f"{TEXT}write/ask/", text.translate_ask, name="translate_ask"),
    path(f"{TEXT}write/draft/", text.translate_draft, name="translate_draft"),
    path(f"{TEXT}file/", files.translate_file, name="translate_file"),
    path(f"{TEXT}text.po", files.translate_file_out, name="translate_file_out"),
    path(
        "changes/<uuid:key>/<str:language>/",
        reading.translation_changes,
        name="translation_changes",
    ),
]
