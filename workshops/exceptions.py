"""Why a change was refused, in words for the person who tried."""

from network.exceptions import ChangeRefused
from workshops.vocabulary import Hindrance


class TransitionRefused(ChangeRefused):
    """The session's or the enrolment's state forbids it, or another change came first."""


class DoneAlready(TransitionRefused):
    """The same was done before: the second of two clicks does nothing."""


class KeptOut(TransitionRefused):
    """Somebody cannot come in; `why` stands in the session's log.

    `lacks` maps a person's id to what of a programme's demand they miss: these
    keep the others of a group out. None: it holds for all who were asked for.
    """

    def __init__(self, sentence: str, why: Hindrance, lacks: dict[int, tuple] | None = None):
        super().__init__(sentence)
        self.why, self.lacks = why, lacks


class NotEligible(KeptOut):
    """The programme asks for what the person lacks (R27); `missing` says what, by how much."""

    def __init__(self, eligibility):
        super().__init__(eligibility.sentence, Hindrance.NOT_ELIGIBLE)
        self.missing = eligibility.missing


class OfferOver(TransitionRefused):
    """The offer of a seat has ended; the seat has been passed on."""


class PlaceMoved(TransitionRefused):
    """A merger has taken the place to another session meanwhile."""


class TrainerBusy(TransitionRefused):
    """A trainer would be at two places at once."""


class SeatsRefused(TransitionRefused):
    """So many seats cannot be had, or cannot be taken away."""


class GroupTooLarge(KeptOut, SeatsRefused):
    """More people than there are seats, who come together or not at all."""


class FieldsRefused(TransitionRefused):
    """What was typed cannot stand; `errors` maps a field to its sentences."""

    def __init__(self, errors: dict[str, list[str]]):
        super().__init__(" ".join(one for sentences in errors.values() for one in sentences))
        self.errors = errors


class StepsRefused(TransitionRefused):
    """Lessons or questions that cannot stand; `errors` maps a step's place to a sentence."""

    def __init__(self, errors: dict[int, str]):
        super().__init__(" ".join(dict.fromkeys(errors.values())))
        self.errors = errors


class StaleForm(TransitionRefused):
    """Somebody else saved meanwhile: nothing was kept of this, and it may be sent again."""
