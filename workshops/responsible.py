"""Who answers where somebody must: a distributor's manager, else a coordinator, else an
administrator. Nobody answers what they asked for themselves.

Takes objects and imports no model of this room.
"""

from django.db.models import Exists, OuterRef, Q

from network.models import Mandate, Membership, User


def coordinators_of(programme, *, but=None) -> list[User]:
    """Coordinators of everything or of the programme, but for a person; administrators where
    nobody is left."""
    mine = Q(scope="global") | Q(programme_key=programme.programme_key)
    held = Mandate.objects.current().filter(mine, role="coordinator")
    people = User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk")
    others = [person for person in people if but is None or person.pk != but.pk]
    if others:
        return others
    people = User.objects.holding("administrator").order_by("pk")
    return [person for person in people if but is None or person.pk != but.pk]


def managers_of(distributor, *, but) -> list[User]:
    """First contact and deputies of the distributor who may sign in, but for the person."""
    if distributor is None:
        return []
    held = Membership.objects.current().contacts().filter(distributor=distributor)
    people = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return list(people.exclude(pk=but.pk).order_by("pk"))


def has_manager() -> Exists:
    """Of rows with `user` and `distributor`: those whose distributor has a manager who is not the
    person."""
    held = Membership.objects.current().contacts()
    held = held.filter(distributor=OuterRef("distributor"), user__is_active=True)
    return Exists(held.exclude(user=OuterRef("user")))
