"""What a programme is taught with: added, renewed as another version, withdrawn; and which
versions a session is taught with."""

import uuid
from collections.abc import Iterable

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.uploads import UploadRefused, kind_of, take_upload
from workshops.exceptions import TransitionRefused
from workshops.models import Material, MaterialKind, Programme, Session
from workshops.models.material import GUARD
from workshops.permissions import can_keep_materials, can_manage_session
from workshops.transitions.core import changing
from workshops.transitions.moving import CHANGEABLE

TAUGHT = "workshops-taught-with"  # in the cache: which texts are taught in what
_HEAD_BYTES = 8192  # enough to know a file's kind


def add_material(
    programme: Programme,
    *,
    by,
    kind: str,
    upload=None,
    reference: str = "",
    once: uuid.UUID | None = None,
    **fields,
) -> Material:
    """A new material in its first version: a file, or a section or story by its key.

    `fields` are title, language, note, for_trainers; `once` becomes its key: a
    second call with it gives the material that the first one made. Raises PermissionDenied,
    UploadRefused for a file that is not taken, TransitionRefused for none.
    """
    if not can_keep_materials(by, programme):
        raise PermissionDenied
    with transaction.atomic():
        Programme.objects.select_for_update().get(pk=programme.pk)  # a second click waits here
        key = once or uuid.uuid4()
        found = Material.objects.filter(programme=programme, material_key=key, version=1).first()
        if found is not None:
            return found
        made = Material(programme=programme, material_key=key, kind=kind, added_by=by, **fields)
        return _fill(made, upload=upload, reference=reference, by=by)


def renew_material(material: Material, *, by, upload=None, reference="", **fields) -> Material:
    """The next version of a material; the ones before stay with the sessions that name them.

    Raises as `add_material` does, and TransitionRefused for one that is not the newest.
    """
    if not can_keep_materials(by, material.programme):
        raise PermissionDenied
    with transaction.atomic():
        # The programme's row: a lock of the versions would not see one that is made meanwhile.
        Programme.objects.select_for_update().get(pk=material.programme_id)
        versions = Material.objects.filter(material_key=material.material_key)
        newest = max(versions, key=lambda one: one.version)
        if newest.pk != material.pk or newest.withdrawn_at is not None:
            raise TransitionRefused(_("Somebody has changed this material. Look at the newest."))
        made = Material(
            programme_id=newest.programme_id,
            material_key=newest.material_key,
            version=newest.version + 1,
            kind=newest.kind,
            added_by=by,
            **fields,
        )
        return _fill(made, upload=upload, reference=reference or newest.reference, by=by)


def withdraw_material(material: Material, *, by) -> None:
    """No new session takes it; those that name it keep it. Twice changes nothing."""
    if not can_keep_materials(by, material.programme):
        raise PermissionDenied
    Material.objects.filter(material_key=material.material_key, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    _changed()


def choose_materials(session: Session, materials: Iterable[Material], *, by) -> Session:
    """Say which versions a session is taught with. Raises PermissionDenied, or TransitionRefused
    for another programme's."""
    with changing(session) as locked:
        if not can_manage_session(by, locked):
            raise PermissionDenied
        if locked.state not in CHANGEABLE:
            raise TransitionRefused(_("This session has been cancelled, or is over."))
        materials = list(materials)
        family = {locked.programme_id, locked.programme.parent_id}
        if any(one.programme_id not in family for one in materials):
            raise TransitionRefused(_("This material is another programme’s."))
        locked.materials.set(materials)
        return locked


def _fill(made: Material, *, upload, reference: str, by) -> Material:
    if made.kind == MaterialKind.FILE:
        if upload is None:
            raise TransitionRefused(_("Choose a file."))
        _refuse_picture(upload)
        key = f"{made.material_key.hex}.{made.version}"
        stored = take_upload(upload, guard=GUARD, guard_key=key, by=by)
        made.document, made.title = stored, made.title or stored.title
    else:
        if upload is not None or not reference:
            raise TransitionRefused(_("Name the key of the section, or the number of the story."))
        made.reference = reference
    made.save()
    _changed()
    return made


def _changed() -> None:
    """Sections and stories say 'taught in' from now on, or no longer."""
    cache.delete(TAUGHT)
    transaction.on_commit(lambda: cache.delete(TAUGHT))


def _refuse_picture(upload) -> None:
    """Pictures are stored apart and drawn anew: no handout is one. Raises UploadRefused."""
    is_picture = kind_of(upload.read(_HEAD_BYTES)).startswith("image/")
    upload.seek(0)
    if is_picture:
        raise UploadRefused(_("Put the picture into a PDF or a presentation, then add that."))
