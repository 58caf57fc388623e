"""Addresses of the workshops beside their pages, all below the language prefix."""

from django.urls import path

from workshops.views import requests, sessions

urlpatterns = [
    path("workshops/sessions/<str:number>/", sessions.session_page, name="session"),
    path("workshops/sessions/<str:number>/enrol/", sessions.session_enrol, name="session_enrol"),
    path("workshops/sessions/<str:number>/leave/", sessions.session_leave, name="session_leave"),
    path("workshops/sessions/<str:number>/answer/", sessions.session_answer, name="session_answer"),
    path("workshops/sessions/<str:number>/group/", sessions.session_group, name="session_group"),
    path("desk/enrolments/<int:pk>/", requests.enrolment, name="enrolment"),
    path("desk/courses/", requests.my_courses, name="my_courses"),
    path("desk/courses/confirm/", requests.courses_to_confirm, name="courses_to_confirm"),
    path("desk/courses/<int:pk>/<str:action>/", requests.course_change, name="course_change"),
]
