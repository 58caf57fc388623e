"""The glossary in the admin: who writes what, what is refused, and who reads it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import ModelLogEntry

from gkc_site.reference import load_reference
from search.models import VocabularyStamp
from tests.factories import make_user
from translations.models import MAX_FORMS, Term, TermText
from translations.permissions import can_edit_glossary, can_edit_term, can_edit_term_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def translator():
    """Of Japanese."""
    return make_user("translator", language="ja")


@pytest.fixture
def term():
    """In English and Arabic."""
    term = Term.objects.create(key="jig")
    TermText.objects.create(term=term, language="en", forms=["jig", "fixture"])
    TermText.objects.create(term=term, language="ar", forms=["مثبّت"], definition="أداة.")
    return term


def text(language: str, *forms: str, definition="", avoid="", pk="", delete="") -> dict:
    return {
        "language": language,
        "forms": "\n".join(forms),
        "definition": definition,
        "avoid": avoid,
        "id": pk,
        "DELETE": delete,
    }


def posted(key: str, *texts: dict) -> dict:
    """What the admin's form sends; texts with an id come first."""
    data = {
        "key": key,
        "texts-TOTAL_FORMS": len(texts),
        "texts-INITIAL_FORMS": sum(1 for one in texts if one["id"]),
        "texts-MIN_NUM_FORMS": "0",
        "texts-MAX_NUM_FORMS": "1000",
    }
    for number, one in enumerate(texts):
        data |= {f"texts-{number}-{name}": value for name, value in one.items()}
    return data


def held(term: Term) -> dict[str, list[str]]:
    return {one.language: one.forms for one in TermText.objects.filter(term=term)}


def rows_of(term: Term) -> dict[str, TermText]:
    return {one.language: one for one in TermText.objects.filter(term=term)}


# --- writing -------------------------------------------------------------------------
def test_an_editor_adds_a_term_one_form_a_line(client, editor):
    client.force_login(editor)
    url = reverse("term:add")
    assert client.get(url).status_code == 200
    data = posted("sensei", text("en", " sensei  ", "", "master   teacher", avoid="guru"))
    assert client.post(url, data).status_code == 302
    one = TermText.objects.get(term__key="sensei")
    assert (one.forms, one.avoid, one.definition) == (["sensei", "master teacher"], ["guru"], "")
    edit = client.get(reverse("term:edit", args=[one.term_id])).text
    assert "sensei\nmaster teacher" in edit


def test_every_edit_leaves_a_line_of_history(client, editor, term):
    client.force_login(editor)
    rows = rows_of(term)
    data = posted("jig", text("en", "jig", pk=rows["en"].pk), text("ar", "x1", pk=rows["ar"].pk))
    assert client.post(reverse("term:edit", args=[term.pk]), data).status_code == 302
    entry = ModelLogEntry.objects.get(object_id=str(term.pk))
    assert (entry.action, entry.user, entry.content_changed) == ("wagtail.edit", editor, True)
    assert client.get(reverse("term:history", args=[term.pk])).status_code == 200


@pytest.mark.parametrize(
    "texts",
    [
        [text("ja", "治具")],  # English is missing
        [text("en")],  # no form
        [text("en", "sensei", "Sensei ")],  # twice
        [text("en", "sensei", avoid="SENSEI")],  # wanted and unwanted
        [text("en", "sensei", avoid="guru\nGuru")],
        [text("en", "sensei"), text("en", "teacher")],  # one language twice
        [text("en", "?!")],
        [text("en", "x" * 121)],
        [text("en", *(f"form {n}" for n in range(MAX_FORMS + 1)))],
        [text("xx", "sensei"), text("en", "sensei")],
    ],
    ids=range(10),
)
def test_what_is_no_term_is_refused(client, editor, texts):
    client.force_login(editor)
    response = client.post(reverse("term:add"), posted("sensei", *texts))
    assert response.status_code == 200
    assert not Term.objects.filter(key="sensei").exists()


def test_the_english_text_cannot_be_taken_away(client, editor, term):
    client.force_login(editor)
    rows = rows_of(term)
    data = posted(
        "jig",
        text("en", "jig", pk=rows["en"].pk, delete="on"),
        text("ar", "مثبّت", pk=rows["ar"].pk),
    )
    assert "preferred English form" in client.post(reverse("term:edit", args=[term.pk]), data).text
    assert set(held(term)) == {"en", "ar"}


def test_the_key_stays(client, editor, term):
    client.force_login(editor)
    rows = rows_of(term)
    data = posted("other", text("en", "jig", pk=rows["en"].pk))
    data["texts-INITIAL_FORMS"] = 1
    client.post(reverse("term:edit", args=[term.pk]), data)
    term.refresh_from_db()
    assert term.key == "jig"


def test_vowel_signs_make_another_spelling_not_another_word():
    one = TermText(language="ar", forms=["موزّع", "موزع"])
    one.clean()  # both may be listed: one is shown, one is typed
    with pytest.raises(ValidationError):
        TermText(language="ja", forms=["ガス", "ｶﾞｽ"]).clean()


# --- translators ---------------------------------------------------------------------
def test_a_translator_adds_their_language(client, translator, term):
    client.force_login(translator)
    rows = rows_of(term)
    url = reverse("term:edit", args=[term.pk])
    assert client.get(url).status_code == 200
    data = posted(
        "jig",
        text("en", "jig", "fixture", pk=rows["en"].pk),
        text("ar", "مثبّت", definition="أداة.", pk=rows["ar"].pk),
        text("ja", "治具", "ジグ"),
    )
    assert client.post(url, data).status_code == 302
    assert held(term) == {"en": ["jig", "fixture"], "ar": ["مثبّت"], "ja": ["治具", "ジグ"]}


def test_a_translator_changes_no_other_language(client, translator, term):
    client.force_login(translator)
    rows = rows_of(term)
    data = posted(
        "jig",
        text("en", "changed", pk=rows["en"].pk, delete="on"),
        text("ja", "changed", definition="changed", pk=rows["ar"].pk),
    )
    assert client.post(reverse("term:edit", args=[term.pk]), data).status_code == 302
    assert held(term) == {"en": ["jig", "fixture"], "ar": ["مثبّت"]}
    assert rows_of(term)["ar"].definition == "أداة."


def test_a_translator_adds_no_other_language_and_no_term(client, translator, term):
    client.force_login(translator)
    rows = rows_of(term)
    data = posted(
        "jig",
        text("en", "jig", "fixture", pk=rows["en"].pk),
        text("ar", "مثبّت", pk=rows["ar"].pk),
        text("de", "Vorrichtung"),
    )
    assert client.post(reverse("term:edit", args=[term.pk]), data).status_code == 200
    assert set(held(term)) == {"en", "ar"}
    home = reverse("wagtailadmin_home")
    for name, args in (("term:add", []), ("term:delete", [term.pk])):
        assert client.post(reverse(name, args=args), posted("x")).headers["Location"] == home


def test_who_may_write_what(translator, editor):
    reader, administrator = make_user(), make_user("administrator")
    assert [can_edit_term(u) for u in (editor, administrator, translator, reader)] == [
        True,
        True,
        False,
        False,
    ]
    assert can_edit_term_in(translator, "ja")
    assert not can_edit_term_in(translator, "ar")
    assert [can_edit_glossary(u) for u in (editor, administrator, translator, reader)] == [
        True,
        True,
        True,
        False,
    ]


# --- the list ------------------------------------------------------------------------
@pytest.mark.parametrize("asked", ["fixt", "مثبت", "JIG", "أداة", "اداه"])
def test_the_list_is_looked_through_in_every_language(client, editor, term, asked):
    client.force_login(editor)
    html = client.get(reverse("term:index_results"), {"q": asked}).text
    assert reverse("term:edit", args=[term.pk]) in html
    assert Term.objects.matching(asked).get() == term


def test_the_lists_queries_do_not_grow(client, editor, django_assert_max_num_queries):
    client.force_login(editor)
    client.get(reverse("term:index"))
    with django_assert_max_num_queries(16):
        assert client.get(reverse("term:index")).status_code == 200


# --- reading -------------------------------------------------------------------------
def test_readers_are_given_terms_that_have_a_form_in_their_language(
    term, django_assert_num_queries
):
    TermText.objects.create(term=term, language="ja", forms=[])
    assert not TermText.objects.shown("ja").filter(term=term).exists()
    assert TermText.objects.shown("ar").get(term=term).preferred == "مثبّت"
    with django_assert_num_queries(2):
        (found,) = Term.objects.filter(key="jig").prefetch_related("texts")
        assert found.text_in("ar").definition == "أداة."
        assert found.text_in("en").preferred == "jig"
        assert found.text_in("th") is None


# --- the seed ------------------------------------------------------------------------
def test_the_seed_never_writes_over_people(client, editor):
    client.force_login(editor)
    removed = Term.objects.get(key="quotation")
    edited = Term.objects.get(key="warranty")
    client.post(reverse("term:delete", args=[removed.pk]))
    rows = rows_of(edited)
    data = posted(
        "warranty",
        text("en", "our warranty", pk=rows["en"].pk),
        text("th", "x1", pk=rows["th"].pk, delete="on"),
    )
    data["texts-INITIAL_FORMS"] = 2
    assert client.post(reverse("term:edit", args=[edited.pk]), data).status_code == 302
    TermText.objects.filter(term__key="discount", language="th").delete()  # nobody's edit
    load_reference()
    assert not Term.objects.filter(key="quotation").exists()
    assert held(edited)["en"] == ["our warranty"]
    assert "th" not in held(edited)
    assert TermText.objects.filter(term__key="discount", language="th").exists()


def test_a_load_that_adds_nothing_stamps_nothing():
    before = dict(VocabularyStamp.objects.values_list("source", "stamp"))
    load_reference()
    assert dict(VocabularyStamp.objects.values_list("source", "stamp")) == before
    Term.objects.filter(key="discount").delete()
    load_reference()
    assert VocabularyStamp.objects.get(source="glossary").stamp != before["glossary"]
