"""Claim: the PDF of an edition takes at most 1.5× WeasyPrint's own time for the same HTML.

    python -m benchmarks.editions [--language en] [--rounds 3]

Takes in the site's own book, freezes it, and makes the file as its builder
does: read the frozen texts, draw them, lay out, write. Beside it WeasyPrint
alone, `HTML(string=…).write_pdf(stylesheets=…)`, for the very same HTML and
style sheet, in the same process; the two take turns. CPU seconds, the best of
the rounds. Then the download of a file that was built: milliseconds of a
request, which reads the file and builds nothing.
"""

import argparse
import sys
import time

from benchmarks.book import prepare

AIM = 1.5
DOWNLOAD_AIM_MS = 100  # 'at once': what a person takes for no wait
DOWNLOADS = 20


def freeze(language: str):
    """The whole book of one language, frozen."""
    from gkc_site.demo.book import CONTENT
    from network.models import User
    from silver_book.importing.folder import Report
    from silver_book.importing.load import load
    from silver_book.importing.reading import read_folder
    from silver_book.transitions.freezing import freeze_edition

    by = User.objects.get(is_system=True)
    for code in dict.fromkeys(["en", language]):
        report = Report()
        load(read_folder(CONTENT / code, code, report), code, report, by=by)
    return freeze_edition(by=by)


def ours(file) -> tuple[float, int]:
    """CPU seconds of a builder, and the pages it made."""
    from silver_book.editions import files

    begin = time.process_time()
    _content, pages = files._content(file)
    return time.process_time() - begin, pages


def theirs(book) -> float:
    """CPU seconds of WeasyPrint alone on the HTML that the builder drew."""
    from network import pdf as machine
    from silver_book.editions import pdf

    html = pdf.html_of(book)
    weasyprint, fonts, style = machine.machine(pdf.STYLE)
    begin = time.process_time()
    extra = weasyprint.CSS(string=pdf.style_of(book), font_config=fonts)
    weasyprint.HTML(string=html).write_pdf(
        stylesheets=[style, extra], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return time.process_time() - begin


def downloads(file) -> float:
    """The median request for the file that was built, in milliseconds."""
    from django.test import Client

    client, taken = Client(), []
    address = f"/en/editions/{file.edition_id}/{file.language}/files/pdf/"
    for _request in range(DOWNLOADS):
        begin = time.perf_counter()
        answer = client.get(address)
        size = len(b"".join(answer.streaming_content))
        taken.append((time.perf_counter() - begin) * 1000)
        if (answer.status_code, size) != (200, file.size):
            raise SystemExit(f"{address}: {answer.status_code}, {size} bytes")
    return sorted(taken)[len(taken) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", default="en")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    prepare()
    from django.conf import settings
    from django.utils import translation

    from silver_book.editions import files
    from silver_book.editions.drawing import draw
    from silver_book.models import EditionFile, FileState

    settings.ALLOWED_HOSTS = ["testserver"]
    edition = freeze(asked.language)
    wanted = EditionFile.objects.filter(language=asked.language, format="pdf")
    EditionFile.objects.exclude(pk__in=wanted).update(state=FileState.FAILED)
    file = files._claim()
    with translation.override(asked.language):
        book = draw(edition, asked.language, is_one_page=True, on_progress=lambda count: None)
    mine, alone = [], []
    for _round in range(asked.rounds):
        spent, pages = ours(file)
        mine.append(spent)
        alone.append(theirs(book))
    files._build(file)
    waited = downloads(EditionFile.objects.get(pk=file.pk))
    ratio = min(mine) / min(alone)
    print("| what | pages | CPU s | ratio | aim |")
    print("|---|---|---|---|---|")
    print(
        f"| edition's PDF, {asked.language} | {pages} | {min(mine):.1f} | {ratio:.2f} | ≤ {AIM} |"
    )
    print(f"| WeasyPrint alone, the same HTML | {pages} | {min(alone):.1f} | | |")
    print(f"| download of the built file, ms | | {waited:.0f} | | ≤ {DOWNLOAD_AIM_MS} |")
    sys.exit(ratio > AIM or waited > DOWNLOAD_AIM_MS)


if __name__ == "__main__":
    main()
