"""One person is looked for among the members: by who takes the list, and by who enrols them.

A search tells no more than is needed to point at somebody: a few letters find
nobody, and no more than ten are shown.
"""

from django.db.models import Q
from django.utils.translation import gettext as _
from django_ratelimit.core import is_ratelimited

from network.models import User
from network.numbers import row_key
from network.permissions import with_standing
from workshops.eligibility import with_courses
from workshops.exceptions import TransitionRefused

LETTERS = 3  # of a name, at least
FOUND_AT_MOST = 10
MOST_WORDS, MOST_TYPED = 4, 100


def typed_words(data) -> str:
    """What was typed to find somebody."""
    return data.get("q", "").strip()[:MOST_TYPED]


def is_enough(words: str) -> bool:
    """Whether they say somebody."""
    return sum(not sign.isspace() for sign in words) >= LETTERS


def is_too_often(request, group: str, rate: str) -> bool:
    """Counts a search or an addition; whether this person has made more than `rate` allows."""
    return is_ratelimited(request, group=group, key="user", rate=rate, increment=True)


def members_called(words: str) -> list[User]:
    """Members with all the words in their name, or one of them as their address; with standing and
    courses loaded. Four queries."""
    found = User.objects.filter(is_active=True, is_system=False)
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__iexact=word)
        )
    people = found.order_by("last_name", "first_name", "pk")[:FOUND_AT_MOST]
    return with_courses(with_standing(people))


def chosen_member(request) -> User:
    """The person named by the form. Raises TransitionRefused for nobody."""
    people = User.objects.filter(is_active=True, is_system=False)
    person = people.filter(pk=row_key(request.POST.get("person", ""))).first()
    if person is None:
        raise TransitionRefused(_("Choose the person first."))
    return person
