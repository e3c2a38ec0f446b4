"""Is it there, and can it serve?"""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

READY = "/health/ready/"
LIVE = "/health/live/"


def test_it_lives_without_a_word_from_the_database(client: Client) -> None:
    """No database is allowed in this test: a process is not to be restarted because its database is away."""
    answer = client.get(LIVE)

    assert answer.status_code == 200
    assert answer.json() == {"status": "live"}


@pytest.mark.django_db
def test_it_is_ready_once_migrated_and_loaded(client: Client) -> None:
    """What it says before that, a process of its own is asked, in `test_serving_compose.py`."""

    answer = client.get(READY)

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_where_a_demo_is_wanted_it_is_ready_once_there_is_something_to_see(
    client: Client, settings: Settings
) -> None:
    settings.DEMO = True

    answer = client.get(READY)

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", [LIVE, READY])
def test_it_only_answers_questions(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.delete(path).status_code == 405
    assert client.head(path).content == b""


def test_nothing_keeps_an_answer_about_health(client: Client) -> None:
    assert "no-store" in client.get(LIVE)["Cache-Control"]
