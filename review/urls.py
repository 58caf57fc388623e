"""Addresses of the review desk, marks, questions and ratings, below the language prefix."""

from django.urls import include, path

from review.views import area, desk, flags, notes, questions, ratings, spread, translate

desk_patterns = [
    path("", desk.desk, name="review_desk"),
    path("notes/<int:pk>/", notes.edit, name="note_edit"),
    path("notes/<int:pk>/reply/", notes.reply, name="note_reply"),
    path("notes/<int:pk>/settle/", notes.settle, name="note_settle"),
    path("notes/<int:pk>/tick/", notes.tick, name="note_tick"),
    path("spread/", spread.spread, name="review_spread"),
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
question_patterns = [
    path("", questions.questions, name="questions"),
    path("<int:pk>/", questions.question, name="question"),
    path("<str:kind>/<str:key>/", questions.questions_about, name="questions_about"),
    path("<str:kind>/<str:key>/ask/", questions.question_ask, name="question_ask"),
]
rating_patterns = [
    path("", ratings.ratings, name="ratings"),
    path("<str:kind>/<str:key>/", ratings.ratings_about, name="ratings_about"),
    path("<str:kind>/<str:key>/rate/", ratings.rate, name="rate"),
]
urlpatterns = [
    path("desk/review/", include(desk_patterns)),
    path("flags/", include(flag_patterns)),
    path("questions/", include(question_patterns)),
    path("usefulness/", include(rating_patterns)),
]
