"""Why a change was refused, in words for the person who tried."""


class ChangeRefused(Exception):
    """A room's rule or an earlier change forbids it. `str()` is a sentence to show.

    Rooms derive their own from it, so that views of any room, and the admin's
    middleware, can answer with the sentence instead of an error page.
    """


class TransitionRefused(ChangeRefused):
    """The state of things does not allow it now. Its text is translated."""


class PrintingUnavailable(Exception):
    """WeasyPrint cannot load the libraries it draws with (Pango); says which."""
