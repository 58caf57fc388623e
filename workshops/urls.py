"""Addresses of the workshops beside their pages, all below the language prefix."""

from django.urls import path

from workshops.views import (
    attendance,
    calendar,
    certificates,
    duties,
    evaluation,
    figures,
    labs,
    practice,
    record,
    reflection,
    requests,
    sessions,
    teaching,
    versions,
    walk_ins,
    wishes,
)
from workshops.views.coordinating import (
    adding,
    changing,
    log,
    many,
    materials,
    people,
    planning,
    programme_text,
    programmes,
    table,
)

urlpatterns = [
    path("workshops/sessions/<str:number>/", sessions.session_page, name="session"),
    path("workshops/sessions/<str:number>/enrol/", sessions.session_enrol, name="session_enrol"),
    path("workshops/sessions/<str:number>/needs/", sessions.session_needs, name="session_needs"),
    path("workshops/sessions/<str:number>/leave/", sessions.session_leave, name="session_leave"),
    path("workshops/sessions/<str:number>/answer/", sessions.session_answer, name="session_answer"),
    path("workshops/sessions/<str:number>/group/", sessions.session_group, name="session_group"),
    path("workshops/lab/<slug:key>/", labs.lab, name="lab"),
    path("workshops/lab/<slug:key>/<str:step>/", labs.lab_step, name="lab_step"),
    path("desk/teaching/", teaching.teaching, name="teaching"),
    path("desk/teaching/<str:number>/", teaching.teaching_session, name="teaching_session"),
    path("desk/workshops/versions/", versions.versions, name="versions"),
    path("desk/workshops/versions/<slug:key>/", versions.version_edit, name="version_edit"),
    path(
        "desk/workshops/versions/<slug:key>/compare/",
        versions.version_compare,
        name="version_compare",
    ),
    path(
        "desk/workshops/versions/<slug:key>/<str:action>/",
        versions.version_change,
        name="version_change",
    ),
    path("desk/workshops/figures/", figures.workshop_figures, name="workshop_figures"),
    path(
        "desk/workshops/figures/figures.csv",
        figures.workshop_figures_csv,
        name="workshop_figures_csv",
    ),
    path("desk/workshops/duties/", duties.duty_list, name="duty_list"),
    path("desk/workshops/duties/duties.csv", duties.duty_csv, name="duty_csv"),
    path(
        "workshops/sessions/<str:number>/calendar.ics",
        calendar.session_calendar,
        name="session_calendar",
    ),
    path("workshops/mine/<str:token>.ics", calendar.my_calendar, name="my_calendar"),
    path("desk/courses/calendar/", calendar.my_calendar_address, name="my_calendar_address"),
    path("desk/wishes/<slug:key>/tell/", wishes.programme_watch, name="programme_watch"),
    path(
        "desk/wishes/<slug:key>/exception/", wishes.programme_exception, name="programme_exception"
    ),
    path("desk/workshops/exceptions/<int:pk>/", wishes.exception, name="exception"),
    path("desk/workshops/demand/", wishes.demand_view, name="workshop_demand"),
    path("desk/workshops/demand.csv", wishes.demand_csv, name="workshop_demand_csv"),
    path("desk/enrolments/<int:pk>/", requests.enrolment, name="enrolment"),
    path(
        "desk/enrolments/<int:pk>/take-out/",
        requests.enrolment_take_out,
        name="enrolment_take_out",
    ),
    path("desk/courses/", requests.my_courses, name="my_courses"),
    path("desk/courses/confirm/", requests.courses_to_confirm, name="courses_to_confirm"),
    path("desk/courses/<int:pk>/<str:action>/", requests.course_change, name="course_change"),
    # --- the coordinator's desk ---
    path("desk/workshops/", table.session_table, name="session_table"),
    path("desk/workshops/new/", planning.session_choose, name="session_choose"),
    path("desk/workshops/new/<slug:key>/", planning.session_new, name="session_new"),
    path("desk/workshops/programmes/", programmes.programme_list, name="programme_list"),
    path("desk/workshops/programmes/new/", programmes.programme_new, name="programme_new"),
    path("desk/workshops/programmes/<slug:key>/", programmes.programme_edit, name="programme_edit"),
    path(
        "desk/workshops/programmes/<slug:key>/archive/",
        programmes.programme_archive,
        name="programme_archive",
    ),
    path(
        "desk/workshops/programmes/<slug:key>/unarchive/",
        programmes.programme_unarchive,
        name="programme_unarchive",
    ),
    path(
        "desk/workshops/programmes/<slug:key>/text/",
        programme_text.programme_text,
        name="programme_text",
    ),
    path(
        "desk/workshops/programmes/<slug:key>/lab/",
        programme_text.programme_lab,
        name="programme_lab",
    ),
    path("desk/workshops/several/<slug:step>/", many.session_many, name="session_many"),
    path("desk/workshops/materials/<slug:key>/", materials.materials, name="materials"),
    path("desk/workshops/material/<int:pk>/", materials.material_renew, name="material_renew"),
    path(
        "desk/workshops/material/<int:pk>/withdraw/",
        materials.material_withdraw,
        name="material_withdraw",
    ),
    path("desk/workshops/sessions/<str:number>/", table.desk_session, name="desk_session"),
    path("desk/workshops/sessions/<str:number>/edit/", planning.session_edit, name="session_edit"),
    path(
        "desk/workshops/sessions/<str:number>/repeat/",
        planning.session_repeat,
        name="session_repeat",
    ),
    path("desk/workshops/sessions/<str:number>/move/", changing.session_move, name="session_move"),
    path(
        "desk/workshops/sessions/<str:number>/merge/", changing.session_merge, name="session_merge"
    ),
    path(
        "desk/workshops/sessions/<str:number>/seats/", changing.session_seats, name="session_seats"
    ),
    path(
        "desk/workshops/sessions/<str:number>/cancel/",
        changing.session_cancel,
        name="session_cancel",
    ),
    path(
        "desk/workshops/sessions/<str:number>/enrol/",
        adding.session_add_person,
        name="session_add_person",
    ),
    path(
        "desk/workshops/sessions/<str:number>/message/",
        people.session_message,
        name="session_message",
    ),
    path(
        "desk/workshops/sessions/<str:number>/materials/",
        materials.session_materials,
        name="session_materials",
    ),
    path("desk/workshops/sessions/<str:number>/log.csv", log.session_log, name="session_log"),
    path(
        "desk/workshops/sessions/<str:number>/roster.<str:form>",
        people.session_roster,
        name="session_roster",
    ),
    path(
        "desk/workshops/sessions/<str:number>/letter/<int:pk>/",
        people.session_letter,
        name="session_letter",
    ),
    path(
        "desk/workshops/sessions/<str:number>/step/<slug:step>/",
        changing.session_step,
        name="session_step",
    ),
    # After the session.
    path(
        "workshops/sessions/<str:number>/attendance/",
        attendance.session_attendance,
        name="session_attendance",
    ),
    path(
        "workshops/sessions/<str:number>/attendance/close/",
        attendance.session_attendance_close,
        name="session_attendance_close",
    ),
    path(
        "workshops/sessions/<str:number>/attendance/add/",
        walk_ins.session_walk_in,
        name="session_walk_in",
    ),
    path(
        "workshops/sessions/<str:number>/evaluation/",
        evaluation.session_evaluation,
        name="session_evaluation",
    ),
    path(
        "workshops/sessions/<str:number>/results/",
        evaluation.session_results,
        name="session_results",
    ),
    path(
        "workshops/sessions/<str:number>/reflect/",
        reflection.session_reflect,
        name="session_reflect",
    ),
    path(
        "workshops/sessions/<str:number>/practice/",
        practice.session_practice,
        name="session_practice",
    ),
    path(
        "workshops/sessions/<str:number>/certificates/",
        certificates.session_certificates,
        name="session_certificates",
    ),
    path(
        "workshops/sessions/<str:number>/certificates/draw/",
        certificates.session_certificates_draw,
        name="session_certificates_draw",
    ),
    path("workshops/certificates/<str:number>/", certificates.certificate, name="certificate"),
    path(
        "workshops/certificates/<str:number>/pdf/",
        certificates.certificate_pdf,
        name="certificate_pdf",
    ),
    path(
        "workshops/certificates/<str:number>/<str:action>/",
        certificates.certificate_change,
        name="certificate_change",
    ),
    path("workshops/evaluations/", evaluation.evaluations, name="evaluations"),
    path("workshops/record/", record.training_record, name="training_record"),
    path(
        "workshops/record/file/<str:form>/",
        record.training_record_file,
        name="training_record_file",
    ),
    path("workshops/record/staff/", record.staff_records, name="staff_records"),
    path("workshops/record/<int:pk>/", record.training_record, name="training_record_of"),
    path(
        "workshops/record/<int:pk>/file/<str:form>/",
        record.training_record_file,
        name="training_record_file_of",
    ),
    path("desk/practice/<int:pk>/", practice.practice_judge, name="practice_judge"),
    path("desk/practice/<int:pk>/extend/", practice.practice_extend, name="practice_extend"),
    path("desk/reflections/<int:pk>/", reflection.reflection, name="reflection"),
    path("desk/workshops/questions/", evaluation.question_sets, name="question_sets"),
    path(
        "desk/workshops/questions/<slug:key>/",
        evaluation.evaluation_questions,
        name="evaluation_questions",
    ),
]
