"""The network from a sheet: all of it or nothing (docs/how-to/import-network.md)."""

from gkc_site.network_import.files import FileRefused, Problem, read
from gkc_site.network_import.rows import import_rows
from gkc_site.network_import.values import Change

__all__ = ["Change", "FileRefused", "Problem", "import_rows", "read"]
