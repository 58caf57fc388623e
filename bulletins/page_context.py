"""What the templates of story and issue pages are given.

Functions take objects and querysets and import no model of this room, so
that models may call them. Query cost: each names its own.
"""

from network.languages import reading_order


def story(request, page) -> dict:
    """A story's own page. Three queries: case with its places, topics, translations."""
    case = page.case
    return {
        "case": case,
        "topics": list(case.topics.all()),
        "reading": reading_order(request.user, first=page.language),
    }


def story_index(request, page, cases) -> dict:
    """All stories this reader may read, newest first."""
    return {"cases": cases.select_related("distributor__country")}


def issue(request, page, cases) -> dict:
    """An issue: its stories in order, those this reader may read marked."""
    readable = set(cases.filter(in_issue__issue=page.issue).values_list("pk", flat=True))
    rows = page.issue.stories.select_related("case__distributor__country")
    return {"issue": page.issue, "stories": [row for row in rows if row.case_id in readable]}


def issue_index(request, page, issues) -> dict:
    """All released issues, newest first."""
    return {"issues": issues}
