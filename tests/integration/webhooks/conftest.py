"""A receiver that the operator lists, and a webhook that leads to it."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from readiness.accounts.models import User
from readiness.actions.webhooks import add_webhook
from readiness.audit.recording import Actor
from readiness.webhooks.events import Kind
from readiness.webhooks.models import Endpoint
from tests.integration.standing.pictures import day
from tests.integration.webhooks.receiver import Receiver


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Receiver]:
    with Receiver() as made:
        settings.FIVEGATES_WEBHOOK_HOSTS = (made.authority,)
        yield made


@pytest.fixture
def hook(receiver: Receiver, ada: User) -> Endpoint:
    """Gets everything from its making on."""
    return add_webhook(f"http://{receiver.authority}/hook?to=us", [*Kind], "", Actor.person(ada), day(0))[0]
