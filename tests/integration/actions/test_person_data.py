"""What is kept about a person, taken along: all of it, nothing that opens a door, and no word that they may not see."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoDbBlocker

from gates.models import Comment, Initiative, TeamRole
from readiness import clock
from readiness.accounts.models import RecoveryCode, SavedView, Token, User
from readiness.actions.comments import add_comment
from readiness.actions.errors import NotAllowed, NotFound
from readiness.actions.exporting import take_data_along, write_data
from readiness.actions.people import edit_person, profile_of
from readiness.actions.person_map import LEFT_OUT, PARTS, TOLD_APART
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor
from readiness.notices.models import Preference
from readiness.notices.sending import owe
from tests.access.secret import MARK, keep, marked
from tests.built_once import built_once
from tests.fixtures import PASSWORD, person
from tests.integration.accounts.apps import with_app

pytestmark = pytest.mark.django_db
SECRET_COLUMNS = {"password", "digest", "prefix", "salt", "key_mark", "previous_salt", "previous_key_mark"}
SECRET_COLUMNS |= {"session_data", "session_key", "file_key", "claim", "lock", "last_step"}


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, User]]:
    """Tess, who did everything on initiatives that her team keeps to itself, and those around her."""

    def build() -> dict[str, User]:
        found = {
            "tess": person("tess", lead=True),
            "ravi": person("ravi", reviewer=True),
            "ada": person("ada", admin=True),
            "nils": person("nils"),
            "iris": person("iris", auditor=True),
        }
        secret = keep(found["tess"], found["ravi"])
        add_comment(secret.running.pk, "Look here, @ravi", Actor.person(found["tess"]), clock.now())
        SavedView.objects.create(
            owner=found["tess"],
            name=marked("view"),
            name_key="view",
            page="portfolio",
            created_at=clock.now(),
        )
        Preference.default(found["tess"].pk).save()
        with_app(found["tess"])
        profile = profile_of(found["nils"])
        edit_person(
            "nils", profile.__class__("Nils Neu", profile.email), Actor.person(found["ada"]), clock.now()
        )
        owe(clock.now())
        return found

    with django_db_blocker.unblock(), built_once(build) as built:
        yield built


def taken(who: User, *, own: bool) -> tuple[dict[str, Any], zipfile.ZipFile]:
    """The document and the ZIP it came in."""
    file = io.BytesIO()
    write_data(User.objects.get(pk=who.pk), file, clock.now(), own=own)
    packed = zipfile.ZipFile(file)
    return json.loads(packed.read("data.json")), packed


# The map


def test_every_table_is_told_or_left_out_with_a_reason() -> None:
    named = [*PARTS, *TOLD_APART, *LEFT_OUT]
    assert sorted(named) == sorted(set(named))
    assert set(named) == {model._meta.label for model in apps.get_models()}
    assert all(len(why) > 10 for why in LEFT_OUT.values())


def test_every_column_that_names_a_person_is_told_of() -> None:
    for model in apps.get_models():
        if model._meta.label in TOLD_APART:
            continue
        naming = {one.name for one in model._meta.get_fields() if one.concrete and one.related_model is User}
        part = PARTS.get(model._meta.label)
        told = {*part.theirs, *part.touched} if part else set()
        assert told == naming, model._meta.label
    assert get_user_model() is User


def test_no_secret_column_is_told() -> None:
    for label, part in PARTS.items():
        if not part.theirs:
            continue
        told = {one.name for one in apps.get_model(label)._meta.concrete_fields} - set(part.without)
        assert not told & SECRET_COLUMNS, label


# What is in it


def test_it_holds_the_rows_of_every_kind_that_name_the_person(people: dict[str, User]) -> None:
    document, _packed = taken(people["tess"], own=False)
    for label, part in PARTS.items():
        model = apps.get_model(label)
        keys: set[Any] = set()
        for column in (*part.theirs, *part.touched):
            keys |= set(
                model._default_manager.filter(**{column: people["tess"]}).values_list("pk", flat=True)
            )
        assert {row["key"] for row in document[label]} == keys, label
    told = {label for label in PARTS if document[label]}
    assert len(told) > 25, sorted(set(PARTS) - told)


def test_it_holds_what_they_wrote(people: dict[str, User]) -> None:
    document, _packed = taken(people["tess"], own=False)
    assert document["account"]["email"] == "tess@example.com"
    assert document["account"]["roles"] == ["lead"]
    kept = json.dumps({label: document[label] for label in PARTS})
    for place in ("note", "comment", "submission", "kept", "hold", "assignment", "snooze", "view", "tried"):
        assert marked(place) in kept, place
    seqs = [event["seq"] for event in document["done_by_them"]]
    assert seqs == list(
        Event.objects.filter(actor=people["tess"]).order_by("seq").values_list("seq", flat=True)
    )
    assert MARK in json.dumps(document["done_by_them"])


def test_the_files_they_added_are_in_it_as_they_came(people: dict[str, User]) -> None:
    _document, packed = taken(people["tess"], own=True)
    files = [name for name in packed.namelist() if name.startswith("files/")]
    assert [name.partition("-")[2] for name in files] == [f"{MARK}-file.pdf"]
    assert packed.read(files[0]).startswith(b"%PDF")
    assert "tess" in packed.read("README.txt").decode()


def test_no_password_key_or_digest_is_in_it(people: dict[str, User], client: Client) -> None:
    client.login(username="tess", password=PASSWORD)
    document, _packed = taken(people["tess"], own=False)
    assert len(document["sessions"]) == 1
    said = json.dumps(document)
    secrets = [User.objects.get(username="tess").password, client.session.session_key]
    secrets += Token.objects.values_list("digest", flat=True)
    secrets += RecoveryCode.objects.values_list("digest", flat=True)
    assert len(secrets) > 10
    assert [secret for secret in secrets if secret in said] == []


def test_it_tells_of_nobody_else(people: dict[str, User]) -> None:
    """Ravi was mentioned and decided; what Tess wrote is hers, and what ada did to nils is told to him."""
    document, _packed = taken(people["ravi"], own=False)
    assert [set(row) for row in document["gates.Mention"]] == [{"key", "named_as", "initiative"}]
    assert document["gates.Comment"] == []
    assert document["gates.Decision"][0]["rationale"] == marked("rationale")
    of_admin, _packed = taken(people["ada"], own=True)
    edits = [event for event in of_admin["done_by_them"] if event["verb"] == "person.edited"]
    assert edits
    assert ["data" in event for event in edits] == [False] * len(edits)
    of_nils, _packed = taken(people["nils"], own=True)
    told = [event for event in of_nils["done_to_their_account"] if event["verb"] == "person.edited"]
    assert [event["data"]["changed"]["name"] for event in told] == [["Nils", "Nils Neu"]]
    assert [event["by"] for event in told] == ["person"]


def test_who_has_the_username_of_another_before_them_is_told_nothing_of_that_one(
    people: dict[str, User],
) -> None:
    User.objects.filter(username="nils").update(username="former", email="")
    again = person("nils")
    assert taken(again, own=True)[0]["done_to_their_account"] == []


def test_who_left_the_team_takes_no_word_along_by_themselves(people: dict[str, User]) -> None:
    before, _packed = taken(people["tess"], own=True)
    assert marked("note") in json.dumps(before)
    TeamRole.objects.filter(user=people["tess"]).update(until=clock.now() + timedelta(days=60))
    document, packed = taken(people["tess"], own=True)
    rest = {**document, "notices.AccountMail": [], "accounts.SavedView": []}
    assert MARK not in json.dumps(rest)
    assert [name for name in packed.namelist() if name.startswith("files/")] == []
    ours = Comment.objects.filter(by=people["tess"])
    assert {row["key"] for row in document["gates.Comment"]} == set(ours.values_list("pk", flat=True))
    assert "you may no longer see" in packed.read("README.txt").decode()
    by_an_admin, _packed = taken(people["tess"], own=False)
    assert marked("note") in json.dumps(by_an_admin)


# Who takes it


def test_it_is_taken_by_themselves_or_an_admin_and_noted(people: dict[str, User]) -> None:
    for by, own in (
        (Actor.person(people["tess"]), True),
        (Actor.person(people["ada"]), False),
        (COMMAND, False),
    ):
        take_data_along("tess", by, clock.now())
        event = Event.objects.latest("seq")
        assert (event.verb, event.data, event.actor) == (
            "person.exported",
            {"username": "tess", "own": own},
            by.user,
        )
    stood = Event.objects.count()
    for username in ("nils", "ada"):
        with pytest.raises(NotAllowed):
            take_data_along(username, Actor.person(people["ravi"]), clock.now())
    with pytest.raises(NotFound):
        take_data_along("nobody", COMMAND, clock.now())
    assert Event.objects.count() == stood


def test_the_pages_hand_it_out(people: dict[str, User], client: Client) -> None:
    client.force_login(people["tess"])
    assert '"/account/data/"' in client.get("/account/").content.decode()
    for who, address in (("tess", "/account/data/"), ("ada", "/people/tess/data/")):
        client.force_login(User.objects.get(username=who))
        answer = client.get(address)
        packed = zipfile.ZipFile(io.BytesIO(answer.getvalue()))  # type: ignore[attr-defined]
        assert json.loads(packed.read("data.json"))["username"] == "tess"
        assert answer["Content-Type"] == "application/zip"
        assert answer["Content-Disposition"].startswith('attachment; filename="fivegates-tess-')
        stood = Event.objects.count()
        assert client.head(address).status_code == 200
        assert Event.objects.count() == stood
    assert client.get("/people/nobody/data/").status_code == 404


def test_the_command_writes_a_file_of_ones_own(people: dict[str, User], tmp_path: Path) -> None:
    out = StringIO()
    call_command("export_person", "TESS", to=str(tmp_path), stdout=out)
    (path,) = tmp_path.iterdir()
    assert (out.getvalue().strip(), path.stat().st_mode & 0o777) == (str(path), 0o600)
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        assert json.loads(packed.read("data.json"))["username"] == "tess"
    with pytest.raises(CommandError, match="exists already"):
        call_command("export_person", "tess", to=str(tmp_path), stdout=StringIO())
    with pytest.raises(CommandError, match="no person"):
        call_command("export_person", "nobody", to=str(tmp_path), stdout=StringIO())
    with pytest.raises(CommandError, match="not a folder"):
        call_command("export_person", "tess", to=str(tmp_path / "away"), stdout=StringIO())


def test_the_questions_do_not_grow_with_the_rows(
    people: dict[str, User], query_count: Callable[[Callable[[], Any]], int]
) -> None:
    few = query_count(lambda: taken(people["tess"], own=True))
    initiative = Initiative.objects.filter(comments__by=people["tess"]).first()
    assert initiative is not None
    for number in range(30):
        add_comment(initiative.pk, f"Comment {number}", Actor.person(people["tess"]), clock.now())
    assert query_count(lambda: taken(people["tess"], own=True)) == few
