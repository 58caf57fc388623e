"""Addresses of the bulletins beside their pages, all below the language prefix."""

from django.urls import path

from bulletins.views import (
    follow,
    issues,
    printing,
    reach,
    response_grid,
    response_link,
    responses,
    share,
)

urlpatterns = [
    path("share/", share.share_start, name="share_start"),
    path("share/<str:number>/", share.share_case, name="share_case"),
    path("share/<str:number>/archive/", share.share_archive, name="share_archive"),
    path("share/<str:number>/<str:part>/", share.share_part, name="share_part"),
    path("share/<str:number>/<str:part>/save/", share.share_save, name="share_save"),
    path("desk/stories/<str:number>/", follow.case_follow, name="case_follow"),
    path("desk/stories/<str:number>/delete/", follow.case_delete, name="case_delete"),
    path("desk/stories/<str:number>/withdraw/", follow.case_withdraw, name="case_withdraw"),
    path("desk/stories/<str:number>/edit/", follow.case_answer_edit, name="case_answer_edit"),
    path("desk/stories/<str:number>/audience/", follow.case_audience, name="case_audience"),
    path("desk/stories/<str:number>/public/", follow.case_public, name="case_public"),
    path("desk/issues/", issues.issue_desks, name="issue_desks"),
    path("desk/issues/<int:pk>/", issues.issue_desk, name="issue_desk"),
    path("desk/issues/<int:pk>/letter/", issues.issue_write, name="issue_write"),
    path(
        "desk/issues/<int:pk>/stories/<str:number>/<str:action>/",
        issues.issue_story,
        name="issue_story",
    ),
    path("desk/issues/<int:pk>/schedule/", issues.issue_schedule, name="issue_schedule"),
    path(
        "desk/issues/<int:pk>/preview/mail/<str:language>/",
        issues.issue_mail_preview,
        name="issue_mail_preview",
    ),
    path(
        "desk/issues/<int:pk>/preview/page/<str:language>/",
        issues.issue_page_preview,
        name="issue_page_preview",
    ),
    path("desk/reach/<int:pk>/", reach.issue_reach, name="issue_reach"),
    path("desk/reach/<int:pk>/table.csv", reach.issue_reach_csv, name="issue_reach_csv"),
    path("desk/reach/back/<int:pk>/", reach.reach_take_back, name="reach_take_back"),
    path("desk/reach/<int:pk>/<slug:code>/", reach.reach_distributor, name="reach_distributor"),
    path("desk/issues/<int:pk>/<str:action>/", issues.issue_change, name="issue_change"),
    path("cases/<str:number>/a3/", printing.case_a3, name="case_a3"),
    path("cases/<str:number>/a3.pdf", printing.case_a3_pdf, name="case_a3_pdf"),
    path("desk/responses/", responses.responses, name="responses"),
    path("desk/responses/<int:distributor>/<str:number>/", responses.response, name="response"),
    path("desk/response-grid/", response_grid.response_grid, name="response_grid"),
    path("desk/response-grid.csv", response_grid.response_grid_csv, name="response_grid_csv"),
    path(
        "desk/response-grid/<int:distributor>/",
        response_grid.response_coach,
        name="response_coach",
    ),
    path("respond/<str:token>/", response_link.respond_link, name="respond_link"),
    path("cases/<str:number>/try/", responses.story_try, name="story_try"),
    path("recognition/<int:year>/", response_grid.recognition, name="recognition"),
]
