"""What a monitoring system is told: to whom, what, and at what price."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_plain
from prometheus_client.registry import CollectorRegistry

from gates.models import Initiative
from gates.stages import Stage
from readiness import clock, signs
from readiness.accounts.models import User
from readiness.audit.models import Chain, Event
from readiness.metrics import Installation
from readiness.notices import sending
from readiness.notices.models import AccountMail, Notice, ReadUpTo
from readiness.standing.models import Standing
from readiness.version import VERSION
from readiness.webhooks.models import Delivery, Endpoint, Off, State
from readiness.work.doing import ask_for
from tests.architecture.sources import REPOSITORY
from tests.fixtures import create, person, today

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-the-monitoring-system-0123"
AT = clock.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def token(settings: LazySettings) -> str:
    settings.FIVEGATES_METRICS_TOKEN = TOKEN
    return TOKEN


@pytest.fixture
def run_dir(settings: LazySettings, tmp_path: Path) -> Path:
    """A folder in which nobody has shown life yet."""
    settings.RUN_DIR = tmp_path
    return tmp_path


def ask(shown: str | None = f"Bearer {TOKEN}", **headers: str) -> HttpResponse:
    return Client().get("/metrics", headers=headers | ({"Authorization": shown} if shown else {}))


def value(name: str, at: datetime = AT, **labels: str) -> float | None:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Installation(at))
    return registry.get_sample_value(f"fivegates_{name}", labels)


def samples(page: HttpResponse) -> Iterator[str]:
    for family in read_plain(page.content.decode()):
        yield from (sample.name for sample in family.samples)


def full(hooks: int = 1, works: int = 1) -> None:
    """Something of everything that is counted, so that each figure has a row; each person has a name of their own."""
    lena, ada = person("lena", lead=True), person("ada", admin=True)
    for _ in range(hooks):
        create(lena)
        hook = webhook(ada)
        delivery(hook, 1, AT - HOUR)
    for number in range(works):
        ask_for(f"kind-{number}", "A list", ada, AT - HOUR, {})
    for part in signs.PARTS:
        signs.show(part)


def webhook(by: User, **columns: object) -> Endpoint:
    given = {"url": "https://192.0.1.7/", "events": [], "salt": "s", "key_mark": "m", "read_up_to": 0}
    return Endpoint.objects.create(**given | {"created_by": by, "created_at": AT} | columns)


def delivery(hook: Endpoint, number: int, made_at: datetime, state: State = State.WAITING) -> None:
    ended = None if state == State.WAITING else AT
    Delivery.objects.create(
        endpoint=hook, message_id=f"evt_{number}", kind="ping", body="{}", state=state, made_at=made_at,
        due_at=made_at, ended_at=ended,
    )  # fmt: skip


def test_without_a_token_set_there_is_no_such_page() -> None:
    for shown in (None, "Bearer ", f"Bearer {TOKEN}"):
        assert ask(shown).status_code == 404


@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN],
)
def test_nobody_without_the_token_is_told_a_thing(token: str, shown: str | None) -> None:
    refused = ask(shown)
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert b"fivegates_" not in refused.content


def test_a_header_that_is_no_ascii_is_refused_too(token: str) -> None:
    assert Client().get("/metrics", headers={"Authorization": "Bearer \xe4\x00\u20ac"}).status_code == 401


def test_who_is_signed_in_is_nobody_here(token: str, ada: User) -> None:
    client = Client()
    client.force_login(ada)
    assert client.get("/metrics").status_code == 401


def test_it_only_answers_questions_and_is_kept_by_nobody(token: str) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert Client().post("/metrics", headers=bearer).status_code == 405
    assert "no-store" in ask()["Cache-Control"]
    assert not ask().cookies


def test_both_formats_are_those_that_their_readers_know(token: str, run_dir: Path) -> None:
    full()
    plain = ask()
    assert plain["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    told = {sample.name for family in read_plain(plain.content.decode()) for sample in family.samples}
    opened = ask(Accept="application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3")
    assert opened["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    families = list(read_openmetrics(opened.content.decode()))
    assert {sample.name for family in families for sample in family.samples} == told
    assert all(family.documentation for family in families)
    assert all(name.startswith("fivegates_") for name in told)


def test_nothing_is_said_of_whom_or_of_what(token: str) -> None:
    """Figures alone: no name, no address, no title."""
    full()
    page = ask().content.decode()
    for word in ("Invoice", "lena", "ada", "192.0.1.7", "A list"):
        assert word not in page


def test_the_queries_are_as_many_however_much_there_is(
    token: str, run_dir: Path, query_count: Callable[[Callable[[], object]], int]
) -> None:
    full()
    few = query_count(ask)
    ada = User.objects.get(username="ada")
    for number in range(20):
        create(User.objects.get(username="lena"))
        delivery(webhook(ada), 1, AT - HOUR)
        ask_for(f"more-{number}", "A list", ada, AT, {})
    assert query_count(ask) == few <= 12


def test_the_version_is_that_of_the_project_and_the_database_names_itself(token: str) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    assert value("build_info", version=VERSION) == 1
    version = ".".join(map(str, connection.get_database_version()))
    assert value("database_info", kind=connection.vendor, version=version) == 1


def test_a_part_that_never_showed_life_has_no_age_and_one_that_hangs_grows_old(run_dir: Path) -> None:
    assert value("heartbeat_age_seconds", part="worker") is None
    signs.show(signs.WORKER)
    moment = (AT - HOUR).timestamp()
    os.utime(signs.sign_of(signs.WORKER), (moment, moment))
    assert value("heartbeat_age_seconds", part="worker") == pytest.approx(3600)
    assert value("heartbeat_age_seconds", part="beat") is None
    assert value("heartbeat_age_seconds", AT - 2 * HOUR, part="worker") == 0, "clocks differ"


def test_what_is_to_be_recomputed_is_counted_from_the_day_it_was_due(lena: User) -> None:
    late, due, later = (create(lena) for _ in range(3))
    for one, days in ((late, -2), (due, 0), (later, 1)):
        Standing.objects.filter(initiative=one).update(due_on=today(AT) + timedelta(days=days))
    assert value("recompute_waiting") == 2
    midnight = AT.replace(
        hour=0, minute=0, second=0, microsecond=0
    )  # the organisation's zone is UTC at first
    assert value("recompute_oldest_seconds") == (AT - midnight + timedelta(days=2)).total_seconds()
    Standing.objects.update(due_on=None)
    assert (value("recompute_waiting"), value("recompute_oldest_seconds")) == (0, 0)


def test_mails_are_told_that_should_be_out_and_those_that_were_tried(
    initiative: Initiative, lena: User
) -> None:
    event = Event.objects.order_by("seq")[0]
    for who, due, attempts, sent in (
        (lena, AT - HOUR, 0, None),
        (person("mia"), AT + HOUR, 2, None),
        (person("rita"), AT + HOUR, 0, None),
        (person("abel"), AT - 3 * HOUR, 1, AT),
        (person("nils"), None, 0, None),
    ):
        Notice.objects.create(event=event, recipient=who, due_at=due, attempts=attempts, sent_at=sent)
    assert value("mails_due") == 1
    assert value("mails_oldest_due_seconds") == 3600
    assert value("mails_retrying") == 1


def test_mails_about_accounts_are_among_them(initiative: Initiative, lena: User) -> None:
    """Else nobody would notice that they do not go out where nobody is owed any other."""
    event = Event.objects.order_by("seq")[0]
    for number, (due, attempts, sent) in enumerate(
        ((AT - 2 * HOUR, 0, None), (AT + HOUR, 2, None), (AT - 3 * HOUR, 1, AT))
    ):
        AccountMail.objects.create(
            event=event,
            recipient=lena,
            address=f"{number}@example.org",
            due_at=due,
            attempts=attempts,
            sent_at=sent,
        )
    assert (value("mails_due"), value("mails_oldest_due_seconds"), value("mails_retrying")) == (1, 7200, 1)


def test_how_far_the_outbox_was_read_is_told_of_each_reader(initiative: Initiative, ada: User) -> None:
    head = Chain.objects.get().seq
    assert value("outbox_unread_events", reader="notices") == head
    assert value("outbox_unread_events", reader="webhooks") == 0, "there is nobody to read for"
    first = Event.objects.get(seq=1).at
    assert value("outbox_oldest_unread_seconds", first + HOUR, reader="notices") == 3600

    sending.owe(clock.now())
    assert ReadUpTo.objects.get().seq == head
    assert value("outbox_unread_events", reader="notices") == 0
    assert value("outbox_oldest_unread_seconds", first + HOUR, reader="notices") == 0

    webhook(ada, read_up_to=0, off=Off.ADMIN)
    behind = webhook(ada, read_up_to=head - 1)
    webhook(ada, read_up_to=head)
    assert value("outbox_unread_events", reader="webhooks") == 1
    last = Event.objects.get(seq=head).at
    assert value("outbox_oldest_unread_seconds", last + HOUR, reader="webhooks") == 3600
    behind.delete()
    assert value("outbox_unread_events", reader="webhooks") == 0


def test_messages_are_told_of_each_webhook(ada: User) -> None:
    one, other = webhook(ada), webhook(ada)
    for number, (hook, hours, state) in enumerate(
        (
            (one, 3, State.DELIVERED),
            (one, 2, State.WAITING),
            (one, 1, State.WAITING),
            (other, 5, State.PARKED),
        )
    ):
        delivery(hook, number, AT - hours * HOUR, state)
    told = {
        hook.pk: tuple(
            value(f"webhook_{name}", webhook=str(hook.pk))
            for name in ("waiting", "oldest_waiting_seconds", "parked")
        )
        for hook in (one, other)
    }
    assert told == {one.pk: (2, 7200, 0), other.pk: (0, 0, 1)}


def test_long_work_is_told_by_kind_until_it_ends(ada: User) -> None:
    ask_for("import.run", "A list", ada, AT - 2 * HOUR, {})
    ask_for("import.run", "Another", ada, AT - HOUR, {})
    done = ask_for("portfolio.report", "A report", ada, AT - 3 * HOUR, {})
    type(done).objects.filter(pk=done.pk).update(state="done", ended_at=AT)
    assert value("work_active", kind="import.run") == 2
    assert value("work_oldest_seconds", kind="import.run") == 7200
    assert value("work_active", kind="portfolio.report") is None


def test_people_and_initiatives_are_counted(lena: User) -> None:
    for _ in range(3):
        create(lena)
    assert {stage: value("initiatives", stage=stage.value) for stage in Stage} == dict.fromkeys(Stage, 0) | {
        Stage.INTAKE: 3
    }
    User.objects.filter(pk=person("gone").pk).update(is_active=False)
    assert value("people") == User.objects.filter(is_active=True).count() == 1


def test_the_document_names_what_there_is_and_nothing_else(token: str, run_dir: Path) -> None:
    """The table holds every metric; the rules to be alarmed by name only such."""
    full()
    told = set(samples(ask()))
    text = (REPOSITORY / "docs" / "operating.md").read_text()
    section = re.search(r"^## Metrics$(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    assert section
    table = set(re.findall(r"^\| `(fivegates_\w+)", section[1], re.MULTILINE))
    assert table == told
    rules = "".join(re.findall(r"^```\n(groups:.*?)^```", section[1], re.MULTILINE | re.DOTALL))
    assert len(re.findall(r"^ +- alert: ", rules, re.MULTILINE)) == 3
    assert set(re.findall(r"fivegates_\w+", rules)) <= told
    assert set(re.findall(r"fivegates_\w+", section[1])) == told


def test_the_labels_of_the_rules_are_told_too(token: str, run_dir: Path) -> None:
    full()
    text = (REPOSITORY / "docs" / "operating.md").read_text()
    page = ask().content.decode()
    asked = re.findall(r'(fivegates_\w+\{\w+="\w+"\})', text)
    assert asked
    assert [one for one in asked if f"\n{one} " not in page] == []
