"""What a person may not see is in no page, facet count, total, suggestion or other language.

Each hidden story has a twin that may be seen: it proves that the question
would find the hidden one.
"""

import datetime

import pytest

from bulletins.models import Case, CaseStoryPage
from bulletins.permissions import reader_tokens
from bulletins.search_documents import eligible_issues, eligible_stories, story_documents
from network.permissions import forget_standing
from search.api import mark_changed
from search.models import SearchDocument
from tests.factories import (
    make_case,
    make_country,
    make_distributor,
    make_issue,
    make_membership,
    make_region,
    make_user,
)
from tests.factories.workshops import make_programme, make_session
from tests.search.conftest import counts, keys

WORD = "quokkafence"
MISTYPED = "quokkafennce"
FACETS = ("type", "region", "process", "topic", "language", "year")


@pytest.fixture
def home(db):
    """A distributor of one region, with a hidden word's author."""
    return make_distributor(country=make_country(region=make_region("here")))


@pytest.fixture
def people(home, member, visitor):
    neighbour = make_distributor(country=make_country(region=make_region("here")))
    elsewhere = make_distributor(country=make_country(region=make_region("there")))
    return {
        "visitor": visitor,
        "member": member,
        "same region": make_user(distributor=neighbour),
        "other region": make_user(distributor=elsewhere),
        "editor": make_user("editor"),
    }


# what is published how → who finds it
AUDIENCES = {
    "public": (
        {"audience": "public"},
        {"visitor", "member", "same region", "other region", "editor"},
    ),
    "public, not cleared": (
        {"audience": "public", "cleared": False},
        {"member", "same region", "other region", "editor"},
    ),
    "network": ({"audience": "network"}, {"member", "same region", "other region", "editor"}),
    "region": ({"audience": "region"}, {"same region", "editor"}),
}


@pytest.mark.parametrize("name", AUDIENCES)
@pytest.mark.parametrize("who", ["visitor", "member", "same region", "other region", "editor"])
def test_each_audience_by_each_reader(ask, people, home, name, who):
    fields, readers = AUDIENCES[name]
    case = make_case(home, title=f"A {WORD}", published=True, process_steps=["own"], **fields)
    mark_changed(case)
    found = [f"story:{case.pk}"] if who in readers else []
    page = ask(WORD, viewer=people[who])
    assert keys(page) == found
    assert page.total == len(found)
    assert counts(page, "process") == ({"own": 1} if found else {})
    assert counts(page, "type") == ({"story": 1} if found else {})
    mistyped = ask(MISTYPED, viewer=people[who])
    assert keys(mistyped) == found
    assert (mistyped.suggestion.total if mistyped.suggestion else 0) == len(found)


def test_a_hidden_story_changes_no_count_beside_a_seen_one(ask, people, home):
    seen = make_case(home, title=f"Seen {WORD}", published=True, process_steps=["own"])
    hidden = make_case(
        home, title=f"Hidden {WORD}", published=True, audience="region", process_steps=["own"]
    )
    for case in (seen, hidden):
        mark_changed(case)
    control = ask(WORD, viewer=people["same region"])
    assert (control.total, counts(control, "process")) == (2, {"own": 2})
    page = ask(WORD, viewer=people["other region"])
    assert (keys(page), page.total, counts(page, "process")) == (
        [f"story:{seen.pk}"],
        1,
        {"own": 1},
    )
    assert ask(MISTYPED, viewer=people["other region"]).suggestion.total == 1


def test_a_hidden_exact_match_does_not_keep_a_suggestion_away(ask, people, home):
    """Else the missing 'did you mean' would tell that the hidden word exists."""
    seen = make_case(home, title="Warehouse", published=True)
    mark_changed(seen)
    before = ask("warehousee", viewer=people["other region"]).suggestion
    hidden = make_case(home, title="Warehousee", published=True, audience="region")
    mark_changed(hidden)
    assert ask("warehousee", viewer=people["other region"]).suggestion == before


def told(page) -> tuple:
    """All that an answer tells, but for the order of hits."""
    facets = {name: counts(page, name) for name in page.facets}
    others = {(hit.key, hit.language) for hit in page.other_languages}
    return set(keys(page)), page.total, facets, page.suggestion, others, page.other_languages_total


# A visitor's question → the spelling that is suggested from what a visitor may see.
SUGGESTED = {
    "warehouse stock": None,
    "wharehuose": "warehouse",  # two mistakes, and a word of hidden texts
    "wharehuose stok": "warehouse stock",
    "stock wharehuose": "stock warehouse",
    "warehoase": "warehouse",  # nearer to words of hidden texts
    "quok": "quokkaland",  # begun, as more of theirs are
    "stock plan": None,
    "numbatledger": None,
}


def test_hidden_texts_change_nothing_that_is_told(ask, publish, visitor):
    def asked():
        asking = {"viewer": visitor, "is_unfinished": True, "facets": FACETS}
        return {text: told(ask(text, **asking)) for text in SUGGESTED}

    for title in ("Warehouse", "Stock of the warehouse", "Quokkaland"):
        publish(title, audience="public", process_steps=["own"])
    publish("Plan numbatledger", language="fa", audience="public")
    before = asked()
    suggestions = {text: answer[3] for text, answer in before.items()}
    assert {text: found and found.text for text, found in suggestions.items()} == SUGGESTED
    near = ["warehoaseb", "warehoasse", "wwarehoase", "warehoas", "waarehoase", "warehoasee"]
    words = ["wharehuose", *near, "numbatledgers", *(f"quokka{letter}" for letter in "bcdef")]
    for number in range(2):
        publish(f"Stock {number} and", " and ".join(words), process_steps=["buy"])
        publish("Stock plan numbatledger", language="fa")
    assert asked() == before


def test_hits_from_other_languages_are_asked_for_as_well(ask, people, home):
    hidden = make_case(home, title=f"Hidden {WORD}", published=True, audience="region")
    mark_changed(hidden)
    assert ask(WORD, "ja", viewer=people["other region"]).other_languages == ()
    control = ask(WORD, "ja", viewer=people["same region"]).other_languages
    assert [hit.key for hit in control] == [f"story:{hidden.pk}"]


STAGES_NOT_FOUND = [
    "draft",
    "submitted",
    "area_review",
    "neutral_review",
    "changes_requested",
    "editing",
    "ready",
    "withdrawn",
    "declined",
    "archived",
]


@pytest.mark.parametrize("stage", STAGES_NOT_FOUND)
def test_no_unpublished_stage_is_indexed(ask, people, home, stage):
    case = make_case(home, title=f"A {WORD}", published=True)
    mark_changed(case)
    assert ask(WORD, viewer=people["editor"]).total == 1  # the control
    Case.objects.filter(pk=case.pk).update(stage=stage, is_published=False)
    mark_changed(Case.objects.get(pk=case.pk))
    assert not eligible_stories().filter(pk=case.pk).exists()
    assert SearchDocument.objects.get(key=f"story:{case.pk}").deleted
    page = ask(WORD, viewer=people["editor"])
    assert (page.total, page.suggestion, page.facets["type"]) == (0, None, ())


def test_the_database_decides_before_the_index_follows(ask, people, home):
    """The index still holds it; nobody was told that it changed."""
    case = make_case(home, title=f"A {WORD}", published=True, process_steps=["own"])
    mark_changed(case)
    Case.objects.filter(pk=case.pk).update(is_published=False, stage="withdrawn")
    for asked in (WORD, MISTYPED):
        page = ask(asked, viewer=people["editor"])
        assert (keys(page), page.total, counts(page, "process"), page.suggestion) == (
            [],
            0,
            {},
            None,
        )


def test_a_page_that_is_not_live_is_not_found_in_its_language(ask, people, home, add_language):
    case = make_case(home, title=f"A {WORD}", published=True)
    page = add_language(case, "ja", "隠れた話")
    assert ask("隠れた話", "ja").total == 1
    CaseStoryPage.objects.filter(pk=page.pk).update(live=False)
    mark_changed(case)
    assert ask("隠れた話", "ja").total == 0
    assert ask(WORD).total == 1


def test_losing_the_region_loses_its_stories(ask, home):
    hidden = make_case(home, title=f"A {WORD}", published=True, audience="region")
    mark_changed(hidden)
    person = make_user()
    membership = make_membership(person, home)
    assert ask(WORD, viewer=person).total == 1
    membership.until = datetime.date(2021, 1, 1)
    membership.save()
    forget_standing(person)
    assert ask(WORD, viewer=person).total == 0


def test_an_issue_is_found_once_released_and_only_by_its_title(ask, visitor, add_language):
    from tests.factories import paragraphs

    planned = make_issue(datetime.date(2026, 10, 1), title="Octoberbulletin")
    mark_changed(planned)
    assert not eligible_issues().filter(pk=planned.pk).exists()
    assert ask("Octoberbulletin").total == 0
    issue = make_issue(datetime.date(2026, 11, 1), released=True, title="Novemberbulletin")
    issue.pages.update(letter=paragraphs(f"Dear reader, see the {WORD}."))
    mark_changed(issue)
    assert keys(ask("Novemberbulletin", viewer=visitor)) == [f"issue:{issue.pk}"]
    assert ask(WORD, viewer=visitor).total == 0


@pytest.mark.parametrize("name", AUDIENCES)
def test_audience_tokens_say_what_the_database_says(people, home, member, name):
    """An index that counts by tokens counts what the database would let through."""
    fields, _readers = AUDIENCES[name]
    author, manager, former = make_user(distributor=home), make_user(), make_user()
    make_membership(manager, home, contact="first")
    case = make_case(home, author=author, published=True, **fields)
    co_author = make_user(distributor=home)
    case.co_authors.set([co_author, former])
    readers = people | {
        "author": author,
        "co-author": co_author,
        "co-author who left": former,
        "manager": manager,
        "campaigner": make_user("campaigner", review_area=home.country.review_area),
    }
    (document, *_more) = story_documents(case)
    by_tokens = {
        who for who, user in readers.items() if reader_tokens(user) & set(document.audience)
    }
    by_database = {
        who
        for who, user in readers.items()
        if Case.objects.readable_by(user).filter(pk=case.pk).exists()
    }
    assert by_tokens == by_database


def test_a_distributors_version_of_a_programme_is_found_by_its_own_and_staff(
    ask, people, home, visitor
):
    parent = make_programme("parent-course", name="Numbatcourse")
    version = make_programme(
        "own-course", name=f"Own {WORD} course", parent=parent, distributor=home
    )
    session = make_session(version)
    for one in (parent, version, session):
        mark_changed(one)
    readers = people | {
        "own": make_user(distributor=home),
        "campaigner": make_user("campaigner", review_area=home.country.review_area),
        "coordinator": make_user("coordinator"),
    }
    hidden = {f"programme:{version.pk}", f"session:{session.pk}"}
    for who, user in readers.items():
        assert keys(ask("Numbatcourse", viewer=user)) == [f"programme:{parent.pk}"], who
        found = ask(WORD, viewer=user, facets=FACETS)
        sees = who in ("own", "campaigner", "coordinator", "editor")
        assert set(keys(found)) == (hidden if sees else set()), who
        assert found.total == (2 if sees else 0), who
        assert counts(found, "type") == ({"programme": 1, "session": 1} if sees else {}), who
        mistyped = ask(MISTYPED, viewer=user).suggestion
        assert bool(mistyped) == sees, who
