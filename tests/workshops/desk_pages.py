"""The coordinator's pages, as a browser goes through them."""

import re

from django.urls import reverse

TABLE = "/en/desk/workshops/"


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def mark(response) -> str:
    """The preview's mark."""
    return re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]


def confirm(browser, address: str, data: dict):
    """What was typed, then the preview confirmed."""
    preview = browser.post(address, data)
    assert preview.status_code == 200, preview.content.decode()
    return browser.post(address, data | {"seen": mark(preview)})
