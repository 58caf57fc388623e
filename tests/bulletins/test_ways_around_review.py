"""Every way in Wagtail's admin, API and scheduler that could publish an unreviewed story.

Each is tried as a superuser through the real views. The control takes the
same way with an ordinary page, where it works: else the refusal would prove
nothing.
"""

import datetime
import io

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command, get_commands
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page, PageLogEntry, PageViewRestriction, TaskState

from bulletins.exceptions import TransitionRefused
from bulletins.models import CaseEvent, CaseStoryPage, StoryIndexPage
from bulletins.transitions import decide_case
from gkc_site.models import HomePage
from search.models import SearchDocument
from tests.factories.network import make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def stories():
    return Stories(make_reviewing_network())


@pytest.fixture
def root(client):
    """A superuser, signed in."""
    user = make_user(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def ordinary():
    """A page that goes through no review: another home page, not live."""
    parent = Page.get_first_root_node()
    home = HomePage.objects.first()
    page = HomePage(title="Ordinary", slug="ordinary", locale=home.locale, live=False)
    parent.add_child(instance=page)
    page.save_revision()
    return page


def standing(case) -> tuple:
    """Everything that must stay as it is."""
    case.refresh_from_db()
    return (
        case.stage,
        case.holder_id,
        case.is_published,
        list(CaseEvent.objects.filter(case=case).values_list("verb", flat=True)),
        list(
            CaseStoryPage.objects.order_by("pk").values_list(
                "pk", "path", "live", "live_revision_id", "latest_revision_id", "go_live_at"
            )
        ),
        sorted(SearchDocument.objects.values_list("key", "language", "version")),
        PageLogEntry.objects.filter(page__in=case.pages.all()).count(),
        PageViewRestriction.objects.count(),
    )


def pages_url(name, *args) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def bulk(action: str, page) -> str:
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", action]) + f"?id={page.pk}"


def edit_data(page, **more) -> dict:
    """What the editor's form sends for the page as it stands."""
    page = page.get_latest_revision_as_object()
    data = {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    form_class = page.get_edit_handler().get_form_class()
    for name in ["title", "slug", *form_class.base_fields]:
        if not hasattr(page, name):
            continue
        value = getattr(page, name)
        if hasattr(value, "raw_data"):
            data |= as_stream(name, [dict(block) for block in value.raw_data])
        elif value not in (None, False):
            data[name] = value
    return data | more


def as_stream(prefix: str, blocks: list[dict]) -> dict:
    """A StreamField's or list's value as its form sends it."""
    data = {f"{prefix}-count": len(blocks)}
    for place, block in enumerate(blocks):
        at = f"{prefix}-{place}"
        data |= {f"{at}-deleted": "", f"{at}-order": place, f"{at}-type": block["type"]}
        data |= {f"{at}-id": block.get("id") or ""} | as_value(f"{at}-value", block["value"])
    return data


def as_value(prefix: str, value) -> dict:
    if isinstance(value, dict):
        parts = [as_value(f"{prefix}-{name}", one) for name, one in value.items()]
        return {name: one for part in parts for name, one in part.items()}
    if isinstance(value, list):
        bare = [one for one in value if not (isinstance(one, dict) and "type" in one)]
        return as_stream(prefix, [{"type": "item", "value": one} for one in bare] or value)
    return {prefix: "" if value is None else value}


# name → (address, data) of an attempt on a page
ATTEMPTS = {
    "publish": lambda p: (
        pages_url("edit", p.pk),
        edit_data(p, **{"action-publish": "action-publish"}),
    ),
    "schedule": lambda p: (
        pages_url("edit", p.pk),
        edit_data(p, go_live_at="2020-01-01 00:00", **{"action-publish": "action-publish"}),
    ),
    "submit": lambda p: (
        pages_url("edit", p.pk),
        edit_data(p, **{"action-submit": "action-submit"}),
    ),
    "bulk publish": lambda p: (bulk("publish", p), {}),
    "bulk unpublish": lambda p: (bulk("unpublish", p), {}),
    "bulk delete": lambda p: (bulk("delete", p), {}),
    "bulk move": lambda p: (
        bulk("move", p),
        {"chooser": Page.objects.exclude(pk=p.get_parent().pk).filter(depth=2).first().pk},
    ),
    "unpublish": lambda p: (pages_url("unpublish", p.pk), {}),
    "delete": lambda p: (pages_url("delete", p.pk), {}),
    "revert": lambda p: (
        pages_url("revisions_revert", p.pk, p.revisions.first().pk),
        edit_data(p, revision=p.revisions.first().pk, **{"action-publish": "action-publish"}),
    ),
    "copy": lambda p: (
        pages_url("copy", p.pk),
        {
            "new_title": "Copy",
            "new_slug": "copied",
            "new_parent_page": p.get_parent().pk,
            "publish_copies": "on",
            "copy_subpages": "",
        },
    ),
    "alias": lambda p: (
        pages_url("copy", p.pk),
        {
            "new_title": "Alias",
            "new_slug": "alias",
            "new_parent_page": p.get_parent().pk,
            "alias": "on",
            "publish_copies": "on",
        },
    ),
    "move": lambda p: (
        pages_url(
            "move_confirm",
            p.pk,
            (
                Page.objects.filter(depth=2).exclude(pk=p.get_parent().pk).exclude(pk=p.pk).first()
            ).pk,
        ),
        {},
    ),
    "privacy": lambda p: (
        pages_url("set_privacy", p.pk),
        {"restriction_type": "login", "password": "", "groups": []},
    ),
    "lock": lambda p: (pages_url("lock", p.pk), {}),
    "workflow": lambda p: (
        pages_url(
            "workflow_action",
            p.pk,
            "approve",
            TaskState.objects.for_instance(p).latest("pk").pk,
        ),
        {"comment": "by rank"},
    ),
}


#: Attempts that end as an ordinary save of a draft where saving is allowed.
SAVING = {"publish", "schedule", "submit", "revert"}


@pytest.mark.parametrize("step", ["submitted", "at_neutral", "at_editing", "published"])
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_superuser_gets_nowhere(client, root, stories, attempt, step):
    case = getattr(stories, step)()
    page = case.source_page()
    before = standing(case)
    address, data = ATTEMPTS[attempt](page)
    answer = client.post(address, data)
    assert answer.status_code in (200, 302, 403), answer.status_code
    after = standing(case)
    if step == "published" and attempt in SAVING:
        # An editor may write a draft of a live story: readers keep their text.
        assert after[:3] == before[:3]
        assert [row[:4] for row in after[4]] == [row[:4] for row in before[4]]
        return
    assert after == before


CONTROLS = {
    "publish": lambda p: p.live,
    "bulk publish": lambda p: p.live,
    "delete": lambda p: not HomePage.objects.filter(pk=p.pk).exists(),
    "bulk delete": lambda p: not HomePage.objects.filter(pk=p.pk).exists(),
    "revert": lambda p: p.live,
    "copy": lambda p: (
        HomePage.objects.filter(slug="copied", live=False).exists()
        or HomePage.objects.filter(slug="copied").exists()
    ),
    "privacy": lambda p: PageViewRestriction.objects.filter(page=p.page_ptr).exists(),
    "lock": lambda p: p.locked,
}


@pytest.mark.parametrize("attempt", CONTROLS)
def test_control_an_ordinary_page_goes_the_same_way(client, root, ordinary, attempt):
    assert not CONTROLS[attempt](ordinary)
    address, data = ATTEMPTS[attempt](ordinary)
    client.post(address, data)
    ordinary = HomePage.objects.filter(pk=ordinary.pk).first() or ordinary
    assert CONTROLS[attempt](ordinary)


DIRECT = {
    "Page.publish": lambda p, u: p.publish(p.get_latest_revision(), user=u),
    "Revision.publish": lambda p, u: p.get_latest_revision().publish(user=u),
    "publish action": lambda p, u: PublishPageRevisionAction(
        p.get_latest_revision(), user=u
    ).execute(skip_permission_checks=True),
    "copy action": lambda p, u: CopyPageAction(
        p, to=p.get_parent(), update_attrs={"slug": "second"}, user=u
    ).execute(skip_permission_checks=True),
    "alias action": lambda p, u: CreatePageAliasAction(
        p, parent=p.get_parent(), update_slug="second", user=u
    ).execute(skip_permission_checks=True),
    "move action": lambda p, u: MovePageAction(
        p,
        StoryIndexPage.objects.exclude(pk=p.get_parent().pk).first(),
        pos="last-child",
        user=u,
    ).execute(skip_permission_checks=True),
    "delete action": lambda p, u: DeletePageAction(p, user=u).execute(skip_permission_checks=True),
    "approve by rank": lambda p, u: p.current_workflow_task_state.approve(user=u),
    "finish by rank": lambda p, u: p.current_workflow_state.finish(user=u),
    "cancel by rank": lambda p, u: p.current_workflow_state.cancel(user=u),
}


def _save_live(page):
    bare = Page.objects.get(pk=page.pk)
    bare.live = True
    bare.save()


@pytest.mark.parametrize("way", DIRECT)
def test_no_python_call_gets_around(stories, root, way):
    case = stories.at_neutral()
    before = standing(case)
    page = case.source_page()
    with pytest.raises((TransitionRefused, PermissionDenied)), transaction.atomic():
        DIRECT[way](page, root)
    assert standing(case) == before


def test_a_bare_page_is_not_saved_live(stories):
    case = stories.at_neutral()
    before = standing(case)
    with pytest.raises(TransitionRefused):
        _save_live(case.source_page())
    assert standing(case) == before


@pytest.mark.parametrize("what", ["go live", "expire"])
def test_the_scheduler_neither_publishes_nor_takes_off(stories, what, ordinary, caplog):
    yesterday = timezone.now() - datetime.timedelta(days=1)
    if what == "go live":
        case = stories.at_neutral()
        case.source_page().revisions.update(approved_go_live_at=yesterday)
    else:
        case = stories.published()
        CaseStoryPage.objects.filter(case=case).update(expire_at=yesterday)
    before = standing(case)
    ordinary.revisions.update(approved_go_live_at=timezone.now())
    call_command("publish_scheduled", stdout=io.StringIO())
    assert standing(case) == before
    assert any("publish_scheduled_passed_over" in line for line in caplog.messages)
    ordinary.refresh_from_db()
    assert ordinary.live, "a story in the way must not hold up an ordinary page"


@pytest.mark.parametrize("what", ["go live", "expire"])
def test_control_wagtails_own_scheduler_stops_at_a_story(stories, what):
    from wagtail.management.commands.publish_scheduled import Command

    yesterday = timezone.now() - datetime.timedelta(days=1)
    if what == "go live":
        stories.at_neutral().source_page().revisions.update(approved_go_live_at=yesterday)
    else:
        case = stories.published()
        CaseStoryPage.objects.filter(case=case).update(expire_at=yesterday)
    with pytest.raises(TransitionRefused), transaction.atomic():
        call_command(Command())


def test_the_scheduler_is_ours():
    assert get_commands()["publish_scheduled"] == "gkc_site"


def test_a_dry_run_says_what_is_due_and_changes_nothing(ordinary):
    ordinary.revisions.update(approved_go_live_at=timezone.now() - datetime.timedelta(days=1))
    said = io.StringIO()
    call_command("publish_scheduled", "--dryrun", stdout=said)
    assert said.getvalue() == "Publish: Ordinary\n"
    ordinary.refresh_from_db()
    assert not ordinary.live


def test_the_scheduler_takes_an_expired_ordinary_page_off(ordinary):
    ordinary.get_latest_revision().publish()
    HomePage.objects.filter(pk=ordinary.pk).update(
        expire_at=timezone.now() - datetime.timedelta(days=1)
    )
    call_command("publish_scheduled", stdout=io.StringIO())
    ordinary.refresh_from_db()
    assert (ordinary.live, ordinary.expired) == (False, True)


def test_control_the_scheduler_publishes_an_ordinary_page(ordinary):
    ordinary.revisions.update(approved_go_live_at=timezone.now() - datetime.timedelta(days=1))
    call_command("publish_scheduled", stdout=io.StringIO())
    ordinary.refresh_from_db()
    assert ordinary.live


def test_localize_neither_copies_a_live_story_nor_makes_an_alias(client, root, stories):
    case = stories.at_neutral()
    page = case.source_page()
    before = standing(case)
    from wagtail.models import Locale

    german = Locale.objects.get(language_code="de")
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    client.post(address, {"locales": [german.pk]})
    assert not CaseStoryPage.objects.filter(live=True).exists()
    assert not Page.objects.filter(alias_of__isnull=False).exists()
    assert standing(case)[:4] == before[:4]


# --- the workflow's buttons ---------------------------------------------------------
def workflow(page, action) -> str:
    return pages_url("workflow_action", page.pk, action, page.current_workflow_task_state.pk)


def test_the_admins_buttons_call_the_transitions(client, stories):
    case = stories.at_editing()
    client.force_login(case.holder)
    page = case.source_page()
    assert client.get(workflow(page, "reject")).status_code == 200
    client.post(workflow(page, "reject"), {"comment": "Shorten part 5, please."})
    case.refresh_from_db()
    assert (case.stage, case.events.last().reason) == (
        "changes_requested",
        "Shorten part 5, please.",
    )


def test_the_admins_approve_publishes_what_was_approved(client, stories):
    case = stories.at_editing()
    client.force_login(case.holder)
    client.post(workflow(case.source_page(), "approve"))
    case.refresh_from_db()
    assert (case.stage, case.source_page().live) == ("published", True)


def test_the_admin_declines(client, stories):
    case = stories.at_editing()
    client.force_login(case.holder)
    client.post(workflow(case.source_page(), "decline"), {"comment": "Told already."})
    case.refresh_from_db()
    assert case.stage == "declined"


@pytest.mark.parametrize("ajax", [False, True])
def test_a_refusal_is_a_sentence_not_an_error_page(client, stories, ajax):
    case = stories.at_editing()
    client.force_login(case.holder)
    page = case.source_page()
    before = standing(case)
    headers = {"X-Requested-With": "XMLHttpRequest"} if ajax else {}
    answer = client.post(workflow(page, "reject"), {"comment": " "}, headers=headers)
    assert answer.status_code == (200 if ajax else 302)
    seen = client.get(reverse("wagtailadmin_home"))
    assert "Say why: the author reads your reason." in seen.content.decode()
    assert standing(case) == before


def test_an_editor_of_the_authors_firm_is_told_why(client, stories):
    case = stories.at_editing()
    editor = case.holder
    from tests.factories.network import make_membership

    make_membership(editor, case.distributor)
    client.force_login(editor)
    before = standing(case)
    client.post(workflow(case.source_page(), "approve"))
    seen = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Nobody approves a story of their own distributor." in seen
    assert standing(case) == before


def test_the_editor_page_is_open_to_its_holder_and_shows_the_notes(client, stories):
    from review.transitions import write_note

    case = stories.at_editing()
    editor = case.holder
    write_note(case, by=editor, text="Check the second figure.", anchor="summary")
    other = next(e for e in stories.net["editors"] if e != editor)
    client.force_login(editor)
    html = client.get(pages_url("edit", case.source_page().pk)).content.decode()
    assert "Check the second figure." in html
    assert 'name="comments-TOTAL_FORMS"' not in html
    assert "go_live_at" not in html
    client.force_login(other)
    html = client.get(pages_url("edit", case.source_page().pk)).content.decode()
    assert "action-publish" not in html
    assert "Check the second figure." not in html


def test_wagtail_writes_no_mail(client, stories, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    case = stories.at_editing()
    client.force_login(case.holder)
    client.post(workflow(case.source_page(), "reject"), {"comment": "Shorter."})
    again = stories.at_editing()
    decide_case(again, decision="approve", by=again.holder)
    assert mail.outbox == []
