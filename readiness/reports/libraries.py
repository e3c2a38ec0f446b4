"""What laying out a PDF needs of the machine. It asks nothing of Django, so that the tests' runner can ask it too."""

import ctypes
import importlib.util
from functools import cache

PANGO = ("libpango-1.0.so.0", "libpango-1.0-0", "libpango-1.0.dylib", "pango-1.0")


@cache
def pdf_at_hand() -> bool:
    """Whether this machine has what a PDF needs, without loading what makes one."""
    if importlib.util.find_spec("weasyprint") is None:
        return False
    for name in PANGO:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False
