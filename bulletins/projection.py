"""Stage, holder, since and is_published, recomputed from the events alone."""

from dataclasses import dataclass

from bulletins.models import Case

PUBLISHING = {"publish"}
UNPUBLISHING = {"withdraw", "archive"}


@dataclass(frozen=True)
class Standing:
    """What the events say of a case."""

    stage: str
    holder_id: int | None
    since: object
    is_published: bool


def replay(events) -> Standing | None:
    """The standing after the events, in order; None for none."""
    standing = None
    for event in events:
        moved = (
            standing is None or event.new != standing.stage or event.holder_id != standing.holder_id
        )
        published = standing.is_published if standing else False
        published = (published or event.verb in PUBLISHING) and event.verb not in UNPUBLISHING
        standing = Standing(
            event.new, event.holder_id, event.at if moved else standing.since, published
        )
    return standing


def wrong_cases() -> list[tuple[Case, Standing]]:
    """Cases whose columns differ from their events: always empty unless someone wrote around us."""
    found = []
    for case in Case.objects.prefetch_related("events").iterator(chunk_size=500):
        said = replay(case.events.all())
        has = Standing(case.stage, case.holder_id, case.since, case.is_published)
        if said is not None and said != has:
            found.append((case, said))
    return found
