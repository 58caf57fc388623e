"""Storage that never gives a public address away."""

from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Files on disk without URLs: a template that asks for one fails loudly."""

    def url(self, name: str | None) -> str:
        """Raises ValueError: files are served by network.views, after a check."""
        raise ValueError("Media have no public address; link to the checked view.")
