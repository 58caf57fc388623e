"""An import in a process of its own, to be killed: it stops while it writes a text.

Arguments: a folder, its language. Prints the name of each file whose page is
written and not committed yet, then waits for a line.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gkc_site.settings.test")


def main(folder: str, language: str) -> None:
    """Take the folder in; database and home come from the environment."""
    django.setup()
    from django.conf import settings

    from network.models import User
    from silver_book.importing import load as loading
    from silver_book.importing.folder import Report
    from silver_book.importing.reading import read_folder

    settings.GKC_HOME = os.environ["GKC_HOME"]
    remember = loading._Loader._remember

    def announced(self, record, page, text, *rest):
        os.write(1, f"{text.file}\n".encode())
        sys.stdin.readline()
        remember(self, record, page, text, *rest)

    loading._Loader._remember = announced
    report = Report()
    read = read_folder(Path(folder), language, report)
    loading.load(read, language, report, by=User.objects.get(is_system=True))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
