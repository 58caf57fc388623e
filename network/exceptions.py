"""Why a change of the network is refused; each message is for the person who asked."""


class TransitionRefused(Exception):
    """The state of things does not allow it now. Its text is translated."""
