"""What this room refuses."""


class AlreadyTold(Exception):
    """A mailing with this once_key exists: another process told it first."""
