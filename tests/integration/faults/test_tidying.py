"""Two clean-ups at once: what one removes under the other's hands is no error of either."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.functional import empty

from readiness import clock
from readiness.actions import files
from readiness.actions.tasks import clean_up_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Files and uploads of this test lie in a folder of its own."""
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.UPLOAD_DIR.mkdir()
    options = settings.STORAGES["default"]["OPTIONS"] | {"location": tmp_path / "evidence"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": options}}
    default_storage._wrapped = empty
    yield
    default_storage._wrapped = empty


def _orphans(count: int) -> list[str]:
    """Stored files of two days ago that no row names."""
    keys = [default_storage.save(f"ab/{number:032}", ContentFile(b"x")) for number in range(count)]
    for key in keys:
        _age(Path(default_storage.path(key)))
    return keys


def _age(path: Path) -> None:
    old = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(path, (old, old))


def test_a_file_that_another_clean_up_has_just_removed_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = _orphans(3)
    look: Callable[[str], datetime] = default_storage.get_modified_time

    def looked_at_too_late(key: str) -> datetime:
        if key == keys[1]:
            Path(default_storage.path(key)).unlink()
        return look(key)

    monkeypatch.setattr(default_storage._wrapped, "get_modified_time", looked_at_too_late)
    assert clean_up_at(clock.now()) == (0, 2)
    assert [key for key in keys if default_storage.exists(key)] == []


def test_an_upload_that_ends_meanwhile_is_no_error(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    for name in ("broken-off", "ending"):
        (settings.UPLOAD_DIR / name).write_bytes(b"x")
        _age(settings.UPLOAD_DIR / name)
    stat = Path.stat

    def looked_at_too_late(path: Path, **options: bool) -> os.stat_result:
        found = stat(path, **options)
        if path.name == "ending":
            path.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "stat", looked_at_too_late)
    assert clean_up_at(clock.now()) == (0, 1)
    monkeypatch.undo()
    assert list(settings.UPLOAD_DIR.iterdir()) == []


def test_what_is_young_or_wanted_stays(settings: LazySettings) -> None:
    young = default_storage.save("ab/young", ContentFile(b"x"))
    (settings.UPLOAD_DIR / "arriving").write_bytes(b"x")
    files.sweep_orphans(clock.now())
    assert default_storage.exists(young)
    assert (settings.UPLOAD_DIR / "arriving").exists()
