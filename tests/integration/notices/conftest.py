from collections.abc import Iterator

import pytest
from django.core import mail


@pytest.fixture(autouse=True)
def _empty_letterbox() -> Iterator[None]:
    mail.outbox.clear()
    yield
