"""Ends the children of a supervisor that can no longer do it itself (kill -9).

Reads "+<group>" and "-<group>" lines from its standard input, whose other end
only the supervisor holds. At end of file the supervisor is gone: each process
group still named is asked to stop, then killed. Standard library only; run
as a file so that it starts in milliseconds.
"""

import os
import select
import signal
import sys
import time

GRACE_S = 8.0
POLL_S = 0.1


def named_groups(stream) -> set[int]:
    """Groups started and not ended when the stream closes. Blocks until then."""
    groups: set[int] = set()
    for line in stream:
        group = int(line[1:])
        groups.add(group) if line[0] == "+" else groups.discard(group)
    return groups


def send(groups: set[int], number: int) -> set[int]:
    """Signal each group; returns those that still have a member."""
    alive = set()
    for group in groups:
        try:
            os.killpg(group, number)
            alive.add(group)
        except (ProcessLookupError, PermissionError):
            pass
    return alive


def end(groups: set[int], grace_s: float = GRACE_S) -> None:
    """SIGTERM, then SIGKILL for what is left after `grace_s` seconds."""
    groups = send(groups, signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    while groups and time.monotonic() < deadline:
        select.select([], [], [], POLL_S)
        groups = send(groups, 0)
    send(groups, signal.SIGKILL)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end(named_groups(sys.stdin))
