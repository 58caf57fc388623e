"""For whom each message about responses is (tests/touchpoints/test_audiences.py)."""

import datetime

from django.utils import timezone

from bulletins.models import HandOver
from tests.bulletins.responding import make_adoption, make_response
from tests.factories.network import make_distributor, make_user
from tests.factories.stories import make_case
from tests.touchpoints.audiences import Told


def adopted_to_authors(crowd) -> Told:
    """Author and co-author of the story; nobody of the firm that adopted it."""
    case = make_case(published=True)
    co_author = make_user(distributor=case.distributor)
    case.co_authors.add(co_author)
    make_user(distributor=case.distributor)  # a colleague
    return Told(make_response(case, choice="adopted"), {}, [case.author, co_author])


def handed_to_colleague(crowd) -> Told:
    """The named colleague alone."""
    firm = make_distributor()
    to, by = make_user(distributor=firm), make_user("manager", distributor=firm)
    handed = HandOver.objects.create(
        case=make_case(published=True),
        distributor=firm,
        to=to,
        by=by,
        until=timezone.localdate() + datetime.timedelta(days=5),
    )
    return Told(handed, {}, [to])


def link_to_its_owner(crowd) -> Told:
    """The contact whose link was used; not the firm's deputy."""
    response = make_response(make_case(published=True), choice="already", via="link")
    contact = make_user("manager", distributor=response.distributor)
    make_user(distributor=response.distributor, contact="deputy")
    data = {"contact": contact.pk, "responses": [response.pk], "name": "Lina"}
    return Told(response, data, [contact])


def reminder_to_one(crowd) -> Told:
    """Whoever is reminded."""
    person = make_user("manager", distributor=make_distributor())
    return Told(person, {}, [person])


def coaching_to_contacts(crowd) -> Told:
    """First contact and deputies."""
    firm = make_distributor()
    first = make_user("manager", distributor=firm)
    deputy = make_user(distributor=firm, contact="deputy")
    make_user(distributor=firm)
    return Told(firm, {"by": crowd["campaigner"].pk, "text": "Two wait."}, [first, deputy])


def results_to_contacts(crowd) -> Told:
    """First contact and deputy of the firm that took it over; not its other members."""
    response = make_adoption()
    first = make_user("manager", distributor=response.distributor)
    deputy = make_user(distributor=response.distributor, contact="deputy")
    make_user(distributor=response.distributor)
    return Told(response, {}, [first, deputy])


AUDIENCES = {
    "bulletins.response_results": results_to_contacts,
    "bulletins.response_adopted": adopted_to_authors,
    "bulletins.response_handed": handed_to_colleague,
    "bulletins.response_by_link": link_to_its_owner,
    "bulletins.response_reminder": reminder_to_one,
    "bulletins.response_coaching": coaching_to_contacts,
}
