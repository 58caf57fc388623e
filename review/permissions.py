"""Who may do what with a note or a working translation. Rooms say who works on their objects."""

from network.permissions import is_member
from review.registry import flaggable_of, reviewable_for


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


# --- marks at defects (R9) -----------------------------------------------------------
def can_raise_flag(user, kind: str, text) -> bool:
    """Any member who reads the text."""
    flaggable = flaggable_of(kind)
    return is_member(user) and flaggable is not None and flaggable.may_see(user, text)


def can_answer_flag(user, flag) -> bool:
    """Whoever keeps the text: an editor of the book, a story's authors, an editor."""
    flaggable = flaggable_of(flag.kind)
    return is_member(user) and flaggable is not None and flaggable.may_answer(user, flag.key)


def can_view_flag(user, flag) -> bool:
    """Reason and answer: every member who reads the text, and whoever raised it or answers."""
    if not is_member(user):
        return False
    if flag.by_id == user.pk or can_answer_flag(user, flag):
        return True
    flaggable = flaggable_of(flag.kind)
    text = flaggable.find(flag.key, flag.language) if flaggable else None
    return text is not None and flaggable.may_see(user, text)
