"""Posts and courses of 2,000 people from a sheet, in the browser: all of it or nothing."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from gkc_site.models import SheetDraft
from gkc_site.network_import import import_rows
from gkc_site.network_import.files import SheetRow
from gkc_site.tasks import forget_stale_sheets
from network.languages import codes
from network.models import Membership, User
from network.registry import desk_items
from tests.factories.network import make_distributor, make_user
from tests.factories.workshops import make_programme, make_session, make_trainee
from touchpoints.models import Delivery
from workshops.eligibility import eligibility
from workshops.models import CourseRecord
from workshops.transitions import tell_eligible, watch

pytestmark = pytest.mark.django_db
ADDRESS = "/en/people/import/"


@pytest.fixture
def firm():
    home = make_distributor(code="sheet-home")
    return {
        "home": home,
        "manager": make_user("manager", distributor=home),
        "member": make_trainee(home, email="m@home.example", post_confirmed_at=None),
        "stranger": make_trainee(email="s@away.example"),
        "first": make_programme("first", name="First"),
    }


def send(client, user, content, name="courses.csv"):
    client.force_login(user)
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})


def load(client):
    draft = SheetDraft.objects.get()
    return client.post(ADDRESS, {"draft": draft.pk}, follow=True)


def test_a_manager_sees_what_it_changes_then_loads_it_once(client, firm):
    programme = make_programme("second", min_years=8, requires=[firm["first"]])
    make_session(programme)
    watch(programme, firm["member"])
    sheet = (
        "email,post,years,programme,done_on\n"
        "M@home.example,Workshop lead,9,,\n"
        "m@home.example,,,first,2024-05-06\n"
        "m@home.example,,,first,\u0662\u0660\u0662\u0664-06-07\n"
    )
    shown = send(client, firm["manager"], sheet).content.decode()
    assert "3 lines read." in shown
    assert "3 changes." in shown
    assert CourseRecord.objects.count() == 0
    pk = SheetDraft.objects.get().pk
    assert "3 changes have been loaded." in load(client).content.decode()
    again = client.post(ADDRESS, {"draft": pk}, follow=True).content.decode()
    assert "This sheet has been loaded" in again
    member = User.objects.get(pk=firm["member"].pk)
    assert (member.post, member.years_of_experience) == ("Workshop lead", 9)
    assert member.post_confirmed_by == firm["manager"]
    records = CourseRecord.objects.filter(user=member, confirmed_by=firm["manager"])
    assert {record.done_on.isoformat() for record in records} == {"2024-05-06", "2024-06-07"}
    assert eligibility(member, programme).open
    Delivery.objects.all().delete()
    assert tell_eligible() == 1
    assert (
        "Everything in it is there already" in send(client, firm["manager"], sheet).content.decode()
    )


def test_each_error_is_named_by_line_and_nothing_is_half_done(client, firm):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    sheet = (
        "kind,email,programme,done_on,years,first_name,code\n"
        "course,m@home.example,first,2024-05-06,,,\n"
        "course,s@away.example,first,2024-05-06,,,\n"
        "course,nobody@home.example,first,2024-05-06,,,\n"
        "course,m@home.example,third,2024-05-06,,,\n"
        "course,m@home.example,first,06.05.2024,,,\n"
        f"course,m@home.example,first,{tomorrow},,,\n"
        "course,m@home.example,first,2024-05-06,,,\n"
        "member,m@home.example,,,ninety,,\n"
        "member,m@home.example,,,,Max,\n"
        "region,,,,,,north\n"
        "course,m@home.example,,2024-05-06,,,\n"
    )
    response = send(client, firm["manager"], sheet)
    assert response.status_code == 400
    shown = response.content.decode()
    assert "10 errors; nothing was changed" in shown
    for line in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12):
        assert f'data-th="Line">{line}<' in shown, line
    assert CourseRecord.objects.count() == SheetDraft.objects.count() == 0
    unreadable = send(client, firm["manager"], b"\xff\xfe\x00", "courses.csv").content.decode()
    assert "UTF-8" in unreadable
    assert "Only .csv and .xlsx" in send(client, firm["manager"], "x", "c.ods").content.decode()


def test_a_sheet_that_nobody_loads_is_forgotten_after_its_hours(client, firm, settings):
    settings.SHEET_KEPT_H = 6
    send(client, firm["manager"], "email,programme,done_on\nm@home.example,first,2024-05-06\n")
    draft = SheetDraft.objects.get()
    assert forget_stale_sheets() == 0
    age = datetime.timedelta(hours=6)
    SheetDraft.objects.update(made_at=timezone.now() - age + datetime.timedelta(minutes=1))
    assert forget_stale_sheets() == 0
    SheetDraft.objects.update(made_at=timezone.now() - age)
    refused = client.post(ADDRESS, {"draft": draft.pk}, follow=True).content.decode()
    assert "is too old. Send it again." in refused  # also before the sweep came by
    assert forget_stale_sheets() == 1
    assert forget_stale_sheets() == 0
    assert not SheetDraft.objects.exists()
    assert CourseRecord.objects.count() == 0
    assert "gkc_site.tasks.forget_stale_sheets" in settings.SWEEPS


def test_what_changed_between_looking_and_loading_is_refused(client, firm):
    sheet = "email,programme,done_on\nm@home.example,first,2024-05-06\n"
    send(client, firm["manager"], sheet)
    Membership.objects.filter(user=firm["member"]).update(
        until=timezone.localdate() - datetime.timedelta(days=1)
    )
    pk = SheetDraft.objects.get().pk
    response = client.post(ADDRESS, {"draft": pk})
    assert response.status_code == 409
    assert "nothing has been loaded" in response.content.decode()
    assert CourseRecord.objects.count() == 0
    other = make_user("manager", distributor=make_distributor())
    client.force_login(other)
    send(client, other, sheet.replace("m@home", other.email.partition("@")[0]))
    assert client.post(ADDRESS, {"draft": pk}).status_code == 302


def test_ones_own_course_waits_for_another_manager(client, firm):
    manager = firm["manager"]
    send(client, manager, f"email,programme,done_on\n{manager.email},first,2024-05-06\n")
    load(client)
    assert CourseRecord.objects.get(user=manager).confirmed_at is None


def test_an_excel_sheet_with_real_dates_is_read(client, firm):
    book = Workbook()
    book.active.title = "courses"
    book.active.append(["email", "programme", "done_on"])
    book.active.append(["m@home.example", "first", datetime.datetime(2024, 5, 6)])
    data = io.BytesIO()
    book.save(data)
    send(client, firm["manager"], data.getvalue(), "courses.xlsx")
    load(client)
    assert CourseRecord.objects.get().done_on == datetime.date(2024, 5, 6)


def test_an_administrator_loads_new_people_and_courses_of_all(client, firm):
    sheet = (
        "kind,email,first_name,distributor,years,programme,done_on\n"
        "course,new@home.example,,,,first,2024-05-06\n"
        "member,new@home.example,Nia,sheet-home,7,,\n"
        "course,s@away.example,,,,first,2024-05-06\n"
    )
    send(client, make_user("administrator"), sheet)
    load(client)
    assert CourseRecord.objects.confirmed().count() == 2
    assert User.objects.get(email="new@home.example").years_of_experience == 7


def test_another_post_from_a_sheet_is_confirmed_anew_or_by_who_loads_it(firm):
    member = firm["member"]
    member.post_confirmed_at, member.post_confirmed_by = timezone.now(), firm["manager"]
    member.save()
    row = {"kind": "member", "email": member.email, "distributor": "sheet-home"}

    def put(by, firms=None, **values):
        rows = [SheetRow("", 2, row | values)]
        _changes, problems = import_rows(rows, by=by, languages=codes(), firms=firms)
        assert problems == []
        member.refresh_from_db()
        return member.post_confirmed_by

    assert put(User.objects.get(is_system=True), post=member.post) == firm["manager"]
    assert put(User.objects.get(is_system=True), post="Driver") is None
    # Nobody vouches for what the sheet does not name.
    assert put(firm["manager"], [firm["home"]], years="12") is None
    assert put(firm["manager"], [firm["home"]], years="12", post="Driver") == firm["manager"]


def test_posts_to_confirm_stand_on_the_managers_desk(client, firm):
    def waiting():
        return [one for one in desk_items(firm["manager"]) if "Posts" in str(one.title)]

    assert len(waiting()) == 1
    # Years without a post can be confirmed as well.
    User.objects.filter(pk=firm["member"].pk).update(post="")
    client.force_login(firm["manager"])
    address = reverse("people_confirm", args=[firm["member"].pk])
    assert address in client.get(reverse("people_members")).content.decode()
    client.post(address)
    assert waiting() == []
    client.force_login(firm["member"])
    assert "has not confirmed" not in client.get(reverse("profile")).content.decode()


@pytest.mark.slow
def test_two_thousand_lines_are_loaded_at_once(client, firm, django_assert_max_num_queries):
    """Also that what it costs does not grow by the line."""
    people = User.objects.bulk_create(
        [User(email=f"p{number}@home.example", first_name="P") for number in range(200)]
    )
    Membership.objects.bulk_create(
        [Membership(user=one, distributor=firm["home"], since="2020-01-01") for one in people]
    )
    lines = [
        f"p{number % 200}@home.example,first,{2010 + number // 200}-01-01" for number in range(2000)
    ]
    sheet = "email,programme,done_on\n" + "\n".join(lines)
    client.force_login(firm["manager"])
    upload = SimpleUploadedFile("courses.csv", sheet.encode())
    with django_assert_max_num_queries(4100):  # a savepoint a line, and 60 beside
        shown = client.post(ADDRESS, {"file": upload}).content.decode()
    assert "2,000 lines read." in shown
    load(client)
    assert CourseRecord.objects.confirmed().count() == 2000
    broken = sheet + "\np1@home.example,nothing,2020-01-01\n" + "x@y.example,first,2020-01-01"
    shown = send(client, firm["manager"], broken).content.decode()
    assert "2 errors; nothing was changed" in shown
    assert 'data-th="Line">2,002<' in shown
