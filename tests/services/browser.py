"""A real Chromium."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

# The first draws no window that nobody sees, and is a tenth quicker.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def chromium() -> Path | None:
    """What CHROMIUM names, else one of this machine, else playwright's own, else None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(place) for place in (*PLACES, _playwrights_own()) if Path(place).exists()), None)


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install_chromium() -> Path | None:
    """Fetch one: on Debian as root the distribution's, elsewhere playwright's. None where that fails."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt("update")
        any(_apt("install", package) for package in NAMES[:2])
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return chromium()


def _apt(*words: str) -> bool:
    command = ["apt-get", "--quiet=2", "--yes", "--no-install-recommends", *words]
    return subprocess.run(command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}).returncode == 0


def launch(playwright: Playwright, path: Path) -> Browser:
    return playwright.chromium.launch(executable_path=path, headless=True, args=list(QUIET))
