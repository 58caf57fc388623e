"""What the beat asks of this room. Truth is in tables: each may run twice or be killed."""

from celery import shared_task
from django.core.cache import cache

from bulletins import transitions
from network.models import User

LOOK_EVERY_S = 60  # after whoever is gone or away: nobody leaves by the second
_LOOKED = "bulletins-reviewers-replaced"
# Reminders go by days, so an hour is soon enough (s).
REMIND_EVERY_S = 3600
LANGUAGES_EVERY_S = 300
_LASTING = "bulletins-lasting-asked"
_LANGUAGES = "bulletins-issue-languages-told"
_REMINDED = "bulletins-responses-reminded"


@shared_task
def release_due_issues() -> int:
    """Release the issues whose minute has come. Returns how many."""
    return len(transitions.release_due())


@shared_task
def give_out_reviews() -> int:
    """Find reviewers for stories that nobody has, or whose reviewer is gone or away.

    Returns how many stories moved.
    """
    by = User.objects.get(is_system=True)
    moved = transitions.replace_reviewers(by=by) if cache.add(_LOOKED, 1, LOOK_EVERY_S) else 0
    moved += transitions.give_out_appeals(by=by)
    return moved + len(transitions.give_out_waiting(by=by))


@shared_task
def remind_of_responses() -> int:
    """Remind whoever owes an answer, at most weekly; ask once what came of a practice that was
    taken over. Returns how many.

    Looked at once an hour: a beat has no need to count all answers.
    """
    if not cache.add(_REMINDED, 1, REMIND_EVERY_S):
        return 0
    return transitions.remind_responders() + transitions.ask_for_results()


@shared_task
def reach_again() -> int:
    """Send recent issues to contacts who can be reached only now. Returns how many mails."""
    return transitions.reach_again()


@shared_task
def tell_later_languages() -> int:
    """One more mail for each language that an issue got whole since its release.

    Looked at every few minutes. Returns how many languages were told.
    """
    if not cache.add(_LANGUAGES, 1, LANGUAGES_EVERY_S):
        return 0
    return len(transitions.tell_finished_languages())


@shared_task
def ask_whether_it_lasts() -> int:
    """Ask authors whose stories are out for ninety days. Returns how many; looked at hourly."""
    if not cache.add(_LASTING, 1, REMIND_EVERY_S):
        return 0
    return transitions.ask_whether_it_lasts()
