"""Who may do what with a note or a working translation. Rooms say who works on their objects."""

from network.permissions import holds, is_editor, is_member
from review.registry import askable_of, flaggable_of, reviewable_for


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


def can_read_spread(user) -> bool:
    """How differently reviewers score: editors and executives."""
    return is_editor(user) or holds(user, "executive")


def can_tick_note(user, note) -> bool:
    """An author, where the note asks a change of them."""
    return (
        note.audience == "author"
        and note.sent_at is not None
        and note.in_reply_to_id is None
        and is_author_of(user, note.subject)
    )


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


# --- questions (R6) -------------------------------------------------------------------
def can_ask_question(user, kind: str, thing) -> bool:
    """Any member who sees the thing."""
    askable = askable_of(kind)
    return is_member(user) and askable is not None and askable.may_see(user, thing)


def is_in_question(user, question) -> bool:
    """Asked it, has it or answered it: equals `queries.involves` (tested)."""
    return user.pk in (
        question.by_id,
        question.owner_id,
        question.escalated_to_id,
        question.answered_by_id,
    )


def can_view_question(user, question) -> bool:
    """Whoever is in it; where it is not private every member who sees what it is about."""
    if not is_member(user):
        return False
    if is_in_question(user, question):
        return True
    if question.is_private or question.withdrawn_at is not None:
        return False
    askable = askable_of(question.kind)
    return askable is not None and question.key in askable.visible(user, [question.key])


def can_answer_question(user, question) -> bool:
    """Whoever has it, and the lead it was taken to when it was late."""
    return is_member(user) and user.pk in (question.owner_id, question.escalated_to_id)


def can_hand_on_question(user, question) -> bool:
    """The same; an editor one that everybody reads."""
    return can_answer_question(user, question) or (
        is_editor(user) and can_view_question(user, question)
    )


def can_withdraw_question(user, question) -> bool:
    """Whoever asked it."""
    return is_member(user) and user.pk == question.by_id


def can_translate_question(user, question, source: str, target: str) -> bool:
    """Whoever reads the question and both languages."""
    reads = user.reading_languages if is_member(user) else ()
    return source != target and {source, target} <= set(reads) and can_view_question(user, question)


# --- usefulness (R11) -----------------------------------------------------------------
def can_rate(user, kind: str, thing) -> bool:
    """Any member who reads the text, where its kind is rated."""
    askable = askable_of(kind)
    return (
        is_member(user)
        and askable is not None
        and askable.is_rated
        and askable.may_see(user, thing)
    )


def can_read_ratings(user) -> bool:
    """Words, names and regions of readers: editors."""
    return is_editor(user)
