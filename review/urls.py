"""Addresses of the review desk and of readers' marks, below the language prefix."""

from django.urls import include, path

from review.views import area, desk, flags, notes, translate

desk_patterns = [
    path("", desk.desk, name="review_desk"),
    path("notes/<int:pk>/", notes.edit, name="note_edit"),
    path("notes/<int:pk>/reply/", notes.reply, name="note_reply"),
    path("notes/<int:pk>/settle/", notes.settle, name="note_settle"),
    path("area/<slug:slug>/", area.review_area, name="review_area"),
    path("<str:number>/", desk.case, name="review_case"),
    path("<str:number>/log/", desk.log, name="case_log"),
    path("<str:number>/translate/", translate.translate, name="review_translate"),
]
flag_patterns = [
    path("<int:pk>/", flags.flag, name="flag"),
    path("<str:kind>/<str:key>/", flags.flags_about, name="flags_about"),
    path("<str:kind>/<str:key>/raise/", flags.flag_raise, name="flag_raise"),
]
urlpatterns = [
    path("desk/review/", include(desk_patterns)),
    path("flags/", include(flag_patterns)),
]
