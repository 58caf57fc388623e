"""Asks a row's address as each role."""

from django.db import transaction
from django.urls import reverse

from tests.permissions.table import ALLOWED, CRASHES, LOGIN, REFUSED, ROLES


def wrong_answers(world, row) -> list[str]:
    """What roles are told otherwise than the row says: 'get reader: 200, not 404'."""
    with transaction.atomic():  # what the row needs is made once, and goes with the row
        address = reverse(row.name, args=row.args(world)) + row.query
        wrong = ask_all(world, row, "get", address, {})
        wrong += ask_all(world, row, "post", address, row.data(world))
        transaction.set_rollback(True)
    return wrong


def agrees(answer, expected, *, crashes: bool = False) -> bool:
    """Whether an answer is the one expected; ALLOWED is every answer but a refusal, and but a
    server error where none is known."""
    if expected == ALLOWED:
        return answer == 500 if crashes else answer not in (LOGIN, REFUSED, 403, 500)
    return answer == expected


def ask(world, method, role, address, data, headers):
    """The answer a role gets: a status code, LOGIN or REFUSED. What it changed is undone."""
    client = world.client(role)
    with world.fresh_rates(role), transaction.atomic():
        response = getattr(client, method)(address, data, headers=headers)
        if hasattr(response, "streaming_content"):
            b"".join(response.streaming_content)  # a test client's file is closed by reading it
        transaction.set_rollback(True)
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse("account_login") + "?"):
        return LOGIN
    if response.status_code == 302 and location == reverse("wagtailadmin_home"):
        return REFUSED
    return response.status_code


def ask_all(world, row, method, address, data) -> list[str]:
    """What each role is told, where it is not what the row expects."""
    expected, wrong = row.expected(method), []
    crashes = (row.name, method) in CRASHES
    for role in ROLES:
        for value in data.values():
            if hasattr(value, "seek"):
                value.seek(0)  # the role before has read the file to its end
        answer = ask(world, method, role, address, data, row.headers)
        if not agrees(answer, expected[role], crashes=crashes):
            wrong.append(f"{method} {role}: {answer}, not {expected[role]}")
    return wrong
