"""The demo's questions with their answers, days away, and notes of nominations.

Rows are written with the days they would have had; nobody is mailed about what
lies in the past.
"""

import datetime
import tomllib
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from bulletins.models import BulletinIssue, CaseStoryPage
from gkc_site.demo.people import persona
from gkc_site.demo.story_files import story_key
from network.models import Absence, Mandate, User
from review.asking import country_of, give_to, settle_wanted, wanted_in
from review.chasing import recompute
from review.models import Question, QuestionEvent, QuestionStep, WorkingTranslation
from review.owners import choose
from review.registry import askable_of
from review.rounds import source_hash
from silver_book.models import BookSectionPage

FILE = Path(__file__).parent / "questions.toml"
# Those who ask or translate and are no persona.
CAMPAIGNERS = {"rafael": "rafael.azevedo@br.example", "anna": "anna.lindner@de.example"}


def load_questions() -> int:
    """Ask what is not asked yet. Returns how many. About fifteen queries a question."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))
    _load_people(rows)
    asked = set(Question.objects.values_list("text", flat=True))
    made = sum(_load(row) for row in rows["question"] if row["text"] not in asked)
    if made:
        recompute()
    return made


def _person(key: str) -> User:
    return User.objects.get(email=CAMPAIGNERS.get(key) or persona(key)["email"])


def _days_ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def _load(row: dict) -> bool:
    """One question; False where the demo does not hold what it is about."""
    kind, key = _at(row)
    askable, by = askable_of(kind), _person(row["by"])
    thing = askable.find(key, "en") if key else None
    if thing is None:
        return False
    area = askable.area(key, by)
    anchor = row.get("anchor", "")
    place = next((place for place in askable.places(thing) if place.anchor == anchor), None)
    question = Question(
        kind=kind,
        key=key,
        language="en",
        anchor=place.anchor if place else "",
        title=askable.title(thing)[:255],
        place=str(place.label) if place else "",
        quoted=place.words if place else "",
        text=row["text"],
        text_language=row["language"],
        by=by,
        asked_at=_days_ago(row["days_ago"]),
        country_id=country_of(by),
        is_private=row.get("private", False),
        area=area,
    )
    owner = choose(question)
    give_to(question, owner)
    question.owner_since = question.asked_at
    events = [(QuestionStep.ASKED, by, owner, question.asked_at)]
    if "answer" in row and owner is not None:
        question.answer, question.answer_language = row["answer"], row["answer_language"]
        question.answer_wanted_in = wanted_in(row["answer_language"], by)
        question.answered_by, question.next_at = owner, None
        question.answered_at = _days_ago(row["answered_days_ago"])
        events.append((QuestionStep.ANSWERED, owner, None, question.answered_at))
    question.save()
    for step, who, to, at in events:
        QuestionEvent.objects.create(question=question, step=step, by=who, to=to, at=at)
    _translate(question, "question", row.get("text_in"))
    _translate(question, "answer", row.get("answer_in"))
    return True


def _at(row: dict) -> tuple[str, str]:
    """The kind and key of what a row asks about; no key where it is not there."""
    if "story" in row:
        page = CaseStoryPage.objects.filter(translation_key=story_key(row["story"])).first()
        return "story", page.case.number if page else ""
    if "section" in row:
        page = BookSectionPage.objects.filter(key=row["section"], live=True).first()
        return "section", str(page.translation_key) if page else ""
    if "issue" in row:
        issues = BulletinIssue.objects.released().order_by("-month")
        issue = next(iter(issues[row["issue"] - 1 : row["issue"]]), None)
        return "issue", str(issue.pk) if issue else ""
    return "area", row["area"]


def _translate(question: Question, part: str, words: dict | None) -> None:
    source = question.answer if part == "answer" else question.text
    if words is None or not source:
        return
    WorkingTranslation.objects.create(
        content_type=ContentType.objects.get_for_model(Question),
        object_id=question.pk,
        anchor=part,
        language=words["language"],
        text=words["text"],
        by=_person(words["by"]),
        source_hash=source_hash(source),
    )
    if settle_wanted(question, part, words["language"]):
        question.save(update_fields=["text_wanted_in", "answer_wanted_in"])


def _load_people(rows: dict) -> None:
    """Days away where somebody has none, and notes of nominations where none stands."""
    today = timezone.localdate()
    for row in rows["away"]:
        user = User.objects.filter(email=row["email"]).first()
        if user is not None and not user.absences.exists():
            since, until = (today + datetime.timedelta(days=row[end]) for end in ("from", "until"))
            Absence.objects.create(user=user, since=since, until=until, entered_by=user)
    for row in rows["nomination"]:
        mandates = Mandate.objects.filter(
            user__email=row["email"], role__in=("campaigner", "lead"), nomination_note=""
        )
        deputy = User.objects.filter(email=row["deputy"]).first()
        mandates.update(nomination_note=row["note"], deputy=deputy)
