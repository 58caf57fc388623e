"""A distributor's own version of a programme: made, written, compared with its parent."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import Distributor
from network.tree import tree_change
from workshops.exceptions import TransitionRefused
from workshops.models import (
    Programme,
    ProgrammeEvent,
    ProgrammePage,
    ProgrammeVerb,
    Tailoring,
    WorkshopIndexPage,
)
from workshops.page_text import FIELDS, STREAMS, WRITABLE, fingerprint, rewritten, texts_of
from workshops.permissions import can_edit_version, can_tailor
from workshops.transitions.archiving import NO_LONGER, put_away, take_up
from workshops.versions import differs_from_base

# What a version takes over from its parent, once: the coordinator changes it later.
TAKEN_OVER = (
    *(
        "level",
        "audience",
        "process_steps",
        "days",
        "seats",
        "place_kind",
        "entry",
        "min_years",
        "asks",
    ),
    *("is_yearly_duty", "has_evaluation", "proof_days", "pass_mark", "gives_certificate"),
    *("fee_amount", "fee_currency", "fee_share", "is_example"),
)
# What a version is compared with its parent in, beside the words of the page.
COMPARED = (*(name for name in TAKEN_OVER if name != "is_example"), "requires", "topics")


def tailor(parent: Programme, distributor: Distributor, language: str, *, by) -> Programme:
    """Make the distributor's version from the parent's live page in a language; twice gives the
    first. Its page is a draft until it is published.

    Raises PermissionDenied, or TransitionRefused where there is no such page.
    """
    with tree_change():
        parent = Programme.objects.select_for_update(no_key=True).get(pk=parent.pk)
        if not can_tailor(by, parent, distributor):
            raise PermissionDenied
        if parent.parent_id or parent.is_archived:
            raise TransitionRefused(_("A version is made of a current global programme."))
        found = parent.versions.filter(distributor=distributor).first()
        if found is not None:
            if found.is_archived:  # taken up again
                take_up(found, by=by)
            return found
        page = parent.pages.filter(live=True, locale__language_code=language).first()
        if page is None:
            raise TransitionRefused(_("The programme has no page in this language."))
        key = _free_key(f"{parent.key}-{distributor.code}")
        made = Programme(
            key=key,
            name=_free_name(f"{parent.name} · {distributor.name}"),
            parent=parent,
            distributor=distributor,
            **{name: getattr(parent, name) for name in TAKEN_OVER},
        )
        made.save()
        made.topics.set(parent.topics.all())
        made.requires.set(parent.requires.all())
        copy = ProgrammePage(
            programme=made,
            slug=key,
            locale=page.locale,
            live=False,
            **{name: getattr(page, name) for name in (*FIELDS, *STREAMS)},
        )
        WorkshopIndexPage.objects.get(locale=page.locale).add_child(instance=copy)
        copy.save_revision(user=by)
        Tailoring.objects.create(programme=made, language=language, base=texts_of(page), made_by=by)
        ProgrammeEvent.objects.create(programme=made, by=by, verb=ProgrammeVerb.MAKE)
        return made


def _free_key(wanted: str) -> str:
    key, number = wanted[:60].strip("-"), 2
    while Programme.objects.filter(key=key).exists():
        key, number = f"{wanted[:56].strip('-')}-{number}", number + 1
    return key


def _free_name(wanted: str) -> str:
    name, number = wanted[:120], 2
    while Programme.objects.filter(name=name).exists():
        name, number = f"{wanted[:115]} {number}", number + 1
    return name


def version_page(version: Programme) -> ProgrammePage:
    """A version's one page, with its newest words, live or not."""
    page = version.pages.select_related("locale").get()
    return page.get_latest_revision_as_object()


def parent_page(version: Programme) -> ProgrammePage | None:
    """The parent's live page in the version's language; None where it has none any more."""
    pages = version.parent.pages.filter(live=True, locale__language_code=version.tailoring.language)
    return pages.select_related("locale").first()


def write_version(
    version: Programme,
    texts: dict[str, str],
    added: dict[str, str],
    *,
    by,
    seen: str,
    publish: bool,
) -> ProgrammePage:
    """Keep the words by anchor, with paragraphs `added` by stream; show them where `publish`.

    `seen` is the fingerprint of the words that the writer began from. Raises
    PermissionDenied, or TransitionRefused where somebody else wrote meanwhile,
    or the title is empty.
    """
    with tree_change():
        version = _locked(version, by)
        page = version_page(version)
        if fingerprint(texts_of(page)) != seen:
            raise TransitionRefused(
                _("Somebody else has changed this text. Yours stands below; compare, then save.")
            )
        title = texts.get("title", page.title).strip()
        if not title:
            raise TransitionRefused(_("A title is needed."))
        before = page.title
        page.title = page.draft_title = title[:255]
        page.summary = texts.get("summary", page.summary).strip()
        for stream in STREAMS:
            words = added.get(stream, "") if stream in WRITABLE else ""
            blocks = rewritten(getattr(page, stream).get_prep_value(), texts, words)
            block = ProgrammePage._meta.get_field(stream).stream_block
            setattr(page, stream, block.to_python(blocks))
        revision = page.save_revision(user=by)
        _note(version, by, before, page.title)
        if publish:
            revision.publish(user=by, skip_permission_checks=True)
        return page


def _note(version: Programme, by, before: str, after: str) -> None:
    """In the version's history: its text was written, or its name too."""
    changes = {"title": [before, after]} if before != after else {}
    ProgrammeEvent.objects.create(
        programme=version, by=by, verb=ProgrammeVerb.TEXT, changes=changes
    )


def take_over(version: Programme, anchor: str, *, by) -> ProgrammePage:
    """Put the parent's words in place of the version's at one place, as a draft.

    Raises PermissionDenied, or TransitionRefused where the parent has none.
    """
    with tree_change():
        version = _locked(version, by)
        page, parent = version_page(version), parent_page(version)
        theirs = texts_of(parent) if parent else {}
        if anchor not in theirs:
            raise TransitionRefused(_("The global text has no such place any more."))
        before = page.title
        if anchor in FIELDS:
            setattr(page, anchor, theirs[anchor])
            page.draft_title = page.title
        else:
            for stream in STREAMS:
                _take_block(page, parent, stream, anchor)
        page.save_revision(user=by)
        _note(version, by, before, page.title)
        return page


def _take_block(page, parent, stream: str, anchor: str) -> None:
    """The parent's block: in place of the version's, or behind the neighbour it has there."""
    theirs = getattr(parent, stream).get_prep_value()
    wanted = next((block for block in theirs if block["id"] == anchor), None)
    if wanted is None:
        return
    own = getattr(page, stream).get_prep_value()
    ids = [block["id"] for block in own]
    if anchor in ids:
        own[ids.index(anchor)] = wanted
    else:
        ahead = [block["id"] for block in theirs[: theirs.index(wanted)]]
        before = next((one for one in reversed(ahead) if one in ids), None)
        own.insert(ids.index(before) + 1 if before else 0, wanted)
    block = ProgrammePage._meta.get_field(stream).stream_block
    setattr(page, stream, block.to_python(own))


def settle_version(
    version: Programme, *, by, seen: str, last_change: int | None = None
) -> Tailoring:
    """Say that the version was compared with what its parent says and asks for now.

    `seen` is the fingerprint of the parent's words that were shown,
    `last_change` the parent's `last_change` then (not asked where None).
    Raises PermissionDenied, or TransitionRefused where either has changed since.
    """
    with tree_change():
        version = _locked(version, by)
        parent = parent_page(version)
        texts = texts_of(parent) if parent else {}
        if fingerprint(texts) != seen:
            raise TransitionRefused(_("The global text has just changed. Compare it once more."))
        if last_change is not None and last_change != last_change_of(version.parent):
            raise TransitionRefused(
                _("The global programme has just changed. Compare it once more.")
            )
        row = version.tailoring
        row.base, row.compare_since = texts, None
        row.settled_by, row.settled_at = by, timezone.now()
        row.save()
        return row


def mark_versions(page: ProgrammePage) -> int:
    """A programme's page went live with these words: versions made from others are 'to compare'.

    Returns how many are. Called with every publication, by every way in.
    """
    texts, marked = None, 0
    with transaction.atomic():
        rows = Tailoring.objects.filter(programme__parent=page.programme_id, language=page.language)
        for row in rows.select_for_update():
            texts = texts_of(page) if texts is None else texts
            is_old = differs_from_base(texts, row.base) or _asks_otherwise(row, page.programme_id)
            marked += is_old
            if is_old != (row.compare_since is not None):
                row.compare_since = timezone.now() if is_old else None
                row.save(update_fields=["compare_since"])
    return marked


def mark_versions_of(parent: Programme, changed: set[str]) -> int:
    """A programme asks for or holds something else: versions made from it are 'to compare'.

    `changed` names its fields. Returns how many are marked by that.
    """
    if not changed & set(COMPARED):
        return 0
    rows = Tailoring.objects.filter(programme__parent=parent, compare_since__isnull=True)
    return rows.update(compare_since=timezone.now())


def last_change_of(parent: Programme) -> int:
    """Names the parent's newest change; 0 where it never changed."""
    rows = parent.events.filter(verb=ProgrammeVerb.CHANGE).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def _asks_otherwise(row: Tailoring, parent_id: int) -> bool:
    """Whether the parent's fields changed since the version was made or last compared."""
    since = row.settled_at or row.made_at
    events = ProgrammeEvent.objects.filter(
        programme=parent_id, verb=ProgrammeVerb.CHANGE, at__gt=since
    )
    return any(set(COMPARED) & set(event.changes) for event in events)


def withdraw_version(version: Programme, *, by) -> Programme:
    """Take it out of the catalogue; its dates, history and certificates stay.

    Raises PermissionDenied, or TransitionRefused while sessions are ahead.
    """
    with tree_change():
        version = _locked(version, by)
        if version.sessions.upcoming().exists():
            raise TransitionRefused(_("Sessions are still ahead. Give or cancel them first."))
        if version.archived_at is None:
            put_away(version, by=by, reason=NO_LONGER)
        return version


def _locked(version: Programme, by) -> Programme:
    found = (
        Programme.objects.select_for_update(of=("self",), no_key=True)
        .select_related("parent", "distributor", "tailoring")
        .get(pk=version.pk)
    )
    if not can_edit_version(by, found):
        raise PermissionDenied
    return found
