"""python -m gkc_site.runner: PORT (8000) and GKC_HOME (.gkc) from the environment."""

import os
import sys

from gkc_site.runner import services
from gkc_site.runner.children import die_with
from gkc_site.runner.supervisor import Supervisor, say


def main() -> int:
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        say(f"PORT must be a number from 1 to 65535, not {port!r}.")
        return 1
    if os.environ.get("MAKELEVEL"):
        die_with(os.getppid())  # `make` killed -9 takes the site with it
    return Supervisor(services.home(), int(port)).run()


if __name__ == "__main__":
    sys.exit(main())
