"""Who answers where somebody must: a distributor's manager, else a coordinator, else an
administrator. Nobody answers what they asked for themselves.

Takes objects and imports no model of this room.
"""

from django.db.models import Exists, OuterRef, Q

from network.models import Mandate, Membership, User


def coordinators_of(programme, *, but=None) -> list[User]:
    """Coordinators of everything, of the programme or of what it is a version of, but for a
    person."""
    held = Mandate.objects.current().filter(_of(programme), role="coordinator")
    return _but(User.objects.filter(is_active=True, pk__in=held.values("user")), but)


def deciders_of(programme, *, but=None) -> list[User]:
    """Likewise; administrators where nobody is left."""
    return coordinators_of(programme, but=but) or _but(User.objects.holding("administrator"), but)


def _but(people, person) -> list[User]:
    found = people.exclude(pk=person.pk) if person is not None else people
    return list(found.order_by("pk"))


def _of(programme) -> Q:
    """Mandates for the programme, and for what it is a version of."""
    keys = [programme.programme_key]
    if programme.parent_id is not None:
        keys.append(programme.parent.programme_key)
    return Q(scope="global") | Q(programme_key__in=keys)


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
