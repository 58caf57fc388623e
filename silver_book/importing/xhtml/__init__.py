"""Reads a folder of XHTML or HTML chapters, as DocBook's stylesheets and Sphinx write them.

Chunked books (a file a chapter or section) and books in one file; the order
comes from their own tables of contents. `source` opens files, `contents` puts
them in order, `tree` finds headings, `blocks` and `inline` make the text.
"""

from silver_book.importing.xhtml.book import can_read, read

__all__ = ["can_read", "read"]
