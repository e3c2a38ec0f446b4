from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core import mail

from tests.integration.notices.post import Unreliable


@pytest.fixture(autouse=True)
def _empty_letterbox() -> Iterator[None]:
    mail.outbox.clear()
    yield


@pytest.fixture(autouse=True)
def _mails_at_once(settings: LazySettings) -> None:
    """Who has chosen nothing is mailed at once: most tests here ask what is sent, not when."""
    settings.FIVEGATES_MAIL_DELIVERY = "at_once"


@pytest.fixture
def server(settings: LazySettings) -> type[Unreliable]:
    """It fails for nobody yet, and took nothing."""
    settings.EMAIL_BACKEND = f"{Unreliable.__module__}.Unreliable"
    Unreliable.failing, Unreliable.taken, Unreliable.tried, Unreliable.meanwhile = {}, [], [], []
    return Unreliable
