"""Where a workshop's key leads: a programme's key, its working name, or its UUID.

The book's sections name programmes in all three ways.
"""

import uuid
from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.languages import reading_order
from network.registry import Reference, register_reference, register_teaching
from workshops.models import Material, Programme
from workshops.titles import titles_for
from workshops.transitions.materials import TAUGHT

_KEPT_S = 60


def register() -> None:
    """Called once, when the room starts."""
    register_reference("workshop", "workshops", resolve_workshops)
    register_teaching("workshops", taught_with)


def resolve_workshops(request, keys: Iterable[str]) -> dict[str, Reference]:
    """Those of the keys that name a programme of the catalogue. Two queries."""
    keys = list(keys)
    uuids = {key: found for key in keys if (found := _as_uuid(key))}
    programmes = (
        Programme.objects.in_catalogue()
        .visible_to(request.user)
        .filter(Q(key__in=keys) | Q(name__in=keys) | Q(programme_key__in=uuids.values()))
    )
    programmes = list(programmes)
    titles = titles_for(programmes, reading_order(request.user))
    found: dict[str, Reference] = {}
    for programme in programmes:
        title = titles[programme.pk]
        if not title.path:
            continue
        reference = Reference(title.title, title.url, title.language, _("Workshop"))
        for key in (programme.key, programme.name, str(programme.programme_key)):
            found[key] = reference
    named = {key: str(uuids.get(key, key)) for key in keys}
    return {key: found[name] for key, name in named.items() if name in found}


def taught_with(kind: str, key: str) -> list[str]:
    """Keys of the programmes whose newest materials name this section or story.

    Materials for trainers only say so as well: that is no secret. One query a
    minute for all texts; a change is seen at once.
    """
    kept = cache.get(TAUGHT)
    if kept is None:
        kept = {}
        rows = Material.objects.newest().exclude(reference="").order_by("programme__key")
        for found, reference, programme in rows.values_list("kind", "reference", "programme__key"):
            kept.setdefault(f"{found}:{reference}", []).append(programme)
        cache.set(TAUGHT, kept, _KEPT_S)
    return kept.get(f"{kind}:{key}", [])


def _as_uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
