"""Every change of a story as a step of the machine: (case, by, number, world) → done, or refused.

`number` chooses among what a step may take. A step that has nothing to act on
raises `Nothing`, as a page without the button.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from bulletins.models import CoAuthorship
from bulletins.transitions import (
    answer_appeal,
    answer_co_authorship,
    answer_edit,
    answer_lasting,
    appeal_case,
    archive_case,
    ask_public,
    ask_whether_it_lasts,
    assign_review,
    change_audience,
    clear_public,
    consent_public,
    decide_case,
    delete_draft,
    end_co_authorship,
    give_out_appeals,
    give_out_waiting,
    hand_on,
    invite_co_author,
    make_ready,
    mark_not_recorded,
    name_author,
    publish_ready,
    refuse_public,
    replace_reviewers,
    revise_case,
    revive_case,
    save_typed,
    submit_case,
    turn_down,
    withdraw_case,
)
from network.models import Membership, User
from network.permissions import is_editor
from network.transitions import leave
from review.models import ReviewNote
from review.reminding import remind_due
from review.transitions import answer_note, settle_note, tick_note, write_note
from tests.bulletins.machine.world import AUTHOR, HOLDER, INVITED, QUARTER

WHY = "Because."


class Nothing(Exception):
    """There is nothing to act on."""


@dataclass(frozen=True)
class Step:
    """`likely` are those who may; `run` does it."""

    likely: tuple[str, ...]
    run: Callable


STEPS: dict[str, Step] = {}


def step(*likely: str):
    """Register a step under its function's name."""

    def keep(run):
        STEPS[run.__name__] = Step(likely, run)
        return run

    return keep


def first(rows):
    found = rows.order_by("pk").first()
    if found is None:
        raise Nothing
    return found


# --- the author's -----------------------------------------------------------------------
@step(AUTHOR)
def write(case, by, number, world):
    """Another title or figure: a new revision."""
    kept = case.draft_inputs.filter(part="title").first()
    words = {"title": f"Answered before noon {number}", "summary": "The same morning."}
    save_typed(case, "title", words, by=by, seen=kept.version if kept else 0)
    revise_case(case, by)


@step(AUTHOR)
def submit(case, by, number, world):
    submit_case(case, by=by, people_agreed=True, no_customer_data=number != 5)


@step(AUTHOR)
def tick(case, by, number, world):
    note = first(ReviewNote.objects.of(case).requested())
    tick_note(note, by=by, ticked=number != 5, words="Nairobi.")


@step(AUTHOR, HOLDER)
def reply(case, by, number, world):
    answer_note(first(ReviewNote.objects.of(case).requested()), by=by, text="See below.")


@step(AUTHOR, "editor")
def withdraw(case, by, number, world):
    withdraw_case(case, by=by, reason=WHY)


@step(AUTHOR)
def delete(case, by, number, world):
    if number > 1:  # it ends the walk
        raise Nothing
    delete_draft(case, by=by)


@step(AUTHOR)
def appeal(case, by, number, world):
    appeal_case(case, by=by, reason=WHY)


@step(AUTHOR, "editor")
def revive(case, by, number, world):
    revive_case(case, by=by, reason=WHY)


@step(AUTHOR)
def answer_an_edit(case, by, number, world):
    answer_edit(case, by=by, agrees=number % 2 == 0, reason=WHY)


@step(AUTHOR)
def say_whether_it_lasts(case, by, number, world):
    answer_lasting(case, by=by, answer="holds" if number % 2 else "not_measured")


@step(AUTHOR, "editor")
def choose_audience(case, by, number, world):
    change_audience(case, "region" if number % 2 else "network", by=by)


@step(AUTHOR)
def ask_for_public(case, by, number, world):
    ask_public(case, by=by)


@step("manager")
def consent(case, by, number, world):
    (refuse_public if number == 5 else consent_public)(case, by=by)


# --- who writes -------------------------------------------------------------------------
@step(AUTHOR)
def invite(case, by, number, world):
    names = ("colleague", "second_colleague", "manager", "reader")
    person = User.objects.get(pk=world.roles_of(case)[names[number % 4]])
    invite_co_author(case, person=person, by=by)


@step(INVITED, INVITED, "colleague")
def answer_invitation(case, by, number, world):
    made = first(CoAuthorship.objects.open().filter(case=case))
    answer_co_authorship(made, by=by, accepts=number < 4)


@step(AUTHOR, "colleague")
def part(case, by, number, world):
    people = list(User.objects.filter(co_authorships__case=case).order_by("pk").distinct())
    people += [one for one in case.co_authors.order_by("pk") if one not in people]
    if not people:
        raise Nothing
    end_co_authorship(case, person=people[number % len(people)], by=by)


@step("manager", "administrator")
def let_go(case, by, number, world):
    """Somebody leaves their distributor: an author, a colleague, or who has the story."""
    pk = (case.author_id, case.holder_id, world.roles_of(case)["colleague"])[number % 3]
    row = first(Membership.objects.current().filter(user=pk, contact=""))
    leave(row, by=by)


@step("manager", "manager", "editor")
def name_an_author(case, by, number, world):
    roles = world.roles_of(case)
    names = ("colleague", "second_colleague", "manager", "reader")
    name_author(case, to=User.objects.get(pk=roles[names[number % 4]]), by=by, reason=WHY)


# --- reviewers' -------------------------------------------------------------------------
@step(HOLDER)
def approve(case, by, number, world):
    decide_case(case, decision="approve", by=by)


@step(HOLDER)
def approve_ready(case, by, number, world):
    make_ready(case, by=by)


@step(HOLDER, "campaigner")
def ask_for_changes(case, by, number, world):
    if number % 2:
        write_note(case, by=by, text="Which branch?", anchor="background")
    decide_case(case, decision="request_changes", by=by, reason=WHY)


@step(HOLDER)
def decline(case, by, number, world):
    decide_case(case, decision="decline", by=by, reason=WHY)


@step(HOLDER)
def hand_it_on(case, by, number, world):
    hand_on(case, by=by, reason=WHY, conflict=number % 2 == 0)


@step(HOLDER)
def turn_it_down(case, by, number, world):
    turn_down(case, by=by, reason=WHY)


@step(HOLDER)
def settle(case, by, number, world):
    settle_note(first(ReviewNote.objects.of(case).requested()), by=by, settled=number != 5)


@step("lead", "editor")
def assign(case, by, number, world):
    names = ("campaigner", "lead", "neutral", "editor", "colleague", "reader")
    to = User.objects.get(pk=world.roles_of(case)[names[number % 6]])
    assign_review(case, to=to, by=by, reason=WHY)


# --- editors' ---------------------------------------------------------------------------
@step("editor", "second_editor")
def edit(case, by, number, world):
    """In the admin, whose tester lets editors alone save there."""
    if not is_editor(by) or case.stage not in ("editing", "ready", "published"):
        raise Nothing
    page = case.source_page().get_latest_revision_as_object()
    if number == 5:
        page.did = page.did.stream_block.to_python(
            [{"type": "paragraph", "value": "Two lists, two owners.", "id": "1" * 36}]
        )
    else:
        page.summary = f"Shorter {number} {timezone.now().isoformat()}."
    page.save_revision(user=by)


@step("editor")
def publish(case, by, number, world):
    publish_ready(case, by=by)


@step("editor")
def archive(case, by, number, world):
    archive_case(case, by=by, reason=WHY)


@step("editor")
def clear(case, by, number, world):
    clear_public(case, by=by)


@step("editor")
def note_archive(case, by, number, world):
    mark_not_recorded(case, by=by, is_archive=number == 5, parts=["seen"])


@step(HOLDER, "editor", "second_editor")
def judge_appeal(case, by, number, world):
    answer_appeal(case, by=by, upholds=number % 2 == 0, reason=WHY)


# --- the site's own, whoever asks for it -------------------------------------------------
def sweep(world) -> int:
    """What the beats do. Returns how much they found to do."""
    given = give_out_waiting(by=world.system)
    moved = replace_reviewers(by=world.system) + give_out_appeals(by=world.system)
    return len(given) + moved + ask_whether_it_lasts() + remind_due()


@step("editor")
def pass_days(case, by, number, world):
    """Some days, and what is to be told by then; now and then a quarter of a year."""
    world.clock.shift(QUARTER if number == 5 else datetime.timedelta(days=number + 1))


# What somebody would do with a story at each stage; `anybody` tries all the rest.
_TEAM = ("invite", "answer_invitation", "part", "let_go", "name_an_author")
_REVIEW = (
    *("approve", "ask_for_changes", "hand_it_on", "turn_it_down", "decline", "assign"),
    *("withdraw", "let_go", "pass_days"),
)
FITS = {
    "draft": ("submit", "write", *_TEAM, "choose_audience", "delete"),
    "submitted": ("assign", "withdraw", "let_go", "pass_days"),
    "area_review": _REVIEW,
    "neutral_review": _REVIEW,
    "changes_requested": ("submit", "tick", "write", "reply", "settle", "withdraw", *_TEAM),
    "editing": ("edit", "answer_an_edit", "approve_ready", *_REVIEW),
    "ready": ("publish", "edit", "withdraw", "let_go", "name_an_author"),
    "published": (
        *("pass_days", "say_whether_it_lasts", "consent", "clear", "write", "submit", "edit"),
        *("archive", "ask_for_public", "choose_audience", "note_archive", "withdraw", *_TEAM),
    ),
    "declined": ("appeal", "judge_appeal", "revive", "pass_days", "let_go"),
    "withdrawn": ("revive",),
    "archived": ("revive",),
}
