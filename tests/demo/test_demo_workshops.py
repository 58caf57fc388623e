"""The demo's catalogue: the sources' programmes, example dates, people in every state."""

import json
import tomllib
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone

from gkc_site.demo.book import CONTENT
from gkc_site.demo.languages import PEOPLE, put_into, translator_and_reader
from gkc_site.demo.people import load_people, persona
from gkc_site.demo.workshops import load_workshops
from gkc_site.demo.workshops.after import load_after
from gkc_site.demo.workshops.blocks import lab_rows, programme_rows
from gkc_site.demo.workshops.history import load_history
from gkc_site.demo.workshops.texts import FOLDER, LAB, load_workshop_texts, words_of
from gkc_site.tasks import finish_demo
from network.models import Region
from network.registry import resolve_references
from search.api import drain, embedded_consumer, search
from search.contract import SearchRequest
from tests.shared import round_the_tests
from touchpoints.models import Mailing
from workshops.duties import duties_of, employees
from workshops.lessons import steps_of
from workshops.models import (
    Certificate,
    EligibilityWatch,
    Enrolment,
    EnrolmentState,
    EntryRefusal,
    EvaluationBatch,
    ExceptionRequest,
    PracticeProof,
    Programme,
    ProgrammePage,
    Reflection,
    Session,
)
from workshops.page_text import texts_of, units_of
from workshops.transitions import give_certificates, publish_translation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """How much the demo's workshops are, loaded once for these tests."""
    home = tmp_path_factory.mktemp("demo-home")
    with override_settings(GKC_HOME=home), round_the_tests(django_db_blocker):
        load_people()
        yield load_workshops()


@pytest.fixture
def demo(loaded, settings):
    settings.DEMO_MODE = True
    return loaded


def test_the_catalogue_holds_the_sources_programmes_and_loads_once(demo, client, rf):
    assert demo == (12, 24)
    assert load_workshops() == (0, 0)
    assert set(Session.objects.values_list("state", flat=True)) == {
        "open",
        "confirmed",
        "planned",
        "cancelled",
    }
    assert not Session.objects.filter(is_example=False).exists()
    assert EligibilityWatch.objects.open().count() >= 3
    wished = ExceptionRequest.objects.values_list("state", flat=True)
    assert set(wished) == {"open", "granted", "refused"}
    states = set(Enrolment.objects.values_list("state", flat=True))
    assert states >= {"enrolled", "waiting", "offered", "requested", "nominated", "refused"}
    found = client.get("/en/workshops/").content.decode()
    assert "12 programmes" in found
    assert "22 sessions" in found
    for programme in Programme.objects.all():
        assert client.get(f"/en/workshops/{programme.key}/").status_code == 200
    for session in Session.objects.exclude(state="planned"):
        assert client.get(f"/en/workshops/sessions/{session.number}/").status_code == 200


def test_every_workshop_that_the_book_names_is_found(demo, rf):
    request = rf.get("/en/")
    request.user = AnonymousUser()
    named = {
        name
        for text in (CONTENT / "en").rglob("*.md")
        for line in text.read_text(encoding="utf-8").splitlines()
        if line.startswith("workshops: [")
        for name in json.loads(line.removeprefix("workshops: "))
    }
    assert len(named) == 12
    assert set(resolve_references(request, "workshop", named)) == named


def test_search_finds_programmes_and_dates(demo):
    while drain(embedded_consumer()):
        pass
    answer = search(SearchRequest("covenant", "en", AnonymousUser()))
    assert "Lexus brand study: seven days" in {hit.title for hit in answer.hits}
    filters = {"type": ("session",)}
    answer = search(SearchRequest("Nagoya", "en", AnonymousUser(), filters=filters))
    assert [hit.title.split(" · ")[0] for hit in answer.hits] == [
        "TWSM Discovery: eight days in Japan"
    ] * 2
    answer = search(SearchRequest("Torrance", "en", AnonymousUser(), filters=filters))
    assert answer.total == 0  # planned: seen by its team only


def test_behind_it_lie_dates_with_people_and_yearly_courses(demo):
    assert load_history() == 18
    assert load_history() == 0
    # Some came too late: the log has something to show.
    assert EntryRefusal.objects.filter(session__is_example=True, why="closed").exists()
    assert Session.objects.count() == 42
    now = timezone.now()
    (under_way,) = Session.objects.filter(starts_at__lt=now, ends_at__gt=now)
    assert under_way.enrolments.filter(state="enrolled").count() > 3
    days = [session.starts_at for session in Session.objects.order_by("starts_at")]
    assert (days[-1] - days[0]).days >= 500
    scopes = {
        session.country.region_id or session.country.review_area_id
        for session in Session.objects.filter(country__isnull=False).select_related("country")
    }
    assert len(scopes) >= Region.objects.count()
    assert set(Enrolment.objects.values_list("state", flat=True)) == set(EnrolmentState.values)
    found = {duty.state for duty in duties_of(employees())}
    assert found == {"overdue", "due", "done"}
    logins = employees().filter(user__email__in=[persona(key)["email"] for key in ("dao", "lucas")])
    # Nobody who signs in is years late.
    assert sorted(duty.state for duty in duties_of(logins)) == ["done", "due"]
    before = Mailing.objects.count()
    assert load_after() == Certificate.objects.count() > 20
    owed = PracticeProof.objects.filter(due_on__gte=timezone.localdate())
    assert set(owed.values_list("state", flat=True)) == {"due", "handed_in"}
    assert load_after() == 0
    assert give_certificates() == 0  # all that is due is there, and nobody was mailed
    assert Mailing.objects.count() == before
    assert {batch.size for batch in EvaluationBatch.objects.all()} == {5}
    assert {"accepted", "lapsed"} <= set(PracticeProof.objects.values_list("state", flat=True))
    assert Reflection.objects.filter(is_settled=False).count() == 1


@pytest.mark.parametrize("language", ["ja", "es", "ar", "fa"])
def test_every_place_of_every_page_has_words_in_each_language(demo, language):
    texts = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(texts) == {row["key"] for row in programme_rows()}
    for row in programme_rows():
        page = Programme.objects.get(key=row["key"]).pages.get(locale__language_code="en")
        words = words_of(row, texts[row["key"]], language)
        places = {path.split(".")[-1 if path.count(".") == 0 else 1] for path in words}
        assert set(texts_of(page)) <= places, row["key"]
        written = sum(unit.text.count("\n") + 1 for unit in units_of(page))
        assert len(words) == written, row["key"]
        assert all(text.strip() for text in words.values())


def test_the_lab_goes_live_in_another_language(demo, client):
    page = Programme.objects.get(key=LAB).pages.get(locale__language_code="en")
    texts = tomllib.loads((FOLDER / "ar.toml").read_text(encoding="utf-8"))
    row = next(row for row in programme_rows() if row["key"] == LAB)
    translated = put_into(page, "ar", words_of(row, texts[LAB], "ar"))
    publish_translation(translated, by=translator_and_reader("ar")[1])
    arabic = page.programme.pages.get(locale__language_code="ar")
    assert [step.id for step in steps_of(arabic)] == [step.id for step in steps_of(page)]
    assert [step.title for step in steps_of(arabic)] == [
        step["ar"].get("title") or step["ar"]["question"] for step in lab_rows()
    ]
    assert [step.right for step in steps_of(arabic) if step.is_question] == [
        set(step["right"]) for step in lab_rows() if step["kind"] == "question"
    ]


def test_the_worker_finishes_the_demo_in_demo_mode_only(demo, settings):
    def translated():
        pages = ProgrammePage.objects.filter(live=True).exclude(locale__language_code="en")
        return pages.count()

    cache.delete("demo-is-finished")
    settings.DEMO_MODE = False
    assert finish_demo() == 0
    settings.DEMO_MODE = True
    before = translated()
    assert finish_demo() == 1
    assert translated() == before + 1


def test_pages_of_an_older_home_get_the_words_of_what_they_have(demo):
    """The lab's page without lessons, and one that an editor has written anew."""
    pages = ProgrammePage.objects.filter(locale__language_code="en", live=True)
    lab = pages.get(programme__key=LAB)
    lab.lessons = []
    lab.save_revision().publish()
    row = next(row for row in programme_rows() if row["key"] != LAB and row["happens"])
    anew = pages.get(programme__key=row["key"])
    days = list(anew.happens.get_prep_value())
    steps = days[0]["value"]["steps"]
    days[0]["value"] = days[0]["value"] | {"steps": [{**steps[0], "id": str(uuid.uuid4())}]}
    anew.happens = ProgrammePage._meta.get_field("happens").stream_block.to_python(days)
    anew.save_revision().publish()
    others = pages.exclude(pk__in=[lab.pk, anew.pk])
    others.update(live=False)
    languages = [code for code in PEOPLE if code != "en"]
    assert load_workshop_texts() == len(languages)
    assert load_workshop_texts() == 0
    translated = ProgrammePage.objects.filter(translation_key=lab.translation_key, live=True)
    assert {page.locale.language_code for page in translated} == {*languages, "en"}
    assert not any(steps_of(page) for page in translated)
