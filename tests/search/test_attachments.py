"""Text inside a story's files is found with the story, by its readers and nobody else."""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from bulletins.models import Case
from bulletins.search_documents import MAX_ATTACHED, story_documents
from bulletins.transitions import withdraw_case
from network.document_texts import read_waiting
from network.models import DocumentText, GkcDocument
from search.api import mark_changed, reconcile
from tests.factories import (
    make_case,
    make_country,
    make_distributor,
    make_region,
    make_user,
)
from tests.network.attached_files import a_docx, a_pdf, a_pptx, an_xlsx
from tests.search.conftest import counts, keys

pytestmark = pytest.mark.django_db

WORD = "quokkafence"
MISTYPED = "quokkafennce"
ARABIC = "احترق مستودع قطع الغيار في جدة"
JAPANESE = "倉庫火災の後、部品供給を再開しました。"


def a_file(case, content: bytes, name: str = "plan.docx", **fields) -> GkcDocument:
    fields = {"guard": "bulletins.case", "guard_key": case.number} | fields
    document = GkcDocument(title="Plan", **fields)
    document.file.save(name, ContentFile(content))
    return document


def show(case, *documents, language: str = "en") -> None:
    """Let the live page name the files, as a publication does."""
    page = case.pages.get(locale__language_code=language)
    page.files = [("file", {"document": document, "title": "Plan"}) for document in documents]
    page.save()
    mark_changed(case)


def attach(case, content: bytes, name: str = "plan.docx", language: str = "en", **fields):
    document = a_file(case, content, name, **fields)
    show(case, document, language=language)
    read_waiting()
    return document


@pytest.fixture
def story(publish):
    """A published story that says nothing of the word; another one beside it."""
    publish("Another story", summary="It has no file.")
    return publish("Warehouse story", summary="What was done.", process_steps=["own"])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (a_pdf(f"A {WORD} plan"), "plan.pdf"),
        (a_docx(f"A {WORD} plan"), "plan.docx"),
        (an_xlsx(("Plan", WORD)), "plan.xlsx"),
        (a_pptx(f"A {WORD} plan"), "plan.pptx"),
    ],
    ids=["pdf", "docx", "xlsx", "pptx"],
)
def test_each_kind_is_found(story, ask, content, name):
    assert ask(WORD).total == 0
    attach(story, content, name)
    page = ask(WORD)
    (hit,) = page.hits
    assert (hit.key, page.total, counts(page, "process")) == (f"story:{story.pk}", 1, {"own": 1})
    assert hit.is_in_file
    assert f"<mark>{WORD}</mark>" in hit.snippet_html


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [("ar", ARABIC, "المستودع"), ("ja", JAPANESE, "部品供給")],
)
def test_other_scripts_are_found_in_their_language(publish, ask, language, text, typed):
    case = publish("Title", language=language)
    attach(case, a_docx("", text), language=language)
    (hit,) = ask(typed, language).hits
    assert hit.is_in_file
    assert "<mark>" in hit.snippet_html


def test_a_single_sign_is_found(publish, ask):
    attach(publish("Title", language="ja"), a_docx(JAPANESE), language="ja")
    assert ask("倉", "ja").total == 1


@pytest.mark.slow
@pytest.mark.pango
@pytest.mark.parametrize(
    ("language", "text", "typed"), [("ar", ARABIC, "مستودع قطع"), ("ja", JAPANESE, "倉庫火災")]
)
def test_other_scripts_are_found_in_a_pdf(publish, ask, language, text, typed):
    import weasyprint

    way = "rtl" if language == "ar" else "ltr"
    html = f'<html lang="{language}" dir="{way}"><body><p>{text}</p></body></html>'
    case = publish("Title", language=language)
    attach(case, weasyprint.HTML(string=html).write_pdf(), "plan.pdf", language=language)
    assert [hit.is_in_file for hit in ask(typed, language).hits] == [True]


def test_it_is_found_in_each_language_that_shows_it(story, ask, add_language):
    add_language(story, "es", "Historia")
    document = attach(story, a_docx(WORD))
    assert ask(WORD, "es").total == 0
    show(story, document, language="es")
    assert ask(WORD, "es").total == 1


# --- rank, words, snippet -----------------------------------------------------------
def test_words_of_the_story_and_of_its_file_count_together(story, ask):
    attach(story, a_docx(f"A {WORD} plan"))
    page = ask(f"warehouse {WORD}")
    assert keys(page) == [f"story:{story.pk}"]
    assert page.hits[0].is_in_file
    assert keys(ask(f"warehouse {WORD}", match="all")) == [f"story:{story.pk}"]
    assert ask(f"warehouse {WORD} missing", match="all").total == 0


def test_a_story_that_says_it_stands_before_one_that_attaches_it(story, publish, ask):
    attach(story, a_docx(*[WORD] * 20))
    said = publish("Third story", summary=f"The {WORD} was moved.")
    page = ask(WORD)
    assert keys(page) == [f"story:{said.pk}", f"story:{story.pk}"]
    assert [hit.is_in_file for hit in page.hits] == [False, True]


def test_a_long_file_costs_its_story_no_rank(publish, ask):
    plain, heavy = (publish("Warehouse", summary="Parts in time.") for _n in range(2))
    for case in (plain, heavy):
        document = attach(case, a_docx("Short."))
    before = ask("parts").hits
    long = a_docx(*["Nothing of the kind stands in here."] * 4_000)
    document.file.save("long.docx", ContentFile(long))
    read_waiting()
    assert len(DocumentText.objects.get(document=document).text) > 100_000
    after = ask("parts").hits
    assert [hit.key for hit in after] == [hit.key for hit in before]
    assert {hit.key for hit in after} == {f"story:{plain.pk}", f"story:{heavy.pk}"}
    distances = [hits[0].score - hits[1].score for hits in (before, after)]
    assert distances[0] == pytest.approx(distances[1], abs=1e-6)


def test_a_phrase_in_quotes_may_stand_in_a_file(story, ask):
    attach(story, a_docx("The blue fence was painted."))
    assert ask('"blue fence"').total == 1
    assert ask('"fence blue"').total == 0


def test_an_excluded_word_may_stand_in_a_file(story, publish, ask):
    other = publish("Warehouse two")
    assert ask(f"warehouse -{WORD}").total == 2
    attach(story, a_docx(WORD))
    assert keys(ask(f"warehouse -{WORD}")) == [f"story:{other.pk}"]
    assert ask("plan -warehouse").total == 0


def test_the_snippet_is_from_the_story_where_the_story_says_it(story, ask):
    attach(story, a_docx("A warehouse in the file."))
    (hit,) = ask("warehouse").hits
    assert not hit.is_in_file
    assert "file" not in hit.snippet_html


def test_the_snippet_shows_the_passage_far_inside(story, ask):
    lines = [f"Line {number} of a long plan." for number in range(4_000)]
    lines[3_900] = f"Here the {WORD} <b>stands</b>."
    attach(story, a_docx(*lines))
    (hit,) = ask(WORD).hits
    assert f"Here the <mark>{WORD}</mark> &lt;b&gt;stands&lt;/b&gt;." in hit.snippet_html


def test_the_page_says_that_it_is_in_a_file(story, client, member):
    attach(story, a_docx(f"A {WORD} plan"))
    client.force_login(member, "gkc_site.accounts.backends.MemberBackend")
    assert "In an attached file." in client.get("/en/search/", {"q": WORD}).content.decode()
    assert (
        "In an attached file." not in client.get("/en/search/", {"q": "warehouse"}).content.decode()
    )


def test_a_mistyped_word_of_a_file_is_suggested_with_its_true_count(story, ask):
    attach(story, a_docx(f"A {WORD} plan"))
    page = ask(MISTYPED)
    assert (page.suggestion.text, page.suggestion.total, page.total) == (WORD, 1, 1)


# --- who finds it ---------------------------------------------------------------------
@pytest.fixture
def people(member, visitor):
    """Members of the story's region and of another one."""
    here = make_country(region=make_region("here"))
    firm = make_distributor(country=here)
    neighbour = make_distributor(country=make_country(region=make_region("here")))
    away = make_distributor(country=make_country(region=make_region("there")))
    return {
        "firm": firm,
        "author": make_user(distributor=firm),
        "region": make_user(distributor=neighbour),
        "elsewhere": make_user(distributor=away),
        "editor": make_user("editor"),
        "visitor": visitor,
    }


VIEWERS = ["author", "region", "elsewhere", "editor", "visitor"]
STORIES = {
    "draft": ({}, ""),
    "region only": ({"published": True, "audience": "region"}, "author region editor"),
    "network": ({"published": True}, "author region elsewhere editor"),
    "public": (
        {"published": True, "audience": "public"},
        "author region elsewhere editor visitor",
    ),
    "not cleared": (
        {"published": True, "audience": "public", "cleared": False},
        "author region elsewhere editor",
    ),
}


@pytest.mark.parametrize("kind", STORIES)
def test_it_is_found_by_the_readers_of_its_story(people, ask, kind):
    fields, readers = STORIES[kind]
    case = make_case(
        people["firm"], people["author"], title="Story", process_steps=["own"], **fields
    )
    attach(case, a_docx(f"A {WORD} plan"))
    found = {name: ask(WORD, viewer=people[name]) for name in VIEWERS}
    mistyped = {name: ask(MISTYPED, viewer=people[name]) for name in VIEWERS}
    elsewhere = {name: ask(WORD, "ja", viewer=people[name]).other_languages for name in VIEWERS}
    expected = {name: int(name in readers.split()) for name in VIEWERS}
    assert {name: page.total for name, page in found.items()} == expected
    assert {name: len(page.hits) for name, page in found.items()} == expected
    assert {n: counts(p, "process").get("own", 0) for n, p in found.items()} == expected
    assert {name: len(hits) for name, hits in elsewhere.items()} == expected
    # A spelling is suggested with what this reader would find, and with nothing else.
    assert {n: p.suggestion.total if p.suggestion else 0 for n, p in mistyped.items()} == expected
    assert {name: page.total for name, page in mistyped.items()} == expected


def test_a_hidden_file_changes_nothing_beside_a_seen_one(people, ask):
    for audience in ("network", "region"):
        case = make_case(
            people["firm"], people["author"], title=audience, published=True, audience=audience
        )
        attach(case, a_docx(f"A {WORD} plan"))
    control = ask(MISTYPED, viewer=people["region"])
    assert (control.total, control.suggestion.total) == (2, 2)
    page = ask(MISTYPED, viewer=people["elsewhere"])
    assert (page.total, page.suggestion.total) == (1, 1)


@pytest.mark.parametrize(
    ("audience", "fields", "is_found"),
    [
        ("public", {"guard": "public", "guard_key": ""}, True),
        ("public", {"guard": "members", "guard_key": ""}, False),
        ("network", {"guard": "members", "guard_key": ""}, True),
        ("network", {"guard": "bulletins.case", "guard_key": "2020-0001"}, False),
        ("network", {"guard": "unknown", "guard_key": ""}, False),
    ],
)
def test_a_file_that_a_reader_may_not_fetch_is_not_found(publish, ask, audience, fields, is_found):
    """An editor may choose any document for a story."""
    case = publish("Story", audience=audience)
    attach(case, a_docx(WORD), **fields)
    assert ask(WORD).total == int(is_found)


# --- when -------------------------------------------------------------------------------
def test_a_file_of_a_draft_is_found_once_the_story_is_published(people, ask):
    case = make_case(people["firm"], people["author"], title="Story")
    attach(case, a_docx(WORD))
    assert ask(WORD, viewer=people["editor"]).total == 0
    Case.objects.filter(pk=case.pk).update(is_published=True, stage="published")
    case.pages.update(live=True)
    mark_changed(Case.objects.get(pk=case.pk))
    assert ask(WORD).total == 1


def test_a_file_that_only_a_newer_draft_shows_is_not_found(story, ask):
    document = a_file(story, a_docx(WORD))
    page = story.source_page()
    page.files = [("file", {"document": document, "title": "Plan"})]
    page.save_revision()
    read_waiting()
    mark_changed(story)
    assert ask(WORD).total == 0


def withdraw(case, document):
    withdraw_case(case, by=make_user("editor"), reason="Wrong figures.")


def replace(case, document):
    document.file.save("new.docx", ContentFile(a_docx("Another plan")))


def take_away(case, document):
    show(case)


def delete(case, document):
    document.delete()


def delete_in_bulk(case, document):
    GkcDocument.objects.filter(pk=document.pk).delete()


def guard_anew(case, document):
    document.guard = "nobody's"
    document.save()


@pytest.mark.parametrize(
    "change", [withdraw, replace, take_away, delete, delete_in_bulk, guard_anew]
)
def test_what_goes_is_gone_in_the_same_transaction(story, ask, change):
    document = attach(story, a_docx(f"A {WORD} plan"))
    assert ask(WORD).total == 1
    with transaction.atomic():
        change(story, document)
        for typed in (WORD, MISTYPED):
            page = ask(typed)
            assert (page.total, page.suggestion, page.other_languages) == (0, None, ())


@pytest.mark.sqlite  # beside PostgreSQL the index is a file, which follows what was committed
def test_what_is_rolled_back_is_found_again(story, ask):
    document = attach(story, a_docx(f"A {WORD} plan"))
    with transaction.atomic():
        replace(story, document)
        assert ask(WORD).total == 0
        transaction.set_rollback(True)
    assert ask(WORD).total == 1


def test_a_second_mark_writes_the_same(story, ask):
    attach(story, a_docx(f"A {WORD} plan"))
    for _again in range(2):
        mark_changed(story)
    assert ask(WORD).total == 1
    found = reconcile()
    pairs = found.missing + found.stale + found.orphaned
    assert [key for key, _language in pairs if key.startswith("story:")] == []


def test_several_files_share_the_room(story):
    half = MAX_ATTACHED // 2
    documents = [a_file(story, a_docx("x")), a_file(story, a_docx("y"))]
    show(story, *documents)
    for document, sign in zip(documents, "ab", strict=True):
        DocumentText.objects.filter(pk=document.pk).update(text=sign * MAX_ATTACHED)
    (made,) = story_documents(Case.objects.get(pk=story.pk))
    assert made.attachments == "a" * half + "\n" + "b" * half


def test_a_file_without_text_is_no_error(story, ask):
    for content in (a_pdf("locked", password="x"), b"", a_pdf("")):
        attach(story, content, "plan.pdf")
    assert ask("warehouse").total == 1


def test_queries_for_a_storys_document_do_not_grow_with_its_files(story, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        case = Case.objects.get(pk=story.pk)
        with CaptureQueriesContext(connection) as captured:
            list(story_documents(case))
        return len(captured)

    seen = []
    for number in (1, 3):
        show(story, *(a_file(story, a_docx(f"File {n}")) for n in range(number)))
        seen.append(queries())
    assert seen[0] == seen[1]
