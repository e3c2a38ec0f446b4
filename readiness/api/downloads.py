"""Handing out a stored file: as an attachment, of the type it was checked to have, and inert in a browser."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse

from checklists.models import Evidence
from readiness.api.codes import Code
from readiness.api.errors import Problem

logger = logging.getLogger(__name__)


def as_download(piece: Evidence) -> FileResponse:
    """The file behind a piece of evidence. Whether the person may have it was asked before."""
    try:
        file = default_storage.open(piece.file_key)
    except FileNotFoundError:
        logger.error("The file of evidence %s is missing from the store", piece.pk)
        raise Problem(Code.NOT_FOUND, "The file is missing from the store.") from None
    response = FileResponse(file, as_attachment=True, filename=piece.file_name, content_type=piece.file_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
