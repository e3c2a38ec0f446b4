"""Every page in a made-up language: what is still English of it, and how much of that is known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import models
from pytest_django import DjangoDbBlocker

from checklists.models import Evidence, FrameworkDraft, Item
from gates.models import Initiative
from readiness.accounts.models import User
from readiness.standing.proposals import RULES
from readiness.ui import saying
from readiness.ui.markup import initials
from readiness.work.models import LongWork
from readiness.workbench.people.forms import zone_choices
from tests import pseudo
from tests.access.deeds import BEFORE, SENT_TO, path_of
from tests.access.routes import ROUTES
from tests.access.rows import ROWS, Row
from tests.access.world import World

pytestmark = pytest.mark.django_db

OK, GONE = 200, 410
READERS = ("lena", "ada", "ravi", "elsa", "nobody")
NAMES = {"Fivegates", "UTC", "EUR", "PoC", "KPI", "CSV", "NDJSON", "English", "Deutsch", "Made up", "GMT"}
NAMED = {
    "organisation": {words for _region, zones in zone_choices("UTC") for _name, words in zones},
    "webhook": {
        SENT_TO,
        "evt_1_1",
        "{}",
        f"POST {SENT_TO}",
        "Webhook-Id: evt_1_1",
        "Webhook-Signature: v1,…",
    },
    "webhook-remove": {SENT_TO},
}
"""What stands on a page by its own name."""
LEFT = {
    "audit": 2,  # an exit criterion as an event tells it, and a checkpoint by its number
    "initiative": 1,  # the former
    "initiative-history": 2,  # both
    "import": 1,  # a file's name
    "imports": 22,  # a mapping's name, and what people write in files: headings and words for a stage
}
"""How many words of a page no catalogue knows: of every other page none. These may only fall."""
NO_PAGE = {
    "login-code": "of who gave a password a moment ago; its words are looked at with the second factor",
    "api-docs": "for those who write programs, English by contract",
    "ui:gallery": "for those who build pages; its words are samples",
    **dict.fromkeys(
        (
            "account-data",
            "audit-file",
            "audit-file:csv",
            "evidence-file",
            "evidence-preview",
            "framework-file",
            "framework-draft-file",
            "import-left-out",
            "person-data",
            "import-sample",
            "import-sample-mapping",
            "people-list-sample",
            "portfolio-report-file",
        ),
        "a file",
    ),
    **dict.fromkeys(("health-live", "health-ready", "mentions", "metrics"), "data for programs"),
}
PAGES = [
    row for row in ROWS if row.method == "GET" and not row.is_api and row.ok == OK and row.key not in NO_PAGE
]


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up language, written once: all sources are read for it."""
    folder = tmp_path_factory.mktemp("made_up")
    pseudo.write(folder)
    return folder


@pytest.fixture
def _made_up(settings: Any, catalogues: Path) -> Iterator[None]:
    settings.LANGUAGES = [("en", "English"), (pseudo.LANGUAGE, "Made up")]
    settings.LOCALE_PATHS = [catalogues]
    saying._contents.cache_clear()
    yield
    saying._contents.cache_clear()


@pytest.fixture(scope="module")
def of_people(world: World, django_db_blocker: DjangoDbBlocker) -> set[str]:
    with django_db_blocker.unblock():
        return typed()


def typed() -> set[str]:
    """Every text that somebody typed, as it stands in the tables."""
    found = NAMES | {initiative.ref for initiative in Initiative.objects.all()}
    found |= {initials(person.name) for person in User.objects.all()}
    for label in ("gates", "accounts", "audit"):
        for model in apps.get_app_config(label).get_models():
            columns = model._meta.concrete_fields
            texts = [one.attname for one in columns if _is_typed(one)]
            # What is stored of an event holds words of the product too: whether these are translated is the question.
            others = (
                []
                if label == "audit"
                else [one.attname for one in columns if isinstance(one, models.JSONField)]
            )
            for row in model._default_manager.values_list(*texts) if texts else ():
                found |= {line for value in row if value for line in str(value).splitlines()}
            for row in model._default_manager.values_list(*others) if others else ():
                for value in row:
                    found |= set(_texts(value))
    for piece in Evidence.objects.all():
        found |= {piece.title, piece.file_name or urlsplit(piece.url).netloc}
    found |= set(Item.objects.values_list("code", flat=True))
    found |= set(LongWork.objects.values_list("title", flat=True))
    return {text for text in found if len(text) > 1}


def drafted() -> set[str]:
    """What stands in drafts of frameworks, which are shown as they are written; and the facts that are chosen there."""
    found = set(RULES)
    for draft in FrameworkDraft.objects.all():
        items = [item for gate in draft.document["gates"] for item in gate["items"]]
        found |= set(_texts(draft.document))
        found |= {
            f"{name}: {each}" for item in items for name, ids in item["crosswalk"].items() for each in ids
        }
    return {line for text in found for line in text.splitlines()}


def _is_typed(column: models.Field) -> bool:
    """Whether people type into it: what is chosen from a list is said in the reader's language."""
    return isinstance(column, models.CharField | models.TextField) and not column.choices


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def english_of(world: World, row: Row, of_people: set[str]) -> set[str]:
    """What is English of this page, as the first sees it who may. Fails where it breaks, or is shown to nobody."""
    place, answers = world.places["open"], {}
    BEFORE.get((row.key, row.method), lambda place, world: None)(place, world)
    for who in READERS:
        url = ROUTES[row.route].url(path_of(row.key, place, world, who))
        answer = world.cast.knock(who, "GET", url, HTTP_ACCEPT_LANGUAGE=pseudo.LANGUAGE)
        answers[who] = answer.status_code
        assert answer.status_code < 500, f"{row.key} breaks: {answer.status_code} for {who}"
        if answer.status_code in (OK, GONE) and answer["Content-Type"].startswith("text/html"):
            html = answer.content.decode()
            assert f'lang="{pseudo.LANGUAGE}" dir="rtl"' in html or "<html" not in html
            return pseudo.unwrapped(html, of_people | drafted() | NAMED.get(row.key, set()))
    pytest.fail(f"{row.key} is shown to nobody: {answers}")


@pytest.mark.usefixtures("_made_up")
@pytest.mark.parametrize("row", [pytest.param(row, id=row.key) for row in PAGES])
def test_no_more_is_english_only_than_is_known(world: World, of_people: set[str], row: Row) -> None:
    found = english_of(world, row, of_people)
    assert len(found) <= LEFT.get(row.key, 0), f"{len(found)} unwrapped: {sorted(found)}"


def test_every_page_is_looked_at() -> None:
    keys = {row.key for row in PAGES}
    assert LEFT.keys() <= keys and len(keys) > 90
    assert {
        "portfolio-gates",
        "portfolio-money",
        "symptom",
        "views",
        "rates",
        "portfolio-report",
        "login",
    } <= keys
