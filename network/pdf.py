"""WeasyPrint, its fonts and a style sheet: what every room draws its PDFs with.

A sheet fetches nothing from the network: its text comes from people. Fonts
come from our own folder, pictures from whoever draws (`pictures_only`).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

from network.exceptions import PrintingUnavailable

#: Debian's packages that PDFs need; shown to whoever asks for one without them.
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk"


@cache
def machine(style_name: str):
    """(WeasyPrint, its font configuration, the style sheet), loaded once a process.

    `style_name` is a static file's, whose fonts lie in `fonts/` beside it.
    Raises PrintingUnavailable where Pango is missing.
    """
    try:
        import weasyprint  # loads Pango when imported: not every machine has it
        from weasyprint.text.fonts import FontConfiguration
    except OSError as missing:
        raise PrintingUnavailable(str(missing)) from missing
    fonts = FontConfiguration()
    path = Path(finders.find(style_name))

    def fonts_only(url: str, *args, **kwargs):
        """Our own fonts, from our own folder."""
        from weasyprint.urls import URLFetcher

        if not url.startswith(f"{path.parent.as_uri()}/fonts/"):
            refuse(url)
        return URLFetcher(allowed_protocols=["file"]).fetch(url)

    style = weasyprint.CSS(filename=str(path), font_config=fonts, url_fetcher=fonts_only)
    return weasyprint, fonts, style


def pictures_only(files: Mapping[str, object]):
    """A fetcher of the files that we named (FieldFile by address), and of nothing else."""

    def fetch(url: str, *args, **kwargs):
        from weasyprint.urls import URLFetcherResponse

        if url not in files:
            refuse(url)
        with files[url].open("rb") as file:
            return URLFetcherResponse(url, file.read())

    return fetch


def refuse(url: str, *args, **kwargs):
    """For everything that a sheet must not fetch."""
    raise ValueError(url)
