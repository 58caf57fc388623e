"""Takes the demo's stories their way: written, submitted, reviewed and published by its people.

Every step is a transition that a person could have done at the desk.
"""

import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone

from bulletins.models import Case, CaseEvent, CaseStoryPage
from bulletins.transitions import (
    clear_public,
    consent_public,
    decide_case,
    make_ready,
    start_case,
    submit_case,
)
from gkc_site.demo.pictures import chart
from gkc_site.demo.story_files import StoryFile, story_files
from network.append_only import unlocked
from network.models import Distributor, GkcDocument, GkcImage, Topic, User

# How far each state goes: the decisions taken, in order.
APPROVALS = {
    "area_review": 0,
    "neutral_review": 1,
    "changes_requested": 1,
    "editing": 2,
    "ready": 2,
    "published": 2,
}
# What the demo's neutral reviewer asks of the story that was returned.
QUESTION = "In which countries was the draft shown first, and what did the dealers change?"


def load_stories() -> list[Case]:
    """Load every story that is not there yet. Returns the new cases."""
    files = story_files()
    made = []
    for order, file in enumerate(files):
        if CaseStoryPage.objects.filter(translation_key=file.key).exists():
            continue
        case = write_story(file)
        take_its_way(case, file)
        backdate(case, days=(len(files) - order) * 4 + 3)
        made.append(case)
    return made


def firm_in(country: str | None):
    """The active firms of a country, of all countries for None, by code."""
    firms = Distributor.objects.active().order_by("code")
    return firms.filter(country_id=country) if country else firms


def author_of(firm: Distributor) -> User:
    """The firm's author: a plain member where there is one, else the deputy, else the manager."""
    members = firm.memberships.current().select_related("user")
    plain = [m.user for m in members if not m.contact and not m.user.mandates.exists()]
    deputies = [m.user for m in members if m.contact == "deputy"]
    managers = [m.user for m in members if m.contact == "first"]
    return (plain + deputies + managers)[0]


def write_story(file: StoryFile) -> Case:
    """A draft with its whole text, picture and files, as one revision by its author."""
    firm = firm_in(file.facts["country"]).first()
    author = author_of(firm)
    case = start_case(
        by=author,
        distributor=firm,
        language=file.source_language,
        audience="region" if file.facts["audience"] == "region" else "network",
    )
    case.is_archive = file.facts.get("is_archive", True)
    case.not_recorded = file.facts["not_recorded"]
    case.is_example = file.facts.get("example", False)
    case.process_steps = file.facts["processes"]
    case.save(update_fields=["is_archive", "not_recorded", "is_example", "process_steps"])
    case.topics.set(Topic.objects.filter(slug__in=file.facts["topics"]))
    CaseStoryPage.objects.filter(case=case).update(translation_key=file.key)
    page = case.source_page()
    for name, value in file.page_values().items():
        stream = getattr(page._meta.get_field(name), "stream_block", None)
        setattr(page, name, stream.to_python(value) if stream else value)
    page.pictures = page._meta.get_field("pictures").stream_block.to_python(picture(file, case))
    page.files = page._meta.get_field("files").stream_block.to_python(files(file, case))
    page.save_revision(user=author)
    return case


def picture(file: StoryFile, case: Case) -> list[dict]:
    """The story's chart as a block; nothing where it reports no result."""
    text = file.texts[file.source_language]
    pairs = [(float(r["before"]), float(r["after"])) for r in file.facts.get("results", [])]
    if not pairs or not text.get("figure_alt"):
        return []
    image = GkcImage.objects.create(
        title=text["title"],
        guard="bulletins.case",
        guard_key=case.number,
        file=ImageFile(BytesIO(chart(pairs)), name=f"{file.slug}.png"),
    )
    value = {
        "image": image.pk,
        "alt": text["figure_alt"],
        "caption": text["figure_caption"],
        "part": "happened",
    }
    return [{"type": "picture", "value": value, "id": str(file.id_of("picture"))}]


def files(file: StoryFile, case: Case) -> list[dict]:
    """What the story attaches, as blocks: real files, whose words search finds."""
    blocks = []
    for key, title, path in file.attached():
        document = GkcDocument(title=title, guard="bulletins.case", guard_key=case.number)
        document.file = ContentFile(path.read_bytes(), name=path.name)
        document._set_document_file_metadata()
        document.save()
        value = {"document": document.pk, "title": title}
        blocks.append({"type": "file", "value": value, "id": str(file.id_of("file", key))})
    return blocks


def take_its_way(case: Case, file: StoryFile) -> None:
    """Submit it and take the decisions that lead to its state."""
    state = file.facts["state"]
    if state == "draft":
        return
    submit_case(case, by=case.author, people_agreed=True, no_customer_data=True)
    for _step in range(APPROVALS[state]):
        decide_case(case, decision="approve", by=case.holder)
    if state == "changes_requested":
        decide_case(case, decision="request_changes", by=case.holder, reason=QUESTION)
    elif state == "ready":
        make_ready(case, by=case.holder)
    elif state == "published":
        decide_case(case, decision="approve", by=case.holder)
        if file.facts["audience"] == "public":
            manager = case.distributor.memberships.contacts().filter(contact="first").first().user
            consent_public(case, by=manager)
            clear_public(case, by=User.objects.holding("editor").order_by("pk").first())


def backdate(case: Case, *, days: int) -> None:
    """Let the way have begun some days ago, a day or two a step: a desk with some age to it."""
    events = list(case.events.all())
    start = timezone.now() - datetime.timedelta(days=days)
    step = datetime.timedelta(days=days / (len(events) + 1))
    moments = [start + step * order for order in range(len(events))]
    with unlocked(CaseEvent, **CaseEvent.RULES) as rows:
        for event, moment in zip(events, moments, strict=True):
            rows.filter(pk=event.pk).update(at=moment)
    verbs = {event.verb: moment for event, moment in zip(events, moments, strict=True)}
    since = moments[_last_move(events)]
    Case.objects.filter(pk=case.pk).update(
        since=since,
        created_at=start,
        submitted_at=verbs.get("submit"),
        published_at=verbs.get("publish"),
    )
    case.refresh_from_db()


def _last_move(events: list[CaseEvent]) -> int:
    """The position of the last event that changed stage or holder."""
    last = 0
    for position in range(1, len(events)):
        before, now = events[position - 1], events[position]
        if (before.new, before.holder_id) != (now.new, now.holder_id):
            last = position
    return last
