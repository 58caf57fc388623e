"""The sheet of a certificate: two languages side by side, as text and as a PDF."""

import datetime
import io
import unicodedata

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from pypdf import PdfReader

from network import pdf as network_pdf
from network.exceptions import PrintingUnavailable
from tests.factories.workshops import (
    make_programme,
    make_programme_page,
)
from tests.workshops.after import attended, given, make_past
from workshops import printing
from workshops.models import Certificate, EvaluationRequest
from workshops.transitions import (
    ask_for_files,
    certificate_file,
    certificate_progress,
    certifying,
    draw_files,
    give_certificates,
)

pytestmark = pytest.mark.django_db


def holder(trainer, language: str, **fields) -> Certificate:
    programme = make_programme(name="Go and see", has_evaluation=False, proof_days=None)
    if language != "en":
        make_programme_page(programme, language, title=FACTS[language][1])
    (found,) = given(trainer, programme, interface_language=language, **fields)
    found.first_day, found.last_day = datetime.date(2026, 9, 9), datetime.date(2026, 9, 10)
    found.practice_on = datetime.date(2026, 10, 12)
    found.code, found.number = "KQ7M4T2D9XWP", "C-2026-00012"
    found.distributor_name = "Valmora Motors"
    found.save()
    return found


# (name, the programme's title, days, practice) as the sheet has them, whatever the catalogs say.
FACTS = {
    "en": ("Ines", "Go and see", "September 9, 2026 – September 10, 2026", "October 12, 2026"),
    "es": ("Inés", "Ir y ver", "9 de septiembre de 2026", "12 de octubre de 2026"),
    "ja": ("太田 花子", "現地現物", "2026年9月9日 – 2026年9月10日", "2026年10月12日"),
    "ar": ("نورة", "اذهب وانظر", "٩ سبتمبر ٢٠٢٦", "١٢ أكتوبر ٢٠٢٦"),
    "fa": ("نیلوفر", "برو و ببین", "۹ سپتامبر ۲۰۲۶", "۱۲ اکتبر ۲۰۲۶"),
}


def words_in(content: bytes) -> str:
    """The text of the file's only page, without what only a layout needs: spaces, presentation
    forms, marks of direction."""
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    return bare(reader.pages[0].extract_text())


def bare(text: str) -> str:
    kept = unicodedata.normalize("NFKC", text)
    return "".join(c for c in kept if not c.isspace() and unicodedata.category(c) != "Cf")


def found_in(text: str, part: str) -> set[str]:
    """Which of a word and its mirror image stand there."""
    return {one for one in (bare(part), bare(part)[::-1]) if one in text}


@pytest.mark.slow
@pytest.mark.parametrize("language", sorted(FACTS))
def test_the_sheet_says_the_same_in_both_languages(trainer, language):
    found = holder(trainer, language, last_name="")
    name, title, days, practice = FACTS[language]
    found.holder_name = name
    found.save()
    content = certificate_file(found)
    root = PdfReader(io.BytesIO(content)).root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert root["/Lang"] == language
    text = words_in(content)
    english = ("Go and see", "Certificate of practice", "September 9, 2026", "October 12, 2026")
    for words in (name, title, days, practice, *english, "KQ7M-4T2D-9XWP", "C-2026-00012"):
        # Extraction turns runs of Arabic words and digits round: each of them must be there.
        parts = words.split() if language in ("ar", "fa") else [words]
        assert all(found_in(text, part) for part in parts), words
    with translation.override(language):
        for words in ("Certificate of practice", "Practice shown", "Code to check it"):
            assert bare(gettext(words)) in text, words
    sides = printing.sides(found)
    assert [side.language for side in sides] == list(dict.fromkeys([language, "en"]))
    assert text.count("KQ7M-4T2D-9XWP") == len(sides) + 1  # and in the address below


@pytest.mark.slow
def test_a_file_is_made_once_kept_and_made_again_after_being_killed(
    client, trainer, coordinator, monkeypatch
):
    session = make_past(make_programme(has_evaluation=False), trainers=[trainer])
    attended(session, 3, by=trainer)
    give_certificates()
    with pytest.raises(PermissionDenied):
        ask_for_files(session, by=trainer)
    assert [ask_for_files(session, by=coordinator), ask_for_files(session, by=coordinator)] == [
        3,
        0,
    ]
    drawn = []
    real = certifying.draw_certificate

    class Killed(BaseException):
        """As a process that ends."""

    def dies(certificate):
        if len(drawn) == 1:
            raise Killed
        drawn.append(certificate.pk)
        return real(certificate)

    with monkeypatch.context() as patch:
        patch.setattr(certifying, "draw_certificate", dies)
        with pytest.raises(Killed):
            draw_files()
    assert certificate_progress(session) == {"due": 0, "given": 3, "asked": 3, "drawn": 1}
    # One is still held by the killed process; the other is drawn at once.
    assert draw_files() == 1
    Certificate.objects.filter(drawn_at__isnull=True).update(
        drawing_until=timezone.now() - datetime.timedelta(seconds=1)
    )
    assert [draw_files(), draw_files()] == [1, 0]
    assert certificate_progress(session)["drawn"] == 3
    found = Certificate.objects.first()
    with monkeypatch.context() as patch:  # what is kept is not drawn again
        patch.setattr(certifying, "draw_certificate", dies)
        client.force_login(found.user)
        answer = client.get(reverse("certificate_pdf", args=[found.number]))
    assert answer["Content-Type"] == "application/pdf"
    assert default_storage.exists(found.file_name)


def test_a_machine_without_pango_says_so_and_loses_nothing(
    client, trainer, coordinator, monkeypatch
):
    (found,) = given(trainer)
    ask_for_files(found.enrolment.session, by=coordinator)

    def unavailable(style):
        raise PrintingUnavailable("no Pango here")

    monkeypatch.setattr(network_pdf, "machine", unavailable)
    client.force_login(found.user)
    answer = client.get(reverse("certificate_pdf", args=[found.number]))
    assert answer.status_code == 503
    assert "no Pango here" in answer.content.decode()
    assert draw_files() == 0
    assert Certificate.objects.to_draw().count() == 1
    assert EvaluationRequest.objects.count() == 0


@pytest.mark.parametrize("name", ["session_certificates", "certificate"])
def test_pages_cost_the_same_with_one_and_with_three(
    client, trainer, coordinator, name, django_assert_max_num_queries
):
    session = make_past(make_programme(has_evaluation=False), trainers=[trainer])
    client.force_login(coordinator)
    attended(session, 3, by=trainer)
    give_certificates(most=1)
    found = Certificate.objects.get()
    where = reverse(name, args=[session.number if "session" in name else found.number])
    client.get(where)
    with django_assert_max_num_queries(14):
        client.get(where)
    give_certificates()
    with django_assert_max_num_queries(14):
        client.get(where)
