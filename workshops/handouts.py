"""What a session's materials are called and where they lead, for a reader.

Takes materials and imports no model of this room.
"""

from network.registry import resolve_references


def shown(request, materials) -> dict[int, dict]:
    """Material → title, address, and whether its section or story cannot be read now.

    One lookup for each kind of reference; none for files.
    """
    materials = list(materials)
    keys: dict[str, list[str]] = {}
    for one in materials:
        if one.kind != "file":
            keys.setdefault(one.kind, []).append(one.reference)
    found = {kind: resolve_references(request, kind, wanted) for kind, wanted in keys.items()}
    rows = {}
    for one in materials:
        reference = found.get(one.kind, {}).get(one.reference)
        rows[one.pk] = {
            "material": one,
            "title": one.title or (reference.title if reference else one.reference),
            "language": reference.language if reference and not one.title else one.language,
            "url": one.document.url if one.document_id else (reference.url if reference else ""),
            "is_lost": one.kind != "file" and reference is None,
        }
    return rows


def for_participant(request, session, mine) -> list[dict]:
    """What somebody with a seat is given: not what is for trainers. One query, none for others."""
    if mine is None or mine.state not in ("enrolled", "attended"):
        return []
    given = session.materials.filter(for_trainers=False).select_related("document")
    return list(shown(request, given).values())
