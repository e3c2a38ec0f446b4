"""A person is erased: what tells who they were is left only where it is said to stay, and the chain still proves."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from gates.models import Comment, Decision, Submission
from readiness import clock
from readiness.accounts.models import SavedView, Scope, Token, User
from readiness.actions.comments import add_comment
from readiness.actions.erasing import erase_person
from readiness.actions.errors import Conflict, NotAllowed
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.people import Profile, create_person, deactivate_person, edit_person, reactivate_person
from readiness.actions.person_map import GO_WITH_THEM, PARTS
from readiness.actions.tokens import issue_token
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, Actor, verify
from readiness.notices.models import Preference
from readiness.notices.sending import owe
from readiness.reports.models import Report, Subscription
from readiness.standing.models import Flag
from readiness.standing.sweeping import recompute_due
from readiness.work.models import LongWork, State
from tests.access.secret import keep
from tests.built_once import built_once
from tests.fixtures import PASSWORD, person
from tests.integration.accounts.apps import with_app

pytestmark = pytest.mark.django_db
WHO = "zqperson"
"""Stands in every text of the person's account, and nowhere else before they act."""
STAYS = {
    ("audit.Event", "data"): "hashed: the chain would break",
    ("webhooks.Delivery", "body"): "a message as it was sent, forgotten after 30 days",
}
"""Where the name may still be found, and why (docs/operating.md says the same)."""


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Whoever it is did everything that can be done, left a trace in each table that is theirs, and was deactivated."""

    def build() -> None:
        at = clock.now()
        person("ada", admin=True)
        person("iris", auditor=True)
        ravi, lena = person("ravi", reviewer=True), person("lena", lead=True)
        profile = Profile(f"{WHO} Name", f"{WHO}@example.com", f"{WHO} unit")
        who = create_person(WHO, profile, COMMAND, at, password=PASSWORD)
        User.objects.filter(pk=who.pk).update(is_lead=True, last_login=at, seen_at=at)
        who = User.objects.get(pk=who.pk)
        secret = keep(who, ravi)
        add_comment(secret.running.pk, "Anything else?", Actor.person(who), at)
        with_app(who)
        issue_token(who, f"{WHO} token", [Scope.READ], None, Actor.person(who), at)
        apps.get_model("accounts.SavedView").objects.create(
            owner=who, name=f"{WHO} view", name_key="view", page="portfolio", created_at=at
        )
        Preference.default(who.pk).save()
        report = Report.objects.create(person=who, format="csv", language="en", asked_at=at)
        Subscription.objects.create(person=who, since=at.date(), subject=WHO)
        apps.get_model("reports.MonthlyMail").objects.create(
            person=who, month="2026-12", report=report, due_at=at, last_error=WHO
        )
        others_keep(lena)
        session = SessionStore()
        session["_auth_user_id"] = str(who.pk)
        session.save()
        owe(at)
        event = Event.objects.latest("seq")
        apps.get_model("notices.Notice").objects.create(event=event, recipient=who, last_error=WHO)
        deactivate_person(WHO, COMMAND, at)
        hand_over_everything(WHO, lena.username, COMMAND, at)

    with django_db_blocker.unblock(), built_once(build):
        yield


def others_keep(owner: User) -> None:
    """What somebody else keeps of the portfolio, narrowed to whom this person sponsors; an import."""
    at, narrowed = clock.now(), {"asked": {"sponsor": WHO}, "subject": f"Sponsor: {WHO} Name"}
    SavedView.objects.create(
        owner=owner,
        name="Sponsored",
        name_key="v",
        page="portfolio",
        query=f"sponsor={WHO}&stage=pilot",
        created_at=at,
    )
    Report.objects.create(person=owner, format="csv", language="en", asked_at=at, **narrowed)
    Subscription.objects.create(person=owner, since=at.date(), **narrowed)
    told = {
        "stages": [["pilot", 3]],
        "people": {"rows": 3, "named": [[WHO, f"{WHO} Name", 3]]},
        "entries": [{"row": 2, "text": f"{WHO} Name"}],
    }
    LongWork.objects.create(
        kind="import.check", by=owner, state=State.DONE, asked_at=at, beat_at=at, ended_at=at, result=told
    )


@pytest.fixture
def who(_built: None, db: None) -> User:
    return User.objects.get(username=WHO)


def found(words: str) -> set[tuple[str, str]]:
    """Every table and column in whose texts these words stand."""
    places = set()
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.CharField | models.TextField | models.JSONField):
                values = model._default_manager.values_list(column.name, flat=True)
                if any(words in str(value).casefold() for value in values.iterator()):
                    places.add((model._meta.label, column.name))
    return places


def erased(who: User) -> User:
    return erase_person(who.username, COMMAND, clock.now())


def test_nothing_that_tells_who_it_was_is_left_but_where_it_is_said_to_stay(who: User) -> None:
    assert len(found(WHO)) > 10, "the marker stands in many places before"
    erased(who)
    recompute_due(clock.now() + timedelta(days=1))
    assert found(WHO) == set(STAYS)


def test_what_only_they_needed_is_gone(who: User) -> None:
    for label in GO_WITH_THEM:
        columns = (*PARTS[label].theirs, *PARTS[label].touched)
        assert any(apps.get_model(label).objects.filter(**{one: who}).exists() for one in columns), label
    assert Session.objects.count() == 1
    erased(who)
    for label in GO_WITH_THEM:
        for column in (*PARTS[label].theirs, *PARTS[label].touched):
            assert not apps.get_model(label).objects.filter(**{column: who}).exists(), label
    assert Session.objects.count() == 0


def test_filters_that_others_keep_go_on_to_mean_the_same_person(who: User) -> None:
    name = erased(who).username
    assert SavedView.objects.get(name="Sponsored").query == f"sponsor={name}&stage=pilot"
    for kept in (Subscription.objects.get(), Report.objects.get()):
        assert (kept.asked, kept.subject) == ({"sponsor": name}, f"Sponsor: Former person {who.pk}")
    work = LongWork.objects.get()
    assert work.result["people"] == {"rows": 3, "named": [[name, f"Former person {who.pk}", 3]]}
    assert work.result["stages"] == [["pilot", 3]]


def test_a_former_name_is_not_left_in_what_was_said_of_them(who: User) -> None:
    former, flag = "Zoe Former", Flag.objects.first()
    assert flag is not None
    Flag.objects.filter(pk=flag.pk).update(
        message=f"{former} is no longer active.", details={"name": former}, resolved_at=clock.now()
    )
    for name in (former, f"{WHO} Name"):
        edit_person(WHO, Profile(name), COMMAND, clock.now())
    erased(who)
    flag.refresh_from_db()
    assert flag.message == f"Former person {who.pk} is no longer active."
    assert flag.details == {"name": f"Former person {who.pk}"}


def test_of_the_account_only_the_pseudonym_is_left(who: User) -> None:
    erased(who)
    left = User.objects.get(pk=who.pk)
    assert (left.username, left.name) == (f"former-{who.pk}", f"Former person {who.pk}")
    assert (left.email, left.unit, left.language, left.roles) == ("", "", "", frozenset())
    assert (left.last_login, left.seen_at, left.before_visit_at) == (None, None, None)
    assert not left.has_usable_password()
    assert not left.is_active


def test_what_they_did_stays_under_the_pseudonym_and_the_chain_proves(who: User) -> None:
    before = {
        model: model._default_manager.filter(by=who).count() for model in (Comment, Submission, Decision)
    }
    events = list(Event.objects.order_by("seq").values_list("hash", flat=True))
    assert before[Comment] and before[Submission]
    erased(who)
    assert {model: model._default_manager.filter(by=who).count() for model in before} == before
    comment = Comment.objects.filter(by=who).first()
    assert comment is not None
    assert str(comment.by) == f"Former person {who.pk}"
    assert verify() == (len(events) + 1, None)
    assert list(Event.objects.order_by("seq").values_list("hash", flat=True))[:-1] == events


def test_that_it_was_done_is_noted_without_the_name(who: User) -> None:
    ada = User.objects.get(username="ada")
    erase_person(WHO, Actor.person(ada), clock.now())
    event = Event.objects.latest("seq")
    assert (event.verb, event.actor) == ("person.erased", ada)
    assert event.data == {"person": who.pk, "username": f"former-{who.pk}"}
    mail.outbox.clear()
    owe(clock.now())
    assert not apps.get_model("notices.AccountMail").objects.filter(recipient=who).exists()


def test_nobody_comes_back_from_it(who: User) -> None:
    name = erased(who).username
    for act in (
        lambda: reactivate_person(name, COMMAND, clock.now()),
        lambda: edit_person(name, Profile("Somebody"), COMMAND, clock.now()),
        lambda: erase_person(name, COMMAND, clock.now()),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "erased"


@pytest.mark.parametrize("change", [{"is_active": True}, {"email": "back@example.com"}])
def test_the_database_refuses_who_was_erased_and_is_there(who: User, change: dict[str, object]) -> None:
    erased(who)
    with pytest.raises(IntegrityError, match="who_was_erased_is_away"), transaction.atomic():
        User.objects.filter(pk=who.pk).update(**change)


def test_a_pseudonym_that_somebody_chose_is_left_to_them(who: User) -> None:
    chosen = person(f"former-{who.pk}")
    assert erased(who).username == f"former-{who.pk}-2"
    assert User.objects.get(pk=chosen.pk).username == f"former-{who.pk}"


def test_only_an_admin_does_it(who: User) -> None:
    for name in ("ravi", "lena", "iris"):
        with pytest.raises(NotAllowed):
            erase_person(WHO, Actor.person(User.objects.get(username=name)), clock.now())
    assert Token.objects.filter(user=who).exists()


def test_the_page_asks_once_more_and_says_what_stays(who: User, client: Client) -> None:
    client.force_login(User.objects.get(username="ada"))
    assert f"/people/{WHO}/erase/" in client.get(f"/people/{WHO}/edit/").content.decode()
    page = client.get(f"/people/{WHO}/erase/").content.decode()
    assert "Art. 17(3) GDPR" in page
    assert "cannot be undone" in page and "Erase for good" in page
    assert User.objects.filter(username=WHO).exists()
    done = client.post(f"/people/{WHO}/erase/", follow=True).content.decode()
    assert f"Former person {who.pk}" in done
    assert "This person was erased" in done
    assert "Reactivate" not in done
    assert WHO not in done
    assert client.get(f"/people/{WHO}/edit/").status_code == 404


def test_the_command_asks_once_more(who: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_person", WHO, stdout=StringIO())
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr("builtins.input", lambda _asked: "another")
    with pytest.raises(CommandError, match="not the username"):
        call_command("erase_person", WHO, stdout=StringIO())
    assert User.objects.filter(username=WHO).exists()
    out = StringIO()
    call_command("erase_person", WHO, yes=True, stdout=out)
    assert out.getvalue() == f"Erased: what they did stands under Former person {who.pk} (former-{who.pk}).\n"
    with pytest.raises(CommandError, match="no person"):
        call_command("erase_person", WHO, yes=True, stdout=StringIO())
