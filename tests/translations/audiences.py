"""Who gets this room's messages."""

from tests.factories.network import make_user
from tests.touchpoints.audiences import Told
from tests.translations.conftest import make_live_story
from translations.api import begin_translation, translate_page
from translations.models import Question
from translations.translating.asking import ask
from translations.translating.assigning import assign


def _question(crowd) -> tuple:
    """A question of an Arabic translator about a story; Spanish words were written by another."""
    page = make_live_story().source_page()
    asker = make_user("translator", language="ar")
    begin_translation(page, "ar", by=asker)
    question = ask(page, "ar", "summary", "Which hour is meant?", by=asker)
    return page, asker, question


def asked(crowd) -> Told:
    """Every editor."""
    _page, _asker, question = _question(crowd)
    return Told(question, {}, [crowd["editor"]])


def answered(crowd) -> Told:
    """Who asked, who has the text, who wrote words of it; crowd's translator did none of it."""
    page, asker, question = _question(crowd)
    has_it, wrote = make_user("translator", language="fa"), make_user("translator", language="es")
    begin_translation(page, "fa", by=has_it)
    assign(page, "fa", has_it, by=has_it)
    begin_translation(page, "es", by=wrote)
    translate_page(page, "es", {"summary": "Otras palabras."}, by=wrote)
    make_user("translator", language="es")
    Question.objects.filter(pk=question.pk).update(answered_by=crowd["editor"])
    question.refresh_from_db()
    return Told(question, {}, [asker, has_it, wrote])


def assigned(crowd) -> Told:
    """The translator alone."""
    page = make_live_story().source_page()
    translator = make_user("translator", language="ja")
    return Told(assign(page, "ja", translator, by=crowd["editor"]), {}, [translator])


AUDIENCES = {
    "translations.question_asked": asked,
    "translations.question_answered": answered,
    "translations.text_assigned": assigned,
}
