"""What is told, and waits, about who writes a story: co-authors, and authors who left."""

from bulletins.authorship import messages  # noqa: F401  (registers its kinds)
from bulletins.authorship.desk import connect

__all__ = ["connect"]
