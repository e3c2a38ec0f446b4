"""People come in as a list: tried first, then all of them or nobody, each invited."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts import tasks
from readiness.accounts.models import SystemRole, User
from readiness.actions import people_lists
from readiness.actions.errors import Invalid, NotAllowed
from readiness.actions.people import deactivate_person
from readiness.actions.people_lists import enter_list, invite_all, trial
from readiness.audit.models import Event
from readiness.audit.recording import Actor, verify
from tests.fixtures import pages
from tests.integration.workbench.markup import complaints, read

pytestmark = pytest.mark.django_db

HOME = "/people/list/"
GOOD = (
    "Name;E-Mail;Bereich;Rollen;Benutzername\n"
    "Maria Muster;Maria.Muster@example.org;Finanzen;Projektleitung, reviewer;\n"
    '"Muster, Tom";tom@example.org;;;tomm\n'
)


def send(by: User, text: str, **more: Any) -> Any:
    return pages(by).post(HOME, {"file": SimpleUploadedFile("people.csv", text.encode())} | more, **more)


def faults(text: str) -> list[tuple[int | None, str]]:
    return trial(text).faults


def test_a_list_is_tried_first_and_then_everybody_is_entered_and_invited(
    ada: User, work_off: Callable[[], int]
) -> None:
    before = User.objects.count()
    tried = send(ada, GOOD)
    page = read(tried)
    assert tried.status_code == 200 and complaints(page) == []
    assert User.objects.count() == before and not mail.outbox, "a trial writes nothing"
    (kept,) = [one for one in page.all("input") if one.attrs.get("name") == "text"]
    assert "maria.muster" in page.text and "Enter and invite these 2 people" in page.text
    entered = pages(ada).post(HOME, {"text": kept.attrs["value"]})
    assert entered.status_code == 302
    maria, tom = User.objects.get(username="maria.muster"), User.objects.get(username="tomm")
    assert (maria.name, maria.email, maria.unit) == ("Maria Muster", "Maria.Muster@example.org", "Finanzen")
    assert maria.roles == {SystemRole.LEAD, SystemRole.REVIEWER} and tom.roles == frozenset()
    assert tom.name == "Muster, Tom" and not tom.has_usable_password()
    assert work_off() == 2
    assert sorted(one.to[0] for one in mail.outbox) == ["Maria.Muster@example.org", "tom@example.org"]
    assert Event.objects.filter(verb="person.created", actor=ada).count() == 2
    assert Event.objects.filter(verb="password.link_made", actor=ada).count() == 2
    assert verify()[1] is None


def test_every_fault_is_told_with_its_line_and_nobody_is_entered(ada: User) -> None:
    text = (
        "Name,E-mail,Roles,Username\n"
        "A,a@example.org,chief,\n"
        "\n"
        ",b@example.org,,\n"
        "C,nonsense,,\n"
        "D,A@example.org,,\n"
        "E,,,\n"
        "F,f@example.org,,ADA\n"
        "G,g@example.org,lead,\n"
    )
    told = faults(text)
    assert [line for line, _ in told] == [2, 4, 5, 6, 7, 8]
    for (_line, sentence), word in zip(
        told,
        (
            "Roles: “chief” is no role",
            "Name: ",
            "E-mail: An e-mail address such as",
            "Line 2",
            "needed",
            "username",
        ),
        strict=True,
    ):
        assert word in sentence
    before = User.objects.count()
    refused = send(ada, text)
    assert refused.status_code == 422 and "6 things in this list need your attention" in read(refused).text
    assert pages(ada).post(HOME, {"text": text}).status_code == 422
    with pytest.raises(Invalid):
        enter_list(text, Actor.person(ada), clock.now())
    assert User.objects.count() == before and not mail.outbox


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Name,E-mail\n", "no line below"),
        ("Name,Mial\nA,a@example.org\n", "“Mial” is not known"),
        ("Name,Unit\nA,b\n", "Name and E-mail"),
        ("Name,E-mail,Email\nA,a@example.org,b\n", "two columns"),
        ("Name,E-mail\nA,a@example.org,lead\n", "more cells than columns"),
        ('Name,E-mail\n"A,a@example.org\n', "quotation mark"),
        ("Name,E-mail\n" + "A,a@example.org\n" * 1001, "At most 1000"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(ada: User, text: str, word: str) -> None:
    assert word in faults(text)[0][1]
    assert send(ada, text).status_code == 422


def test_who_is_here_is_left_alone_and_the_list_can_come_in_again(ada: User, lena: User) -> None:
    User.objects.filter(pk=lena.pk).update(email="lena@example.org", is_active=False)
    text = GOOD + "Somebody;LENA@example.org;;admin;\n"
    people, found = enter_list(text, Actor.person(ada), clock.now())
    assert len(people) == 2 and [person for _, person in found.here] == [lena]
    lena.refresh_from_db()
    assert lena.name != "Somebody" and not lena.is_admin and not lena.is_active
    again, found = enter_list(text, Actor.person(ada), clock.now())
    assert again == [] and len(found.here) == 3
    shown = read(send(ada, text)).text
    assert "Everybody in the list is here already" in shown and "Deactivated" in shown


def test_usernames_that_are_taken_get_a_number(ada: User) -> None:
    found = trial("Name,E-mail\nA,ada@example.org\nB,ada@example.net\nC,a+b c@example.org\n")
    assert [one.username for one in found.new[:2]] == ["ada2", "ada3"]
    assert [line for line, _ in found.faults] == [4]


@pytest.mark.parametrize(
    "email", ["_@example.org", "-@example.org", "'@example.org", "\u017fmith@example.org"]
)
def test_what_was_tried_without_a_fault_comes_in_whatever_the_address_is(ada: User, email: str) -> None:
    text = f"Name,E-mail\nA,{email}\nB,b@example.org\n"
    assert faults(text) == []
    people, _found = enter_list(text, Actor.person(ada), clock.now())
    assert [one.email for one in people] == [email, "b@example.org"]


def test_nobody_comes_in_where_one_of_them_cannot_be_written(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, before = people_lists.enter_person, User.objects.count()

    def other_was_quicker(username: str, *given: Any) -> User:
        if username == "tomm":
            honest("meanwhile", people_lists.Profile("X", "tom@example.org"), *given[1:])
        return honest(username, *given)

    monkeypatch.setattr(people_lists, "enter_person", other_was_quicker)
    with pytest.raises(Invalid) as refused:
        enter_list(GOOD, Actor.person(ada), clock.now())
    assert [one.field for one in refused.value.errors] == ["lines.3.email"]
    assert User.objects.count() == before


def test_others_are_kept_waiting_for_the_chain_only_once_all_are_written(ada: User) -> None:
    text = "Name,E-mail\n" + "".join(f"P{number},p{number}@example.org\n" for number in range(20))
    with CaptureQueriesContext(connection) as asked:
        enter_list(text, Actor.person(ada), clock.now())
    said = [one["sql"] for one in asked.captured_queries]
    written = [place for place, sql in enumerate(said) if sql.startswith('INSERT INTO "accounts_user"')]
    chained = [place for place, sql in enumerate(said) if '"audit_chain"' in sql]
    assert len(written) == 20 and len(chained) == 2 and min(chained) > max(written)


def test_without_a_broker_they_are_entered_and_it_is_said_who_got_no_mail(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_key: int) -> None:
        raise OSError("away")

    monkeypatch.setattr(tasks.mail_invitation, "delay", away)
    entered = pages(ada).post(HOME, {"text": GOOD}, follow=True)
    assert "No invitation could be mailed to Maria Muster, Muster, Tom" in read(entered).text


def test_who_may_not_come_any_more_keeps_nobody_else_from_being_invited(
    ada: User, work_off: Callable[[], int]
) -> None:
    (maria, tom), _found = enter_list(GOOD, Actor.person(ada), clock.now())
    deactivate_person(maria.username, Actor.person(ada), clock.now())
    assert invite_all([maria, tom], Actor.person(ada), clock.now()) == [maria]
    work_off()
    assert [one.to for one in mail.outbox] == [["tom@example.org"]]


def test_only_admins_and_as_many_questions_for_many_as_for_one(ada: User, lena: User) -> None:
    with pytest.raises(NotAllowed):
        enter_list(GOOD, Actor.person(lena), clock.now())
    counts = []
    for many in (1, 200):
        text = "Name,E-mail\n" + "".join(f"P{number},p{number}@example.org\n" for number in range(many))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(trial(text).new) == many
        counts.append(len(asked))
    assert counts == [1, 1]


def test_the_template_comes_in_as_it_is(ada: User) -> None:
    text = pages(ada).get("/people/list/template.csv").content.decode("utf-8-sig")
    found = trial(text)
    assert not found.errors and [one.username for one in found.new] == ["maria", "tom"]


def test_the_command_tries_and_enters(ada: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "people.csv"
    file.write_text(GOOD)
    call_command("import_people", str(file), "--dry-run")
    assert "2 would be entered, 0 here already." in capsys.readouterr().out
    assert not User.objects.filter(username="tomm").exists()
    call_command("import_people", str(file), "--no-invitations")
    assert User.objects.filter(username="tomm").exists() and not mail.outbox
    file.write_text("Name,E-mail\nA,b\n")
    with pytest.raises(CommandError, match="line 2: "):
        call_command("import_people", str(file))
