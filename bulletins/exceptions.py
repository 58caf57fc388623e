"""Why a change was refused, in words for the person who tried."""

from network.exceptions import ChangeRefused


class TransitionRefused(ChangeRefused):
    """The case's or issue's state forbids it, or another change came first."""


class NothingToRelease(TransitionRefused):
    """No story of the issue may go out any more."""


class DraftConflict(Exception):
    """An autosave came from an older version; carries both texts."""

    def __init__(self, current):
        super().__init__("conflict")
        self.current = current


class SubmissionIncomplete(TransitionRefused):
    """Required parts are missing; `gaps` says which: part → [(field, sentence)]."""

    def __init__(self, gaps: dict):
        super().__init__(next(iter(gaps.values()))[0][1])
        self.gaps = gaps


class AnswerIncomplete(TransitionRefused):
    """A response lacks what its choice needs; `field` names where it is missing."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


class NewerResponse(TransitionRefused):
    """Somebody else answered for the distributor since the person looked; `current` says what."""

    def __init__(self, message: str, current):
        super().__init__(message)
        self.current = current
