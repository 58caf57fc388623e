"""Reads a folder of Markdown with front matter: `book` its files, `text` what stands in one."""

from silver_book.importing.markdown.book import can_read, read
from silver_book.importing.markdown.text import CAPTION, ORIGINAL

__all__ = ["CAPTION", "ORIGINAL", "can_read", "read"]
