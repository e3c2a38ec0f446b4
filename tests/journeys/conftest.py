"""Who tells the stories: a team that is known to the installation, and people in front of their browsers."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys import axe
from tests.journeys.background import Background
from tests.journeys.people import enter, token_of
from tests.journeys.rest import Rest
from tests.journeys.walker import Walker
from tests.services.stacks import EmbeddedStack


@pytest.fixture(scope="session")
def background(live_stack: EmbeddedStack) -> Background:
    enter(live_stack, lena="lead", ravi="reviewer", elsa="executive")
    lead, reviewer = (Rest(live_stack.url, token_of(live_stack, name)) for name in ("lena", "ravi"))
    return Background(lead, reviewer, live_stack.shell)


@pytest.fixture
def new_page(new_page: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """As everywhere, and axe looks at where each page was left."""
    pages: list[Page] = []

    def make(*args: Any, **options: Any) -> Page:
        pages.append(new_page(*args, **options))
        return pages[-1]

    yield make
    for page in pages:
        axe.look(page)


@pytest.fixture
def as_person(
    live_stack: EmbeddedStack, new_page: Callable[..., Page], background: Background
) -> Callable[..., Walker]:
    """A person who has just signed in: ``as_person("lena", width=390)``."""

    def sign_in(username: str, **options: object) -> Walker:
        walker = Walker(new_page(**options), live_stack.url)
        walker.sign_in(username)
        return walker

    return sign_in


@pytest.fixture
def unit() -> str:
    """A business unit that no other initiative has."""
    return f"Unit {uuid.uuid4().hex[:8]}"
