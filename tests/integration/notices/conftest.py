from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core import mail


@pytest.fixture(autouse=True)
def _empty_letterbox() -> Iterator[None]:
    mail.outbox.clear()
    yield


@pytest.fixture(autouse=True)
def _mails_at_once(settings: LazySettings) -> None:
    """Who has chosen nothing is mailed at once: most tests here ask what is sent, not when."""
    settings.FIVEGATES_MAIL_DELIVERY = "at_once"
