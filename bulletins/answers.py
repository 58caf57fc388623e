"""What is said in a response, before it is kept: one rule for every way in."""

import datetime
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from bulletins.exceptions import AnswerIncomplete

MAX_WORDS = 2000  # characters
MAX_WHO = 120
# What each choice needs or takes beside itself; all else is dropped.
FIELDS = {
    "adopting": ("until", "who"),
    "adopted": (),
    "adapted": ("words",),
    "already": (),
    "on_hold": ("until",),
    "not_for_us": ("reason", "words"),
}


@dataclass(frozen=True)
class Answer:
    """A distributor's word on a story; `until` is by when it adopts, or until when it waits."""

    choice: str
    until: datetime.date | None = None
    who: str = ""
    reason: str = ""
    words: str = ""

    def checked(self, reasons) -> "Answer":
        """The answer with what its choice takes and nothing else.

        Raises AnswerIncomplete with the field's name for a missing or an impossible part.
        """
        if self.choice not in FIELDS:
            raise AnswerIncomplete("choice", _("Choose what you do with this story."))
        taken = FIELDS[self.choice]
        answer = replace(
            self,
            until=self.until if "until" in taken else None,
            who=self.who.strip() if "who" in taken else "",
            reason=self.reason if "reason" in taken else "",
            words=self.words.strip() if "words" in taken else "",
        )
        if "until" in taken:
            _check_day(answer)
        if len(answer.who) > MAX_WHO:
            raise AnswerIncomplete("who", _("This is too long: 120 characters at most."))
        if len(answer.words) > MAX_WORDS:
            raise AnswerIncomplete("words", _("This is too long: 2,000 characters at most."))
        if self.choice == "adopting" and not answer.who:
            raise AnswerIncomplete("who", _("Say who adopts it."))
        if self.choice == "adapted" and not answer.words:
            raise AnswerIncomplete("words", _("Say in a sentence what you changed."))
        if self.choice == "not_for_us":
            if answer.reason not in reasons:
                raise AnswerIncomplete("reason", _("Choose a reason."))
            if answer.reason == "other" and not answer.words:
                raise AnswerIncomplete("words", _("Say the reason in a sentence."))
        return answer

    def same_as(self, response) -> bool:
        """Whether the response says this already."""
        return all(
            getattr(self, name) == getattr(response, name)
            for name in ("choice", "until", "who", "reason", "words")
        )


def _check_day(answer: Answer) -> None:
    if answer.until is None:
        if answer.choice == "on_hold":
            raise AnswerIncomplete("until", _("Say until when it waits."))
        raise AnswerIncomplete("until", _("Say by when you adopt it."))
    today = timezone.localdate()
    if answer.until < today:
        raise AnswerIncomplete("until", _("This day is past. Choose a later one."))
    if answer.until > today + datetime.timedelta(days=3 * 366):
        raise AnswerIncomplete("until", _("Choose a day within three years."))
