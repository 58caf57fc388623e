"""What responses tell people, each kind with its audience (R18)."""

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bulletins.messages import story_title
from bulletins.models import Case, HandOver, Response
from bulletins.permissions import can_read_published, can_view_case
from bulletins.response_queries import open_cases
from bulletins.response_rules import can_answer_for, can_respond
from network.localize import date_text, identifier_text, number_text
from network.models import User
from network.permissions import managed_distributors
from touchpoints.registry import Kind, Message, register

LISTED = 12  # titles in a reminder


def title_for(case: Case) -> str:
    """The story's title in the active language where it is live in it, else as it was written."""
    code = translation.get_language()
    page = case.pages.filter(locale__language_code=code, live=True).first()
    return page.title if page else story_title(case)


def respond_url(distributor, case) -> str:
    """Where a distributor's word on one story is given and changed."""
    return reverse("response", args=[distributor.pk, case.number])


# --- the author learns of each adoption --------------------------------------------
def authors_of(response, data) -> list:
    """The author and co-authors of the story."""
    return [response.case.author, *response.case.co_authors.all()]


def words_adopted(response, data, user) -> Message | None:
    """Passed over where the distributor took its word back since."""
    case = response.case
    if not response.is_taken_over or not can_view_case(user, case):
        return None
    names = {
        "title": title_for(case),
        "number": identifier_text(case.number),
        "firm": response.distributor.name,
        "country": response.distributor.country.name,
    }
    lines = [
        _("%(firm)s (%(country)s) adopted the practice of your story “%(title)s” (%(number)s).")
        % names
    ]
    if response.choice == "adapted":
        lines += [_("They changed:"), response.words]
    page = case.source_page()
    return Message(
        subject=_("Adopted by %(firm)s: %(title)s") % names,
        lines=tuple(lines),
        url=page.url or "",
        action=_("See who took it over"),
    )


# --- a colleague gets it in hand ---------------------------------------------------
def receiver(handed, data) -> list:
    """The named colleague, while the answer is theirs to give."""
    return [handed.to] if handed.ended_at is None else []


def words_handed(handed, data, user) -> Message | None:
    """Passed over once answered, taken back or given to another."""
    case = handed.case
    if handed.ended_at or not can_respond(user, handed.distributor, case):
        return None
    names = {
        "name": handed.by.display_name,
        "title": title_for(case),
        "firm": handed.distributor.name,
        "day": date_text(handed.until),
    }
    lines = [
        _("%(name)s asks you to answer for %(firm)s what you do with the story “%(title)s”.")
        % names,
        _("Please answer by %(day)s. It takes a minute.") % names,
    ]
    if handed.note:
        lines.append(handed.note)
    return Message(
        subject=_("Your answer by %(day)s: %(title)s") % names,
        lines=tuple(lines),
        url=respond_url(handed.distributor, case),
        action=_("Answer"),
        reply_to=handed.by.email,
    )


# --- what was said through a contact's link ----------------------------------------
def link_owner(response, data) -> list:
    """The contact whose link was used."""
    return list(User.objects.filter(pk=data.get("contact")))


def words_by_link(response, data, user) -> Message | None:
    """To the contact, one mail for all that was answered in one go."""
    if not can_answer_for(user, response.distributor):
        return None
    rows = [
        row
        for row in Response.objects.filter(
            pk__in=data.get("responses", []), distributor=response.distributor
        ).select_related("case")
        if can_read_published(user, row.case)
    ]
    if not rows:
        return None
    who = {"name": data.get("name", ""), "address": data.get("address", "")}
    if who["name"]:
        first = _("%(name)s (%(address)s) answered with the link from your mail:") % who
        subject = _("%(name)s answered for your distributor") % who
    else:
        first = _("This was answered with the link from your mail:")
        subject = _("Answered for your distributor")
    return Message(
        subject=subject,
        lines=(
            first,
            *(f"{title_for(row.case)}: {row.get_choice_display()}" for row in rows),
            _("If this is not what you want, change it at your desk."),
        ),
        url=reverse("responses"),
        action=_("See the answers"),
    )


# --- reminders ---------------------------------------------------------------------
def open_for(person) -> list[tuple]:
    """(distributor, case) on which this person is asked for an answer, oldest first.

    A manager's are those of the distributor that are in no colleague's hands,
    or whose day with the colleague has passed; a colleague's those in theirs.
    Two queries, and one for each distributor.
    """
    today = timezone.localdate()
    handed = list(
        HandOver.objects.open()
        .filter(to=person, distributor__is_active=True)
        .select_related("distributor", "case__in_issue__issue")
    )
    found = [
        (row.distributor, row.case)
        for row in handed
        if can_respond(person, row.distributor, row.case)
    ]
    for distributor in managed_distributors(person):
        if not distributor.is_active:
            continue
        held = HandOver.objects.open().filter(distributor=distributor, until__gte=today)
        cases = open_cases(distributor).exclude(pk__in=held.values("case_id"))
        found += [(distributor, case) for case in cases.select_related("in_issue__issue")]
    return found


def the_person(person, data) -> list:
    """Whoever is reminded."""
    return [person]


def words_reminder(person, data, user) -> Message | None:
    """All open ones in one mail; passed over once all are answered."""
    found = open_for(person)
    if not found:
        return None
    count = len(found)
    shown = [title_for(case) for _firm, case in found[:LISTED]]
    more = count - len(shown)
    lines = [
        ngettext(
            "%(count)s story waits for your distributor’s answer: adopted, on hold or not for us.",
            "%(count)s stories wait for your distributor’s answer: adopted, on hold or not for us.",
            count,
        )
        % {"count": number_text(count)},
        *shown,
    ]
    if more:
        lines.append(
            ngettext("And %(count)s more.", "And %(count)s more.", more)
            % {"count": number_text(more)}
        )
    return Message(
        subject=ngettext(
            "%(count)s story waits for your answer", "%(count)s stories wait for your answer", count
        )
        % {"count": number_text(count)},
        lines=tuple(lines),
        url=reverse("responses"),
        action=_("Answer now"),
    )


# --- what came of it ---------------------------------------------------------------
def contacts_of(response, data) -> list:
    """First contact and deputies of the distributor that took the practice over."""
    return contacts(response.distributor, data)


def words_results(response, data, user) -> Message | None:
    """Passed over where figures are told, or the practice was given up, since."""
    waiting = Response.objects.to_measure().filter(pk=response.pk).exists()
    if not waiting or not can_answer_for(user, response.distributor):
        return None
    names = {"title": title_for(response.case), "firm": response.distributor.name}
    return Message(
        subject=_("What came of it: %(title)s") % names,
        lines=(
            _("%(firm)s took over the practice “%(title)s” three months ago.") % names,
            _("What came of it? Report your own figures in the rows of the story."),
        ),
        url=respond_url(response.distributor, response.case) + "#results",
        action=_("Report the results"),
    )


# --- a campaigner's word -----------------------------------------------------------
def contacts(distributor, data) -> list:
    """First contact and deputies of the distributor."""
    rows = distributor.memberships.current().contacts()
    return list(User.objects.filter(pk__in=rows.values("user_id")))


def words_coaching(distributor, data, user) -> Message | None:
    """The campaigner's own words; an answer goes to the campaigner."""
    campaigner = User.objects.filter(pk=data.get("by"), is_active=True).first()
    if campaigner is None:
        return None
    names = {"name": campaigner.display_name, "firm": distributor.name}
    return Message(
        subject=_("%(name)s writes about the answers of %(firm)s") % names,
        lines=(
            _("%(name)s, campaigner of your area, writes:") % names,
            *(line for line in str(data.get("text", "")).splitlines() if line.strip()),
        ),
        url=reverse("responses"),
        action=_("Open the stories that wait"),
        reply_to=campaigner.email,
    )


ADOPTED = register(
    Kind(
        "bulletins.response_adopted",
        authors_of,
        gettext_lazy("the story’s authors"),
        words_adopted,
    )
)
HANDED = register(
    Kind(
        "bulletins.response_handed",
        receiver,
        gettext_lazy("the colleague who is asked to answer"),
        words_handed,
    )
)
BY_LINK = register(
    Kind(
        "bulletins.response_by_link",
        link_owner,
        gettext_lazy("the contact whose link was used"),
        words_by_link,
        optional=False,
    )
)
REMINDER = register(
    Kind(
        "bulletins.response_reminder",
        the_person,
        gettext_lazy("whoever answers for a distributor"),
        words_reminder,
        optional=False,
    )
)
COACHING = register(
    Kind(
        "bulletins.response_coaching",
        contacts,
        gettext_lazy("the contacts of the distributor"),
        words_coaching,
        optional=False,
    )
)
RESULTS = register(
    Kind(
        "bulletins.response_results",
        contacts_of,
        gettext_lazy("the contacts of the distributor that took the practice over"),
        words_results,
    )
)
