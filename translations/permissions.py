"""Who translates into a language, and who reads as second person. State is asked in api."""

from network.languages import codes
from network.permissions import holds, is_administrator, is_editor, standing


def can_translate(user, language: str) -> bool:
    """A translator of the language, or an editor."""
    return holds(user, "translator", language=language) or is_editor(user)


def can_read_second(user, language: str) -> bool:
    """The same people; that it is not one's own text is asked of each paragraph."""
    return can_translate(user, language)


def translator_languages(user) -> list[str]:
    """The languages of a person's translator mandates, in the site's order."""
    held = [m for m in standing(user).mandates if m.role == "translator"]
    if any(m.scope == "global" for m in held):
        return codes()
    return [code for code in codes() if code in {m.language for m in held}]


def can_see_desk(user) -> bool:
    """The list of texts to translate and to read."""
    return bool(translator_languages(user)) or is_editor(user)


def can_publish_first_reading(user) -> bool:
    """Let words go live that no second person has read, where a language has none."""
    return is_editor(user)


def can_answer_questions(user) -> bool:
    """Answer what translators ask about a paragraph."""
    return is_editor(user)


def can_assign(user) -> bool:
    """Give a text to a translator, or take it from one. One takes and gives back one's own."""
    return is_editor(user)


# --- the glossary: read by everyone ---------------------------------------------------
def can_edit_term(user) -> bool:
    """Add, rename and remove terms, and write them in every language."""
    return is_editor(user) or is_administrator(user)


def can_edit_term_in(user, language: str) -> bool:
    """Write a term's forms, definition and words to avoid in a language."""
    return can_edit_term(user) or holds(user, "translator", language=language)


def can_edit_glossary(user) -> bool:
    """Enter the glossary's pages in the admin, to write some language or all."""
    return can_edit_term(user) or bool(translator_languages(user))
