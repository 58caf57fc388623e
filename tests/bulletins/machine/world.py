"""The people round a story, one of each role and more, and a story at each point of its way."""

import datetime

from django.contrib.auth.models import AnonymousUser

from bulletins.models import Case
from bulletins.transitions import decide_case, make_ready, withdraw_case
from network.models import Country, User
from network.permissions import with_standing
from review.transitions import write_note
from tests.factories.network import make_distributor, make_user
from tests.factories.network_of_reviewers import make_reviewing_network
from tests.review.conftest import Stories, submit

COUNTRY = "KE"
# Of pseudo-roles: whoever it is at that moment.
AUTHOR, HOLDER, INVITED = "author", "holder", "invited"


class World:
    """A network, and stories to begin from. Everything is made once and rolled back to."""

    def __init__(self):
        self.net = make_reviewing_network()
        self.stories = Stories(self.net)
        leads, editors = self.net["leads"], self.net["editors"]
        self.area_lead = leads["south-africa"]
        self.starts = {name: getattr(self, f"_{name}")().pk for name in STARTS}
        firm = Case.objects.get(pk=self.starts["draft"]).distributor
        near = make_distributor(country=Country.objects.get(pk="ZA"))
        area = firm.review_area
        self.people = {
            "visitor": None,
            "reader": make_user(distributor=make_distributor()),
            "campaigner": make_user("campaigner", review_area=area, distributor=near),
            "lead": self.area_lead,
            "neutral": leads["germany"],
            "other_lead": leads["brazil"],
            "editor": editors[0],
            "second_editor": editors[1],
            "translator": make_user("translator", language="ja", distributor=make_distributor()),
            "trainer": make_user("trainer", distributor=make_distributor()),
            "coordinator": make_user("coordinator", distributor=make_distributor()),
            "executive": make_user("executive"),
            "administrator": make_user("administrator"),
            "superuser": make_user(is_superuser=True, is_staff=True),
        }
        for case in Case.objects.filter(pk__in=self.starts.values()):
            self._staff(case)
        self.system = User.objects.get(is_system=True)

    def _staff(self, case: Case) -> None:
        """Two colleagues and a manager of the story's own firm."""
        for role in ("colleague", "second_colleague", "manager"):
            self.people[f"{role}-{case.pk}"] = make_user(
                distributor=case.distributor, contact="first" if role == "manager" else ""
            )

    def roles_of(self, case: Case) -> dict[str, int | None]:
        """Role → id of the person, for one story. Ids: each step reads its people anew."""
        found = {}
        for role, person in self.people.items():
            name, _dash, pk = role.partition("-")
            if not pk or pk == str(case.pk):
                found[name] = person.pk if person else None
        return found

    # --- where a story begins ---------------------------------------------------------
    def _draft(self):
        return self.stories.begun(COUNTRY)

    def _area_review(self):
        return self.stories.submitted(COUNTRY)

    def _changes_requested(self):
        case = self._area_review()
        write_note(case, by=case.holder, text="Which branch?", anchor="background")
        decide_case(case, decision="request_changes", by=case.holder, reason="Which dates?")
        return case

    def _neutral_review(self):
        return self.stories.at_neutral(COUNTRY)

    def _editing(self):
        return self.stories.at_editing(COUNTRY)

    def _ready(self):
        case = self._editing()
        make_ready(case, by=case.holder)
        return case

    def _published(self):
        return self.stories.published(COUNTRY)

    def _new_version(self):
        """A live story whose changed text is in review."""
        case = self._published()
        page = case.source_page().get_latest_revision_as_object()
        page.summary = "Every enquiry is answered the same morning."
        page.save_revision(user=case.author)
        submit(case)
        return case

    def _declined(self):
        case = self._area_review()
        decide_case(case, decision="decline", by=case.holder, reason="No cause.")
        return case

    def _withdrawn(self):
        case = self._area_review()
        withdraw_case(case, by=case.author, reason="Too early.")
        return case


STARTS = (
    *("draft", "area_review", "changes_requested", "neutral_review", "editing"),
    *("ready", "published", "new_version", "declined", "withdrawn"),
)


def person_of(pk: int | None):
    """As a request would have it: nothing is known from an earlier step."""
    return User.objects.get(pk=pk) if pk else AnonymousUser()


def people_of(roles: dict[str, int | None]) -> dict:
    """Role → person, with their standing: three queries for all of them."""
    found = with_standing(User.objects.filter(pk__in=[pk for pk in roles.values() if pk]))
    by_pk = {person.pk: person for person in found}
    return {role: by_pk[pk] if pk else AnonymousUser() for role, pk in roles.items()}


QUARTER = datetime.timedelta(days=91)
