"""Sheets as strangers send them: other encodings, separators and languages, half of a workbook.
What can be read is read as meant; what cannot is named by line, and nothing is half done."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from gkc_site.models import SheetDraft
from network.models import Membership, User
from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_programme, make_trainee
from workshops.models import CourseRecord

pytestmark = pytest.mark.django_db
ADDRESS = "/en/people/import/"
HEAD = "email,post,years,programme,done_on"
LINES = ["ana@home.example,Lead Ünal,9,,", "ana@home.example,,,first,2024-05-06"]
SHEET = "\r\n".join([HEAD, *LINES, ""])
LINE_SEPARATOR = "\u2028"


@pytest.fixture
def firm():
    home = make_distributor(code="sheet-home")
    make_distributor(code="sheet-away")
    make_trainee(home, email="ana@home.example", post="", years_of_experience=None)
    make_programme("first", name="First")
    return make_user("manager", distributor=home)


def send(client, user, content: bytes, name: str = "sheet.csv") -> tuple[int, str]:
    client.force_login(user)
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})
    return answer.status_code, answer.content.decode()


def workbook(*rows, title="Sheet1") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def cells(line: str) -> list[str]:
    return line.split(",")


@pytest.mark.slow
def test_what_spreadsheets_of_other_countries_save_is_read_as_meant(client, firm):
    files = {
        "a mark of UTF-8": SHEET.encode("utf-8-sig"),
        "semicolons": SHEET.replace(",", ";").encode(),
        "Excel says which": ("sep=;\r\n" + SHEET.replace(",", ";")).encode("utf-8-sig"),
        "Unicode text": SHEET.replace(",", "\t").encode("utf-16"),
        "UTF-16 the other way": b"\xfe\xff" + SHEET.encode("utf-16-be"),
        "an old Mac": SHEET.replace("\r\n", "\r").encode(),
        "spaces, capitals and empty lines": SHEET.replace("ana@", " ANA@")
        .replace("Lead", "\u00a0Lead")
        .replace("\r\n", "\r\n,,,,\r\n")
        .replace("email", " Email ")
        .encode(),
        "a line break in a cell": SHEET.replace("Lead Ünal", '"Lead\nÜnal"').encode(),
    }
    for name, content in files.items():
        status, page = send(client, firm, content)
        assert status == 200, (name, page)
        assert "2 lines read." in page, name
        draft = SheetDraft.objects.get()
        first, second = (values for _sheet, _line, values in draft.rows)
        assert " ".join(first["post"].split()) == "Lead Ünal", name
        assert second["done_on"] == "2024-05-06", name
    status, page = send(client, firm, workbook(cells(HEAD), *map(cells, LINES)), "Sheet.XLSX")
    assert (status, "2 lines read." in page) == (200, True)
    assert not CourseRecord.objects.exists()


def test_lines_are_counted_as_a_spreadsheet_counts_them(client, firm):
    wrong = "nobody@home.example,,,first,2024-05-06"
    cases = {
        f"{HEAD}\n{LINES[0]}\n{wrong}\n": 3,
        f"sep=,\n{HEAD}\n{LINES[0]}\n{wrong}\n": 4,
        f'{HEAD}\nana@home.example,"Lead\nof two",9,,\n{wrong}\n': 4,
        # A sign that ends lines for some programs, in a cell that nobody quoted.
        f"{HEAD}\nana@home.example,Lead{LINE_SEPARATOR}of two,9,,\n{wrong}\n": 3,
        f"{HEAD}\n\n\n{wrong}\n": 4,
        f"\n\n{HEAD}\n{wrong}\n": 4,
    }
    for content, line in cases.items():
        status, page = send(client, firm, content.encode())
        assert (status, page.count('data-th="Line"')) == (400, 1), content
        assert f'data-th="Line">{line}<' in page, content
    assert not SheetDraft.objects.exists()


@pytest.mark.slow
def test_what_cannot_be_read_says_what_to_do(client, firm):
    excel = workbook(cells(HEAD), *map(cells, LINES))
    cases = [
        (SHEET.encode("latin-1"), "sheet.csv", "Save it as"),
        (excel, "sheet.csv", "This is not a CSV file."),
        (SHEET.encode(), "sheet.xlsx", "This is not an Excel workbook."),
        (excel[: len(excel) // 2], "sheet.xlsx", "This is not an Excel workbook."),
        (b"", "sheet.csv", "empty"),
        (b"\n", "sheet.csv", "holds no rows"),
        (HEAD.encode(), "sheet.csv", "holds no rows"),
        (f'{HEAD}\nana@home.example,"Lead,9,,\n'.encode(), "sheet.csv", "Line 2 cannot be read"),
        (SHEET.encode(), "sheet.xls", "Only .csv and .xlsx"),
        (
            b"correo,programa,hecho_el\nana@home.example,first,2024-05-06\n",
            "a.csv",
            "correo",
        ),
        (HEAD.replace("email", "post").encode() + b"\nx,,,,\n", "a.csv", "stands here twice"),
    ]
    for content, name, words in cases:
        status, page = send(client, firm, content, name)
        assert (status, words in page) == (400, True), (words, page)
    assert not SheetDraft.objects.exists()


def test_cells_without_a_value_and_people_twice_are_named(client, firm):
    rows = [
        cells(HEAD),
        ["ana@home.example", "=A1", 9, None, None],
        ["ana@home.example", None, "#N/A", None, None],
        ["ana@home.example", None, None, "first", "=TODAY()"],
    ]
    status, page = send(client, firm, workbook(*rows), "sheet.xlsx")
    assert status == 400
    assert page.count("A formula is not worked out.") == 2
    assert page.count("an error of the spreadsheet") == 1
    for line in (2, 3, 4):
        assert f'data-th="Line"><bdi>Sheet1</bdi> {line}<' in page, line
    twice = (
        "email,distributor,post\n"
        "ana@home.example,,Lead\n"
        "ANA@home.example,sheet-home,Driver\n"
        "ana@home.example,sheet-away,Driver\n"
    )
    status, page = send(client, firm, twice.encode())
    assert (status, page.count('data-th="Line"')) == (400, 2)
    assert "Stands in line 2 already." in page
    assert "“sheet-away” is not known." in page
    assert User.objects.get(email="ana@home.example").post == ""


@pytest.mark.slow
def test_two_thousand_and_one_trainees_with_errors_are_all_named(client, firm):
    """Every line that is wrong stands on the page, and none of the others is loaded."""
    home = firm.memberships.get().distributor
    people = User.objects.bulk_create(
        [User(email=f"p{n}@home.example", first_name="P") for n in range(2001)]
    )
    Membership.objects.bulk_create(
        [Membership(user=one, distributor=home, since="2020-01-01") for one in people]
    )
    wrong = set(range(5, 2003, 4))  # lines of the file

    def line(number: int) -> str:
        email = f"p{number - 2}@home.example"
        return f"{email},first,{'06.05.2024' if number in wrong else '2024-05-06'}"

    sheet = "\n".join(["email,programme,done_on", *map(line, range(2, 2003))])
    status, page = send(client, firm, sheet.encode())
    assert status == 400
    assert f"{len(wrong)} errors; nothing was changed" in page
    named = [number for number in wrong if f'data-th="Line">{number:,}<' in page]
    assert len(named) == len(wrong)
    assert not CourseRecord.objects.exists()
    status, page = send(client, firm, sheet.replace("06.05.2024", "2024-05-07").encode())
    assert (status, "2,001 lines read." in page) == (200, True)
    client.post(ADDRESS, {"draft": SheetDraft.objects.get().pk})
    assert CourseRecord.objects.confirmed().count() == 2001
