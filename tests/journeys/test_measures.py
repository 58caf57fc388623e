"""An executive reads the figures and a brief on a phone, in Arabic, and logs a visit."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bulletins.models import CaseResult, ReadMark
from gkc_site.models import VisitNote
from network.models import Country, Measure
from tests.bulletins.responding import make_response
from tests.factories.network import make_distributor, make_user
from tests.factories.stories import make_case
from tests.journeys.pages import fits, look

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def world():
    """A Saudi story with a figure, taken over in Japan."""
    saudi = make_distributor(name="Najd Motors", country=Country.objects.get(pk="SA"))
    japan = make_distributor(name="Tokai Motors", country=Country.objects.get(pk="JP"))
    case = make_case(saudi, published=True, title="Two looks", language="ar")
    ReadMark.objects.create(user=make_user(distributor=japan), case=case)
    make_response(case, japan)
    measure = Measure.objects.get(slug="first-time-fix-rate")
    CaseResult.objects.create(
        case=case,
        measure_key="6a0f5b1c-5f3e-4b8e-9a55-0f3d9b0e2c11",
        measure=measure,
        unit="%",
        before=60,
        after=90,
        after_on=timezone.localdate(),
    )
    author = make_user(distributor=saudi, first_name="عمر", last_name="السالم")
    return {"case": case, "measure": measure, "saudi": saudi, "author": author}


@pytest.mark.parametrize(("language", "width"), [("ar", 390), ("en", 1280)])
def test_an_executive_reads_the_figures_and_logs_a_visit(
    device, sign_in, live_server, world, language, width
):
    executive = make_user("executive", interface_language=language)
    page = device(viewport={"width": width, "height": 900}).new_page()
    sign_in(page, executive)
    root = f"{live_server.url}/{language}/measures/"
    region = world["case"].region.pk
    for address in (
        "",
        f"?region=region-{region}&measure={world['measure'].slug}",
        "journey/",
        f"journey/?region=region-{region}",
        "journey/adopted/",
        "brief/",
        "brief/sa/",
    ):
        answer = page.goto(root + address)
        assert answer.status == 200, address
        look(page, language)
        fits(page)
    page.locator("#id_visited_on").fill(timezone.localdate().isoformat())
    words = "رأيت العدّاد يعمل." if language == "ar" else "The counter works."
    page.locator("#id_text").fill(words)
    page.locator("form[method=post] button.btn:not(.btn--quiet)").last.click()
    note = page.locator("article.rowitem").first
    expect(note).to_contain_text(words)
    assert VisitNote.objects.get().text == words
    # Of the note comes a draft for an author there.
    note.locator("summary").click()
    key = f"id_begin-{VisitNote.objects.get().pk}"
    page.locator(f"#{key}-member").select_option(str(world["author"].memberships.get().pk))
    look(page, language)
    fits(page)
    note.locator("details form button").click()
    expect(page.locator("article.rowitem").first).to_contain_text(world["author"].display_name)
    assert VisitNote.objects.get().case.author == world["author"]
    look(page, language)
