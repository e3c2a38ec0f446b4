"""What tests of stored files share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings


@pytest.fixture
def own_store(tmp_path: Path) -> Iterator[None]:
    """Files and uploads of this test lie in a folder of its own."""
    store, uploads = tmp_path / "evidence", tmp_path / "uploads"
    uploads.mkdir()
    default = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": settings.STORAGES["default"]["OPTIONS"] | {"location": store},
    }
    with override_settings(
        STORAGES=settings.STORAGES | {"default": default},
        UPLOAD_DIR=uploads,
        FILE_UPLOAD_TEMP_DIR=uploads,
    ):
        yield
