"""What a story needs before it may be submitted: R1, R2, R3.

Functions take a page (saved or built from a form) and import no model.
"""

from django.utils.translation import gettext as _

# What an editor may mark 'not recorded in the source' for an archive case → its part.
RECORDABLE = {
    "seen": "background",
    "gap": "target",
    "causes": "causes",
    "countermeasures": "did",
    "results": "happened",
    "learned": "learned",
}


def missing(page) -> dict[str, list[tuple[str, str]]]:
    """What is missing: part → [(field, sentence)] in the active language; empty when complete.

    What the source of an archive case does not record is not asked for.
    """
    unrecorded = set(page.case.not_recorded) if page.case.is_archive else set()
    found: dict[str, list[tuple[str, str]]] = {}

    def miss(part: str, field: str, sentence: str) -> None:
        found.setdefault(part, []).append((field, sentence))

    if not page.title.strip() or page.title == untitled():
        miss("title", "title", _("Give the story a title."))
    if not page.summary.strip():
        miss("title", "summary", _("Write a summary of one or two sentences."))
    if "seen" not in unrecorded:
        if not page.place_seen.strip():
            miss("background", "place_seen", _("Say where this was seen."))
        if page.seen_on is None:
            miss("background", "seen_on", _("Say when this was seen."))
    if not _has_text(page.background):
        miss("background", "background", _("Describe the background."))
    if "gap" not in unrecorded and not len(page.gap):
        miss("target", "gap", _("Name the gap: from what, to what."))
    if "causes" not in unrecorded:
        _check_causes(page, miss)
    if "countermeasures" not in unrecorded:
        _check_countermeasures(page, miss, asks_for_cause="causes" not in unrecorded)
    if "results" not in unrecorded and not len(page.results) and not page.not_measured:
        miss(
            "happened",
            "results",
            _("Add a result, before and after, or choose “Not measured”."),
        )
    if "learned" not in unrecorded and not _has_text(page.learned):
        miss("learned", "learned", _("Say what you learned."))
    return found


def untitled() -> str:
    """The title of a story before its author gives it one."""
    return "…"


def _has_text(stream) -> bool:
    return any(str(block.value).strip() for block in stream)


def _check_causes(page, miss) -> None:
    if not len(page.causes):
        miss("causes", "causes", _("Name at least one cause."))
    for block in page.causes:
        if not any(str(why).strip() for why in block.value["whys"]):
            miss("causes", "causes", _("Give each cause one to five whys."))
            return


def _check_countermeasures(page, miss, *, asks_for_cause: bool) -> None:
    if not len(page.countermeasures):
        miss("did", "countermeasures", _("Name at least one countermeasure."))
    causes = {block.id for block in page.causes}
    for block in page.countermeasures:
        if asks_for_cause and block.value["cause"] not in causes:
            miss(
                "did",
                "countermeasures",
                _("Each countermeasure answers a cause from part 4; choose which."),
            )
            return
