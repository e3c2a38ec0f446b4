"""Handing out the file behind a piece of evidence."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse

from checklists.models import Evidence
from readiness.api.codes import Code
from readiness.api.errors import Problem
from readiness.ui.downloads import as_attachment

logger = logging.getLogger(__name__)


def as_download(piece: Evidence) -> FileResponse:
    """The file behind a piece of evidence. Whether the person may have it was asked before."""
    try:
        file = default_storage.open(piece.file_key)
    except FileNotFoundError:
        logger.error("The file of evidence %s is missing from the store", piece.pk)
        raise Problem(Code.NOT_FOUND, "The file is missing from the store.") from None
    return as_attachment(file, piece.file_name, piece.file_type)
