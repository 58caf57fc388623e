"""Rows of what stands in mails and of addresses out of use."""

from tests.permissions.table import LOGIN, Row
from touchpoints.models import Suppression
from touchpoints.stopping import stop_url

KEEPERS = "own_author manager campaigner lead editor administrator superuser"


def own_link(world):
    url = stop_url(world.users["reader"].pk, ["bulletins.case_moved"])
    return [url.rstrip("/").rpartition("/")[2]]


def out_of_use(world):
    address = world.users["own_author"].email
    return [Suppression.objects.create(address=address, why="bounced").pk]


ROWS = [
    Row("mail_stop", get=200, post=200, args=own_link, note="whoever has the link"),
    Row("mail_stop", get=404, post=404, args=lambda world: ["1~bulletins.issue:guess"]),
    Row(
        "mail_address_restore",
        get={"visitor": LOGIN, ...: 405},
        post={"visitor": LOGIN, KEEPERS: 302, ...: 403},
        args=out_of_use,
    ),
]
