"""Who may do what with a note or a working translation. Rooms say who works on their objects."""

from network.permissions import is_member
from review.registry import reviewable_for


def is_at_desk(user, obj) -> bool:
    """Works on the object as a reviewer. One query."""
    return is_member(user) and reviewable_for(obj).at_desk(user).filter(pk=obj.pk).exists()


def is_author_of(user, obj) -> bool:
    """Wrote the object. One query."""
    return is_member(user) and reviewable_for(obj).for_authors(user).filter(pk=obj.pk).exists()


def may_translate(user, obj) -> bool:
    """Puts the object's words into another language for its reviewer. One query."""
    return is_member(user) and reviewable_for(obj).to_translate(user).filter(pk=obj.pk).exists()


def can_change_note(user, note) -> bool:
    """Its writer, until it is sent."""
    return is_member(user) and note.author_id == user.pk and note.sent_at is None


def can_answer_note(user, note) -> bool:
    """A sent note: whoever reads it and has a part in the matter."""
    if note.sent_at is None or not is_member(user):
        return False
    if is_at_desk(user, note.subject):
        return True
    return note.audience == "author" and is_author_of(user, note.subject)


def can_settle_note(user, note) -> bool:
    """Whoever asked."""
    return is_member(user) and note.author_id == user.pk and note.sent_at is not None
