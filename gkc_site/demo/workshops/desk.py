"""What the coordinator's desk has to show: materials by reference, and a session to decide about.

Every step is a transition that the coordinator could have done.
"""

from django.utils import timezone

from gkc_site.demo.people import persona
from network.models import User
from workshops.models import Material, Programme, Session
from workshops.transitions import add_material, change_programme, edit_session

# Sections of the Silver Book that the sources name for these programmes' contents.
TAUGHT_WITH = {
    "twsm-workshop": ("go-and-see", "pdca", "glocal"),
    "toyota-values": ("challenge", "kaizen", "respect", "teamwork"),
    "supply-and-demand": ("supply-chain",),
}
# Seats that a new session begins with: ours, and in the programme's history.
SEATS = {"twsm-workshop": 12, "toyota-values": 20}


def load_desk() -> int:
    """Materials where there are none, before sessions take them. Returns how many were made."""
    if Material.objects.exists():
        return 0
    coordinator = User.objects.get(email=persona("patricia")["email"])
    made = 0
    for key, sections in TAUGHT_WITH.items():
        programme = Programme.objects.get(key=key)
        for section in sections:
            add_material(programme, by=coordinator, kind="section", reference=section)
            made += 1
    for key, seats in SEATS.items():
        change_programme(Programme.objects.get(key=key), {"seats": seats}, by=coordinator)
    return made


def let_decide(session: Session) -> None:
    """Let today be the day of go or no-go for a session."""
    coordinator = User.objects.get(email=persona("patricia")["email"])
    today = timezone.now().astimezone(session.zone).date()
    edit_session(session, by=coordinator, decide_on=min(today, session.first_day))
