"""Addresses of the bulletins beside their pages, all below the language prefix."""

from django.urls import path

from bulletins.views import follow, share

urlpatterns: list[path] = [
    path("share/", share.share_start, name="share_start"),
    path("share/<str:number>/", share.share_case, name="share_case"),
    path("share/<str:number>/archive/", share.share_archive, name="share_archive"),
    path("share/<str:number>/<str:part>/", share.share_part, name="share_part"),
    path("share/<str:number>/<str:part>/save/", share.share_save, name="share_save"),
    path("desk/stories/<str:number>/", follow.case_follow, name="case_follow"),
    path("desk/stories/<str:number>/delete/", follow.case_delete, name="case_delete"),
    path("desk/stories/<str:number>/withdraw/", follow.case_withdraw, name="case_withdraw"),
    path("desk/stories/<str:number>/ask/", follow.case_ask, name="case_ask"),
    path("desk/stories/<str:number>/edit/", follow.case_answer_edit, name="case_answer_edit"),
    path("desk/stories/<str:number>/audience/", follow.case_audience, name="case_audience"),
    path("desk/stories/<str:number>/public/", follow.case_public, name="case_public"),
]
