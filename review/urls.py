"""Addresses under /<lang>/desk/review/."""

from django.urls import path

from review.views import desk, notes, translate

urlpatterns = [
    path("", desk.desk, name="review_desk"),
    path("notes/<int:pk>/", notes.edit, name="note_edit"),
    path("notes/<int:pk>/reply/", notes.reply, name="note_reply"),
    path("notes/<int:pk>/settle/", notes.settle, name="note_settle"),
    path("<str:number>/", desk.case, name="review_case"),
    path("<str:number>/log/", desk.log, name="case_log"),
    path("<str:number>/translate/", translate.translate, name="review_translate"),
]
