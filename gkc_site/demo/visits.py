"""Example notes of the demo's executive after visits: invented, like the people."""

import datetime

from django.utils import timezone

from gkc_site.demo.people import persona
from gkc_site.models import VisitNote
from network.models import Country, User

# Country, days ago, what was seen.
NOTES = (
    (
        "SA",
        24,
        "Example: the counter in Jeddah hands every car over with a photograph of the finished "
        "repair. Customers no longer ask twice. The clerk who began it has told nobody outside "
        "the branch: this is a story.\n\nThe parts desk still waits for the warehouse.",
    ),
    (
        "SA",
        210,
        "Example: saw the second look in two branches. It holds, but only where the manager walks "
        "the line himself. Ask next time what happens in his holidays.",
    ),
    (
        "JP",
        52,
        "Example: the board with the day's promises hangs where customers see it. Late cars are "
        "named at ten and at three. Nobody is blamed, and the list is shorter every week.",
    ),
    (
        "KE",
        95,
        "Example: roads decide the day here: cars come at noon, not at seven. The opening hours "
        "were moved and the queue is gone. Worth telling to every country with one road to town.",
    ),
)


def load_visits() -> int:
    """Write the notes down; nothing where there is one already. Nobody is mailed about the past."""
    if VisitNote.objects.exists():
        return 0
    by = User.objects.get(email=persona("sato")["email"])
    now = timezone.now()
    countries = Country.objects.in_bulk([code for code, _days, _text in NOTES])
    made = [
        VisitNote(
            country=countries[code],
            visited_on=timezone.localdate() - datetime.timedelta(days=days),
            at=now - datetime.timedelta(days=days - 1),
            text=text,
            by=by,
        )
        for code, days, text in NOTES
    ]
    return len(VisitNote.objects.bulk_create(made))
