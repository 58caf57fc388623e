"""Rows of files that arrive in pieces: any member's own, nobody else's."""

import base64

from network.resumable import begin_upload
from tests.permissions.table import Row

TUS = {"Tus-Resumable": "1.0.0"}
NAME = base64.b64encode(b"yard.pdf").decode()


def _of_the_author(world):
    return [begin_upload(by=world.users["own_author"], name="yard.pdf", size=3).pk]


ROWS = [
    Row(
        "uploads",
        get=405,
        post={"visitor": 401, ...: 201},
        headers=TUS | {"Upload-Length": "3", "Upload-Metadata": f"filename {NAME}"},
    ),
    # Asked with HEAD, PATCH and DELETE: tests/network/test_resumable.py has those.
    Row("upload", args=_of_the_author, get=405, post=405, headers=TUS),
]
