"""The author's lines in 'Waiting for you', and the section 'Your stories' below it.

The number of queries does not grow with the number of stories: titles come
with one query over pages, never from `source_page()` story by story.
"""

from collections import defaultdict
from functools import partial

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bulletins.flow.rules import can_see_board, can_see_coaching
from bulletins.models import (
    AuthorInvitation,
    BulletinIssue,
    Case,
    CaseEvent,
    CaseStoryPage,
    IssueProposal,
    News,
    Stage,
)
from bulletins.permissions import can_manage_issues, can_view_reach, leads_anywhere
from bulletins.planning.dates import end_of
from bulletins.response_desk import response_items, results_items
from bulletins.response_rules import areas_of, sees_every_grid
from bulletins.timeline import ENDED, MARKS, track
from network.languages import autonym
from network.localize import date_text, number_text
from network.permissions import is_editor, is_member, managed_distributors, standing
from network.registry import DeskItem, Menu, desk_items, desk_places, desk_sections
from translations.permissions import translator_languages

# About how long a thing takes, in minutes; the writing of a whole story takes an hour.
MINUTES = {
    "draft": 30,
    "returned": 15,
    "edit": 5,
    "consent": 10,
    "invited": 3,
    "proposal": 2,
    "news": 5,
}
NEWS_LOOKED_AT = 50  # of what is shown now, newest first
LISTED = 50  # stories in the section; a firm writes a dozen a year


def titles(cases) -> dict[int, str]:
    """Case id → the title in its own language, as the newest text has it. One query."""
    rows = CaseStoryPage.objects.filter(
        case__in=[case.pk for case in cases], locale__language_code=F("case__source_language")
    )
    return {
        case: draft or title
        for case, draft, title in rows.values_list("case", "draft_title", "title")
    }


def own_items(user):
    """Drafts, requested changes and edits to confirm: three queries at most."""
    if not is_member(user):
        return
    mine = list(
        Case.objects.by_or_with(user).filter(
            Q(stage__in=[Stage.DRAFT, Stage.CHANGES_REQUESTED])
            | Q(author_confirm_until__gt=timezone.now())
        )
    )
    if not mine:
        return
    words = titles(mine)
    objected = _objected(mine)
    for case in mine:
        shown = {"title": words.get(case.pk, case.number), "language": case.source_language}
        if case.stage == Stage.DRAFT:
            yield DeskItem(
                what=_("Go on writing, then submit it."),
                url=reverse("share_case", args=[case.number]),
                since=case.since,
                minutes=MINUTES["draft"],
                state="draft",
                state_label=case.get_stage_display(),
                action=_("Go on writing"),
                **shown,
            )
        elif case.stage == Stage.CHANGES_REQUESTED:
            yield DeskItem(
                what=_("A reviewer asks for changes. The notes stand beside your text."),
                url=reverse("case_follow", args=[case.number]),
                since=case.since,
                minutes=MINUTES["returned"],
                state="returned",
                state_label=case.get_stage_display(),
                action=_("See the notes"),
                **shown,
            )
        elif case.pk not in objected:
            yield DeskItem(
                what=_("An editor changed your text. Confirm or object."),
                url=reverse("case_follow", args=[case.number]) + "#edit",
                since=case.since,
                due=case.author_confirm_until,
                minutes=MINUTES["edit"],
                state=MARKS[case.stage],
                state_label=case.get_stage_display(),
                action=_("See the change"),
                **shown,
            )


def _objected(cases) -> set[int]:
    """Cases whose last word on an edit is the author's objection."""
    waiting = [case.pk for case in cases if case.author_confirm_until]
    if not waiting:
        return set()
    last = {}
    events = CaseEvent.objects.filter(case__in=waiting, verb__in=["edit", "author_object"])
    for case, verb in events.values_list("case", "verb"):
        last[case] = verb
    return {case for case, verb in last.items() if verb == "author_object"}


def consent_items(user):
    """Stories that a distributor manager is asked to open to everyone: two queries at most."""
    firms = managed_distributors(user) if is_member(user) else []
    if not firms:
        return
    asked = CaseEvent.objects.filter(case=OuterRef("pk"), verb="ask_public")
    answered = CaseEvent.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk")).filter(
        verb__in=["refuse_public", "consent_public", "publish"]
    )
    cases = list(
        Case.objects.filter(distributor__in=firms, stage=Stage.PUBLISHED, consent_by=None)
        .exclude(audience="public")
        .filter(Exists(asked.filter(~Exists(answered))))
    )
    if not cases:
        return
    words = titles(cases)
    since = dict(
        CaseEvent.objects.filter(case__in=cases, verb="ask_public").values_list("case", "at")
    )
    for case in cases:
        yield DeskItem(
            title=words.get(case.pk, case.number),
            language=case.source_language,
            what=_("May everyone read it, people outside the network too?"),
            url=reverse("case_follow", args=[case.number]) + "#public",
            since=since[case.pk],
            minutes=MINUTES["consent"],
            state="published",
            state_label=case.get_stage_display(),
            action=_("Read it and decide"),
        )


def clearance_items(user):
    """Stories whose distributor agrees to everyone reading them: an editor opens them. Two
    queries at most."""
    if not is_editor(user):
        return
    cases = list(
        Case.objects.filter(stage=Stage.PUBLISHED, consent_by__isnull=False, cleared_at=None)
    )
    if not cases:
        return
    words = titles(cases)
    for case in cases:
        yield DeskItem(
            title=words.get(case.pk, case.number),
            language=case.source_language,
            what=_("Its distributor agrees to everyone reading it. Open it, or leave it closed."),
            url=reverse("review_case", args=[case.number]),
            since=case.consent_at,
            minutes=MINUTES["consent"],
            state="published",
            state_label=case.get_stage_display(),
            action=_("Read it and decide"),
        )


def invited_items(user):
    """Stories that a lead asked this person to write. One query."""
    if not is_member(user) or not standing(user).memberships:
        return
    rows = AuthorInvitation.objects.open().filter(
        author=user, distributor__in=standing(user).distributor_ids
    )
    for row in rows.select_related("by"):
        yield DeskItem(
            title=row.sentence,
            what=_("%(name)s asks you to tell this story. Begin it, or decline and say why.")
            % {"name": row.by.display_name},
            url=reverse("author_invitation", args=[row.pk]),
            since=row.at,
            due=end_of(row.wished_on) if row.wished_on else None,
            minutes=MINUTES["invited"],
            state="submitted",
            state_label=_("Asked of you"),
            action=_("Answer"),
        )


def proposal_items(user):
    """Months with proposals that wait for an editor's answer. Two queries."""
    if not is_editor(user):
        return
    rows = (
        IssueProposal.objects.open()
        .order_by("month")
        .values("month")
        .annotate(count=Count("pk"), since=Min("at"))
    )
    rows = list(rows)
    issues = {
        issue.month: issue
        for issue in BulletinIssue.objects.filter(month__in=[row["month"] for row in rows])
    }
    for row in rows:
        month, issue = date_text(row["month"], "month"), issues.get(row["month"])
        url = reverse("issue_desk", args=[issue.pk]) if issue else reverse("issue_proposals")
        yield DeskItem(
            title=_("Stories proposed for %(month)s") % {"month": month},
            what=ngettext(
                "%(count)s story is proposed by a region and waits for your answer.",
                "%(count)s stories are proposed by regions and wait for your answer.",
                row["count"],
            )
            % {"count": number_text(row["count"])},
            url=f"{url}#proposals",
            since=row["since"],
            minutes=MINUTES["proposal"] * row["count"],
            state="submitted",
            state_label=_("Proposed"),
            action=_("Answer"),
        )


def news_items(user):
    """News that a translator's languages lack, or have for an earlier original. Two queries."""
    languages = translator_languages(user)
    if not languages:
        return
    rows = list(News.objects.out().prefetch_related("texts")[:NEWS_LOOKED_AT])
    for language in languages:
        waiting = [item for item in rows if item.lacks(language)]
        if not waiting:
            continue
        names = {"count": number_text(len(waiting)), "language": autonym(language)}
        yield DeskItem(
            title=_("News in %(language)s") % names,
            what=ngettext(
                "%(count)s item of news waits for its text in %(language)s.",
                "%(count)s items of news wait for their text in %(language)s.",
                len(waiting),
            )
            % names,
            url=reverse("news_desk"),
            since=min(item.published_at for item in waiting),
            minutes=MINUTES["news"] * len(waiting),
            state="review",
            state_label=_("To translate"),
            action=_("Translate"),
        )


def stories_section(user):
    """'Your stories': those on their way with their track, the others in a list. Four queries."""
    if not is_member(user) or not standing(user).memberships:
        return
    cases = list(
        Case.objects.by_or_with(user)
        .select_related("author", "holder", "distributor")
        .order_by("-since")[:LISTED]
    )
    events = defaultdict(list)
    for event in CaseEvent.objects.filter(case__in=[case.pk for case in cases]):
        events[event.case_id].append(event)
    words = titles(cases)
    rows = [
        {
            "case": case,
            "title": words.get(case.pk, case.number),
            "stations": track(case, events[case.pk]),
        }
        for case in cases
    ]
    ended = ENDED | {Stage.PUBLISHED}
    yield {
        "template": "bulletins/desk_stories.html",
        "context": {
            "on_its_way": [row for row in rows if row["case"].stage not in ended],
            "others": [row for row in rows if row["case"].stage in ended],
        },
    }


def places(user):
    """Where an author writes, a firm answers, and an editor makes issues."""
    if standing(user).memberships:
        yield Menu(_("Share a story"), partial(reverse, "share_start"), 10)
        yield Menu(_("Responses"), partial(reverse, "responses"), 12)
    if areas_of(user) or sees_every_grid(user):
        yield Menu(_("Responses by distributor"), partial(reverse, "response_grid"), 28)
    if can_manage_issues(user):
        yield Menu(_("Bulletin issues"), partial(reverse, "issue_desks"), 30)
    if can_view_reach(user):
        yield Menu(_("Whom the issues reached"), partial(reverse, "issue_reaches"), 31)
    if can_see_board(user):
        yield Menu(_("Board"), partial(reverse, "board"), 21)
    if can_see_coaching(user):
        yield Menu(_("Coaching log"), partial(reverse, "coaching_log"), 29)
    if leads_anywhere(user):
        yield Menu(_("The region's desk"), partial(reverse, "region_desk"), 25)
    if leads_anywhere(user) or is_editor(user):
        yield Menu(_("News"), partial(reverse, "news_desk"), 35)


def connect() -> None:
    """Called once, from the app's ready()."""
    desk_items.register("bulletins.responses", response_items)
    desk_items.register("bulletins.results", results_items)
    desk_items.register("bulletins.own", own_items)
    desk_items.register("bulletins.consent", consent_items)
    desk_items.register("bulletins.clearance", clearance_items)
    desk_items.register("bulletins.invited", invited_items)
    desk_items.register("bulletins.proposals", proposal_items)
    desk_items.register("bulletins.news", news_items)
    desk_places.register("bulletins", places)
    desk_sections.register("bulletins.stories", stories_section)
