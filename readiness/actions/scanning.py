"""What is uploaded is held against ClamAV before it is kept, where whoever runs the product named one."""

import logging
from typing import BinaryIO

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings
from django.utils.translation import gettext as _

from readiness.actions.errors import Refused, invalid

logger = logging.getLogger(__name__)

PATIENCE = 20
"""For how many seconds one answer of the scanner is waited for: less than a request may take."""
FOUND, CLEAN = "FOUND", "OK"


class NotScanned(Refused):
    """The scanner gave no verdict; what it was asked about is not kept."""

    def __init__(self) -> None:
        super().__init__(
            "not_scanned",
            _(
                "The file could not be checked for viruses at present, so it was not kept. Try again in a few minutes."
            ),
        )


def refuse_infected(file: BinaryIO) -> None:
    """Send the whole of ``file`` to clamd, and set it back to its beginning; nothing to do where none is named.

    Raises Invalid ``file_infected`` at ``file`` for what it finds, and NotScanned where it is away, takes too long,
    or does not take as much: what nobody looked at is never kept.
    """
    if not settings.FIVEGATES_CLAMD:
        return
    file.seek(0)
    try:
        verdicts = _scanner(settings.FIVEGATES_CLAMD).instream(file).values()
    except (ClamdError, OSError) as problem:
        logger.error("The virus scanner did not answer: %s", problem)
        raise NotScanned from problem
    file.seek(0)
    for word, finding in verdicts:
        if word == FOUND:
            logger.warning("The virus scanner found %s in an upload; it was not kept", finding)
            message = _("A virus was found in it: %(name)s. It was not kept.")
            raise invalid("file", "file_infected", message % {"name": finding})
    if [word for word, _finding in verdicts] != [CLEAN]:
        logger.error("The virus scanner gave no verdict: %s", verdicts)
        raise NotScanned


def _scanner(address: str) -> ClamdNetworkSocket | ClamdUnixSocket:
    """``address`` as readiness.environment.scanner took it: host:port, or the path of a socket."""
    if address.startswith("/"):
        return ClamdUnixSocket(address, timeout=PATIENCE)
    host, _colon, port = address.rpartition(":")
    return ClamdNetworkSocket(host, int(port), timeout=PATIENCE)
