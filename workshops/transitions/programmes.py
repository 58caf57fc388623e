"""A programme is made or changed: what it is, asks for and costs, its name and summary."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import Locale

from network.languages import reading_order
from network.localize import list_text
from network.tree import tree_change
from search.api import mark_changed
from touchpoints.api import tell_each
from workshops.eligibility import eligibility, with_courses
from workshops.exceptions import FieldsRefused, StaleForm, TransitionRefused
from workshops.models import (
    Enrolment,
    Programme,
    ProgrammeEvent,
    ProgrammePage,
    ProgrammeVerb,
    Session,
    WorkshopIndexPage,
)
from workshops.models.session import ENROLLABLE
from workshops.permissions import can_make_programme
from workshops.titles import titles_for
from workshops.transitions.archiving import locked_programme
from workshops.transitions.core import changing, promote
from workshops.transitions.publishing import SOURCE_LANGUAGE
from workshops.transitions.tailoring import mark_versions_of
from workshops.transitions.wishing import look_again
from workshops.transitions.wording import TEXTS, words_in, write_words

SCALARS = (
    *("name", "level", "audience", "process_steps", "days", "seats", "place_kind", "entry"),
    *("min_years", "asks", "is_yearly_duty", "has_evaluation", "proof_days", "pass_mark"),
    *("gives_certificate", "fee_amount", "fee_currency", "fee_share"),
)
MANY = ("requires", "topics")  # by key, by slug
# What decides to whom a programme is open.
RULES = frozenset({"min_years", "requires", "entry"})
FEE = frozenset({"fee_amount", "fee_currency", "fee_share"})
RULE_CHANGED = gettext_noop("The programme asks for something else now.")


def source_page(programme: Programme) -> ProgrammePage | None:
    """The page that a programme is written in, as it stands in its row: English, or a version's
    own language. None where none was made."""
    pages = programme.pages.select_related("locale")
    if programme.parent_id is None:
        pages = pages.filter(locale__language_code=SOURCE_LANGUAGE)
    return pages.first()


def newest_words(page: ProgrammePage) -> ProgrammePage:
    """The page with the words of its newest draft."""
    return page.get_latest_revision_as_object() if page.latest_revision_id else page


def state_of(programme: Programme, languages: Iterable[str] = ()) -> dict:
    """Field → what stands there, as JSON: for the form, the history and the mark; 'title_ja' and
    'summary_ja' with Japanese among the `languages`. Four queries, and one a language."""
    found = {name: _plain(getattr(programme, name)) for name in SCALARS}
    found["requires"] = sorted(programme.requires.values_list("key", flat=True))
    found["topics"] = sorted(programme.topics.values_list("slug", flat=True))
    page = source_page(programme)
    words = newest_words(page) if page is not None else None
    found |= {name: getattr(words, name, "") for name in TEXTS}
    return found | words_in(page, languages)


def mark_of(state: Mapping) -> str:
    """Another one means that somebody changed the programme since."""
    text = json.dumps(state, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def make_programme(
    values: Mapping, *, by, key: str, once: uuid.UUID | None = None, show: bool = True
) -> Programme:
    """Add a programme with its English page; in the catalogue at once where `show`.

    `values` maps names of SCALARS, MANY (objects) and TEXTS, these in English;
    'words' those of further languages (`write_words`). `once` is the form's own
    key: sent twice, it gives the first. Raises PermissionDenied, or
    FieldsRefused for what cannot stand.
    """
    if not can_make_programme(by):
        raise PermissionDenied
    with tree_change():
        once = once or uuid.uuid4()
        found = Programme.objects.filter(programme_key=once).first()
        if found is not None:
            return found
        made = Programme(key=key, programme_key=once)
        _write_row(made, values, by=by, state={})
        _write_page(made, values, by=by, show=show)
        words = values.get("words", {})
        write_words(source_page(made), words, by=by)
        _note(made, ProgrammeVerb.MAKE, {}, state_of(made, words), by=by)
        mark_changed(made)
        return made


def change_programme(
    programme: Programme, values: Mapping, *, by, seen: str | None = None, show: bool = False
) -> Programme:
    """Change what a programme says of itself; only what differs is written down.

    Where it opens to people by that, those who wished to be told are, and the
    line moves up; where it closes, those with a seat keep it, and those
    without are told that their place leads to none for now. Dates that people
    may enrol for keep their fee. `seen` is the mark of what the form began
    from. Raises PermissionDenied, StaleForm, FieldsRefused, or
    TransitionRefused for an archived one.
    """
    with tree_change():
        found = locked_programme(programme, by)
        if found.is_archived:
            raise TransitionRefused(_("This programme is archived. Take it up again first."))
        words = values.get("words", {})
        before = state_of(found, words)
        if seen is not None and seen != mark_of(before):
            raise StaleForm(
                _(
                    "Somebody changed this programme since you opened this page, and nothing was "
                    "saved. What you typed still stands here: compare it, then save it."
                )
            )
        hopeful = _hopeful(found)
        _write_row(found, values, by=by, state=before)
        shown = _write_page(found, values, by=by, show=show)
        if words and (page := source_page(found)) is not None:
            write_words(page, words, by=by)
        after = state_of(found, words)
        changed = {name for name in after if after[name] != before[name]}
        if changed:
            _note(found, ProgrammeVerb.CHANGE, before, after, by=by)
        if shown:
            ProgrammeEvent.objects.create(programme=found, by=by, verb=ProgrammeVerb.SHOW)
        mark_versions_of(found, changed)
        if changed & FEE:
            _keep_fees(found, before)
        if changed & RULES:
            _reconsider(found, hopeful)
        if changed or shown:
            mark_changed(found)
        if "process_steps" in changed:
            for session in found.sessions.filter(state__in=ENROLLABLE):
                mark_changed(session)
        return found


# --- the row ----------------------------------------------------------------------------
def _write_row(programme: Programme, values: Mapping, *, by, state: Mapping) -> None:
    """Raises FieldsRefused."""
    for name in SCALARS:
        if name in values:
            setattr(programme, name, values[name])
    if not programme.fee_amount:
        programme.fee_amount, programme.fee_currency = None, ""
    if programme.min_years == 0:
        programme.min_years = None
    if programme.is_yearly_duty and state and not state["is_yearly_duty"]:
        programme.duty_since = timezone.localdate()
    errors: dict[str, list[str]] = {}
    if programme.is_yearly_duty and programme.place_kind != "lab":
        errors["is_yearly_duty"] = [
            _("A yearly duty is taken at the computer: choose that under “Kind”.")
        ]
    if not 1 <= (programme.pass_mark or 0) <= 100:
        errors["pass_mark"] = [_("Between 1 and 100 per cent.")]
    if not 0 <= programme.fee_share <= 100:
        errors["fee_share"] = [_("Between 0 and 100 per cent.")]
    if programme.fee_amount and not programme.fee_currency:
        errors["fee_currency"] = [_("A fee has a currency.")]
    try:
        programme.full_clean(validate_constraints=False)  # said above, in words
    except ValidationError as error:
        errors = _sentences(error) | errors
    if "title" in values and not values["title"].strip():
        errors["title"] = [_("A name is needed.")]
    if errors:
        raise FieldsRefused(errors)
    wanted = list(values["requires"]) if "requires" in values else None
    if wanted is not None:
        _check_required(programme, wanted, by)
    programme.save()
    if wanted is not None:
        programme.requires.set(wanted)
    if "topics" in values:
        programme.topics.set(values["topics"])


def _sentences(error: ValidationError) -> dict[str, list[str]]:
    found = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    return {name: list(sentences) for name, sentences in found.items()}


def _check_required(programme: Programme, wanted: list[Programme], by) -> None:
    """Raises FieldsRefused for a ring, a version, or a programme that is newly asked for and no
    longer given."""
    known = set(programme.requires.values_list("pk", flat=True)) if programme.pk else set()
    for one in wanted:
        if one.pk not in known and (one.is_archived or one.parent_id):
            raise FieldsRefused(
                {"requires": [_("“%(name)s” cannot be asked for.") % {"name": one.name}]}
            )
    ring = ring_through(programme, wanted)
    if ring:
        titles = titles_for(ring, reading_order(by))
        links = [
            _("“%(one)s” asks for “%(other)s”")
            % {"one": titles[one.pk].title, "other": titles[other.pk].title}
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True)
        ]
        said = _("Nobody could ever begin: %(ring)s.") % {"ring": list_text(links)}
        raise FieldsRefused({"requires": [said]})


def ring_through(programme: Programme, wanted: Iterable[Programme]) -> list[Programme]:
    """The programmes of a ring that would close if `programme` asked for those, in order, itself
    first; empty where there is none. Two queries at most."""
    if programme.pk is None:
        return []
    asks: dict[int, list[int]] = {}
    rows = Programme.requires.through.objects.order_by("to_programme")
    for one, other in rows.values_list("from_programme", "to_programme"):
        asks.setdefault(one, []).append(other)
    asks[programme.pk] = [one.pk for one in wanted]
    path = _path(asks, programme.pk)
    found = Programme.objects.in_bulk(path)
    return [found[pk] for pk in path]


def _path(asks: Mapping[int, list[int]], start: int) -> list[int]:
    """The keys of a way from `start` back to it; empty where there is none."""
    came_from: dict[int, int] = {}
    todo = [start]
    while todo:
        one = todo.pop()
        for other in asks.get(one, ()):
            if other == start:
                way = [one]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if other not in came_from:
                came_from[other] = one
                todo.append(other)
    return []


# --- the page -----------------------------------------------------------------------------
def _write_page(programme: Programme, values: Mapping, *, by, show: bool) -> bool:
    """Write name and summary; returns whether the page has come into the catalogue by it.

    A live page has them at once, and a draft of its text stays a draft, with
    the same name.
    """
    if programme.parent_id is not None:
        return False  # a version is written at its own desk
    page = source_page(programme)
    if page is None:
        if "title" not in values:
            return False
        locale = Locale.objects.get(language_code=SOURCE_LANGUAGE)
        page = ProgrammePage(
            programme=programme,
            title=_title(values),
            slug=programme.key,
            summary=values.get("summary", "").strip(),
            locale=locale,
            live=False,
        )
        WorkshopIndexPage.objects.get(locale=locale).add_child(instance=page)
        page.save_revision(user=by)
    else:
        _rename(page, values, by=by)
    if page.live or not show:
        return False
    newest = page.get_latest_revision() or page.save_revision(user=by)
    newest.publish(user=by, skip_permission_checks=True)
    return True


def _rename(page: ProgrammePage, values: Mapping, *, by) -> None:
    words = newest_words(page)
    title = _title(values) if "title" in values else words.title
    summary = values.get("summary", words.summary).strip()
    if (words.title, words.summary) == (title, summary):
        return
    if page.live:
        draft = words if page.has_unpublished_changes else None
        page.title = page.draft_title = title
        page.summary = summary
        page.save_revision(user=by).publish(user=by, skip_permission_checks=True)
        if draft is None:
            return
        words = draft
    words.title = words.draft_title = title
    words.summary = summary
    words.save_revision(user=by)


def _title(values: Mapping) -> str:
    return values["title"].strip()[:255]


# --- what follows ---------------------------------------------------------------------------
def _note(programme: Programme, verb: ProgrammeVerb, before, after, *, by) -> None:
    changes = {
        name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]
    }
    ProgrammeEvent.objects.create(programme=programme, verb=verb, by=by, changes=changes)


def _keep_fees(programme: Programme, before: Mapping) -> None:
    """Dates that people may enrol for, and that said nothing of a fee, keep the one there was."""
    had = before["fee_amount"] is not None
    currency = before["fee_currency"] if had else programme.fee_currency
    if not currency:
        return
    sessions = programme.sessions.filter(state__in=ENROLLABLE, ends_at__gt=timezone.now())
    sessions.filter(fee_amount__isnull=True).update(
        fee_amount=Decimal(before["fee_amount"]) if had else 0,
        fee_currency=currency,
        fee_share=before["fee_share"] if had else None,
    )


def _hopeful(programme: Programme) -> list[Enrolment]:
    """People without a seat yet, to whom the programme is open as it stands."""
    rows = Enrolment.objects.filter(
        session__programme=programme,
        state__in=["requested", "nominated", "waiting"],
        session__state__in=ENROLLABLE,
        session__starts_at__gt=timezone.now(),
    )
    rows = list(rows.select_related("user", "distributor", "session").order_by("pk"))
    people = {row.user_id: row.user for row in rows}
    with_courses(people.values())
    return [row for row in rows if eligibility(people[row.user_id], programme, nominated=True).open]


def _reconsider(programme: Programme, hopeful: list[Enrolment]) -> None:
    """Those whom the change makes eligible are told by the sweep, and have the free seats; those
    whom it does not any more are told that they wait for what is missing."""
    at = timezone.now()
    look_again(programme, at=at)
    closed = [row for row in hopeful if not eligibility(row.user, programme, nominated=True).open]
    tell_each("workshops.asks_for_more", [(row, {}) for row in closed])
    sessions = Session.objects.filter(
        programme=programme, state__in=ENROLLABLE, starts_at__gt=at, enrolments__state="waiting"
    )
    for session in sessions.order_by("pk").distinct():
        with changing(session) as held:
            promote(held, why=RULE_CHANGED, at=at)


def _plain(value):
    return str(value) if isinstance(value, Decimal) else value
