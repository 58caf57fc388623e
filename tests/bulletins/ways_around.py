"""The table of ways that could publish an unreviewed story: in the admin, and in Python.

Each takes a page and says what to post where, or what to call. `CONTROLS`
says of those that an ordinary page can take how to see that they worked.
"""

from django.urls import reverse
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Page, PageLogEntry, PageViewRestriction, TaskState

from bulletins.models import CaseEvent, CaseStoryPage, StoryIndexPage
from gkc_site.models import HomePage
from search.models import SearchDocument


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


def workflow(page, action: str) -> str:
    """The address of a button of the workflow that the page is in."""
    return pages_url("workflow_action", page.pk, action, page.current_workflow_task_state.pk)


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


def save_live(page):
    bare = Page.objects.get(pk=page.pk)
    bare.live = True
    bare.save()
