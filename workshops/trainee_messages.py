"""What a trainee is told beside their place: reminders, 'now you may come', exceptions.

As in `messages`: words are made at sending, and an occasion that has passed
says nothing.
"""

import datetime

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from network.localize import date_text, moment_text
from touchpoints.registry import Kind, Message, register
from workshops.calendars import invitation
from workshops.duties import duties_of, employees
from workshops.eligibility import eligibility, forget_courses
from workshops.messages import (
    TO_APPROVERS,
    TO_PERSON,
    approvers,
    begins,
    is_still_theirs,
    names_of,
    own_or_site,
    person,
    reason_given,
    session_url,
    where,
)
from workshops.models import Session
from workshops.responsible import deciders_of
from workshops.titles import titles_for
from workshops.when import days_text, place_text

NEXT_DATES = 3


# --- audiences ----------------------------------------------------------------------
def coordinators(request, data) -> list:
    """Coordinators of everything or of the programme, but for who asks; administrators where
    nobody is left."""
    return deciders_of(request.programme, but=request.user)


# --- words --------------------------------------------------------------------------
def _is_same(moment: datetime.datetime, data) -> bool:
    """Whether what was reminded of is still at that moment."""
    return data.get("moment") == moment.isoformat()


def words_begins(enrolment, data, user) -> Message | None:
    """To who has a seat: when, where, and until when it can be given up."""
    session = enrolment.session
    if enrolment.state != "enrolled" or not _is_same(session.starts_at, data):
        return None
    names = names_of(session, user)
    lines = [*begins(session), where(session)]
    if session.cancel_until:
        lines.append(
            _("You can give the seat up until %(moment)s.")
            % {"moment": moment_text(session.cancel_until)}
        )
    return Message(
        subject=_("Soon: %(title)s, %(day)s") % names,
        lines=(_("You have a seat in “%(title)s”.") % names, *lines),
        url=session_url(session),
        action=_("Open the session"),
        attachments=(invitation(session, user, enrolment),),
    )


def words_offer_ends(enrolment, data, user) -> Message | None:
    """To who holds an offer."""
    offer = enrolment.open_offer
    if enrolment.state != "offered" or offer is None or not _is_same(offer.expires_at, data):
        return None
    names = names_of(enrolment.session, user)
    return Message(
        subject=_("Still held for you: %(title)s, %(day)s") % names,
        lines=(
            _("A seat in “%(title)s” on %(day)s waits for your answer.") % names,
            _("It is held for you until %(moment)s. After that it goes to the next person in line.")
            % {"moment": moment_text(offer.expires_at)},
        ),
        url=session_url(enrolment.session),
        action=_("Take the seat, or leave it"),
        attachments=(invitation(enrolment.session, user, enrolment),),
    )


def words_answer_due(enrolment, data, user) -> Message | None:
    """To who is nominated."""
    session = enrolment.session
    if enrolment.state != "nominated" or not _is_same(session.enrol_until, data):
        return None
    names = names_of(session, user)
    return Message(
        subject=_("Your answer is due: %(title)s, %(day)s") % names,
        lines=(
            _("Your distributor’s manager nominates you for “%(title)s” on %(day)s.") % names,
            _("Say yes or no until %(moment)s.") % {"moment": moment_text(session.enrol_until)},
        ),
        url=session_url(session),
        action=_("Say yes or no"),
    )


def words_approval_due(enrolment, data, user) -> Message | None:
    """To those whose yes or no is still due."""
    session = enrolment.session
    if enrolment.state != "requested" or not _is_same(session.enrol_until, data):
        return None
    names = names_of(session, user) | {"person": enrolment.user.display_name}
    return Message(
        subject=_("Still to approve: %(person)s, %(title)s") % names,
        lines=(
            _("%(person)s asks for a seat in “%(title)s”, %(day)s.") % names,
            _("Say yes or no until %(moment)s.") % {"moment": moment_text(session.enrol_until)},
        ),
        url=reverse("enrolment", args=[enrolment.pk]),
        action=_("Say yes or no"),
    )


def words_now_eligible(watch, data, user) -> Message | None:
    """To who wished it: the next dates. Nothing where it is closed to them again."""
    programme = watch.programme
    forget_courses(user)
    found = eligibility(user, programme)
    if not (found.open or found.nominated_only):
        return None
    title = titles_for([programme], user.reading_languages)[programme.pk]
    lines = [_("What was missing for “%(title)s” is there now.") % {"title": title.title}]
    if found.nominated_only:
        lines.append(_("Your distributor’s manager nominates who comes."))
    dates = Session.objects.upcoming().filter(programme=programme).order_by("starts_at", "pk")
    lines += [
        _("%(days)s: %(place)s") % {"days": days_text(one), "place": place_text(one)}
        for one in dates.select_related("country")[:NEXT_DATES]
    ] or [_("No other dates yet.")]
    return Message(
        subject=_("Open to you now: %(title)s") % {"title": title.title},
        lines=tuple(lines),
        url=title.url,
        action=_("See the dates"),
    )


def words_programme_archived(watch, data, user) -> Message | None:
    """To who wished to be told: it will not open any more. Nothing where it is given again."""
    if not watch.programme.is_archived:
        return None
    title = titles_for([watch.programme], user.reading_languages)[watch.programme_id]
    names = {"title": title.title}
    return Message(
        subject=_("No longer given: %(title)s") % names,
        lines=(
            _("You wished to be told when “%(title)s” opens to you. It is no longer given.")
            % names,
            *reason_given(watch, data),
            _("The catalogue shows what is open to you."),
        ),
        url=f"/{get_language()}/workshops/",
        action=_("See the catalogue"),
    )


def words_asks_for_more(enrolment, data, user) -> Message | None:
    """To who has no seat yet: what is missing since the programme asks for more."""
    session = enrolment.session
    if enrolment.state not in ("requested", "nominated", "waiting"):
        return None
    forget_courses(user)
    programme = session.programme
    titles = titles_for([programme, *programme.requires.all()], user.reading_languages)
    named = {pk: title.title for pk, title in titles.items()}
    found = eligibility(user, programme, nominated=True, titles=named)
    if found.open:
        return None
    names = names_of(session, user)
    return Message(
        subject=_("It asks for more now: %(title)s, %(day)s") % names,
        lines=(
            _("“%(title)s” asks for something that you do not have yet.") % names,
            found.sentence,
            _("Your place stays, and leads to a seat once this is there."),
        ),
        url=session_url(session),
        action=_("Open the session"),
    )


def words_exception_asked(request, data, user) -> Message | None:
    """To coordinators; nothing once it is answered."""
    if request.state != "open":
        return None
    names = _names_of_request(request, user)
    return Message(
        subject=_("An exception is asked for: %(person)s, %(title)s") % names,
        lines=(
            _("%(person)s asks to be let into “%(title)s” although something is missing.") % names,
            request.words,
        ),
        url=reverse("exception", args=[request.pk]),
        action=_("Say yes or no"),
    )


def words_exception_answered(request, data, user) -> Message | None:
    """To who asked: yes until a day, or no; with the coordinator's reason."""
    names = _names_of_request(request, user)
    if request.state == "granted":
        names["day"] = date_text(request.until)
        subject = _("Exception granted: %(title)s") % names
        said = _("You may enrol in “%(title)s” up to and including %(day)s.") % names
    elif request.state == "refused":
        subject = _("No exception: %(title)s") % names
        said = _("Your request to be let into “%(title)s” was refused.") % names
    else:
        return None
    return Message(
        subject=subject,
        lines=(said, *own_or_site(request.reason)),
        url=titles_for([request.programme], user.reading_languages)[request.programme_id].url,
        action=_("See the programme"),
    )


def _names_of_request(request, user) -> dict[str, str]:
    title = titles_for([request.programme], user.reading_languages)[request.programme_id].title
    return {"title": title, "person": request.user.display_name}


# --- kinds ----------------------------------------------------------------------------
TO_ASKER = gettext_lazy("the person who asked")
TO_COORDINATORS = gettext_lazy("the programme’s coordinators")

for _name, _words in (
    ("session_begins", words_begins),
    ("offer_ends", words_offer_ends),
    ("answer_due", words_answer_due),
    ("asks_for_more", words_asks_for_more),
):
    register(
        Kind(
            f"workshops.{_name}",
            person,
            TO_PERSON,
            _words,
            optional=False,
            still_for=is_still_theirs,
        )
    )
register(
    Kind("workshops.approval_due", approvers, TO_APPROVERS, words_approval_due, optional=False)
)
register(
    Kind(
        "workshops.programme_archived",
        person,
        TO_ASKER,
        words_programme_archived,
        optional=False,
    )
)
register(Kind("workshops.now_eligible", person, TO_ASKER, words_now_eligible, optional=False))
register(
    Kind(
        "workshops.exception_asked",
        coordinators,
        TO_COORDINATORS,
        words_exception_asked,
        optional=False,
    )
)
register(
    Kind("workshops.exception_answered", person, TO_ASKER, words_exception_answered, optional=False)
)


# --- yearly duties ------------------------------------------------------------------------
def reminded(reminder, data) -> list:
    """Whoever owes the course."""
    return [reminder.user]


def words_duty_due(reminder, data, user) -> Message | None:
    """What is owed until when; passed over once done."""
    rows = employees().filter(user=user)
    owed = [duty for duty in duties_of(rows) if duty.is_near]
    if not owed:
        return None
    titles = titles_for([duty.programme for duty in owed], user.reading_languages)
    first = min(owed, key=lambda duty: (duty.due, duty.programme.pk))
    lines = []
    for duty in owed:
        names = {"title": titles[duty.programme.pk].title, "day": date_text(duty.due)}
        if duty.is_overdue:
            lines.append(_("“%(title)s” was due on %(day)s.") % names)
        else:
            lines.append(_("“%(title)s” is due until %(day)s.") % names)
    return Message(
        subject=_("Your course of this year: %(title)s")
        % {"title": titles[first.programme.pk].title},
        lines=(
            _("Whoever works at a dealer takes it once a year."),
            *lines,
            _("It is taken online. You may stop at any step and go on another day."),
        ),
        url=reverse("lab", args=[first.lab_key]),
        action=_("Begin, or go on"),
    )


register(
    Kind(
        "workshops.duty_due",
        reminded,
        gettext_lazy("the employee of a dealer who owes a yearly course"),
        words_duty_due,
        optional=False,
        still_for=is_still_theirs,
    )
)
