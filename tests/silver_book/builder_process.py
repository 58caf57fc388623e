"""A builder in a process of its own, to be killed: it stops between storage and record.

Prints the name of the file that it has stored, then waits for a line.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.test")


def main() -> None:
    """Build what waits; database and home come from the environment."""
    django.setup()
    from django.conf import settings

    from network.storage import PrivateStorage
    from silver_book.editions.files import build_waiting

    settings.GKC_HOME = os.environ["GKC_HOME"]
    settings.MEDIA_ROOT = f"{settings.GKC_HOME}/media"
    save = PrivateStorage.save

    def announced(self, name, content, **kwargs):
        stored = save(self, name, content, **kwargs)
        os.write(1, f"{stored}\n".encode())
        sys.stdin.readline()
        return stored

    PrivateStorage.save = announced
    build_waiting()


if __name__ == "__main__":
    sys.exit(main())
