"""For whom each message about accounts is (tests/touchpoints/test_audiences.py)."""

from gkc_site.accounts.transitions import invite
from tests.factories.network import make_distributor, make_user
from tests.touchpoints.audiences import Told


def invitation(crowd) -> Told:
    """Nobody who has an account: the invitation names its address itself."""
    distributor = make_distributor()
    manager = make_user("manager", distributor=distributor)
    return Told(invite(distributor, "new@gkc.example", by=manager), {}, [])


AUDIENCES = {"accounts.invitation": invitation}
