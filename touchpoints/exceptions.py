"""What this room refuses."""


class AlreadyTold(Exception):
    """A mailing with this once_key exists: another process told it first."""


class RequeueRefused(Exception):
    """The delivery is on its way or settled; the message says so to the person."""


class ReturnRefused(Exception):
    """What never went out cannot come back; the message says so to the person."""
