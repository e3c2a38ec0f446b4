"""What lays a PDF out and no wheel brings: Pango, and a font."""

import os
import shutil
import subprocess

from readiness.reports.libraries import pdf_at_hand

PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-liberation")


def bring_pango() -> bool:
    """Whether it is here; on Debian as root it is fetched where it is not."""
    if not pdf_at_hand() and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", "--quiet=2", *words], env=os.environ | quiet, check=False)
        pdf_at_hand.cache_clear()
    return pdf_at_hand()
