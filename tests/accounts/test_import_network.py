"""The network from a sheet: all or nothing, errors by line, twice the same."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from network.models import Dealer, Distributor, Membership, Region, ReviewArea, User
from tests.factories import make_distributor, make_user

pytestmark = pytest.mark.django_db
GOOD = """\
kind,code,name,name_ja,country,languages,distributor,dealer,email,first_name,contact,years,language
member,,,,,,sa-north,,huda@sa.test,Huda,,6,ar
contact,,,,,,sa-north,,Omar@SA.test,Omar,first,12,ar
dealer,sa-north-1,Riyadh Central,,,,sa-north,,,,,,
distributor,sa-north,North Motors,ノース,SA,ar en,,,,,,,
"""


@pytest.fixture
def load(tmp_path):
    """Write a file, import it, give back (output, errors)."""

    def load(content, name="network.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("import_network", str(path), stdout=out, stderr=err, **options)
        except CommandError as refused:
            return out.getvalue(), f"{err.getvalue()}{refused}"
        return out.getvalue(), ""

    return load


def counts():
    return [model.objects.count() for model in (Distributor, Dealer, User, Membership)]


def test_a_sheet_in_any_order_is_loaded(load):
    out, errors = load(GOOD)
    assert errors == ""
    firm = Distributor.objects.get(code="sa-north")
    assert (firm.name_en, firm.name_ja, firm.languages) == ("North Motors", "ノース", ["ar", "en"])
    omar = User.objects.get(email="omar@sa.test")
    assert omar.memberships.get().contact == "first"
    assert (omar.interface_language, omar.years_of_experience) == ("ar", 12)
    assert not omar.has_usable_password()
    assert out.splitlines()[-1] == "4 rows read, 6 changes."


def test_a_second_import_changes_nothing(load):
    load(GOOD)
    before = counts()
    out, errors = load(GOOD)
    assert (counts(), errors) == (before, "")
    assert out.splitlines() == ["4 rows read, 0 changes."]


def test_an_empty_cell_leaves_what_is_there(load):
    load(GOOD)
    out, _errors = load("kind,code,name_ja,country\ndistributor,sa-north,北,\n")
    firm = Distributor.objects.get(code="sa-north")
    assert (firm.name_en, firm.name_ja, firm.country_id) == ("North Motors", "北", "SA")
    assert out.splitlines()[0] == "~ distributor sa-north: name_ja"


def test_a_dry_run_says_what_would_change_and_changes_nothing(load):
    before = counts()
    out, errors = load(GOOD, dry_run=True)
    assert (counts(), errors) == (before, "")
    assert "+ distributor sa-north" in out.splitlines()
    assert "Dry run: nothing was changed." in out.splitlines()


def test_one_wrong_line_undoes_all_and_each_error_names_its_place(load):
    before = counts()
    bad = GOOD + (
        "distributor,xx-one,One,,XX,,,,,,,,\n"
        "member,,,,,,nowhere,,a@sa.test,A,,,\n"
        "member,,,,,,sa-north,,not-an-address,B,,,\n"
        "member,,,,,,sa-north,,c@sa.test,C,,ninety,\n"
        "factory,f-1,F,,,,,,,,,,\n"
        "member,,,,,,sa-north,,huda@sa.test,Huda,,,\n"
        "contact,,,,,,sa-north,,d@sa.test,D,first,,\n"
    )
    _out, errors = load(bad)
    assert counts() == before
    assert errors.splitlines() == [
        "network.csv:6: country: “XX” is not known.",
        "network.csv:7: distributor: “nowhere” is not known.",
        "network.csv:8: email: This is not an e-mail address.",
        "network.csv:9: years: This is not a whole number.",
        "network.csv:10: kind: One of: region, area, distributor, dealer, contact, member, course.",
        "network.csv:11: email: Stands in line 2 already.",
        "network.csv:12: contact: First contact is omar@sa.test.",
        "7 errors; nothing was changed.",
    ]


def test_the_line_is_the_files_own_where_a_cell_has_line_breaks(load):
    _out, errors = load(
        'kind,code,name,country\ndistributor,a,"Two\nlines",SA\ndistributor,b,B,XX\n'
    )
    assert errors.splitlines()[0] == "network.csv:4: country: “XX” is not known."


def test_byte_order_mark_and_semicolons_are_understood(load):
    _out, errors = load("\ufeffkind;code;name;country\ndistributor;de-x;Süd;DE\n")
    assert errors == ""
    assert Distributor.objects.get(code="de-x").name == "Süd"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "n.csv", "The file holds no rows."),
        (b"kind,code\n\n,\n", "n.csv", "The file holds no rows."),
        ("kind,name\nregion,Süd".encode("latin-1"), "n.csv", "The file is not UTF-8."),
        (b"PK\x03\x04 nonsense", "n.xlsx", "This is not an Excel workbook."),
        (b"kind\0", "n.csv", "This is not a CSV file."),
        (b"kind,code\n", "n.ods", "Only .csv and .xlsx files can be read."),
        (b"a,b\n1,2\n", "n.csv", "1: a: This column is not known."),
        (b'kind,code\nregion,"x\n', "n.csv", "Line 2 cannot be read"),
        (b"x" * (20 * 1024 * 1024 + 1), "n.csv", "The file is larger than 20 MB."),
    ],
    ids=["empty", "blank", "latin", "not-xlsx", "binary", "ods", "columns", "quote", "huge"],
)
def test_a_file_that_cannot_be_read_says_why(load, content, name, words):
    _out, errors = load(content, name)
    assert words in errors


def workbook(**sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_with_a_sheet_a_kind(load):
    data = workbook(
        members=[["email", "first_name", "distributor", "years"], ["h@sa.test", "H", "sa-1", 6.0]],
        distributors=[["code", "name", "country"], ["sa-1", "One", "SA"]],
        regions=[["code", "name"], ["moon", "Moon"]],
        areas=[["code", "name", "neighbour"], ["moon-area", "Moon area", "india"]],
    )
    _out, errors = load(data, "network.xlsx")
    assert errors == ""
    assert User.objects.get(email="h@sa.test").years_of_experience == 6
    assert Region.objects.get(slug="moon").name == "Moon"
    assert ReviewArea.objects.get(slug="moon-area").neighbour.slug == "india"


def test_formulas_are_refused_not_worked_out(load):
    data = workbook(
        distributors=[["code", "name", "country"], ["sa-1", '=HYPERLINK("http://x")', "SA"]]
    )
    _out, errors = load(data, "network.xlsx")
    assert "distributors 2: B: A formula is not worked out. Paste its value." in errors
    assert not Distributor.objects.filter(code="sa-1").exists()


@pytest.mark.slow
def test_a_zip_bomb_is_refused(load):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * (201 * 1024 * 1024))
    _out, errors = load(data.getvalue(), "network.xlsx")
    assert "larger than 200 MB when unpacked" in errors


def test_a_dealer_of_another_distributor_is_refused(load):
    make_distributor("other")
    Dealer.objects.create(
        code="their-dealer", name="D", distributor=Distributor.objects.get(code="other")
    )
    _out, errors = load(GOOD + "member,,,,,,sa-north,their-dealer,x@sa.test,X,,,\n")
    assert "6: dealer: This dealer belongs to another distributor." in errors


def test_a_closed_account_is_not_opened_by_the_way(load):
    make_user(email="huda@sa.test", is_active=False)
    _out, errors = load(GOOD)
    assert "2: email: This account is closed." in errors


def test_an_imported_member_sets_the_password_by_mail(load, client):
    from django.core import mail

    load(GOOD)
    client.post("/accounts/password/reset/", {"email": "huda@sa.test"})
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_a_column_that_stands_twice_is_refused(load):
    _out, errors = load("kind,code,name,name,country\nregion,moon,Moon,Luna,\n")
    assert errors.splitlines()[0] == "network.csv:1: name: This column stands here twice."
    assert not Region.objects.filter(slug="moon").exists()


def test_values_beyond_the_columns_are_refused_for_the_line_is_shifted(load):
    _out, errors = load("kind,code,name\nregion,moon,Moon,,  ,Luna\nregion,sun,Sun,,\n")
    assert errors.splitlines() == [
        "network.csv:2: There are more values than columns in this line.",
        "1 error; nothing was changed.",
    ]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_damaged_workbook_is_refused_in_words(load, part):
    whole = zipfile.ZipFile(io.BytesIO(workbook(regions=[["code", "name"], ["moon", "Moon"]])))
    damaged = io.BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content[: len(content) // 2] if name == part else content)
    _out, errors = load(damaged.getvalue(), "network.xlsx")
    assert errors == "network.xlsx: This is not an Excel workbook."
