"""The one module that loads what lays a PDF out: it costs memory and time, so only a worker that makes one loads it.

It needs Pango, which no wheel brings: where that is missing, the import raises OSError.
"""

from collections.abc import Sequence
from pathlib import Path

import weasyprint


def write(html: str, sheets: Sequence[Path], base_url: str, to: Path) -> None:
    """Lay the document out into a tagged PDF (PDF/UA-1); relative links are completed by ``base_url``.

    Nothing is fetched but the drawings that stand in the document itself: no file and no address, whatever a name says.
    """
    fetcher = weasyprint.URLFetcher(allowed_protocols=("data",))
    page = weasyprint.HTML(string=html, base_url=base_url, url_fetcher=fetcher)
    styles = [weasyprint.CSS(string=sheet.read_text(encoding="utf-8")) for sheet in sheets]
    page.write_pdf(to, stylesheets=styles, pdf_variant="pdf/ua-1", pdf_tags=True)
