"""Puts the demo's texts into further languages: a translator writes, a second person reads."""

from wagtail.models import Page

from bulletins.models import Case, CaseStoryPage
from bulletins.transitions import publish_translation
from gkc_site.demo.people import persona
from gkc_site.demo.story_files import StoryFile, story_files
from network.models import User
from review.registry import reviewable_for
from review.transitions import write_working_translation
from translations.api import confirm_reading, finished_languages, translate_page

# language → (who translates, who reads second); people.toml names them.
PEOPLE = {
    "en": ("grace", "sophie"),
    "ja": ("yuki", "kenta"),
    "es": ("lucia", "jorge"),
    "ar": ("mariam", "nadia"),
    "fa": ("shirin", "reza"),
}


def translator_and_reader(language: str) -> tuple[User, User]:
    """The demo's translator of a language, and whoever reads after them."""
    translator, reader = (persona(key)["email"] for key in PEOPLE[language])
    return User.objects.get(email=translator), User.objects.get(email=reader)


def load_languages() -> int:
    """Translate every live story that has a text file for it. Returns how many texts were new."""
    made = 0
    for file in story_files():
        page = CaseStoryPage.objects.filter(
            translation_key=file.key, locale__language_code=file.source_language
        ).first()
        if page is None:
            continue
        for language in PEOPLE:
            if language not in file.texts or language == file.source_language:
                continue
            if page.live:
                made += load_text(page, language, file)
            else:
                write_working_texts(page.case, language, file)
    return made


def load_text(page: CaseStoryPage, language: str, file: StoryFile) -> int:
    """One language of a live story, unless it is there; 1 where it was made."""
    if language in finished_languages(page.translation_key):
        return 0
    translated = put_into(page, language, file.translated_texts(language))
    _translator, reader = translator_and_reader(language)
    publish_translation(translated, by=reader)
    return 1


def put_into(page: Page, language: str, texts: dict[str, str]) -> Page:
    """Words by the translator, read by the second person."""
    translator, reader = translator_and_reader(language)
    translated = translate_page(page, language, texts, by=translator)
    confirm_reading(page.translation_key, language, by=reader)
    return translated


def write_working_texts(case: Case, language: str, file: StoryFile) -> None:
    """For a story in review: its paragraphs beside the original, if its reviewer needs them."""
    if case.holder is None or file.source_language in case.holder.reading_languages:
        return
    texts = file.translated_texts(language)
    # 'background.<block id>' → block id; a field's own path stands for itself.
    by_anchor = {path.split(".")[-1]: words for path, words in texts.items() if path.count(".") < 2}
    desk = reviewable_for(Case)
    for part in desk.render(case, desk.revision(case), case.author):
        for item in part.items:
            if item.anchor in by_anchor:
                write_working_translation(
                    case,
                    by=case.author,
                    anchor=item.anchor,
                    source=item.source,
                    language=language,
                    text=by_anchor[item.anchor],
                )
