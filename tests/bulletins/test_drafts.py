"""Keeping what is typed, and making one revision of it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import Revision

from bulletins.exceptions import DraftConflict, SubmissionIncomplete, TransitionRefused
from bulletins.models import DraftInput
from bulletins.parts import PARTS
from bulletins.parts.draft import Draft
from bulletins.transitions import (
    delete_draft,
    revise_case,
    save_typed,
    start_case,
    submit_case,
)
from network.models import GkcDocument
from tests.bulletins.typed import CAUSE, WHOLE
from tests.factories.network import make_topic, make_user
from tests.factories.network_of_reviewers import (
    make_author,
    make_reviewing_network,
    write_story,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def net():
    return make_reviewing_network()


@pytest.fixture
def case(net):
    author, firm = make_author("KE")
    return start_case(by=author, distributor=firm, language="en")


def keep(case, part, **changes):
    seen = Draft(case).version(part)
    typed = {k: v for k, v in (WHOLE[part] | changes).items() if v is not None}
    return save_typed(case, part, typed, by=case.author, seen=seen)


def keep_whole(case):
    for part in PARTS:
        keep(case, part)


def latest(case):
    return case.source_page().get_latest_revision_as_object()


def test_only_who_writes_is_told_that_the_words_are_there_already(case):
    typed = {"gap-0-start": "many"}
    kept = save_typed(case, "target", typed, by=case.author, seen=0)
    assert save_typed(case, "target", typed, by=case.author, seen=0).version == kept.version
    with pytest.raises(PermissionDenied):
        save_typed(case, "target", typed, by=make_user(), seen=0)


def test_a_save_keeps_the_words_as_typed_valid_or_not(case):
    kept = save_typed(case, "target", {"gap-0-start": "many"}, by=case.author, seen=0)
    row_id = kept.data.pop("gap-0-id")
    assert (kept.version, kept.data, len(row_id)) == (1, {"gap-0-start": "many"}, 36)
    assert Draft(case).typed("target")["gap-0-start"] == "many"


def test_a_row_keeps_the_id_of_its_place(case):
    first = save_typed(case, "target", {"gap-0-what": "Hours"}, by=case.author, seen=0)
    second = save_typed(case, "target", {"gap-0-what": "Days"}, by=case.author, seen=1)
    assert second.data["gap-0-id"] == first.data["gap-0-id"]


def test_an_older_version_is_refused_with_the_other_text(case):
    first = keep(case, "title")
    with pytest.raises(DraftConflict) as refused:
        save_typed(case, "title", {"title": "Mine"}, by=case.author, seen=0)
    assert refused.value.current.data == first.data
    assert DraftInput.objects.get().data == first.data


def test_control_without_the_version_the_older_tab_would_win(case):
    kept = keep(case, "title")
    save_typed(case, "title", {"title": "Mine"}, by=case.author, seen=kept.version)
    assert DraftInput.objects.get().data == {"title": "Mine"}


def test_the_same_words_again_are_no_conflict(case):
    keep(case, "title")
    again = save_typed(case, "title", dict(WHOLE["title"]), by=case.author, seen=0)
    assert again.version == 1


def test_the_first_of_two_first_saves_wins(case):
    save_typed(case, "title", {"title": "A"}, by=case.author, seen=0)
    with pytest.raises(DraftConflict):
        save_typed(case, "title", {"title": "B"}, by=case.author, seen=0)


def test_only_authors_and_editors_write(case, net):
    for person in (make_user(), net["leads"]["germany"], make_user(distributor=case.distributor)):
        with pytest.raises(PermissionDenied):
            save_typed(case, "title", {"title": "x"}, by=person, seen=0)
        with pytest.raises(PermissionDenied):
            revise_case(case, person)
    co_author = make_user(distributor=case.distributor)
    case.co_authors.add(co_author)
    assert save_typed(case, "title", {"title": "x"}, by=co_author, seen=0).by == co_author


def test_nobody_writes_while_it_is_with_a_reviewer(case):
    keep_whole(case)
    revise_case(case, case.author)
    submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)
    with pytest.raises(TransitionRefused):
        save_typed(case, "title", {"title": "x"}, by=case.author, seen=1)
    with pytest.raises(TransitionRefused):
        revise_case(case, case.author)


def test_too_much_is_refused(case):
    with pytest.raises(TransitionRefused, match="too long"):
        save_typed(case, "title", {"summary": "x" * 300_000}, by=case.author, seen=0)


def test_all_that_was_typed_becomes_one_revision(case):
    topic = make_topic("enquiries-now")
    keep_whole(case)
    keep(case, "check", topics=[topic.slug])
    before = Revision.objects.count()
    revise_case(case, case.author)
    assert Revision.objects.count() == before + 1
    page = latest(case)
    assert page.title == "First reply before noon"
    assert [block.value for block in page.background] == [
        "Enquiries arrived in five mailboxes.",
        "Nobody counted them.",
    ]
    assert page.gap[0].value["by"] == datetime.date(2026, 12, 31)
    assert (page.causes[0].id, list(page.causes[0].value["whys"])) == (
        CAUSE,
        ["The list is in five places.", "No rule says who begins."],
    )
    assert page.countermeasures[0].value["cause"] == CAUSE
    assert page.countermeasures[0].value["since_precision"] == "month"
    row = page.results[0].value
    assert (str(row["before"]), str(row["after"]), row["date_precision"]) == ("31", "3.4", "month")
    assert [(m["month"].month, str(m["value"])) for m in row["monthly"]] == [(6, "12"), (7, "5.5")]
    case.refresh_from_db()
    assert (case.process_steps, list(case.topics.all())) == (["buy"], [topic])
    assert Draft(case).problems() == {}
    submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)


def test_nothing_new_makes_no_revision(case):
    keep_whole(case)
    revise_case(case, case.author)
    before = Revision.objects.count()
    revise_case(case, case.author)
    keep(case, "title")
    revise_case(case, case.author)
    assert Revision.objects.count() == before


def test_ids_survive_a_rewrite(case):
    keep_whole(case)
    revise_case(case, case.author)
    first = latest(case)
    keep(case, "background", background="New first.\n\nEnquiries arrived in five mailboxes.")
    keep(case, "causes", **{"causes-0-why2": "Nobody says who begins."})
    row = {f"results-0-{k}": v for k, v in {"id": first.results[0].id, "after": "3.1"}.items()}
    keep(case, "happened", **row, **{"results-0-monthly": "2026-07 5.5"})
    revise_case(case, case.author)
    second = latest(case)
    assert second.background[1].id == first.background[0].id
    assert second.background[0].id not in [block.id for block in first.background]
    assert second.causes[0].id == CAUSE
    old_whys, new_whys = (p.causes[0].value["whys"].bound_blocks for p in (first, second))
    assert [why.id for why in new_whys] == [why.id for why in old_whys]
    assert second.results[0].value["measure_key"] == first.results[0].value["measure_key"]
    old_months, new_months = (p.results[0].value["monthly"].bound_blocks for p in (first, second))
    assert new_months[0].id == old_months[1].id


def test_what_no_field_accepts_is_shown_again(case):
    keep_whole(case)
    keep(case, "happened", **{"results-0-after": "better"})
    revise_case(case, case.author)
    assert len(latest(case).results) == 0
    draft = Draft(case)
    assert draft.unsaved_parts() == []
    assert draft.typed("happened")["results-0-after"] == "better"
    assert [target for target, _w in draft.problems()["happened"]] == ["results-0-after"]


def test_an_editors_edit_is_not_overwritten_by_what_was_typed_before(case, net):
    keep_whole(case)
    revise_case(case, case.author)
    page = latest(case)
    page.summary = "An editor's words."
    page.save_revision(user=net["editors"][0])
    draft = Draft(case)
    assert draft.typed("title")["summary"] == "An editor's words."
    assert draft.typed("situation") == WHOLE["situation"]  # control: untouched parts as typed
    save_typed(case, "situation", {"situation": "More."}, by=case.author, seen=1)
    revise_case(case, case.author)
    assert latest(case).summary == "An editor's words."


@pytest.mark.parametrize("language", ["en", "ar", "de"])
def test_a_page_reads_back_as_it_would_be_typed(net, language):
    author, firm = make_author("SA")
    case = start_case(by=author, distributor=firm, language=language)
    write_story(case, nothing_tried=True)
    case.process_steps = ["buy"]
    case.save()
    first = latest(case)
    draft = Draft(case)
    for part in PARTS:
        save_typed(case, part, draft.typed(part), by=author, seen=0)
    assert set(Draft(case).problems()) == {"target"}  # the factory's gap has no date
    before = Revision.objects.count()
    revise_case(case, author)
    assert Revision.objects.count() == before
    assert latest(case).results[0].value["after"] == first.results[0].value["after"]


@pytest.mark.parametrize(
    ("part", "emptied"),
    [
        ("background", {"seen_year": "", "seen_month": "", "seen_day": ""}),
        ("background", {"place_seen": ""}),
        ("background", {"background": ""}),
        ("target", {name: None for name in WHOLE["target"]}),
        ("causes", {name: None for name in WHOLE["causes"]}),
        ("did", {"countermeasures-0-cause": ""}),
        ("happened", {name: None for name in WHOLE["happened"]}),
        ("learned", {"learned": ""}),
        ("title", {"title": ""}),
    ],
)
def test_a_story_without_a_required_part_cannot_be_submitted(case, part, emptied):
    """R1 to R3, each with the whole story as its control above."""
    keep_whole(case)
    keep(case, part, **emptied)
    revise_case(case, case.author)
    assert part in Draft(case).problems()
    with pytest.raises(SubmissionIncomplete):
        submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)


def test_not_measured_stands_for_results(case):
    keep_whole(case)
    keep(case, "happened", **{name: None for name in WHOLE["happened"]} | {"not_measured": "on"})
    revise_case(case, case.author)
    assert Draft(case).problems() == {}


def test_a_deleted_draft_takes_its_files_along(case):
    from django.core.files.base import ContentFile

    made = GkcDocument(title="Notes", guard="bulletins.case", guard_key=case.number)
    made.file.save("notes.pdf", ContentFile(b"%PDF-1.4"), save=False)
    made.save()
    keep_whole(case)
    delete_draft(case, by=case.author)
    assert not GkcDocument.objects.exists()
    assert not DraftInput.objects.exists()
